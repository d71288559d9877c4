"""PermissionSample: may the app ask this at all? Judged on users spread over the whole roster.

The first rows of a roster are not its measure: they may be the administrators, whose passes are protected. So some from
everywhere are asked about first, then twice as many others, and only if all of them are forbidden is it the app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

_FIRST, _SECOND = 20, 40
"""How many users are asked about, and how many others if all of them are forbidden."""


class Asking(Protocol):
    """Asks about users; `bulk_query.BulkQuery` is one."""

    async def read(self, subjects: Sequence[str], enough: Callable[[], bool]) -> Mapping[str, object]:
        """Ask about these, until it is enough."""

    def is_troubled(self, subject: str) -> bool:
        """Whether the service failed at the subject before."""


def spread(subjects: Sequence[str], most: int) -> list[str]:
    """Return so many of the subjects at most, evenly spread over all of them."""
    count = min(most, len(subjects))
    return [subjects[index * len(subjects) // count] for index in range(count)]


class PermissionSample:
    """Collects what the answers say about the app's permission."""

    def __init__(self, subjects: Collection[str] = (), place: Mapping[str, int] | None = None) -> None:
        """Take those who are known now; `add` takes more, and `place` says where in the roster each of them is."""
        self._left = list(subjects)
        self._place = place
        self._forbidden: set[str] = set()
        self._permitted = False

    def note(self, subject: str, *, forbidden: bool) -> None:
        """Take an answer into account; whatever is not forbidden shows that asking is permitted."""
        if forbidden:
            self._forbidden.add(subject)
        else:
            self._permitted = True

    def add(self, subject: str) -> None:
        """Take one more."""
        self._left.append(subject)

    async def is_permitted(self, bulk: Asking, until_there: Callable[[int], Awaitable[None]] | None = None) -> bool:
        """Ask about the sample, and say whether the app may ask at all.

        Whoever is still being asked about when that is known, because the service fails at them, is left to the
        bulk query.

        Args:
            bulk: asks.
            until_there: waits until so many have been added, or all that there will be.
        """
        for most in (_FIRST, _SECOND):
            if until_there is not None:
                await until_there(most)
            if self._place is not None:
                self._left.sort(key=self._place.__getitem__)
            chosen = spread(self._left, most)
            if not chosen:
                break
            taken = set(chosen)
            self._left = [subject for subject in self._left if subject not in taken]

            def is_known(chosen: Sequence[str] = chosen) -> bool:
                told = [subject in self._forbidden for subject in chosen]
                troubled = [bulk.is_troubled(subject) for subject in chosen]
                return self._permitted or (any(told) and all(map(any, zip(told, troubled, strict=True))))

            await bulk.read(chosen, is_known)
            if self._permitted:
                return True
        return not self._forbidden

    def rest(self) -> list[str]:
        """Return who is not in the sample."""
        return self._left
