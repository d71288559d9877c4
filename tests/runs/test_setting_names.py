"""Settings in the sentences of a whole run: options everywhere, on the screen and in the files."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from whole_run import USERS, Program, report, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

MARKS = ("\ufdd0", "\ufdd1", "\ufdd2")
ONE_TIME = "(the tenant's setting, or --one-time or --multi-use, decides)"


def texts(path: Path) -> str:
    """Return all that a file says, a workbook unpacked."""
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as workbook:
        return "".join(workbook.read(name).decode("utf-8") for name in workbook.namelist())


def test_what_is_wrong_with_a_row_names_options_in_every_file(program: Program) -> None:
    """Plan, planning report, error report and screen say the same sentence, and no mark is left in any file."""
    program.roster([["User", "Name", "One-time"], [USERS[0], "M\u00fcller", "perhaps"], [USERS[1], "Berg", "yes"]])
    roster = program.cwd / "roster.csv"
    roster.write_bytes(roster.read_text("utf-8").encode("cp1252"))

    done = program("plan", roster, "--offline", "--json", "--verbose", code=None)

    planned = json.loads((done.folder / "plan.json").read_bytes())
    assert any(note.endswith("use --encoding if names look wrong.") for note in planned["roster"]["notes"])
    assert ONE_TIME in planned["rows"][0]["problems"][0]["hint"]
    assert ONE_TIME in report(done.folder)[0]["How to fix"]
    assert ONE_TIME in " ".join(done.err.split())
    written = [path for path in done.folder.iterdir() if path.is_file()]
    assert {"plan.json", "plan.html", "plan.xlsx", "errors.xlsx"} <= {path.name for path in written}
    for text in (*map(texts, written), done.err, done.out):
        assert not any(mark in text or f"\\u{ord(mark):04x}" in text for mark in MARKS)


@pytest.mark.parametrize(
    ("content", "options", "hint"),
    [
        ("Username,Login\na@contoso.com,b@contoso.com\n", (), '--column "user=Username" or --column "user=Login"'),
        ("Username\nanna\nben\n", (), "--domain contoso.com"),
        ("User,Pass start\na@contoso.com,02/03/2035\n", (), "--date-order dmy (2 March 2035) or --date-order mdy"),
        ("User\na@contoso.com\n", ("--header-row", "9"), "--header-row 1 or --header-row 2"),
        ("User\na@contoso.com\n", ("--column", "user=Password"), "--column user=Password: that column is never read"),
    ],
)
def test_a_question_names_the_option_that_answers_it(
    program: Program, content: str, options: tuple[str, ...], hint: str
) -> None:
    """On the screen and in the JSON object alike, word for word as it is typed."""
    roster = program.cwd / "roster.csv"
    roster.write_text(content, "utf-8")

    refused = program("plan", roster, "--offline", "--json", *options, code=4)

    said = refused.json["error"]
    assert hint in f"{said['message']} {said['hint']}"
    assert hint in refused.err


def no_mark_in(folder: Path, *told: str) -> None:
    """Make sure that no file of a run, nor what was said, holds what a setting is marked with."""
    written = [path for path in folder.iterdir() if path.suffix in {".json", ".html", ".jsonl", ".xlsx"}]
    readable = [texts(path) for path in written if path.name != "results.xlsx"]
    assert len(readable) > 3
    for text in (*readable, *told):
        assert not any(mark in text or f"\\u{ord(mark):04x}" in text for mark in MARKS)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "run with --existing replace."),
        (("--existing", "fail"), "run with --existing replace to issue"),
        (("--limit", "1"), "--limit 1 was reached before this row."),
        (("--only", USERS[2]), "--only does not name this row."),
        (("--lifetime", "40000", "--accept", "lifetime-outside-policy"), "or have the tenant's"),
    ],
)
def test_no_mark_is_left_by_a_whole_run(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, options: tuple[str, ...], said: str
) -> None:
    """Whatever a row is passed over or refused for: plan, reports, log, workbook, journal and screen name options."""
    user = tenant.find(USERS[0])
    assert user is not None
    service.ask(lambda: tenant.somebody_else_issues(user))
    roster = connected.roster([["User"], [USERS[0]], [USERS[1]], [USERS[2]]])

    done = connected("apply", roster, "--yes", "--json", "--verbose", *options, code=None)

    no_mark_in(done.folder, done.out, done.err)
    assert said in (done.folder / "plan.json").read_text("utf-8")
    if (done.folder / "results.xlsx").exists():
        no_mark_in(done.folder, str(sheet(done.folder)))
