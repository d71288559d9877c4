"""Every byte that the program writes, of files that it deletes again too, for each kind of command."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from harness.leaks import LeakSearch
from harness.processes import wait_until
from harness.scene import APPLY, QUICK, RESUME, Scene, scene
from harness.traces import STRACE, Trace, read_trace
from harness.tracing import why_not_traced

if TYPE_CHECKING:
    from pathlib import Path

_REASON = why_not_traced()
pytestmark = [pytest.mark.long, pytest.mark.skipif(_REASON is not None, reason=_REASON or "")]


def traced(stage: Scene, *arguments: str) -> Trace:
    """Run a command under strace to its end and return what it wrote."""
    output = stage.root / f"trace-{arguments[0]}"
    ended = stage.operator.run(*arguments, prefix=(*STRACE, "-o", str(output)))
    assert ended.exit_code in {0, 3}, ended.err
    return read_trace(output)


def require_clean(stage: Scene, **traces: Trace) -> None:
    """Search what was written for every secret; the workbook's passcodes are known only now."""
    search = LeakSearch(stage.secrets())
    for command, trace in traces.items():
        assert trace.leaks(search) == [], command


def test_plan_apply_results_and_runs_write_no_passcode(tmp_path: Path) -> None:
    """The encrypted workbook and the sealed journal hold them; no other byte that was ever written does."""
    with scene(tmp_path, 8, "--weather", "showers,seed=3") as stage:
        plan = traced(stage, "plan", "roster.csv")
        apply = traced(stage, *APPLY, *QUICK)
        applied = (stage.folder / "results.xlsx").read_bytes()
        results = traced(stage, "results", stage.folder.name)
        runs = traced(stage, "runs")

        assert len(stage.workbook().passes) == 7
        require_clean(stage, plan=plan, apply=apply, results=results, runs=runs)

    # The search sees what it should: the workbook byte by byte, names in the plan, the journal's pages.
    assert applied in [file.image() for file in apply.written_to("results.xlsx")]
    assert apply.written_to("journal.db-journal")
    assert plan.leaks(LeakSearch(["person-0001@contoso.com"]))


def test_resume_writes_no_passcode(tmp_path: Path) -> None:
    """Neither the process that was killed nor the one that finishes its run."""
    with scene(tmp_path, 8, "--weather", "fair,delayed-batch=0.5,delay=1,seed=4") as stage:
        output = stage.root / "trace-killed"
        running = stage.begin(prefix=(*STRACE, "-o", str(output)))
        wait_until(lambda: stage.operator.creates_answered() > 1, 300, "two creates")
        # Whoever holds the run's lock wrote their number into it: the program, not strace around it.
        os.kill(int((stage.folder / ".lock").read_text("ascii")), signal.SIGKILL)
        assert running.ends().exit_code == -signal.SIGKILL
        resume = traced(stage, *RESUME, *QUICK)

        assert len(stage.workbook().passes) == 7
        require_clean(stage, killed=read_trace(output), resume=resume)

    assert resume.written_to("results.xlsx")
