"""What is done beside the waiting is done, or known to have failed, before anything depends on it."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import DiskRefuses, NotConfirmed, UsageError
from bulktap.operations.side_work import SideWork

if TYPE_CHECKING:
    from collections.abc import Callable


def refused() -> None:
    """Do what a full disk does."""
    raise DiskRefuses("The disk is full.", hint="Free space.")


def broken() -> None:
    """Do what a fault in the program does."""
    raise ZeroDivisionError


def test_it_goes_on_while_something_else_is_done() -> None:
    """Entering does not wait; finishing does, and only then is it told, once."""
    may_end = threading.Event()
    told: list[str] = []

    def wait_and_work() -> None:
        assert may_end.wait(60)
        told.append("worked")

    with SideWork(wait_and_work, lambda: told.append("told")) as work:
        assert told == []
        may_end.set()
        work.finish()
        work.finish()

    assert told == ["worked", "told"]


def test_it_is_told_on_the_thread_that_waits() -> None:
    """Who hears of it need not expect calls from elsewhere."""
    where: list[threading.Thread] = []
    with SideWork(lambda: where.append(threading.current_thread()), lambda: where.append(threading.current_thread())):
        pass

    assert where[0] is not threading.current_thread()
    assert where[1] is threading.current_thread()


@pytest.mark.parametrize(
    ("work", "meanwhile", "raised"),
    [
        (refused, None, DiskRefuses),
        (refused, NotConfirmed("No.", hint="Again."), DiskRefuses),  # the plan is not kept, whatever a no would say
        (refused, UsageError("No.", hint="Again."), DiskRefuses),
        (refused, KeyboardInterrupt(), KeyboardInterrupt),
        (refused, SystemExit(3), SystemExit),
        (refused, RuntimeError(), RuntimeError),
        (broken, None, ZeroDivisionError),
        (broken, KeyboardInterrupt(), KeyboardInterrupt),
        (lambda: None, NotConfirmed("No.", hint="Again."), NotConfirmed),
        (lambda: None, KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_a_failure_is_heard_unless_something_worse_ended_it(
    work: Callable[[], None], meanwhile: BaseException | None, raised: type[BaseException]
) -> None:
    """Refusals of the disk come before what a person was told; an interrupt and a fault of the program before both."""
    told: list[str] = []

    def operation() -> None:
        with SideWork(work, lambda: told.append("done")):
            if meanwhile is not None:
                raise meanwhile

    with pytest.raises(raised):
        operation()

    assert told == ([] if work in {refused, broken} else ["done"])


def test_it_ends_before_what_was_opened_earlier_is_closed() -> None:
    """Locks that were taken before it are held until nothing is written any more."""
    order: list[str] = []
    with ExitStack() as stack:
        stack.callback(order.append, "unlocked")
        stack.enter_context(SideWork(lambda: order.append("written"), lambda: order.append("told")))

    assert order == ["written", "told", "unlocked"]
