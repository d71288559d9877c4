"""The README tells the truth: its commands are run, its tables compared with the program."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from shell_lines import told_once
from terminal_talk import talk
from whole_run import PASSPHRASE, REPOSITORY, USERS, Program, digest, environment_of, live_digests, sheet

import bulktap
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

README = (REPOSITORY / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="the block is for a Unix shell, not for Windows")
def test_the_first_command_does_what_the_readme_says_it_does(tmp_path: Path, base_environment: dict[str, str]) -> None:
    """In a copy of the repository and with nothing but Python: install, sixty passes, exit code 3."""
    copy = tmp_path / "clone"
    ignored = shutil.ignore_patterns(
        ".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "reports", "node_modules"
    )
    shutil.copytree(REPOSITORY, copy, ignore=ignored)
    environment = {
        name: text for name, text in base_environment.items() if name not in {"PYTHONPATH", "BULKTAP_PASSPHRASE"}
    }

    done = subprocess.run(
        ["bash", "-c", blocks("bash")[0]], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 3, done.stdout + done.stderr
    assert "60 issued" in done.stdout
    assert "shown only now" in done.stderr
    (run,) = (copy / "reports").glob("20*")
    assert {"results.xlsx", "errors.xlsx", "plan.json", "run.json", "log.jsonl", "journal.db"} <= {
        path.name for path in run.iterdir()
    }


def test_the_second_command_runs_the_tests() -> None:
    """It is the one by which this test runs in the project's checks."""
    assert blocks("bash")[1].rstrip().endswith("-m pytest -n auto")
    assert "'.[test]'" in blocks("bash")[1]


FIRST_PASS = (
    "bulktap init",
    "bulktap init --client-id ID",
    "bulktap doctor",
    "bulktap plan students.xlsx",
    "bulktap apply latest",
    "bulktap handout latest",
    "bulktap verify latest",
)
PRACTICE = (
    "bulktap simulator --users-from samples/student-onboarding.xlsx > pretend.env",
    "bulktap doctor",
    "bulktap plan samples/student-onboarding.xlsx --timezone Europe/Berlin",
    "bulktap apply latest",
    "bulktap handout latest",
    "bulktap verify latest",
)
TASKS = (
    "bulktap apply RUN",
    "bulktap apply students.xlsx --lifetime 8h",
    "bulktap results RUN --new-passphrase",
    "bulktap resume",
    "bulktap verify RUN",
    "bulktap revoke RUN",
    "bulktap handout RUN --to Teacher",
    'bulktap show RUN arendt --reason "lost the slip"',
    'bulktap reissue RUN --only "Anna Arendt"',
    "bulktap forget RUN",
)


def test_every_line_of_the_readme_is_played() -> None:
    """In one of the three stories below."""
    assert tuple(line for block in blocks("console") for line in block.splitlines()) == FIRST_PASS + PRACTICE + TASKS


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_the_first_real_pass_works_as_written(program: Program) -> None:
    """From no profile to slips, signed in with the certificate that was made; the tenant then has the pass."""
    _as_workbook(program.roster([["Sign-in name"], [USERS[0]]]), program.cwd / "students.xlsx")
    tenant = seed_tenant([SeedUser(upn=USERS[0])])
    with EmbeddedSimulator(tenant, SimulatorOptions()) as service:
        addresses = {name: text for name, text in environment_of(service).items() if name.startswith("BULKTAP_")}
        connected = Program(program.cwd, {**program.environment, **addresses})
        answers = [("Way [1-6, 1]", ""), ("Tenant, its id", service.tenant_id), ("Cloud", ""), ("Application ID", "")]
        code, shown = talk(connected, _words(FIRST_PASS[0]), answers, BULKTAP_TIMEZONE="Europe/Berlin")
        assert code == 0, shown
        public = (Path(program.environment["XDG_CONFIG_HOME"]) / "bulktap" / "default.cer").read_text("ascii")
        tenant.registration = replace(tenant.registration, certificates=(public,))  # as an administrator uploads it
        asked = _words(FIRST_PASS[1].replace("ID", service.client_id))
        code, shown = talk(connected, asked, [("[yes/no]", "yes")])
        assert code == 0, shown
        assert "Everything is in place." in connected(*_words(FIRST_PASS[2])).out
        connected(*_words(FIRST_PASS[3]))
        typed = [("[yes/no]", "yes"), ("Choose a passphrase", "")]
        code, shown = talk(connected, _words(FIRST_PASS[4]), typed, BULKTAP_PASSPHRASE="")
        assert code == 0, shown
        passphrase = re.findall(r"shown only now: (\S+)", shown)[0]
        handed = connected(*_words(FIRST_PASS[5]), BULKTAP_PASSPHRASE=passphrase)
        assert "1 person has a slip" in handed.out
        assert "1 live" in connected(*_words(FIRST_PASS[6])).out
        (folder,) = program.cwd.glob("reports/20*")
        (row,) = sheet(folder, passphrase=passphrase)
        assert live_digests(service) == {USERS[0]: digest(row["Temporary Access Pass"])}


