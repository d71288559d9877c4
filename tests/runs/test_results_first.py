"""Results are there as soon as every row is settled; comparing the passes goes on, and may be stopped and resumed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from whole_run import USERS, Program, digest, environment_of, live_digests, sheet

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.pass_policy import PassPolicy, Target
from bulktap.simulator.server import SimulatorOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulktap.simulator.tenant import Tenant

pytestmark = pytest.mark.long  # whole runs, a process for each command

ROWS = [["User"], *([user] for user in USERS)]
READY = "is ready; comparing 12 passes once more (Ctrl-C is safe)"
UNPROVEN = "fair,step-503=0.4,done-all-the-same=0,seed=3"
"""Some creates are answered 503 and not carried out; nobody but the tenant knows that."""
LONG_WINDOW = ("--reply-timeout", "600s", "--settle-wait", "500ms")
SHORT_WINDOW = ("--reply-timeout", "500ms", "--settle-wait", "500ms")
on_unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends these signals to whole consoles")


@pytest.fixture
def in_weather(tenant: Tenant, program: Program) -> Iterator[Callable[[str], tuple[Program, EmbeddedSimulator]]]:
    """Return the program, connected to the tenant in some weather."""
    running: list[EmbeddedSimulator] = []

    def connect(weather: str) -> tuple[Program, EmbeddedSimulator]:
        service = EmbeddedSimulator(tenant, SimulatorOptions(weather=weather))
        running.append(service.__enter__())
        return Program(program.cwd, {**program.environment, **environment_of(service)}), service

    yield connect
    for service in running:
        service.__exit__(None, None, None)


def begun(program: Program, *options: str) -> tuple[subprocess.Popen[str], Path]:
    """Start a run, and return it with its folder once it has said that results are there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bulktap", "apply", str(program.roster(ROWS)), "--yes", "--json", *options],
        cwd=program.cwd,
        env=dict(program.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if READY in line:
            (folder,) = (program.cwd / "reports").glob("20*")
            return process, folder
    raise AssertionError(f"the run never said that results are there:\n{''.join(said)}")


def summary(folder: Path) -> dict[str, object]:
    """Return the facts of the workbook's summary."""
    rows = [list(row.values()) for row in sheet(folder, "Summary")]
    return {str(row[0]): row[1] for row in rows if len(row) > 1 and row[0]}


@pytest.mark.long
@on_unix
def test_ctrl_c_while_passes_are_compared_is_safe_and_resume_finishes(
    in_weather: Callable[[str], tuple[Program, EmbeddedSimulator]],
) -> None:
    """Workbook, page and summary are there before; afterwards they tell both processes; nothing was issued twice."""
    connected, service = in_weather(UNPROVEN)
    process, folder = begun(connected, *LONG_WINDOW)
    ready_at = time.monotonic()

    held = {row["User"]: digest(row["Temporary Access Pass"]) for row in sheet(folder)}
    notes = [row["Note"] for row in sheet(folder) if row["Note"]]
    early = json.loads((folder / "run.json").read_bytes())
    compared_for = time.monotonic() - ready_at
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=600)
    stopped = json.loads(out)
    after = summary(folder)

    assert held == live_digests(service)
    assert any("may still take effect until" in note and "this pass is compared afterwards" in note for note in notes)
    assert (early["closed"], early["exit_code"], early["to_compare"]) == (False, None, 12)
    assert process.returncode == 130
    assert "everything had been issued" in stopped["error"]["message"]
    assert f"bulktap resume {folder.name}" in stopped["error"]["hint"]
    assert stopped["counts"]["issued"] == 12
    assert f"bulktap resume {folder.name}" in str(after["State"])
    assert "earlier requests may take effect until" in str(after["Still to be compared"])
    assert connected("runs", "--json").json["runs"][0]["state"] == "unfinished"

    attempts = len(service.truth()["attempts"])
    connected("resume", folder.name, *SHORT_WINDOW)
    told = json.loads((folder / "run.json").read_bytes())

    assert len(service.truth()["attempts"]) == attempts
    assert {row["User"]: digest(row["Temporary Access Pass"]) for row in sheet(folder)} == held
    assert not any("take effect" in str(row["Note"]) for row in sheet(folder))
    assert summary(folder)["State"] == "Finished"
    assert [one["how"] for one in told["processes"]] == ["interrupted", "finished"]
    assert told["seconds"] == pytest.approx(sum(one["seconds"] for one in told["processes"]), abs=0.01)
    assert compared_for < told["processes"][0]["seconds"] < stopped["seconds"] + 0.01
    assert (told["closed"], told["to_compare"]) == (True, 0)


