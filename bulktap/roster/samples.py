"""A few cells of a roster for a question about it, short. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.model.plan import CellValue

_MOST_CELLS = 3
_LONGEST = 40


def sample(cells: Iterable[CellValue], most: int = _MOST_CELLS) -> str:
    """Return the first different cells that hold something, with commas between; more is hinted at."""
    found: list[str] = []
    for cell in cells:
        text = "" if cell is None else " ".join(str(cell)[:_LONGEST].split())
        if text and text not in found:
            if len(found) == most:
                return ", ".join([*found, "…"])
            found.append(text)
    return ", ".join(found)