@pytest.mark.long
@pytest.mark.skipif(
    sys.platform == "win32", reason="the blocks are for a Unix shell; those for PowerShell say the same"
)
def test_the_practice_without_a_tenant_works_as_written(program: Program) -> None:
    """In bash, in a copy of the samples, with the simulator in a process of its own, whatever profile there is."""
    shutil.copytree(REPOSITORY / "samples", program.cwd / "samples")
    bulktap = f'bulktap() {{ "{sys.executable}" -m bulktap "$@"; }}\n'
    connected = {**program.environment, "BULKTAP_PASSPHRASE": PASSPHRASE}
    connected.pop("BULKTAP_TIMEZONE")
    program("init", "--tenant", "contoso.com", "--yes")

    def typed(*lines: str) -> subprocess.CompletedProcess[str]:
        script = bulktap + "\n".join(lines)
        return subprocess.run(
            ["bash", "-c", script], cwd=program.cwd, env=connected, capture_output=True, text=True, check=False
        )

    reached = next(block for block in blocks("bash") if "pretend.env" in block)
    with _in_another_window(bulktap + PRACTICE[0], program, connected):
        looked = typed(reached, PRACTICE[1])
        assert looked.returncode == 0, looked.stdout + looked.stderr
        assert typed(reached, PRACTICE[2]).returncode == 3
        assert "60 issued" in typed(reached, PRACTICE[3] + " --yes").stdout
        assert "60 people have a slip" in typed(reached, PRACTICE[4]).stdout
        assert "60 not valid yet" in typed(reached, PRACTICE[5]).stdout


@contextmanager
def _in_another_window(script: str, program: Program, environment: dict[str, str]) -> Iterator[None]:
    """Run a line for as long as the context lasts; wait until it says that it serves, and end it with Ctrl-C."""
    with subprocess.Popen(
        ["bash", "-c", script],
        cwd=program.cwd,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as window:
        assert window.stderr is not None
        assert any("Serving" in line for line in window.stderr)
        try:
            yield
        finally:
            os.killpg(window.pid, signal.SIGINT)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_the_commands_of_the_tasks_work(program: Program) -> None:
    """Each of these lines does its work against a tenant."""
    people = [["User", "Name", "Class", "Teacher"], [USERS[0], "Anna Arendt", "7A", "Ms Weil"]]
    roster = program.roster([*people, *([user, "", "7B", "Mr Buber"] for user in USERS[1:])])
    _as_workbook(roster, program.cwd / "students.xlsx")
    users = [SeedUser(upn=USERS[0], display_name="Anna Arendt"), *(SeedUser(upn=user) for user in USERS[1:])]

    with EmbeddedSimulator(seed_tenant(users), SimulatorOptions()) as service:
        connected = Program(program.cwd, {**program.environment, **environment_of(service)})
        line = {words.split()[1]: words for words in TASKS}
        run = connected("plan", "students.xlsx", "--limit", "2", "--json").json["run"]
        assert connected(*_words(TASKS[0], run), "--yes", "--json").json["counts"]["issued"] == 2
        assert "10 issued" in connected(*_words(TASKS[1]), "--yes").out
        assert "no unfinished run" in connected(*_words(line["resume"]), code=2).err
        assert "2 live" in connected(*_words(line["verify"], run)).out
        assert connected(*_words(line["handout"], run), "--json").json["exit_code"] == 0
        shown = talk(connected, _words(line["show"], run), [("Enter wipes this screen", "")])
        assert shown[0] == 0
        assert connected(*_words(line["reissue"], run), "--yes", "--json").json["counts"]["issued"] == 2
        connected(*_words(line["results"], run), BULKTAP_NEW_PASSPHRASE="another correct horse battery")
        assert connected(*_words(line["revoke"], run), "--yes", "--json").json["exit_code"] == 0
        gone = talk(connected, _words(line["forget"], run), [("yes", "yes")])
        assert gone[0] == 0, gone[1]
        assert len(live_digests(service)) == 10


def _words(line: str, run: str = "") -> list[str]:
    return shlex.split(line.replace("RUN", run) if run else line)[1:]


def test_the_lines_of_python_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they stand, with a tenant of this machine's; every function that the section names is there."""
    (block,) = blocks("python")
    (tmp_path / "students.csv").write_text("\n".join(["User", *USERS]) + "\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    handed: dict[str, str] = {}

    with EmbeddedSimulator(seed_tenant([SeedUser(upn=user) for user in USERS]), SimulatorOptions()) as service:
        known = {
            "tenant_id": service.tenant_id,
            "client_id": service.client_id,
            "client_secret": service.client_secret,
            "addresses": (service.graph_url, service.authority_url, service.ca_file),
            "passphrase": PASSPHRASE,
            "show": lambda _: None,
            "hand_out": lambda user, passcode, _: handed.update({user: digest(passcode)}),
        }
        exec(block.replace("(client_secret))", "(client_secret), *addresses)"), known)  # noqa: S102 - our own README
        assert handed == live_digests(service)

    section = README.partition("## From Python")[2].partition("\n## ")[0]
    names = set(re.findall(r"`(\w+)`", section.partition("do what the")[0])) - {"python"}
    assert names == {
        "read_roster", "plan", "apply", "resume", "results", "handout", "reissue", "verify", "revoke", "forget", "runs",
    }  # fmt: skip
    assert all(callable(getattr(bulktap, name)) for name in names)


def test_every_command_is_in_the_readme() -> None:
    """The table of commands names each of them, and no other."""
    from bulktap.cli.main import cli

    table = README.partition("## Commands")[2].partition("## ")[0]
    named = set(re.findall(r"^\| `bulktap (\w+)", table, re.MULTILINE))

    assert isinstance(cli, click.Group)
    assert named == set(cli.commands)


FOREIGN = {
    "--quiet",
    "--user",
    "--no-deps",
    "--no-index",
    "--find-links",
    "--platform",
    "--python",
    "--service-principal",
    "--allow-no-subscriptions",
}
"""Options of pip, of `.ci/zipapp` and of `az`, which the README names too."""


def test_no_option_of_the_readme_is_unknown() -> None:
    """Each is one of some command of the program's; where the command stands before it, of that one."""
    from bulktap.cli.main import cli

    assert isinstance(cli, click.Group)
    known = {
        name: {"--help", "--help-all"}
        | {one for option in made.params for one in (*option.opts, *option.secondary_opts)}
        for name, made in cli.commands.items()
    }
    anywhere = set().union(*known.values(), {"--version"}, FOREIGN)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - anywhere == set()
    lines = [*told_once(README), *FIRST_PASS, *PRACTICE, *TASKS]
    wrong = [
        line
        for line in lines
        if (words := line.split())[1:]
        and not set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)) <= known.get(words[1], anywhere)
    ]
    assert wrong == []


