from __future__ import annotations

import pytest

from bulktap.graph.hold import Hold


def test_a_named_wait_is_kept() -> None:
    """And a shorter one later does not shorten it."""
    hold = Hold(0.0, lambda: 0.5)
    hold.throttled(30.0, 1.0, mostly_accepted=False, straggles=False)
    hold.throttled(2.0, 2.0, mostly_accepted=False, straggles=False)
    assert hold.until == 31.0


def test_without_a_name_a_service_that_accepts_most_is_given_a_quarter() -> None:
    """It is well but for a step or two."""
    hold = Hold(0.0, lambda: 0.5)
    hold.throttled(None, 1.0, mostly_accepted=True, straggles=False)
    assert hold.until == pytest.approx(1.25)


def test_without_a_name_the_backoff_doubles_until_something_is_accepted() -> None:
    """What was under way at the time does not count."""
    hold, waits = Hold(0.0, lambda: 0.5), []
    for straggles in (False, False, True, False):
        now = hold.until
        hold.throttled(None, now, mostly_accepted=False, straggles=straggles)
        waits.append(hold.until - now)
    assert waits == pytest.approx([1.0, 2.0, 4.0, 4.0])
    hold.accepted()
    now = hold.until
    hold.throttled(None, now, mostly_accepted=False, straggles=False)
    assert hold.until - now == pytest.approx(1.0)


def test_lost_batches_in_a_row_back_off() -> None:
    """Not the first; those lost during the hold add nothing; an answer ends the row."""
    hold = Hold(0.0, lambda: 0.5)
    hold.unanswered(1.0)
    assert hold.until <= 1.0
    hold.unanswered(1.1)
    assert hold.until == pytest.approx(2.1)
    hold.unanswered(1.2)
    assert hold.until == pytest.approx(2.1)
    hold.unanswered(3.0)
    assert hold.until == pytest.approx(5.0)
    hold.accepted()
    hold.unanswered(6.0)
    assert hold.until <= 6.0


def test_no_backoff_is_longer_than_a_minute() -> None:
    """But for the jitter, which stays below it too."""
    hold = Hold(0.0, lambda: 1.0)
    for _ in range(30):
        hold.unanswered(hold.until)
    now = hold.until
    hold.unanswered(now)
    assert hold.until - now == 60.0
