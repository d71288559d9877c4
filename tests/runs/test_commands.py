"""The other commands, and what holds for all of them."""

from __future__ import annotations

import json
import platform
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import olefile
import pytest
from whole_run import SAMPLES, USERS, Program, report, sheet

from bulktap.storage.passphrase_cost import SPIN_COUNT, STANDARD, KdfCost

pytestmark = pytest.mark.long

ROWS = [["User"], *([user] for user in USERS)]


def test_help_loads_none_of_the_heavy_libraries() -> None:
    """Help appears at once: pandas, openpyxl, aiohttp, msal and cryptography stay on disk, sockets and TLS too."""
    script = (
        "import sys\nfrom bulktap.cli.main import cli\n"
        "try:\n    cli.main(['--help'], prog_name='bulktap')\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'openpyxl', 'aiohttp', 'msal', 'cryptography', 'xlsxwriter', 'numpy', 'tqdm'}\n"
        "heavy |= {'ssl', 'asyncio', 'urllib.request', 'http.client', 'sqlite3', 'tomllib'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"
    assert "bulktap apply students.xlsx" in done.stdout


@pytest.mark.parametrize("command", ["plan", "apply", "resume", "results", "runs", "simulator"])
def test_the_help_of_every_command_has_examples(program: Program, command: str) -> None:
    """A newcomer copies an example and changes the file name."""
    assert f"bulktap {command}" in program(command, "--help").out.partition("Examples:")[2]


def test_a_command_from_cold_makes_passphrases_dear_to_guess(program: Program) -> None:
    """Journal and workbook have the costs that were decided on; other tests of whole runs take the cheapest."""
    done = program.from_cold("apply", program.roster(ROWS), "--simulate", "--yes", "--json")

    with closing(sqlite3.connect(done.folder / "journal.db")) as journal:
        kdf = json.loads(journal.execute("SELECT public FROM header").fetchone()[0])["kdf"]
    with olefile.OleFileIO(done.folder / "results.xlsx") as workbook:
        encryption = workbook.openstream("EncryptionInfo").read()
    assert KdfCost(kdf["memory_kib"], kdf["iterations"], kdf["lanes"]) == STANDARD
    assert f'spinCount="{SPIN_COUNT}"'.encode() in encryption
    assert len(sheet(done.folder)) == len(USERS)


def test_version_is_the_package_s(program: Program) -> None:
    """`bulktap --version` names the program, its version, Python and the system."""
    from bulktap.version import __version__

    told = program("--version").out.strip()
    assert told.startswith(f"bulktap {__version__} (Python {platform.python_version()}, {platform.system()} ")


def test_an_unknown_option_is_exit_2(program: Program) -> None:
    """A usage error, with the usage."""
    assert "Usage" in program("apply", "--no-such-thing", code=2).err


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("apply", "--lifetme", "8h"), "No such option '--lifetme'.", "Did you mean --lifetime"),
        (("aply", "roster.csv"), "No such command 'aply'.", "Did you mean apply?"),
        (("plan",), "Nothing says who is to get a pass.", "Name a roster"),
        (("plan", "roster.csv", "--limit", "-1"), "Invalid value for '--limit'", "`bulktap plan --help-all`"),
    ],
)
def test_words_that_are_not_understood_are_an_error_like_any_other(
    program: Program, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    """One sentence, a hint on a line of its own, and with `--json` the object too."""
    done = program(*arguments, "--json", code=2)

    assert done.json["exit_code"] == 2
    assert done.json["error"]["code"] == "usage"
    assert message in done.json["error"]["message"]
    assert hint in done.json["error"]["hint"]
    lines = done.err.splitlines()
    assert lines[-2] == f"Error: {done.json['error']['message']}"
    assert lines[-1] == f"Hint:  {done.json['error']['hint']}"


def test_a_variable_asks_for_json_too_where_the_words_are_not_understood(program: Program) -> None:
    """Scripts that set `BULKTAP_JSON` once get an object whatever happens."""
    assert program("runs", "--nope", code=2, BULKTAP_JSON="1").json["exit_code"] == 2
    assert program("runs", "--nope", code=2, BULKTAP_JSON="0").out == ""


def test_counts_add_up_whatever_went_wrong(program: Program) -> None:
    """Before the roster is known there are none; once it was read, its rows are counted."""
    parts = {"issued", "replaced", "merged", "skipped", "invalid", "refused", "in_doubt", "not_sent"}
    nowhere = {
        "AZURE_TENANT_ID": "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37",
        "AZURE_CLIENT_ID": "app",
        "AZURE_CLIENT_SECRET": "not-a-secret",
        "BULKTAP_AUTHORITY_URL": "https://127.0.0.1:1",
        "BULKTAP_GRAPH_URL": "https://127.0.0.1:1",
    }

    missing = program("plan", "missing.csv", "--simulate", "--json", code=4).json["counts"]
    unreachable = program("plan", program.roster([*ROWS, ["no name"]]), "--json", code=7, **nowhere).json["counts"]

    assert missing == {}
    assert unreachable == {**dict.fromkeys(parts, 0), "rows": len(ROWS), "invalid": 1, "not_sent": len(ROWS) - 1}


def test_plan_writes_a_plan_and_creates_nothing(program: Program) -> None:
    """The plan has one object for each row, and the counts say that nothing was sent."""
    done = program("plan", program.roster(ROWS), "--simulate", "--json")

    plan = json.loads((done.folder / "plan.json").read_bytes())
    assert [row["action"] for row in plan["rows"]] == ["issue"] * len(USERS)
    assert [row["row"] for row in plan["rows"]] == list(range(2, len(USERS) + 2))
    assert done.json["counts"]["not_sent"] == len(USERS)
    assert not (done.folder / "results.xlsx").exists()


def test_a_forecast_with_a_limit_names_one_time(program: Program) -> None:
    """`--assume` makes the range a figure, look-ups included; passes that will not last are warned of."""
    rows = [["User"], *([f"student{number}@contoso.com"] for number in range(1_300))]

    done = program("plan", program.roster(rows), "--offline", "--assume", "20/s", "--lifetime", "30m", "--json")

    plan = json.loads((done.folder / "plan.json").read_bytes())
    assert plan["forecast"]["seconds_low"] == plan["forecast"]["seconds_high"] == pytest.approx(67, rel=0.05)
    assert "20 creates a second" in plan["forecast"]["assumption"]
    assert "1,300 passes end before, or less than half an hour after, the last one is issued" in done.err
    assert "(if the run takes 67 seconds): rows 2-1301" in done.err


def test_an_unknown_limit_is_exit_2(program: Program) -> None:
    """The hint lists what a forecast can assume, and nothing was read or asked."""
    done = program("plan", program.roster(ROWS), "--offline", "--assume", "plenty", code=2)
    assert "directory, reports, none, or a rate such as 20/s, 3000/150s or 20" in done.err


def test_an_offline_plan_asks_nobody(program: Program) -> None:
    """No sign-in settings are needed, and the plan says that it was made without the tenant."""
    done = program("plan", program.roster(ROWS), "--offline", "--json")

    assert json.loads((done.folder / "plan.json").read_bytes())["settings"]["offline"] is True


def test_all_errors_of_the_sample_are_reported_at_once(program: Program) -> None:
    """Every faulty row stands in the error report with sheet row, heading, code, reason and remedy."""
    done = program("plan", SAMPLES / "roster-with-errors.xlsx", "--simulate", "--json", code=3)

    rows = report(done.folder)
    assert len(rows) == done.json["counts"]["invalid"] > 10
    assert all(row["Sheet row"] and row["Error code"] and row["Error"] and row["How to fix"] for row in rows)


def test_the_ticket_is_kept_with_the_plan(program: Program) -> None:
    """Whoever reads the plan later sees under which change it was made."""
    done = program("plan", program.roster(ROWS), "--offline", "--ticket", "CHG0012345", "--reason", "Term", "--json")

    settings = json.loads((done.folder / "plan.json").read_bytes())["settings"]
    assert (settings["ticket"], settings["reason"]) == ("CHG0012345", "Term")


def test_the_log_goes_where_it_is_wanted_and_names_no_passcode(program: Program) -> None:
    """`--log-file` replaces the run folder's log; each of its lines is one JSON object."""
    log = program.cwd / "elsewhere.jsonl"

    done = program("apply", program.roster(ROWS), "--simulate", "--yes", "--log-file", log, "--json")

    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert {"phase", "batch", "end"} <= {event["event"] for event in events}
    assert not (done.folder / "log.jsonl").exists()
    passcodes = [row["Temporary Access Pass"] for row in sheet(done.folder)]
    assert not any(passcode in log.read_text("utf-8") for passcode in passcodes)


def test_runs_are_listed_with_how_they_stand_and_without_a_passphrase(program: Program) -> None:
    """A finished run and a plan; nothing secret is asked for."""
    planned = program("plan", program.roster(ROWS, "first.csv"), "--simulate", "--json")
    applied = program("apply", program.roster(ROWS, "second.csv"), "--simulate", "--yes", "--json")

    listed = program("runs", "--json", BULKTAP_PASSPHRASE="").json["runs"]
    shown = program("runs").out

    assert {run["run"]: (run["state"], run["issued"]) for run in listed} == {
        planned.json["run"]: ("planned", 0),
        applied.json["run"]: ("finished", len(USERS)),
    }
    assert applied.json["run"] in shown


def test_there_is_nothing_to_resume_where_every_run_is_finished(program: Program) -> None:
    """`resume` without a name looks for an unfinished run and says that there is none."""
    program("apply", program.roster(ROWS), "--simulate", "--yes")

    assert "no unfinished run" in program("resume", code=2).err


def test_resuming_a_finished_run_sends_nothing_and_hands_back_the_same(program: Program) -> None:
    """A run is finished once; resuming it again harms nobody."""
    done = program("apply", program.roster(ROWS), "--simulate", "--yes", "--json")

    again = program("resume", done.json["run"], "--json")

    assert again.json["counts"] == done.json["counts"]
    assert again.json["throttled_steps"] == 0


def test_a_bug_or_a_broken_file_is_one_sentence_and_never_a_traceback(program: Program) -> None:
    """A file that is no roster: exit 4, a sentence, a hint."""
    path = program.cwd / "noise.xlsx"
    path.write_bytes(b"PK\x03\x04 not really a workbook")

    done = program("plan", path, "--offline", code=4)

    assert "Traceback" not in done.err
    assert "Error: " in done.err
    assert "Hint: " in done.err


def test_a_misspelt_roster_is_said_before_settings_that_are_missing(program: Program) -> None:
    """Whoever mistypes the name does not first have to learn about sign-in."""
    assert "There is no file roaster.csv." in program("plan", "roaster.csv", code=4).err


def test_a_misspelt_run_is_not_looked_for_among_the_rosters(program: Program) -> None:
    """The id of a run that is not there: the hint says where runs are listed."""
    error = program("apply", "2035-08-20T0715Z-students-3fa9", "--yes", "--json", code=2).json["error"]

    assert error["message"] == "There is no run 2035-08-20T0715Z-students-3fa9."
    assert "bulktap runs --reports reports" in error["hint"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [("--json",), ()])
def test_a_summary_that_could_not_be_written_is_an_error_and_no_mistake_of_ours(
    program: Program, words: tuple[str, ...]
) -> None:
    """The run itself is finished, and its workbook complete; exit 1 tells the script that it knows nothing."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bulktap", "apply", program.roster(ROWS), "--simulate", "--yes", *words],
            cwd=program.cwd,
            env=program.environment,
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert "Error: Standard output cannot be written: No space left on device." in done.stderr
    assert "mistake" not in done.stderr
    assert len(sheet(next((program.cwd / "reports").glob("20*")))) == len(USERS)


@pytest.mark.skipif(
    sys.platform == "win32", reason="closing a stream beforehand is a Unix shell's way, not that of Windows"
)
def test_a_run_goes_on_where_nobody_listens(program: Program) -> None:
    """Both streams closed, as some services start programs: the passes are issued all the same."""
    command = ["bash", "-c", 'exec "$@" >&- 2>&-', "-", sys.executable, "-m", "bulktap", "apply"]
    done = subprocess.run(
        [*command, program.roster(ROWS), "--simulate", "--yes"],
        cwd=program.cwd,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        check=False,
    )

    assert done.returncode == 0
    assert len(sheet(next((program.cwd / "reports").glob("20*")))) == len(USERS)
