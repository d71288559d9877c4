"""Where the passphrase comes from, and what it protects."""

from __future__ import annotations

import io
import math
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from whole_run import Program, sheet

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.passphrase import PassphraseSource
from bulktap.cli.secret_sources import from_command, from_file
from bulktap.model.errors import UsageError, WrongPassphrase
from bulktap.model.outcomes import Issued, IssuedPass
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.run_events import Closed, Sent, Settled
from bulktap.model.secret import Secret
from bulktap.operations import run_journal, saved_plan
from bulktap.operations.run_settings import ReadingSettings
from bulktap.storage.run_folder import RunFolder

CONSOLE = Console(ScreenSettings(), io.StringIO(), io.StringIO())
"""Nobody reads it, and nobody can be asked."""

ROWS = [["User"], ["anna@contoso.com"]]
GOOD = "open sesame 7"
UNFIT = {
    "empty": ("", "nothing"),
    "only a line end": ("\n", "nothing"),
    "blank": (" " * 20, "blank"),
    "eleven characters": ("elevenchars", "11 characters"),
    "a tab": ("open\tsesame seven", "tab"),
    "an escape": ("open sesame \x1b[31m", "tab"),
    "two lines": ("open sesame 7\nopen sesame 8", "more than one line"),
    "two line ends": ("open sesame 7\r\n\r\n", "more than one line"),
    "256 characters": ("x" * 256, "255"),
    "128 letters of two units": ("\U0001f511" * 128, "255"),
    "an invisible letter": ("open sesame\u200b 7", "invisible"),
    "a line separator": ("open sesame\u2028seven", "invisible"),
}
FIT = {
    "plain": GOOD.encode(),
    "a line end": f"{GOOD}\n".encode(),
    "a line end of Windows": f"{GOOD}\r\n".encode(),
    "a mark": f"\ufeff{GOOD}\n".encode(),
    "redirected in Windows PowerShell 5.1": f"\ufeff{GOOD}\r\n".encode("utf-16-le"),
    "UTF-16, big end first": f"\ufeff{GOOD}".encode("utf-16-be"),
    "blanks that are meant": b" open sesame \n",
}


@pytest.fixture
def unset(program: Program) -> Program:
    """The program without a passphrase in its environment."""
    return Program(program.cwd, {k: v for k, v in program.environment.items() if k != "BULKTAP_PASSPHRASE"})


def test_a_file_gives_its_first_line(unset: Program) -> None:
    """`--passphrase-file`, as Windows editors write it: with a mark in front and a line end behind."""
    secret = unset.cwd / "secret.txt"
    secret.write_bytes(b"\xef\xbb\xbfopen sesame 7\r\n")

    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", "--json", "--passphrase-file", secret)

    assert len(sheet(done.folder, passphrase="open sesame 7")) == 1


def test_a_command_prints_it(unset: Program) -> None:
    """`--passphrase-command`: a password manager, for instance."""
    command = f"{sys.executable} -c \"print('from a manager')\""

    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", "--json", "--passphrase-command", command)

    assert len(sheet(done.folder, passphrase="from a manager")) == 1


def test_a_generated_one_is_shown_before_anything_is_sent_and_opens_the_workbook(unset: Program) -> None:
    """Also without a terminal, because the tenant is a pretend one."""
    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", "--json", "--generate-passphrase")

    shown = re.search(r"shown only now: (\S+)", done.err)
    assert shown is not None
    assert len(sheet(done.folder, passphrase=shown[1])) == 1


def test_a_generated_one_that_nobody_would_see_is_refused_for_a_real_tenant(unset: Program) -> None:
    """Without a terminal the passcodes of a real tenant would be lost for good."""
    done = unset(
        "apply",
        unset.roster(ROWS),
        "--yes",
        "--generate-passphrase",
        code=2,
        AZURE_TENANT_ID="11111111-2222-3333-4444-555555555555",
        AZURE_CLIENT_ID="app",
        AZURE_CLIENT_SECRET="secret",
    )

    assert "no terminal" in done.err


def test_without_any_source_nothing_is_sent(unset: Program) -> None:
    """Found out before the roster is read."""
    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", code=2)

    assert "BULKTAP_PASSPHRASE" in done.err
    assert not (unset.cwd / "reports").exists()


def test_two_sources_at_once_are_a_mistake(unset: Program) -> None:
    """Nobody should have to guess which of them was used."""
    done = unset(
        "apply",
        unset.roster(ROWS),
        "--simulate",
        "--yes",
        "--generate-passphrase",
        "--passphrase-command",
        "true",
        code=2,
    )

    assert "named twice" in done.err


