"""bulktap in a program with an event loop."""

from __future__ import annotations

import asyncio
import inspect
import threading
from typing import TYPE_CHECKING, Any

import pytest

import bulktap
from bulktap import aio, api

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.long

PASSPHRASE = "correct horse battery staple"
FUNCTIONS = ["read_roster", "plan", "apply", "resume", "reissue", "results", "verify", "revoke", "forget", "runs"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_takes_what_its_namesake_takes(name: str) -> None:
    """Word for word, so that a program can change from the one to the other."""
    one, other = (inspect.signature(getattr(module, name)) for module in (api, aio))
    assert list(one.parameters.values()) == list(other.parameters.values())
    assert inspect.iscoroutinefunction(getattr(aio, name))


def test_the_loop_goes_on_while_passes_are_issued(caller: Any) -> None:
    """And progress is told on it."""
    beats, heard = [], []

    async def beat() -> None:
        while True:
            beats.append(asyncio.get_running_loop().time())
            await asyncio.sleep(0.01)

    async def work() -> bulktap.RunResult:
        heart = asyncio.create_task(beat())
        try:
            return await aio.apply("crowd.csv", caller.sign_in, PASSPHRASE, progress=lambda _: heard.append(_thread()))
        finally:
            heart.cancel()

    result = asyncio.run(work())

    assert result.counts["issued"] == 60
    assert set(heard) == {_thread()}
    assert len(beats) > 20


def test_a_cancelled_task_stops_tidily_and_can_be_resumed(caller: Any) -> None:
    """It is cancelled once what was under way is recorded and handed back; no thread is left behind."""

    async def work() -> None:
        begun = asyncio.Event()
        task = asyncio.create_task(
            aio.apply("crowd.csv", caller.sign_in, PASSPHRASE, concurrency=1, progress=_once_issuing(begun.set))
        )
        await begun.wait()
        task.cancel()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(work())

    (run,) = bulktap.runs()
    assert run.state.value == "unfinished"
    assert 0 < run.issued < 60
    assert (run.folder.workbook).exists()
    assert not [thread for thread in threading.enumerate() if thread.name == "bulktap"]
    assert asyncio.run(aio.resume(run.folder.run, caller.sign_in, PASSPHRASE)).counts["issued"] == 60


def test_a_task_cancelled_while_it_looks_people_up_sends_nothing(caller: Any) -> None:
    """Nobody waits for the rest of the look-ups either."""

    async def work() -> None:
        begun = asyncio.Event()
        task = asyncio.create_task(
            aio.apply("crowd.csv", caller.sign_in, PASSPHRASE, progress=lambda _: begun.set())
        )  # fmt: skip
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(work())

    assert caller.service.statistics()["creates_accepted"] == 0


def test_an_error_is_the_same_as_without_a_loop(caller: Any) -> None:
    """Its class, its code and its sentence."""
    with pytest.raises(bulktap.BulktapError) as awaited:
        asyncio.run(aio.verify("no-such-run", caller.sign_in))
    with pytest.raises(bulktap.BulktapError) as waited:
        bulktap.verify("no-such-run", caller.sign_in)

    assert (awaited.value.code, awaited.value.message) == (waited.value.code, waited.value.message)


def _once_issuing(act: Callable[[], object]) -> Callable[[bulktap.Progress], None]:
    def hear(progress: bulktap.Progress) -> None:
        if progress.phase == "issuing" and progress.done:
            act()

    return hear


def _thread() -> int:
    return threading.get_ident()
