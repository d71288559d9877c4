"""What only Windows does: files that cannot be replaced while they are open, batch files, Ctrl-Break, odd paths."""

from __future__ import annotations

import ctypes
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from warm_program import PROGRAM
from whole_run import PASSPHRASE, REPOSITORY, USERS, Program, digest, environment_of, live_digests, sheet

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="this is about Windows")

ROWS = [["User"], *([user] for user in USERS)]
MANY = tuple(f"member{number}@contoso.com" for number in range(150))
FILES_OF_A_RUN = {"results.xlsx", "errors.xlsx", "plan.json", "run.json", "log.jsonl", "journal.db"}
SHORT_WINDOW = ("--reply-timeout", "2s", "--settle-wait", "1s")


@pytest.fixture
def many(program: Program) -> Iterator[tuple[Program, EmbeddedSimulator]]:
    """The program, and a tenant with more people than are served while a few commands start."""
    with EmbeddedSimulator(seed_tenant([SeedUser(upn=user) for user in MANY]), SimulatorOptions()) as running:
        yield Program(program.cwd, {**program.environment, **environment_of(running)}), running


@contextmanager
def begun(
    program: Program, service: EmbeddedSimulator, flags: int = 0
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Start a run in a process of its own; yield it, and the run's folder, once a pass has been issued."""
    roster = program.roster([["User"], *([user] for user in MANY)])
    words = ["apply", str(roster), "--yes", "--max-rate", "1", *SHORT_WINDOW]
    process = subprocess.Popen(
        [*PROGRAM, *words],
        cwd=program.cwd,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        creationflags=flags,
    )
    try:
        until = time.monotonic() + 120
        while not live_digests(service):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        (folder,) = (program.cwd / "reports").glob("2*")
        yield process, folder
    finally:
        process.kill()
        process.communicate()


def held(folder: Path) -> dict[str, str]:
    """Return, by user, the digests of the passcodes in a run's workbook."""
    return {row["User"]: digest(row["Temporary Access Pass"]) for row in sheet(folder)}


def test_a_second_process_is_kept_out_and_a_killed_one_is_resumed(many: tuple[Program, EmbeddedSimulator]) -> None:
    """One writer for a run and for a tenant; TerminateProcess leaves no lock, and every passcode is handed out."""
    program, service = many
    other = program.roster([["User"], [MANY[0]]], "other.csv")
    with begun(program, service) as (process, folder):
        of_run = program("resume", folder, "--json", code=11)
        of_tenant = program("apply", other, "--yes", "--json", code=11)
    done = program("resume", folder, *SHORT_WINDOW, "--json")

    assert f"process {process.pid}" in of_run.json["error"]["message"]
    assert "in use" in of_tenant.json["error"]["message"]
    assert done.json["counts"]["issued"] == len(MANY)
    assert held(folder) == live_digests(service)


def test_ctrl_break_ends_a_run_as_ctrl_c_does(many: tuple[Program, EmbeddedSimulator]) -> None:
    """What is under way is waited for, results are written, and the rest is left to `resume`."""
    if sys.platform == "win32":
        if not ctypes.windll.kernel32.GetConsoleCP():
            pytest.skip("Windows sends Ctrl-Break to consoles, and here is none")
        program, service = many
        with begun(program, service, subprocess.CREATE_NEW_PROCESS_GROUP) as (process, folder):
            process.send_signal(signal.CTRL_BREAK_EVENT)
            said = process.communicate(timeout=120)[0].decode()

        assert process.returncode == 130, said
        assert "Stopping" in said
        assert held(folder) == live_digests(service)


def test_the_first_command_of_the_readme_does_what_it_says(program: Program) -> None:
    """As it stands there for PowerShell, at full cost: sixty passes, a passphrase that is shown once, exit code 3."""
    block = re.search(
        r"^```powershell\n(.*?)^```", (REPOSITORY / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert block is not None
    words = block[1].splitlines()[-1].partition("bulktap ")[2].split()
    shutil.copytree(REPOSITORY / "samples", program.cwd / "samples")
    alone = {name: text for name, text in program.environment.items() if name != "BULKTAP_PASSPHRASE"}

    done = Program(program.cwd, alone).from_cold(*words, code=3)

    (folder,) = (program.cwd / "reports").glob("2*")
    shown = re.search(r"shown only now: (\S+)", done.err)
    assert shown is not None, done.err
    assert "60 issued" in done.out
    assert {path.name for path in folder.iterdir()} >= FILES_OF_A_RUN
    assert len(sheet(folder, passphrase=shown[1])) == 60


def test_words_reach_the_program_as_they_were_typed(program: Program) -> None:
    """A pattern of accounts is none of files, whatever lies in the folder; `%` and `$` are no variables."""
    roster = program.roster([["User"], ["member1@contoso.com"], ["ann@contoso.com"]])
    program.roster([["User"], ["eve@contoso.com"]], "member-list.csv")

    done = program("plan", roster, "--offline", "--deny", "member*", "--ticket", "%PATH% $HOME ~", "--json", code=None)

    assert done.json["counts"]["rows"] == 2
    settings = json.loads((done.folder / "plan.json").read_bytes())["settings"]
    assert "member*" in json.dumps(settings)
    assert "%PATH% $HOME ~" in json.dumps(settings)


def test_a_pattern_of_rosters_means_the_files_that_fit(program: Program) -> None:
    """No shell of Windows writes their names out; a workbook that Excel has open has a file of Excel's beside it."""
    for number, name in enumerate(("class 7a.csv", "class 7b.csv", "~$class 7a.csv", "staff.csv")):
        program.roster([["User"], [USERS[number]]], name)

    assert program("plan", "class*.csv", "--offline", "--json").json["counts"]["rows"] == 2


def test_a_workbook_that_is_open_keeps_its_name(connected: Program) -> None:
    """Excel lets nobody replace it: the new one gets a number, and the next one the usual name again."""
    folder = connected("apply", connected.roster(ROWS), "--yes", "--json").folder
    before = (folder / "results.xlsx").read_bytes()

    with (folder / "results.xlsx").open("rb"):
        done = connected("results", folder, "--json")

    assert (folder / "results.xlsx").read_bytes() == before
    assert (folder / "results-2.xlsx").is_file()
    assert "results-2.xlsx" in done.out


@pytest.mark.parametrize(
    "command",
    [
        "secret",
        "secret.cmd one two",
        '"{folder}\\secret.cmd" "one two"',
        '"{folder}\\secret"',
        "SECRET.CMD",
        '"{python}" -c "print(\'{passphrase}\')"',
    ],
)
def test_a_batch_file_gives_the_passphrase(connected: Program, command: str) -> None:
    """By its name alone too, as `az` and other shims are called; from a folder with blanks in its name."""
    folder = connected.cwd / "My Tools & Keys"
    folder.mkdir()
    (folder / "secret.cmd").write_bytes(f"@echo off\r\necho {PASSPHRASE}\r\n".encode())
    run = connected("apply", connected.roster(ROWS[:2]), "--yes", "--json").folder
    words = command.format(folder=folder, python=sys.executable, passphrase=PASSPHRASE)

    without = {name: text for name, text in connected.environment.items() if name != "BULKTAP_PASSPHRASE"}
    path = f"{folder};{without.get('PATH', '')}"
    Program(connected.cwd, without)("results", run, "--passphrase-command", words, PATH=path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_a_file_that_powershell_wrote_gives_the_passphrase(connected: Program, encoding: str) -> None:
    """Its `>` writes UTF-16 with a mark and a line end of Windows."""
    run = connected("apply", connected.roster(ROWS[:2]), "--yes", "--json").folder
    (connected.cwd / "secret.txt").write_bytes(f"{PASSPHRASE}\r\n".encode(encoding))

    without = {name: text for name, text in connected.environment.items() if name != "BULKTAP_PASSPHRASE"}
    Program(connected.cwd, without)("results", run, "--passphrase-file", connected.cwd / "secret.txt")


@pytest.mark.parametrize(
    "reports", ["NUL", "con", "aux.txt", r"\\no-such-server\share\reports", "Q:\\reports", "a" * 300, "b" * 120 + "\\"]
)
def test_a_folder_that_windows_does_not_make_is_told_in_a_sentence(program: Program, reports: str) -> None:
    """Names of devices, shares and drives that are not there, and paths that are too long."""
    place = reports if len(reports) < 120 or "\\" not in reports else str(program.cwd / (reports * 3))

    done = program("plan", program.roster(ROWS), "--simulate", "--reports", place, code=None)

    assert done.code in {2, 7}, done.err
    assert "Error: " in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("roster", ["NUL", "CON", "aux", r"\\no-such-server\share\roster.csv", "Q:\\roster.csv"])
def test_a_roster_that_is_a_device_or_nowhere_is_told_in_a_sentence(program: Program, roster: str) -> None:
    """And nobody waits for what would come from a device."""
    done = program("plan", roster, "--simulate", code=None)

    assert done.code in {2, 4}, done.err
    assert "Error: " in done.err
    assert "Traceback" not in done.err
