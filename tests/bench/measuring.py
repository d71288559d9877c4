"""One contender against one scenario: run it in a process of its own, and compare what it says with the truth."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from pretend_tenant import REPOSITORY, serving, users_of
from scenarios import LATENCY

sys.path.insert(0, str(REPOSITORY / "tests"))
from whole_run import PASSPHRASE, digest, sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pretend_tenant import PretendTenant
    from scenarios import Scenario

_LOOK_EVERY = 0.05
"""Seconds between two looks at a process's memory."""


@dataclass(frozen=True)
class Usage:
    """What became of a contender by its own account, and what it took."""

    held: Mapping[str, str]
    """Digest of the passcode that the operator has, by user."""
    seconds: float
    """Creating, without imports, sign-in, look-ups and workbook."""
    cpu_seconds: float
    """The same, user and system."""
    peak_mb: float
    """Of the whole process."""


@dataclass(frozen=True)
class Figures:
    """One line of the table."""

    contender: str
    rows: int
    seconds: float
    in_hand: int
    """Rows whose passcode the operator has and which is live."""
    astray: int
    """Users among the others who hold a live pass that nobody knows."""
    sent: int
    accepted: int
    throttled: int
    share: float | None
    """Accepted steps in parts of what the limit refilled, from the first throttle to the last accepted step."""
    met: bool
    """Whether it met the limit at all; if not, the share is over the whole time."""
    cpu_seconds: float
    peak_mb: float


def measured(contender: str, scenario: Scenario) -> Figures:
    """Run one contender against a fresh tenant."""
    rows = scenario.slow_rows if scenario.slow_rows and contender == "loop" else scenario.rows
    users = users_of(rows)
    options = ("--limits", scenario.limits, "--weather", scenario.weather, "--seed", "7", *LATENCY)
    with tempfile.TemporaryDirectory(prefix="bulktap-bench-") as name:
        folder = Path(name)
        with serving(users, folder, *options) as tenant:
            usage = (bulktap_run if contender == "bulktap" else other_run)(contender, users, folder, tenant)
            return _figures(contender, scenario, usage, tenant.truth(), len(users))


def other_run(contender: str, users: Sequence[str], folder: Path, tenant: PretendTenant) -> Usage:
    """Run one of `contenders`."""
    users_file, result_file = folder / "users.json", folder / "result.json"
    users_file.write_text(json.dumps(users), "utf-8")
    script = Path(__file__).with_name("contenders.py")
    command = [sys.executable, script, contender, users_file, result_file]
    _code, peak = watched(command, tenant.environment, folder)
    found = json.loads(result_file.read_text("utf-8"))
    return Usage(found["held"], found["seconds"], found["cpu_seconds"], peak)


def bulktap_run(_contender: str, users: Sequence[str], folder: Path, tenant: PretendTenant) -> Usage:
    """Run `bulktap apply`; its log says when issuing began and what it cost."""
    roster = folder / "roster.csv"
    roster.write_text("\n".join(["User", *users]) + "\n", "utf-8")
    command = [sys.executable, "-m", "bulktap", "apply", roster, "--yes", "--quiet", "--no-progress"]
    code, peak = watched(command, tenant.environment | {"BULKTAP_PASSPHRASE": PASSPHRASE}, folder)
    runs = [journal.parent for journal in (folder / "reports").glob("*/journal.db")]
    if code not in {0, 3} or len(runs) != 1:
        raise RuntimeError(f"bulktap ended with {code}")
    phases = phases_of(runs[0])
    issuing, after = phases["issuing"], phases["writing results"]
    held = {row["User"]: digest(row["Temporary Access Pass"]) for row in sheet(runs[0])}
    return Usage(held, after[0] - issuing[0], after[1] - issuing[1], peak)


def phases_of(run: Path) -> dict[str, tuple[float, float]]:
    """Return when each phase began, seconds since 1970, and the CPU seconds that were used up by then."""
    events = [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]
    return {
        event["name"]: (_seconds(event["time"]), event["cpu_seconds"]) for event in events if event["event"] == "phase"
    }


def children_cpu() -> float:
    """Return the processor seconds of all programs that have ended; a tenant that still serves is not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watched(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    folder: Path,
    seen: list[tuple[float, float]] | None = None,
) -> tuple[int, float]:
    """Run a process to its end; return its exit code and its peak memory, MB.

    Args:
        command: what to run.
        environment: with what.
        folder: where.
        seen: is given moments, seconds since 1970, and the megabytes at the time.
    """
    peak = 0.0
    with (
        (folder / "output.txt").open("wb") as output,
        subprocess.Popen(
            list(map(str, command)), env=dict(environment), cwd=folder, stdout=output, stderr=output
        ) as process,
    ):
        watch = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                now_mb = watch.memory_info().rss / 1e6
            except psutil.Error:
                break
            peak = max(peak, now_mb)
            if seen is not None:
                seen.append((time.time(), now_mb))
            time.sleep(_LOOK_EVERY)
    return process.returncode, peak


def _figures(contender: str, scenario: Scenario, usage: Usage, truth: Mapping[str, Any], rows: int) -> Figures:
    live = {user["upn"]: user["digest"] for user in truth["users"].values()}
    in_hand = sum(live.get(user) == held for user, held in usage.held.items())
    astray = sum(found is not None and usage.held.get(user) != found for user, found in live.items())
    attempts = truth["attempts"]
    accepted = sorted((_seconds(one["started"]), one["batch"]) for one in attempts if one["pass_id"])
    accepted_at = [moment for moment, _batch in accepted]
    throttled = [one["batch"] for one in attempts if _was_throttled(one)]
    # Batches are numbered as they are carried out; the limit was empty when the first one was turned away.
    first = min(throttled, default=0)
    begin = max((moment for moment, batch in accepted if batch <= first), default=accepted_at[0] if accepted else 0.0)
    later = sum(batch > first for _moment, batch in accepted)
    refilled = scenario.refilled(accepted_at, begin, accepted_at[-1]) if accepted else 0.0
    return Figures(
        contender=contender,
        rows=rows,
        seconds=usage.seconds,
        in_hand=in_hand,
        astray=astray,
        sent=len(attempts),
        accepted=len(accepted_at),
        throttled=len(throttled),
        share=later / refilled if refilled else None,
        met=bool(throttled),
        cpu_seconds=usage.cpu_seconds,
        peak_mb=usage.peak_mb,
    )


def _was_throttled(attempt: Mapping[str, Any]) -> bool:
    return bool(attempt["status"] == 429 or attempt["fault"] == "outer_429")


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
