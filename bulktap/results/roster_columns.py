"""The roster's own columns on their way into the results workbook."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bulktap.results.sheets import Column, ColumnKind, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.model.plan import CellValue, Plan, PlanRow, RosterRow
    from bulktap.results.sheets import Cell


def carried_columns(plan: Plan, ours: Iterable[Column]) -> list[Column]:
    """Return the carried columns under the roster's headings; one that collides with ours gets ` (roster)`."""
    headings = free_headings([plan.columns.headings[index] for index in plan.columns.carried],
                             [column.heading for column in ours])  # fmt: skip
    return [Column(heading, ColumnKind.AS_TYPED, tone=Tone.ROSTER) for heading in headings]


def free_headings(headings: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Return the headings, those that are taken already with ` (roster)`, or ` (roster 2)` if that is taken too.

    Case does not distinguish two headings: it does not in Excel's tables.
    """
    used = {heading.casefold() for heading in taken}
    reserved = used | {heading.casefold() for heading in headings}
    free = []
    for heading in headings:
        name, number = heading, 1
        while name.casefold() in (used if name == heading else reserved):
            name = f"{heading} (roster)" if number == 1 else f"{heading} (roster {number})"
            number += 1
        used.add(name.casefold())
        reserved.add(name.casefold())
        free.append(name)
    return free


def carried_values(carried: Sequence[int], sources: Sequence[RosterRow]) -> list[Cell]:
    """Return what the carried columns hold for the rows that share a pass.

    One row keeps its values as typed; of several, the different values that are not empty are joined with `, `.
    """
    if len(sources) == 1:
        cells = sources[0].cells
        return [None if cells[index] == "" else cells[index] for index in carried]
    return [_joined([source.cells[index] for source in sources]) for index in carried]


def roster_rows(rows: Sequence[PlanRow]) -> int | str:
    """Return the roster's row number, or of several rows `4, 9`."""
    numbers = [row.source.number for row in rows]
    return numbers[0] if len(numbers) == 1 else ", ".join(str(number) for number in sorted(numbers))


def _joined(values: Sequence[CellValue]) -> Cell:
    different: dict[str, CellValue] = {}
    for value in values:
        if value is not None and value != "":
            different.setdefault(shown_value(value), value)
    if len(different) <= 1:
        return next(iter(different.values()), None)
    return ", ".join(different)


def shown_value(value: CellValue) -> str:
    """Return a cell as people read it."""
    match value:
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case bool():
            return "Yes" if value else "No"
        case float() if value.is_integer():
            return str(int(value))
    return str(value)
