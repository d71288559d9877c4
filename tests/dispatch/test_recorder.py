from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bulktap.dispatch.recorder import Recorder
from bulktap.model.errors import DiskRefuses
from bulktap.model.run_events import Confirmed


def test_commits_are_made_one_after_the_other_and_in_order(world: Any) -> None:
    """Who records while a commit is under way comes after it, and nothing to record is no commit."""
    w = world(1)
    w.store.refuses = lambda: w.clock.seconds < 1010

    async def work() -> None:
        async with Recorder(w.store, w.clock, w.listener) as recorder:
            await recorder.record([], keep=True)
            first = asyncio.create_task(recorder.record([Confirmed(1), Confirmed(-1)], keep=True))
            await w.clock.sleep(5)
            await asyncio.gather(first, *(recorder.record([Confirmed(n)], keep=True) for n in range(2, 5)))

    w.call(work())
    assert [[event.row for event in commit] for commit in w.store.commits] == [[1, -1], [2, 3, 4]]


def test_those_who_record_at_the_same_time_share_a_commit(world: Any) -> None:
    """Their events stay together and in order, and each of them returns when all are on the disk."""
    w = world(1)

    async def work() -> None:
        async with Recorder(w.store, w.clock, w.listener) as recorder:
            await asyncio.gather(*(recorder.record([Confirmed(n), Confirmed(-n)], keep=True) for n in range(1, 4)))

    w.call(work())
    assert [[event.row for event in commit] for commit in w.store.commits] == [[1, -1, 2, -2, 3, -3]]


def test_what_nothing_waits_for_waits_a_moment_for_company(world: Any) -> None:
    """What comes within a moment goes into one commit, and whoever is in a hurry takes along what waits."""
    w = world(1)
    ended: list[tuple[int, float]] = []

    async def work() -> None:
        async with Recorder(w.store, w.clock, w.listener) as recorder:

            async def record(after: float, row: int, *, hurry: bool) -> None:
                await w.clock.sleep(after)
                await recorder.record([Confirmed(row)], keep=True, hurry=hurry)
                ended.append((row, round(w.clock.seconds - began, 3)))

            began = w.clock.seconds
            await asyncio.gather(
                record(0.0, 1, hurry=False),
                record(0.06, 2, hurry=False),
                record(0.5, 3, hurry=False),
                record(0.54, 4, hurry=True),
                record(0.7, 5, hurry=False),
            )

    w.call(work())
    assert [[event.row for event in commit] for commit in w.store.commits] == [[1, 2], [3, 4], [5]]
    assert dict(ended)[4] == pytest.approx(0.54), "who is in a hurry does not wait"
    assert max(after for _, after in ended) <= 0.81


def test_nobody_waits_for_company_while_a_run_is_being_stopped(world: Any) -> None:
    """What was compared goes on record at once, and alone, where the operator waits for the end."""
    w = world(1)

    async def work() -> None:
        async with Recorder(w.store, w.clock, w.listener) as recorder:
            recorder.stop()
            began = w.clock.seconds
            await recorder.record([Confirmed(1)], keep=True, hurry=False)
            assert w.clock.seconds == began

    w.call(work())
    assert [event.row for event in w.store.events] == [1]


def test_a_shared_commit_is_kept_for_the_sake_of_one(world: Any) -> None:
    """Events that hold a passcode are not given up because those beside them could be."""
    w = world(1)
    w.store.refuses = lambda: w.clock.seconds < 1100

    async def work() -> None:
        async with Recorder(w.store, w.clock, w.listener) as recorder:
            recorder.stop()
            await asyncio.gather(
                recorder.record([Confirmed(1)], keep=False), recorder.record([Confirmed(2)], keep=True)
            )

    w.call(work())
    assert [event.row for event in w.store.events] == [1, 2]


def test_a_refused_commit_is_repeated_and_blocks_meanwhile(world: Any) -> None:
    """The caller waits, `blocked` says so, and one warning is shown."""
    w = world(1)
    w.store.refuses = lambda: w.clock.seconds < 1010

    async def work() -> list[bool]:
        async with Recorder(w.store, w.clock, w.listener) as recorder:
            task = asyncio.create_task(recorder.record([Confirmed(1)], keep=True))
            await w.clock.sleep(1)
            during = recorder.blocked
            await task
            return [during, recorder.blocked]

    assert w.call(work()) == [True, False]
    assert len(w.listener.warnings) == 1
    assert len(w.store.commits) == 1


def test_what_has_not_left_is_given_up_when_the_run_stops(world: Any) -> None:
    """Events that hold nothing yet do not keep a stopped run waiting for a disk; those that hold passcodes do."""
    w = world(1)
    w.store.refuses = lambda: w.clock.seconds < 1100

    async def work() -> None:
        async with Recorder(w.store, w.clock, w.listener) as recorder:
            recorder.stop()
            with pytest.raises(DiskRefuses):
                await recorder.record([Confirmed(1)], keep=False)
            assert w.clock.seconds < 1010
            await recorder.record([Confirmed(2)], keep=True)

    w.call(work())
    assert [event.row for event in w.store.events] == [2]


def test_the_disk_has_half_an_hour_in_all(world: Any) -> None:
    """Whoever waits behind the first gets one try after it gave up, not half an hour more."""
    w = world(1)
    w.store.refuses = lambda: True

    async def work() -> list[Any]:
        async with Recorder(w.store, w.clock, w.listener) as recorder:
            records = (recorder.record([Confirmed(n)], keep=True) for n in range(5))
            return await asyncio.gather(*records, return_exceptions=True)

    assert all(isinstance(end, DiskRefuses) for end in w.call(work()))
    assert 1800 <= w.clock.seconds - 1000 < 1830


def test_what_cannot_be_recorded_does_not_take_its_neighbours_along(world: Any) -> None:
    """An event that the journal refuses as such fails by itself; the passcode beside it is committed."""
    w = world(1)

    class Picky:
        def record(self, events: Any) -> None:
            if any(event.row == 2 for event in events):
                raise ValueError("no such row")
            w.store.record(events)

    async def work() -> list[Any]:
        async with Recorder(Picky(), w.clock, w.listener) as recorder:
            records = (recorder.record([Confirmed(n)], keep=True) for n in range(1, 4))
            return await asyncio.gather(*records, return_exceptions=True)

    first, second, third = w.call(work())
    assert (first, third) == (None, None)
    assert isinstance(second, ValueError)
    assert [event.row for event in w.store.events] == [1, 3]