def test_every_variable_of_the_readme_is_one_that_help_explains() -> None:
    """As `bulktap help environment` has them."""
    from bulktap.cli.topics.topic_list import topic_text

    told = {
        *re.findall(r"`(?:\$env:)?([A-Z]+(?:_[A-Z]+)+)", README),
        *re.findall(r"\b(?:AZURE|BULKTAP)_[A-Z_]+[A-Z]", README),
    }
    explained = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", topic_text("environment")))
    assert len(told) > 10
    assert told - explained == set()


def test_every_topic_of_the_readme_is_one() -> None:
    """And every schema of the list is one, none left out."""
    from bulktap.cli.json_schemas import NAMES
    from bulktap.cli.topics.topic_list import TOPICS

    assert set(re.findall(r"`bulktap help ([a-z][a-z-]+)", README)) <= set(TOPICS)
    listed = README.partition("`bulktap schema plan` prints")[2].partition("\n\n")[0]
    assert {"plan", *re.findall(r"`([a-z.]+)`", listed)} == set(NAMES)


def test_every_link_within_the_readme_leads_to_a_heading() -> None:
    """As GitHub names headings; files that are linked are there."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", README, flags=re.DOTALL), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    places = re.findall(r"\]\(([^)]+)\)", README)
    assert {place for place in places if place.startswith("#") and place[1:] not in anchors} == set()
    files = {place for place in places if not place.startswith(("#", "https://"))}
    assert {place for place in files if not (REPOSITORY / place).exists()} == set()
    assert len(headings) == len(anchors)


def test_every_exit_code_of_an_exception_is_in_the_readme() -> None:
    """The table of exit codes has a line for each."""
    from bulktap.model.errors import BulktapError

    codes = set(re.findall(r"^\| (\d+) \|", README.partition("### Exit codes")[2], re.MULTILINE))
    kinds = [BulktapError]
    for kind in kinds:
        kinds += kind.__subclasses__()

    assert {str(kind.exit_code) for kind in kinds} <= codes


def _as_workbook(csv: Path, path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in csv.read_text("utf-8").splitlines():
        sheet.append(line.split(","))
    book.save(path)
