"""The README tells the truth: its commands are run, its tables compared with the program."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from terminal_talk import talk
from whole_run import PASSPHRASE, REPOSITORY, USERS, Program, digest, environment_of, live_digests

import bulktap
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from pathlib import Path

README = (REPOSITORY / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def arguments(command: str) -> str:
    """Return what a command does apart from the shell's and the platform's ways to write it."""
    plain = re.sub(r"\s*(&&|;)\s*|\s+", " ", command).replace("\\", "/")
    return re.sub(r"\.venv/(?:bin|Scripts)/", "", plain.replace("python3 ", "").replace("py -3 ", "")).strip()


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


def test_the_commands_for_powershell_are_the_same_commands() -> None:
    """Whoever is on Windows gets the same run and the same tests."""
    assert [arguments(block) for block in blocks("powershell")] == [arguments(block) for block in blocks("bash")]


STORY = (
    "bulktap plan students.xlsx",
    "bulktap apply students.xlsx --lifetime 8h",
    "bulktap apply RUN",
    "bulktap results RUN --new-passphrase",
    "bulktap resume",
    "bulktap verify RUN",
    "bulktap handout RUN --to Teacher",
    'bulktap show RUN arendt --reason "lost the slip"',
    'bulktap reissue RUN --only "Anna Arendt"',
    "bulktap forget RUN",
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_the_commands_for_a_real_tenant_work(program: Program) -> None:
    """Each line of the README's console blocks does its work against a tenant, in the order in which they stand."""
    assert tuple(line for block in blocks("console") for line in block.splitlines()) == STORY
    people = [["User", "Name", "Class", "Teacher"], [USERS[0], "Anna Arendt", "7A", "Ms Weil"]]
    roster = program.roster([*people, *([user, "", "7B", "Mr Buber"] for user in USERS[1:])])
    _as_workbook(roster, program.cwd / "students.xlsx")
    users = [SeedUser(upn=USERS[0], display_name="Anna Arendt"), *(SeedUser(upn=user) for user in USERS[1:])]

    with EmbeddedSimulator(seed_tenant(users), SimulatorOptions()) as service:
        connected = Program(program.cwd, {**program.environment, **environment_of(service)})
        run = connected(*_words(STORY[0]), "--limit", "2", "--json").json["run"]
        assert connected(*_words(STORY[2], run), "--yes", "--json").json["counts"]["issued"] == 2
        assert "10 issued" in connected(*_words(STORY[1]), "--yes").out
        assert "no unfinished run" in connected(*_words(STORY[4]), code=2).err
        assert "2 live" in connected(*_words(STORY[5], run)).out
        assert connected(*_words(STORY[6], run), "--json").json["exit_code"] == 0
        shown = talk(connected, _words(STORY[7], run), [("Enter wipes this screen", "")])
        assert shown[0] == 0
        assert connected(*_words(STORY[8], run), "--yes", "--json").json["counts"]["issued"] == 2
        connected(*_words(STORY[3], run), BULKTAP_NEW_PASSPHRASE="another correct horse battery")
        gone = talk(connected, _words(STORY[9], run), [("yes", "yes")])
        assert gone[0] == 0, gone[1]


def _words(line: str, run: str = "") -> list[str]:
    return shlex.split(line.replace("RUN", run))[1:]


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
