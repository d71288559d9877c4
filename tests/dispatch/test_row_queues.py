from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulktap.dispatch.doubt_times import DoubtTimes
from bulktap.dispatch.row_queues import RowQueues, RowWork, in_sending_order
from bulktap.model.pass_terms import PassTerms
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Sent
from bulktap.model.run_state import RowState


@pytest.fixture
def work(kit: Any) -> Any:
    """Return a maker of work on a row."""

    def make(number: int, minutes_old: int | None = 0, **members: Any) -> RowWork:
        listed_at = None if minutes_old is None else kit.START - timedelta(minutes=minutes_old)
        return RowWork(kit.plan_row(number, **members), RowState(number, "u", None), listed_at)

    return make


def numbers(works: list[RowWork]) -> list[int]:
    """Return the rows of works."""
    return [one.row.number for one in works]


def test_the_soonest_start_goes_first_then_the_roster(work: Any, kit: Any) -> None:
    """Rows with a start come first; without one the roster's order stands."""
    from dataclasses import replace

    request = kit.plan_row(1).request
    late, soon = (
        replace(request, terms=replace(request.terms, starts_at=kit.START + timedelta(hours=h))) for h in (9, 2)
    )
    works = [work(1), work(2, request=late), work(3, request=soon), work(4)]
    assert numbers(in_sending_order(works)) == [3, 2, 1, 4]


def test_creates_are_taken_as_long_as_their_finding_is_fresh(work: Any, kit: Any) -> None:
    """Exactly ten minutes are fresh; what is older waits for its listing."""
    queues = RowQueues()
    queues.queue_creates([work(1), work(2, 10), work(3, 11), work(4, None), work(5)])
    assert queues.create_is_ready(kit.START)
    assert numbers(queues.take_creates(20, kit.START)) == [1, 2]
    assert not queues.create_is_ready(kit.START)
    queues.send_stale_to_lists(kit.START, 1)
    assert queues.lists_waiting() == 1
    queues.send_stale_to_lists(kit.START, -5)
    assert queues.lists_waiting() == 1
    queues.send_stale_to_lists(kit.START, 9)
    assert numbers(queues.take_lists(20)) == [3, 4]
    assert numbers(queues.take_creates(20, kit.START)) == [5]
    assert len(queues) == 0


def test_who_travels_alone_is_taken_alone(work: Any, kit: Any) -> None:
    """Before, after and between others, for creates and lists alike."""
    rows = [work(n) for n in (1, 2, 3)]
    rows[1].alone = True
    queues = RowQueues()
    queues.queue_creates(rows)
    assert [numbers(queues.take_creates(20, kit.START)) for _ in range(3)] == [[1], [2], [3]]
    for row in rows:
        queues.queue_list(row)
    assert [numbers(queues.take_lists(20)) for _ in range(3)] == [[1], [2], [3]]


def test_rows_wake_when_they_are_due(work: Any) -> None:
    """In the order of their moments, not before."""
    queues = RowQueues()
    queues.queue_list_at(work(1), 20.0)
    queues.queue_list_at(work(2), 10.0)
    assert queues.only_later()
    assert queues.next_due() == 10.0
    queues.wake(9.9)
    assert queues.take_lists(5) == []
    queues.wake(20.0)
    assert numbers(queues.take_lists(5)) == [2, 1]


def test_a_try_counts_once(work: Any, kit: Any) -> None:
    """Asking twice about the same attempt is not two tries."""
    one = work(1)
    assert not one.has_new_attempt()
    one.state.attempts.append(Sent(1, kit.START, PassTerms(), "r"))
    assert one.has_new_attempt()
    assert not one.has_new_attempt()


@pytest.mark.parametrize(("left_after", "seconds"), [(None, 205.0), (0.0, 190.0), (4.0, 194.0), (15.0, 205.0)])
def test_what_left_late_is_waited_for_longer(work: Any, kit: Any, left_after: float | None, seconds: float) -> None:
    """A slow disk comes between the record and the departure; of another process's attempt the longest is assumed."""
    one = work(1)
    attempt = Sent(1, kit.START, PassTerms(None, 480, False), "request-1")
    one.state.phase, one.state.unproven = RowPhase.ISSUED, [attempt]
    if left_after is not None:
        one.departed["request-1"] = 1000.0 + left_after
    assert one.seconds_to_settle(DoubtTimes(100.0, 30.0), kit.START, 1000.0) == seconds


def test_what_a_question_about_others_showed_makes_a_finding_stale(work: Any, kit: Any) -> None:
    """Nobody looked at it: the row is listed again before its create, and then leaves."""
    one, other = work(1), work(2)
    one.asked_about = True
    queues = RowQueues()
    queues.queue_creates([one, other])
    assert queues.take_creates(20, kit.START) == []
    queues.send_stale_to_lists(kit.START, 9)
    assert numbers(queues.take_lists(20)) == [1]
    assert numbers(queues.take_creates(20, kit.START)) == [2]
    one.asked_about = False
    queues.queue_creates([one])
    assert numbers(queues.take_creates(20, kit.START)) == [1]
