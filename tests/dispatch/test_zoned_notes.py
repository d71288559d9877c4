"""Notes and row errors tell moments by the clocks of the run, as its plan and its slips do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from bulktap.dispatch.create_requests import CreateTerms, what_is_asked
from bulktap.dispatch.doubt_times import DoubtTimes
from bulktap.dispatch.reissuing import issued_anew
from bulktap.dispatch.row_queues import RowWork
from bulktap.dispatch.settlements import Circumstances, settle
from bulktap.model.outcomes import IssuedPass, Refused
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.person_events import ReissueAsked
from bulktap.model.run_events import Settled
from bulktap.model.run_state import RowState
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable

MADE = datetime(2035, 9, 3, 6, 30, tzinfo=UTC)
THEIRS = AccessPass("p-1", starts_at=MADE, lifetime_minutes=480, created_at=MADE)
ZONES = [
    ("UTC", "Mon 2035-09-03 06:30 UTC", "Mon 2035-09-03 14:30 UTC"),
    ("Europe/Berlin", "Mon 2035-09-03 08:30 Berlin", "Mon 2035-09-03 16:30 Berlin"),
    ("Asia/Kolkata", "Mon 2035-09-03 12:00 Kolkata", "Mon 2035-09-03 20:00 Kolkata"),
    ("America/Los_Angeles", "Sun 2035-09-02 23:30 Los Angeles", "Mon 2035-09-03 07:30 Los Angeles"),
    ("Pacific/Auckland", "Mon 2035-09-03 18:30 Auckland", "Tue 2035-09-04 02:30 Auckland"),
    ("Etc/GMT+3", "Mon 2035-09-03 03:30 UTC-3", "Mon 2035-09-03 11:30 UTC-3"),
]


@pytest.fixture(params=ZONES, ids=[zone for zone, _, _ in ZONES])
def zoned(request: pytest.FixtureRequest) -> tuple[ZoneInfo, str, str]:
    """Return a zone, and how its clocks show when the pass was made and when it ends."""
    key, made, ends = request.param
    return ZoneInfo(key), made, ends


def work(kit: Any, zone: ZoneInfo) -> RowWork:
    """Return a row of a run in this zone to which nothing has happened."""
    return RowWork(kit.plan_row(1), RowState(1, "user1@contoso.com", None), None, zone)


def messages(events: Iterable[Any]) -> str:
    """Return what the outcomes of rows say."""
    return " ".join(event.outcome.error.message for event in events if isinstance(event, Settled))


def test_which_slip_is_dead(zoned: tuple[ZoneInfo, str, str]) -> None:
    """The note of a pass that was issued anew names the earlier one by what its slip says."""
    zone, made, _ = zoned
    state = RowState(1, "user1@contoso.com", None)
    state.issued = IssuedPass(THEIRS, Secret("Abc1!xyz"))
    state.reissue = ReissueAsked(1, MADE, "p-1", PassTerms())
    issued = replace(state.issued, access_pass=replace(THEIRS, pass_id="p-2"))

    note = issued_anew(state, issued, zone).note

    assert note == f"A new pass was asked for: the earlier one of {made} and its slip are dead."


def test_until_when_a_pass_works_that_was_left_alone(kit: Any, zoned: tuple[ZoneInfo, str, str]) -> None:
    """One that the plan does not name."""
    zone, _, ends = zoned
    found = settle(work(kit, zone), [THEIRS], Circumstances(DoubtTimes(100, 30), MADE + timedelta(hours=1)))
    assert f"it works until {ends} and was left alone" in messages(found.events)


def test_when_a_pass_was_made_that_the_journal_does_not_know(kit: Any, zoned: tuple[ZoneInfo, str, str]) -> None:
    """An administrator looks for its maker by that time."""
    zone, made, _ = zoned
    seen = Circumstances(DoubtTimes(100, 30), MADE + timedelta(hours=1), resumed_from=MADE - timedelta(hours=1))
    assert f"created on {made}, after this run" in messages(settle(work(kit, zone), [THEIRS], seen).events)


def test_which_start_is_over(kit: Any, zoned: tuple[ZoneInfo, str, str]) -> None:
    """As the roster has it."""
    zone, made, _ = zoned
    row = work(kit, zone)
    terms = PassTerms(MADE, 60, None)
    row.row = replace(row.row, request=replace(row.row.request, terms=terms))
    asked, events = what_is_asked([row], CreateTerms(), MADE + timedelta(days=1))
    assert not asked
    assert all(isinstance(event, Settled) and isinstance(event.outcome, Refused) for event in events)
    assert f"would have started at {made} and be over" in messages(events)
