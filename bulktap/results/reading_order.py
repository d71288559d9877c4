"""Tables that are for reading too: what people print stands first, what programs and support want is folded away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.results.sheets import LateRows, TableSheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.sheets import Cell, Column


def table_for_reading(
    name: str, columns: Sequence[Column], lines: Sequence[Sequence[Cell]], printed: Sequence[int]
) -> TableSheet:
    """Return a table with some of its columns moved to the front, which are printed on one page across.

    The others that are not technical follow, in their order, and then those that are.

    Args:
        name: of the sheet.
        columns: in any order.
        lines: one value for each column.
        printed: positions of the columns that are printed, in the order in which people read them.
    """
    rest = [at for at in range(len(columns)) if at not in printed]
    rest.sort(key=lambda at: columns[at].technical)
    order = [*printed, *rest]
    shown = [replace(columns[at], technical=columns[at].technical and at not in printed) for at in order]
    return TableSheet(
        name,
        shown,
        LateRows(lines, lambda line: [line[at] for at in order]),
        frozen_columns=2,
        printed_columns=len(printed),
    )
