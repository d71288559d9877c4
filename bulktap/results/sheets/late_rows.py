"""LateRows: the rows of a table, made one by one as they are written.

A table of a million rows is never in memory as cells: only what its rows are about, which is there anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulktap.results.sheets.layout import Cell

Subject = TypeVar("Subject")


class LateRows(Sequence["Sequence[Cell]"], Generic[Subject]):
    """A sequence whose items are made anew each time they are asked for."""

    __slots__ = ("_make", "_subjects")

    def __init__(self, subjects: Sequence[Subject], make: Callable[[Subject], Sequence[Cell]]) -> None:
        """Take what each row is about, and what returns its cells."""
        self._subjects = subjects
        self._make = make

    def __len__(self) -> int:
        return len(self._subjects)

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        return map(self._make, self._subjects)

    @overload
    def __getitem__(self, place: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, place: slice) -> LateRows[Subject]: ...
    def __getitem__(self, place: int | slice) -> Sequence[Cell] | LateRows[Subject]:
        if isinstance(place, slice):
            return LateRows(self._subjects[place], self._make)
        return self._make(self._subjects[place])
