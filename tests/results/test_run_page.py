"""run.html: what happened, and no passcode."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bulktap.model.outcomes import Issued
from bulktap.model.run_events import Noted, Settled
from bulktap.results.comparison import AsOf
from bulktap.results.plan_file.plan_json import shown_digest
from bulktap.results.run_facts import RunFacts, ThrottledSteps
from bulktap.results.run_report.run_page import run_page
from bulktap.results.run_view import RunView

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState


@pytest.fixture
def facts(build: ModuleType) -> RunFacts:
    """Who ran it and when."""
    return RunFacts(build.RUN, "otto <op>", "0.1.0", build.ISSUED_AT, build.LATER, 3, 17, 40, AsOf(build.LATER))


def words(page: bytes) -> str:
    """Return the text of a page in front of its script."""
    text = re.sub(r"<style>.*?</style>|<script.*", "", page.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_it_tells_what_happened(every_kind: tuple[Plan, RunState], facts: RunFacts) -> None:
    """How many of each ending, who ran it, when, and which plan."""
    plan, state = every_kind
    text = words(run_page(RunView(plan, state, facts=facts)))

    assert "4 of 11 people have a pass; 4 rows need fixing, 2 rows are in doubt, 1 row is not sent yet" in text
    for count in ("2 issued", "1 issued in place of a pass that worked", "3 refused by the service", "2 in doubt", "1 not sent"):  # noqa: E501  # fmt: skip
        assert count in text
    assert "otto &lt;op&gt;" in text
    assert "Began 2035-08-30 16:12 (Europe/Berlin)" in text
    assert "Throttled steps 17" in text
    assert shown_digest(plan) in text
    assert f"bulktap resume {plan.run}" in text


def test_it_holds_no_passcode(every_kind: tuple[Plan, RunState], build: ModuleType, facts: RunFacts) -> None:
    """Neither on the page nor in the data of its table; the issued rows are there all the same."""
    page = run_page(RunView(*every_kind, facts=replace(facts, throttling=[ThrottledSteps(build.ISSUED_AT, 3)])))

    assert b"ann@contoso.com" in page
    for row in (1, 2, 3):
        assert f"Abc{row}!xyz".encode() not in page
        assert f"Abc{row}".encode() not in page


def test_the_table_says_how_each_row_ended(every_kind: tuple[Plan, RunState], facts: RunFacts) -> None:
    """A merged row shows the pass that serves it, a row without one what was asked and why there is none."""
    page = run_page(RunView(*every_kind, facts=facts)).decode()
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    columns = {column["label"]: (at, column.get("words")) for at, column in enumerate(data["columns"])}

    def told(row: list[int], label: str) -> str | None:
        at, listed = columns[label]
        return None if row[at] is None else listed[row[at]]  # type: ignore[index]

    rows = {row[0]: row for row in data["rows"]}
    assert told(rows[2], "What happened") == "Issued"
    assert told(rows[2], "Issued") == "16:12:07"
    assert (told(rows[5], "What happened"), told(rows[5], "Issued")) == ("Shared", "16:12:07")
    assert (told(rows[14], "What happened"), told(rows[14], "Issued")) == ("In doubt", None)
    assert told(rows[2], "One-time") == "No"
    assert data["problems"][rows[8][-1][0]][1] == "refused"


def test_a_finished_run_needs_nothing(build: ModuleType, facts: RunFacts) -> None:
    """No warning, no resume; what the run noted about a row stands among the problems."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    events = (build.sent(1), Settled(1, Issued(build.issued_pass(1))), Noted(1, "Issued twice: a reply was lost."))
    text = words(run_page(RunView(plan, build.make_state(plan, *events), facts=replace(facts, throttling=()))))

    assert "1 of 1 person has a pass" in text
    assert "State Finished" in text
    assert "bulktap resume" not in text
    assert "Issued twice: a reply was lost." in text


def test_throttling_is_drawn_where_it_is_known(every_kind: tuple[Plan, RunState], build: ModuleType, facts: RunFacts) -> None:  # noqa: E501  # fmt: skip
    """Known and none is a picture that says so; not known is no picture."""
    some = [ThrottledSteps(build.ISSUED_AT + timedelta(seconds=number), 2) for number in range(10)]

    assert "20 throttled steps" in words(run_page(RunView(*every_kind, facts=replace(facts, throttling=some))))
    assert b"No step was throttled" in run_page(RunView(*every_kind, facts=replace(facts, throttling=())))
    assert b"Throttling over time" not in run_page(RunView(*every_kind, facts=facts))


def test_a_run_that_sent_nothing_is_a_page(build: ModuleType, facts: RunFacts) -> None:
    """Nothing issued, nothing sent, no course to draw."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    text = words(run_page(RunView(plan, build.make_state(plan, closed=False), facts=replace(facts, throttling=()))))

    assert "0 of 1 person has a pass; 1 row is not sent yet" in text
    assert "over time" not in text
