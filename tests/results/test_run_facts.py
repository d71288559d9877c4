"""The whole run is told, over all the processes that worked on it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bulktap.model.outcomes import Issued
from bulktap.model.pass_terms import PassTerms
from bulktap.model.run_events import Began, Closed, Ended, RecordedEvent, Sent, Settled
from bulktap.model.run_state import ProcessSpan
from bulktap.results.comparison import AsOf
from bulktap.results.run_facts import RunFacts, ThrottledSteps, run_times
from bulktap.results.run_report.run_page import run_page
from bulktap.results.run_report.run_summary import run_summary
from bulktap.results.run_view import RunView

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.plan import Plan

START = datetime.fromisoformat("2035-08-30T14:12:00+00:00")


def at(seconds: float) -> datetime:
    """Return a moment of the run."""
    return START + timedelta(seconds=seconds)


def facts(seconds: float, *, comparing: bool = False) -> RunFacts:
    """Return what a command knows that began ten seconds before it wrote this."""
    return RunFacts(
        "folder", "otto", "0.1.0", at(seconds - 10), at(seconds), 0, 5, 9, AsOf(at(seconds), comparing=comparing)
    )


APPLY = (Began(at(0), "apply"), Ended(at(100), "interrupted", 20))
RESUME = (Began(at(600), "resume"), Ended(at(602), "finished", 0))
KILLED = (Began(at(300), "resume"), Sent(1, at(310), PassTerms(), "r"))


@pytest.mark.parametrize(
    ("events", "comparing", "seconds", "throttled", "hows"),
    [
        ((), False, 10, 5, []),
        (APPLY, False, 100, 20, ["interrupted"]),
        ((*APPLY, *RESUME), False, 102, 20, ["interrupted", "finished"]),
        ((*APPLY, *KILLED, *RESUME), False, 112, 20, ["interrupted", "killed", "finished"]),
        ((*APPLY, *KILLED), False, 110, 20, ["interrupted", "killed"]),
        ((*APPLY, Began(at(690), "resume")), True, 110, 25, ["interrupted", None]),
        ((*APPLY, Began(at(690), "resume")), False, 100, 20, ["interrupted", "killed"]),
        ((Sent(1, at(0), PassTerms(), "r"), *RESUME), False, 2, 0, ["killed", "finished"]),
    ],
)
def test_working_time_and_throttling_are_added_up(
    build: ModuleType,
    events: tuple[RecordedEvent, ...],
    comparing: bool,
    seconds: float,
    throttled: int,
    hows: list[str | None],
) -> None:
    """Of a journal that knows no process, the numbers are those of the command."""
    state = build.make_state(build.make_plan(build.plan_row(1, "ann")), *events, closed=False)

    times = run_times(state, facts(700, comparing=comparing))

    assert (times.seconds, times.throttled_steps, [span.how for span in times.processes]) == (seconds, throttled, hows)


@pytest.fixture
def plan(build: ModuleType) -> Plan:
    """A plan of one row."""
    made = build.make_plan(build.plan_row(1, "ann"))
    return replace(made, settings=replace(made.settings, timezone="UTC"))


def words(page: bytes) -> str:
    """Return the text of a page in front of its script."""
    text = re.sub(r"<style>.*?</style>|<script.*", "", page.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_page_and_summary_tell_every_process_and_how_it_ended(build: ModuleType, plan: Plan) -> None:
    """After an interruption and a kill: three processes, their sums, and no picture of the last one alone."""
    issued = Settled(1, Issued(build.issued_pass(1)))
    state = build.make_state(plan, *APPLY, *KILLED, RESUME[0], issued, Closed(), RESUME[1])
    text = words(run_page(RunView(plan, state, facts=replace(facts(602), throttling=[ThrottledSteps(at(601), 3)]))))
    said = json.loads(run_summary(RunView(plan, state, facts=facts(602))))

    assert "Began 2035-08-30 14:12" in text
    assert "Took 2 minutes" in text
    assert "Throttled steps 20" in text
    assert "apply; until 2035-08-30 14:13 (2 minutes); interrupted; 20 steps throttled" in text
    assert "; killed" in text
    assert "resume; until 2035-08-30 14:22 (2 seconds); finished" in text
    assert "Throttling over time" not in text
    assert (said["seconds"], said["throttled_steps"], said["closed"]) == (112.0, 20, True)
    assert [one["how"] for one in said["processes"]] == ["interrupted", "killed", "finished"]
    assert said["processes"][0] == {
        "process": "apply",
        "began": "2035-08-30T14:12:00Z",
        "ended": "2035-08-30T14:13:40Z",
        "how": "interrupted",
        "seconds": 100.0,
        "throttled_steps": 20,
    }


def test_while_the_passes_are_compared_page_and_summary_say_so(build: ModuleType, plan: Plan) -> None:
    """No exit code yet, no end, and how many are still to be compared."""
    issued = Settled(1, Issued(build.issued_pass(1)))
    state = build.make_state(plan, Began(at(600), "apply"), issued, closed=False)
    text = words(run_page(RunView(plan, state, facts=replace(facts(610, comparing=True), throttling=()))))
    said = json.loads(run_summary(RunView(plan, state, facts=replace(facts(610, comparing=True), exit_code=None))))

    assert "State Comparing" in text
    assert "To be compared with the tenant once more: 1 pass." in text
    assert "comparing when this was written" in text
    assert "bulktap resume" not in text
    assert (said["exit_code"], said["finished"], said["to_compare"], said["seconds"]) == (None, None, 1, 10.0)


def test_a_process_without_a_known_end_takes_no_time() -> None:
    """Killed before it sent anything, or never recorded: nothing is made up."""
    assert ProcessSpan(at(0), "apply").seconds == 0.0
    assert ProcessSpan(None, "", at(5)).seconds == 0.0
    assert ProcessSpan(at(9), "apply", at(5)).seconds == 0.0