def test_a_wrong_passphrase_opens_neither_workbook_nor_journal(program: Program) -> None:
    """`results` with another passphrase is exit 12, and the workbook stays shut."""
    done = program("apply", program.roster(ROWS), "--simulate", "--yes", "--json")

    refused = program("results", done.folder, code=12, BULKTAP_PASSPHRASE="something else")

    assert "passphrase" in refused.err
    with pytest.raises(WrongPassphrase):
        sheet(done.folder, passphrase="something else")


def test_results_writes_the_same_workbook_again(program: Program) -> None:
    """A workbook that was deleted comes back from the journal, passcode by passcode."""
    done = program(
        "apply",
        program.roster(
            [
                *ROWS,
                [
                    "broken",
                ],
            ]
        ),
        "--simulate",
        "--yes",
        "--json",
        code=3,
    )
    before = sheet(done.folder)
    _delete(done.folder / "results.xlsx", done.folder / "errors.xlsx")

    again = program("results", done.json["run"], "--json", code=3)

    assert sheet(done.folder) == before
    assert again.json["counts"] == done.json["counts"]
    assert (done.folder / "errors.xlsx").exists()


def _delete(*paths: Path) -> None:
    for path in paths:
        path.unlink()


def ways(unset: Program, content: bytes) -> dict[str, tuple[list[str | Path], dict[str, str]]]:
    """Return, for each way of giving a passphrase, the arguments and variables that give this one."""
    kept = unset.cwd / "secret.txt"
    kept.write_bytes(content)
    printing = f"\"{sys.executable}\" -c \"import sys; sys.stdout.buffer.write(open('secret.txt', 'rb').read())\""
    return {
        "file": (["--passphrase-file", kept], {}),
        "command": (["--passphrase-command", printing], {}),
        "variable": ([], {"BULKTAP_PASSPHRASE": content.decode("utf-8", "surrogateescape")}),
    }


@pytest.mark.parametrize("what", UNFIT)
@pytest.mark.parametrize("way", ["file", "command", "variable"])
def test_a_passphrase_that_will_not_do_is_found_out_before_anything_is_read(
    unset: Program, way: str, what: str
) -> None:
    """Excel would not take it, or it is soon guessed: exit 2, also with `-q`, and there is no run."""
    text, reason = UNFIT[what]
    arguments, variables = ways(unset, text.encode())[way]

    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", "-q", *arguments, code=2, **variables)

    expected = "no passphrase" if way == "variable" and not text else reason
    assert expected in done.err
    assert not text.strip() or text.strip() not in done.err
    assert not (unset.cwd / "reports").exists()


@pytest.mark.parametrize("what", FIT)
@pytest.mark.parametrize("way", ["file", "command", "variable"])
def test_what_editors_and_secret_stores_add_is_no_part_of_the_passphrase(way: str, what: str, unset: Program) -> None:
    """One line end, a mark, UTF-16: read as what was meant, whichever way it is given."""
    content = FIT[what]
    source = PassphraseSource()
    arguments, variables = ways(unset, content)[way]
    if way == "file":
        source.file = Path(arguments[1])
    elif way == "command":
        source.command = str(arguments[1]).replace("secret.txt", (unset.cwd / "secret.txt").as_posix())
    elif content.startswith((b"\xff", b"\xfe")):
        pytest.skip("a variable holds text, not bytes")
    else:
        source.environment = Secret(variables["BULKTAP_PASSPHRASE"])

    source.require_usable(CONSOLE, simulated=False)

    expected = " open sesame " if what == "blanks that are meant" else GOOD
    assert source.get(CONSOLE).reveal() == expected


def test_a_made_up_passphrase_is_hard_to_guess_and_easy_to_type() -> None:
    """At least 90 bits, without letters that are mistaken for one another, and never the same twice."""
    made = set()
    for _ in range(50):
        source = PassphraseSource(generate=True)
        source.require_usable(CONSOLE, simulated=True)
        made.add(source.get(CONSOLE).reveal())

    assert len(made) == 50
    letters = {letter for one in made for letter in one} - {"-"}
    assert not letters & set("il1o0")
    assert all(re.fullmatch(r"\w{5}(-\w{5}){3}", one) for one in made)
    assert 20 * math.log2(len(letters)) > 90


