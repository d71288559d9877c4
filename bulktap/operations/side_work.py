"""SideWork: what is done on another thread while somebody reads and answers.

It talks to nobody: whoever waits for it hears what went wrong, at the moment at which it has to be done.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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

    def __enter__(self) -> Self:
        pool = ThreadPoolExecutor(1)
        self._future = pool.submit(self._work)
        # The thread ends with its work; a program that ends before waits for it.
        pool.shutdown(wait=False)
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
        self._future.result()
        self._finished = True
        self._when_done()