@pytest.mark.long
@on_unix
def test_a_run_that_is_killed_while_passes_are_compared_leaves_its_results(
    in_weather: Callable[[str], tuple[Program, EmbeddedSimulator]],
) -> None:
    """Nothing is lost but the comparison; the process that left no word of its end is called killed."""
    connected, service = in_weather(UNPROVEN)
    process, folder = begun(connected, *LONG_WINDOW)
    process.kill()
    process.communicate(timeout=600)

    assert {row["User"]: digest(row["Temporary Access Pass"]) for row in sheet(folder)} == live_digests(service)

    connected("resume", folder.name, *SHORT_WINDOW)
    told = json.loads((folder / "run.json").read_bytes())
    page = (folder / "run.html").read_text("utf-8")

    assert [one["how"] for one in told["processes"]] == ["killed", "finished"]
    assert told["processes"][0]["seconds"] > 0
    assert "killed" in page
    assert {row["User"]: digest(row["Temporary Access Pass"]) for row in sheet(folder)} == live_digests(service)


def test_what_comparing_finds_out_is_written_again(
    in_weather: Callable[[str], tuple[Program, EmbeddedSimulator]],
) -> None:
    """Requests that were answered 503 land after the pass was issued: in the end the workbook has what lives."""
    connected, service = in_weather("fair,late-503=0.5,late-low=1.5,late-high=1.5,seed=2")
    windows = ("--reply-timeout", "2s", "--settle-wait", "500ms")

    done = connected("apply", connected.roster(ROWS[:7]), "--yes", "--json", *windows)

    rows = sheet(done.folder)
    assert {row["User"]: digest(row["Temporary Access Pass"]) for row in rows} == live_digests(service)
    assert any("Issued again" in str(row["Note"]) for row in rows)
    assert summary(done.folder)["State"] == "Finished"
    assert not any("take effect" in str(row["Note"]) for row in rows)


def test_an_undisturbed_run_is_told_as_one_process_and_resuming_it_changes_nothing(connected: Program) -> None:
    """Whoever resumes or writes a finished run again finds the same numbers, and the journal as it was."""
    done = connected("apply", connected.roster(ROWS), "--yes", "--json")
    first = json.loads((done.folder / "run.json").read_bytes())
    journal = (done.folder / "journal.db").read_bytes()

    assert READY in done.err
    assert [one["how"] for one in first["processes"]] == ["finished"]
    assert first["processes"][0]["process"].startswith("apply by ")

    for command in ("resume", "results"):
        connected(command, done.folder.name)
        again = json.loads((done.folder / "run.json").read_bytes())
        told = ("processes", "seconds", "throttled_steps", "started", "finished", "journal_records", "closed")
        assert {name: again[name] for name in told} == {name: first[name] for name in told}
        assert (done.folder / "journal.db").read_bytes() == journal


def test_passes_that_the_policy_disables_are_counted_everywhere(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """A pass that exists and does not work is exit 3, on the screen, in workbook, page and summary."""
    covered = tuple(Target(user.object_id, "user") for user in list(tenant.users.values())[2:])
    policy = PassPolicy(include=covered, refuses_out_of_scope=False)
    service.ask(lambda: setattr(tenant, "policy", policy))

    shown = connected("apply", connected.roster(ROWS), "--yes", code=3).out
    (folder,) = (connected.cwd / "reports").glob("20*")
    told = json.loads((folder / "run.json").read_bytes())
    again = connected("results", folder.name, "--json", code=3).json

    assert f"2 passes were issued and do not work (the workbook's notes say why; mostly the tenant's policy for passes does not include these users); first: {USERS[0]}" in shown  # noqa: E501  # fmt: skip
    assert summary(folder)["Issued, but not usable"] == f"2, first: {USERS[0]}"
    assert "2 passes were issued and do not work" in (folder / "run.html").read_text("utf-8")
    assert (told["unusable"], told["exit_code"], again["unusable"]) == (2, 3, 2)
    assert sum("DisabledByPolicy" in str(row["Note"]) for row in sheet(folder)) == 2


def test_throttled_steps_are_the_same_on_the_screen_and_in_the_summary(
    in_weather: Callable[[str], tuple[Program, EmbeddedSimulator]],
) -> None:
    """What the process counted is what the journal keeps of it."""
    connected, _ = in_weather("fair,step-429=0.5,seed=4")

    done = connected("apply", connected.roster(ROWS), "--yes", "--json", *SHORT_WINDOW)
    told = json.loads((done.folder / "run.json").read_bytes())

    assert done.json["throttled_steps"] > 0
    assert told["throttled_steps"] == done.json["throttled_steps"] == told["processes"][0]["throttled_steps"]
