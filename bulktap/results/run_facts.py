"""RunTimes: when a run was worked on, by which processes, for how long, and how often it was throttled; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.model.run_state import ProcessEnd

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bulktap.model.exit_codes import ExitCode
    from bulktap.model.run_state import ProcessSpan, RunState
    from bulktap.results.comparison import AsOf

_UNKNOWN_PROCESS = "an earlier version of bulktap, which kept no record of it"


@dataclass(frozen=True, slots=True)
class ThrottledSteps:
    """Steps that the service throttled at one moment."""

    at: datetime
    """When the answer was read, aware."""
    steps: int
    """How many of the batch."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What only the command knows about a run."""

    folder: str
    """Name of the run's folder."""
    operator: str
    """Who ran it."""
    bulktap_version: str
    started_at: datetime
    """When this command began."""
    finished_at: datetime
    exit_code: ExitCode | None
    """None as long as the process has not ended."""
    throttled_steps: int
    """Steps that the service throttled since the command began."""
    journal_records: int | None
    """The journal's head count when the last workbook was written, by this command or an earlier one; None before
    there is one. A journal with fewer records is an older copy of itself."""
    as_of: AsOf
    """The moment for which this is written."""
    throttling: Sequence[ThrottledSteps] | None = None
    """When this command's steps were throttled, in any order; None where nobody watched."""


@dataclass(frozen=True, slots=True)
class RunTimes:
    """The whole run, over all of its processes."""

    started_at: datetime
    """When the first process began, as far as that is known."""
    finished_at: datetime | None
    """When the last one ended; None while it is working, or if it was killed before anything was known of it."""
    seconds: float
    """How long they worked, added up."""
    throttled_steps: int
    """Steps that the service throttled, added up."""
    processes: Sequence[ProcessSpan] = ()
    """Each of them; empty if only earlier versions of bulktap worked on the run."""


def run_times(state: RunState, facts: RunFacts) -> RunTimes:
    """Return the times of the whole run; of a journal that knows no process, those of the command that writes them."""
    if not state.processes:
        seconds = (facts.finished_at - facts.started_at).total_seconds()
        return RunTimes(facts.started_at, facts.finished_at, seconds, facts.throttled_steps)
    spans = [_named(span) for span in state.processes]
    last, worked = spans[-1], sum(span.seconds for span in spans)
    if last.how is None and facts.as_of.comparing:
        worked += replace(last, ended=facts.finished_at).seconds - last.seconds
        last = replace(last, ended=None, throttled=facts.throttled_steps)
    elif last.how is None:
        last = replace(last, how=ProcessEnd.KILLED)
    spans[-1] = last
    began = next((span.began for span in spans if span.began is not None), facts.started_at)
    return RunTimes(began, last.ended, worked, sum(span.throttled for span in spans), spans)


def _named(span: ProcessSpan) -> ProcessSpan:
    return span if span.began is not None else replace(span, process=_UNKNOWN_PROCESS)
