from __future__ import annotations

import pytest

from bulktap.graph.pacing.backoff import Backoff


def test_a_named_wait_is_kept() -> None:
    """And a shorter one later does not shorten it."""
    backoff = Backoff(0.0, lambda: 0.5)
    backoff.throttled(30.0, 1.0, mostly_accepted=False, straggles=False)
    backoff.throttled(2.0, 2.0, mostly_accepted=False, straggles=False)
    assert backoff.hold_until == 31.0


def test_without_a_name_a_service_that_accepts_most_is_given_a_quarter() -> None:
    """It is well but for a step or two."""
    backoff = Backoff(0.0, lambda: 0.5)
    backoff.throttled(None, 1.0, mostly_accepted=True, straggles=False)
    assert backoff.hold_until == pytest.approx(1.25)


def test_without_a_name_the_backoff_doubles_until_something_is_accepted() -> None:
    """What was under way at the time does not count."""
    backoff, waits = Backoff(0.0, lambda: 0.5), []
    for straggles in (False, False, True, False):
        now = backoff.hold_until
        backoff.throttled(None, now, mostly_accepted=False, straggles=straggles)
        waits.append(backoff.hold_until - now)
    assert waits == pytest.approx([1.0, 2.0, 4.0, 4.0])
    backoff.accepted()
    now = backoff.hold_until
    backoff.throttled(None, now, mostly_accepted=False, straggles=False)
    assert backoff.hold_until - now == pytest.approx(1.0)


def test_lost_batches_in_a_row_back_off() -> None:
    """Not the first; those lost during the hold add nothing; an answer ends the row."""
    backoff = Backoff(0.0, lambda: 0.5)
    backoff.unanswered(1.0)
    assert backoff.hold_until <= 1.0
    backoff.unanswered(1.1)
    assert backoff.hold_until == pytest.approx(2.1)
    backoff.unanswered(1.2)
    assert backoff.hold_until == pytest.approx(2.1)
    backoff.unanswered(3.0)
    assert backoff.hold_until == pytest.approx(5.0)
    backoff.accepted()
    backoff.unanswered(6.0)
    assert backoff.hold_until <= 6.0


def test_no_backoff_is_longer_than_a_minute() -> None:
    """But for the jitter, which stays below it too."""
    backoff = Backoff(0.0, lambda: 1.0)
    for _ in range(30):
        backoff.unanswered(backoff.hold_until)
    now = backoff.hold_until
    backoff.unanswered(now)
    assert backoff.hold_until - now == 60.0
