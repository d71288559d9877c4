"""SideWork: what is done on another thread while somebody reads and answers.

It talks to nobody: whoever waits for it hears what went wrong, at the moment at which it has to be done.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from bulktap.model.errors import BulktapError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self


class SideWork:
    """One piece of work, begun as it is entered and done, or known to have failed, as it is left."""

    def __init__(self, work: Callable[[], None], when_done: Callable[[], None]) -> None:
        """Take the work, and what is called once on the waiting thread when it is done."""
        self._work = work
        self._when_done = when_done
        self._finished = False
        self._trouble: BaseException | None = None
        # A program that ends before its work waits for it.
        self._thread = Thread(target=self._do)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, BulktapError):
            self.finish()
            return
        # A Ctrl-C, or a fault in the program, says more than what became of this.
        with suppress(Exception):
            self.finish()

    def finish(self) -> None:
        """Wait until it is done; raise what it raised."""
        if self._finished:
            return
        self._thread.join()
        if self._trouble is not None:
            raise self._trouble
        self._finished = True
        self._when_done()

    def _do(self) -> None:
        try:
            self._work()
        except BaseException as trouble:  # noqa: BLE001 - nothing is swallowed: `finish` raises it where somebody hears
            self._trouble = trouble
