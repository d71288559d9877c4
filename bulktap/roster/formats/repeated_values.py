"""RepeatedValues: of the values of delimited text that come again, as most do, one copy is kept; pure.

The csv module makes a text of each field. Without this, 100,000 rows of 20 columns would take twice the memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Record = tuple[str | None, ...]
"""The fields of one record; None where one is empty."""

RECORDS_AT_ONCE: Final = 1_024
"""Enough that columns are looked at by C code, and few enough to be in the processor's cache."""
_JUDGED_AFTER: Final = 8 * RECORDS_AT_ONCE
_MOSTLY_DIFFERENT: Final = 0.75
_MOST_KEPT: Final = 1 << 16
"""Values of a column of which one copy is kept: enough for those that repeat, and not all of a million rows."""


class RepeatedValues:
    """The values that were met so far, column by column."""

    def __init__(self) -> None:
        self._kept: dict[int, dict[str, str | None] | None] = {}
        """None for a column whose values are mostly different, such as sign-in names: looking for them costs more."""
        self._uneven: dict[str, str | None] = {"": None}
        self._rows = 0

    def shared(self, records: Sequence[Sequence[str]]) -> Iterable[Record]:
        """Return records with one copy of each value that repeats, and None where a field is empty."""
        widths = set(map(len, records))
        if len(widths) != 1:
            return self._one_by_one(records)
        self._rows += len(records)
        return zip(*map(self._column, range(widths.pop()), zip(*records, strict=True)), strict=True)

    def _one_by_one(self, records: Sequence[Sequence[str]]) -> list[Record]:
        """Return the same of records of several widths, whose fields may stand in one column or another."""
        if len(self._uneven) > _MOST_KEPT:
            self._uneven = {"": None}
        share = self._uneven.setdefault
        return [tuple(map(share, fields, fields)) for fields in records]

    def _column(self, position: int, cells: tuple[str, ...]) -> Sequence[str | None]:
        kept = self._kept.setdefault(position, {"": None})
        if kept is None:
            return [cell or None for cell in cells] if "" in cells else cells
        shared = list(map(kept.setdefault, cells, cells))
        different = self._rows >= _JUDGED_AFTER and len(kept) > _MOSTLY_DIFFERENT * self._rows
        if different or len(kept) > _MOST_KEPT:
            self._kept[position] = None
        return shared
