"""How a pass stands, by what the tenant lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bulktap.dispatch.pass_states import PassState, judge_pass
from bulktap.model.passes import AccessPass

NOW = datetime(2035, 9, 3, 8, 0, tzinfo=UTC)
ISSUED_AT = NOW - timedelta(hours=2)
HELD = AccessPass("held", ISSUED_AT, ISSUED_AT, 480, True, True, "EnabledByPolicy")
"""Issued two hours ago, for eight."""
SHORT = replace(HELD, lifetime_minutes=60)
"""Over for an hour."""


def other(minutes: float | None, pass_id: str = "other", usability: str = "EnabledByPolicy") -> AccessPass:
    """Return a pass that somebody created so many minutes after the held one, or does not say when."""
    created = None if minutes is None else ISSUED_AT + timedelta(minutes=minutes)
    return AccessPass(pass_id, created, created, 60, True, True, usability)


@pytest.mark.parametrize(
    ("held", "listed", "state"),
    [
        # It is listed: what the service says of it, and its times.
        (HELD, [HELD], PassState.LIVE),
        (HELD, [replace(HELD, is_usable=None, usability=None)], PassState.LIVE),
        (HELD, [replace(HELD, is_usable=False)], PassState.LIVE),
        (HELD, [replace(HELD, is_usable=True, usability="AWordOfTomorrow")], PassState.LIVE),
        (HELD, [replace(HELD, is_usable=False, usability="NotYetValid")], PassState.NOT_YET_VALID),
        (HELD, [replace(HELD, starts_at=NOW + timedelta(days=1), usability=None)], PassState.NOT_YET_VALID),
        (HELD, [replace(HELD, is_usable=False, usability="OneTimeUsed")], PassState.USED),
        (SHORT, [replace(SHORT, is_usable=False, usability="OneTimeUsed")], PassState.USED),
        (HELD, [replace(HELD, is_usable=False, usability="Expired")], PassState.EXPIRED),
        (SHORT, [replace(SHORT, usability=None)], PassState.EXPIRED),
        (SHORT, [replace(SHORT, is_usable=False, usability="DisabledByPolicy")], PassState.EXPIRED),
        (HELD, [replace(HELD, is_usable=False, usability="DisabledByPolicy")], PassState.DISABLED),
        (
            HELD,
            [replace(HELD, starts_at=NOW + timedelta(days=1), is_usable=False, usability="DisabledByPolicy")],
            PassState.DISABLED,
        ),
        (HELD, [replace(HELD, is_usable=False, usability="AWordOfTomorrow")], PassState.DISABLED),
        (HELD, [other(-60), HELD], PassState.LIVE),
        # It is not listed, and another one is.
        (HELD, [other(30)], PassState.REPLACED),
        (HELD, [other(30, usability="OneTimeUsed")], PassState.REPLACED),
        (HELD, [other(None)], PassState.REPLACED),
        (SHORT, [other(30)], PassState.REPLACED),
        (SHORT, [other(90)], PassState.EXPIRED),
        (replace(HELD, created_at=None), [other(30)], PassState.REPLACED),
        # Nothing later is listed.
        (HELD, [], PassState.GONE),
        (HELD, [other(-60)], PassState.GONE),
        (replace(HELD, lifetime_minutes=None), [], PassState.GONE),
        (SHORT, [], PassState.EXPIRED),
        (SHORT, [other(-60)], PassState.EXPIRED),
        # The one reply that names no id.
        (replace(HELD, pass_id=""), [HELD], PassState.LIVE),
        (replace(HELD, pass_id=""), [other(30)], PassState.REPLACED),
    ],
)
def test_every_state_is_told_from_the_list(held: AccessPass, listed: list[AccessPass], state: PassState) -> None:
    """By the pass's id, the service's word for it, and the times of both."""
    assert judge_pass(held, listed, NOW).state is state


@pytest.mark.parametrize("state", PassState)
def test_what_is_not_as_recorded_is_only_what_its_owner_lost(state: PassState) -> None:
    """A pass that was used or has run out did what it was for."""
    lost = {PassState.REPLACED, PassState.GONE, PassState.DISABLED, PassState.UNREADABLE}

    assert state.as_recorded is (state not in lost)


@pytest.mark.parametrize(
    ("zone", "created"),
    [
        ("UTC", "Mon 2035-09-03 06:30 UTC"),
        ("Europe/Berlin", "Mon 2035-09-03 08:30 Berlin"),
        ("Asia/Kolkata", "Mon 2035-09-03 12:00 Kolkata"),
        ("America/Los_Angeles", "Sun 2035-09-02 23:30 Los Angeles"),
        ("Etc/GMT+3", "Mon 2035-09-03 03:30 UTC-3"),
    ],
)
def test_the_pass_that_is_there_instead_is_named(zone: str, created: str) -> None:
    """With its time by the clocks of the run, and its id, by which an administrator finds out who made it."""
    found = judge_pass(HELD, [other(30, "0b3d")], NOW)

    assert found.told(ZoneInfo(zone)) == f"another pass of {created} (ID 0b3d) is there instead"
