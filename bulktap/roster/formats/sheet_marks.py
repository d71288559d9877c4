"""What a sheet says about its cells beside their values, and calamine does not tell.

Each kind of workbook says it in its own way: see `xlsx`, `xls`, `xlsb` and `ods`.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.roster.files.size_limits import MAX_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.roster.model import Area

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
"""The errors of binary workbooks by their codes ([MS-XLS] 2.5.10 and [MS-XLSB] 2.5.97.2, BErr)."""

_ZEROS = re.compile(r"(0{2,})(?:;.*)?\Z", re.DOTALL)
_LARGEST = 1e15  # larger numbers have lost digits


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """The marks of one sheet; rows count from 1, columns from 0."""

    texts: Mapping[tuple[int, int], str | bool] = field(default_factory=dict)
    """Cell (row, column) → what it shows where calamine sees less: an error, a number with leading zeros, a truth."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    filtered: bool = False
    """True if a filter is set, which is then what hides rows."""
    merged: Sequence[Area] = ()
    """Merged cells that calamine does not report."""


def column_bits(first: int, last: int) -> int:
    """Return columns from the first to the last as the bits of a number, which a million of them are joined to fast."""
    first, last = max(first, 0), min(last, MAX_COLUMNS - 1)
    return ((1 << (last - first + 1)) - 1) << first if first <= last else 0


def columns_of(bits: int) -> frozenset[int]:
    """Return the columns whose bits are set."""
    return frozenset(column for column in range(bits.bit_length()) if bits >> column & 1)


def shown_zeros(number_format: str) -> int | None:
    """Return how many digits a number format shows at least, where it is nothing but zeros; None otherwise."""
    zeros = _ZEROS.match(number_format)
    return len(zeros[1]) if zeros is not None else None


def padded(number: float, digits: int) -> str | None:
    """Return a whole number as a format of zeros shows it; None for another number."""
    if not 0 <= number < _LARGEST or not float(number).is_integer():
        return None
    return str(int(number)).zfill(digits)


def unpacked_number(number: int) -> float:
    """Return an RkNumber: 30 bits of a float or an integer, perhaps in hundredths ([MS-XLSB] 2.5.122)."""
    if number & 2:
        value: float = (number >> 2) - ((number >> 31) << 30)
    else:
        value = struct.unpack("<d", struct.pack("<II", 0, number & 0xFFFFFFFC))[0]
    return value / 100 if number & 1 else value