COMMANDS = {
    "an open quote": ("print 'it", "quote"),
    "a program that does not exist": ("/no/such/program", "No such file"),
    "a folder": ("/", "cannot be run"),
    "nothing": ("   ", "empty"),
    "a failure": (f"{sys.executable} -c raise(SystemExit(3))", "code 3"),
    "prints nothing": (f"{sys.executable} -c pass", "nothing"),
    "prints for ever": (f"{sys.executable} -c \"while 1: print('x' * 4096)\"", "65,536"),
    "no text": (f'{sys.executable} -c "import os; os.write(1, bytes([255, 129]) * 20)"', "UTF-8"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="names of programs are others on Windows")
@pytest.mark.parametrize("what", COMMANDS)
def test_a_passphrase_command_that_does_not_work_is_a_sentence(unset: Program, what: str) -> None:
    """Exit 2, with what is wrong with it."""
    command, reason = COMMANDS[what]

    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", "--passphrase-command", command, code=2)

    assert reason in done.err
    assert "Internal" not in done.err


FILES = {
    "a folder": ("/", "directory"),
    "nothing there": ("/no/such/file", "No such file"),
    "an endless device": ("/dev/zero", "65,536"),
    "an empty device": ("/dev/null", "gives nothing"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="devices and named pipes are no files on Windows")
@pytest.mark.parametrize("what", FILES)
def test_a_passphrase_file_that_is_none_is_a_sentence(unset: Program, what: str) -> None:
    """Nothing is read or waited for without end."""
    name, reason = FILES[what]

    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", "--passphrase-file", name, code=2)

    assert reason in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are no files on Windows")
def test_a_pipe_or_a_command_that_gives_nothing_is_waited_for_as_long_as_is_sensible(tmp_path: Path) -> None:
    """A command that hangs is ended, also one whose child holds its output open."""
    os.mkfifo(tmp_path / "pipe")
    asks_forever = f'{sys.executable} -c "import time; time.sleep(600)"'
    leaves_a_child = f"{sys.executable} -c \"import subprocess; subprocess.Popen(['sleep', '5'])\""

    with pytest.raises(UsageError, match=r"within 0\.2 s"):
        from_file(tmp_path / "pipe", patience=0.2)
    for command in (asks_forever, leaves_a_child):
        with pytest.raises(UsageError, match=r"nothing within 0\.4 s"):
            from_command(command, 0.4)


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix shell's way, not that of Windows")
def test_a_pipe_that_a_shell_makes_of_a_command_is_read(unset: Program) -> None:
    """`--passphrase-file <(pass show bulktap)`: the writer is slower than the reader."""
    unset.roster(ROWS)
    script = (
        f"{sys.executable} -m bulktap apply roster.csv --simulate --yes --passphrase-file <(sleep 1; echo '{GOOD}')"
    )

    done = subprocess.run(["bash", "-c", script], cwd=unset.cwd, env=unset.environment, check=False, timeout=600)

    assert done.returncode == 0
    (run,) = (unset.cwd / "reports").glob("20*")
    assert len(sheet(run, passphrase=GOOD)) == 1


OLD = {"short": "short", "a tab": "open\tsesame seven", "a line end": "open sesame 7\n", "long": "x" * 300}


def journal_of_an_earlier_version(program: Program, passphrase: str) -> Path:
    """Make the journal of a planned run as versions did that checked no passphrase, with one pass in it."""
    planned = program("plan", program.roster(ROWS), "--simulate", "--json").folder
    folder = RunFolder(planned)
    made = saved_plan.load_with_roster(folder, ReadingSettings()).plan
    with run_journal.open_journal(made, folder, Secret(passphrase), datetime.now(UTC)) as journal:
        now = datetime.now(UTC)
        made_pass = AccessPass("pass-1", now, now, 480, True, True, "EnabledByPolicy")
        journal.record([Sent(1, now, PassTerms(None, 480, True), "batch")])
        journal.record([Settled(1, Issued(IssuedPass(made_pass, Secret("TAP+7xKq2")))), Closed()])
    return planned


@pytest.mark.parametrize("what", OLD)
def test_runs_of_earlier_versions_open_with_the_passphrase_that_they_have(program: Program, what: str) -> None:
    """Where Excel does not take it, another is wanted for the workbook; nothing is lost."""
    folder = journal_of_an_earlier_version(program, OLD[what])
    takes = what == "short"

    own = program("results", folder, code=0 if takes else 2, BULKTAP_PASSPHRASE=OLD[what])
    other = program("results", folder, BULKTAP_PASSPHRASE=OLD[what], BULKTAP_WORKBOOK_PASSPHRASE="another good one")

    assert takes or "--workbook-passphrase-file" in own.err
    assert [row["Temporary Access Pass"] for row in sheet(folder, passphrase="another good one")] == ["TAP+7xKq2"]
    assert other.code == 0


def test_the_other_passphrase_may_be_in_a_file_and_has_to_do_too(program: Program) -> None:
    """`--workbook-passphrase-file`; a new passphrase is a new passphrase."""
    folder = journal_of_an_earlier_version(program, OLD["a tab"])
    other = program.cwd / "other.txt"
    old = {"BULKTAP_PASSPHRASE": OLD["a tab"]}

    other.write_text("too short")
    assert "9 characters" in program("results", folder, "--workbook-passphrase-file", other, code=2, **old).err

    other.write_text("another good one\n")
    program("results", folder, "--workbook-passphrase-file", other, **old)
    program("results", folder, "--workbook-passphrase-file", other, **old)

    assert len(sheet(folder, passphrase="another good one")) == 1
