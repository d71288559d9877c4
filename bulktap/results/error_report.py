"""The error report: the rows without a pass, as a roster that can be mended and fed back in.

The roster's own columns come first, under their own headings and with the values as they were read, so that the
same command reads the report. The columns that say what is wrong follow and are ignored when it is read. Columns
with secrets were dropped as the roster was read and do not come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.plan import Field
from bulktap.model.report_headings import ErrorHeading
from bulktap.results.output import Output
from bulktap.results.roster_columns import free_headings
from bulktap.results.row_results import RowResult
from bulktap.results.sheets import Column, ColumnKind, TableSheet, Tone, sheet_name, workbook_bytes
from bulktap.storage.run_folder import ERROR_REPORT_NAME

if TYPE_CHECKING:
    from collections.abc import Collection

    from bulktap.model.plan import RosterColumns
    from bulktap.model.row_errors import RowError
    from bulktap.results.plan_view import PlanView
    from bulktap.results.sheets import Cell

_REPORTED = {RowResult.INVALID, RowResult.REFUSED, RowResult.IN_DOUBT}

_FAULT_COLUMNS = (
    Column(ErrorHeading.COLUMN, tone=Tone.FAULT, wrap=True, width=18, note="The heading of the cell at fault."),
    Column(ErrorHeading.CODE, tone=Tone.FAULT, wrap=True, width=22),
    Column(ErrorHeading.ERROR, tone=Tone.FAULT, wrap=True, width=48),
    Column(ErrorHeading.FIX, tone=Tone.FAULT, wrap=True, width=48,
           note="Mend the row, then run the same command with this file. These last columns are ignored."),
    Column(ErrorHeading.ROW, ColumnKind.INTEGER, tone=Tone.FAULT, width=11,
           note="The row in the roster that was read."),
)  # fmt: skip


def error_report(view: PlanView) -> bytes | None:
    """Return the error report as a workbook; None if no row is invalid, refused or in doubt.

    Several errors of a row stand in one row, one to a line, in the same order in each of the columns; each line
    begins with the heading of the cell that it is about.
    """
    plan = view.plan
    kept = own_columns(plan.columns)
    positions = {plan.columns.headings[index]: position for position, index in enumerate(kept)}
    lines: list[list[Cell]] = []
    faulty: dict[int, Collection[int]] = {}
    for row in plan.rows:
        if view.results[row.number] not in _REPORTED:
            continue
        faults = view.faults(row)
        columns = [fault.column or plan.columns.heading(Field.USER) for fault in faults]
        faulty[len(lines)] = {positions[heading] for heading in columns if heading in positions}
        own = [row.source.cells[index] for index in kept]
        lines.append([*own, *_fault_cells(faults), row.source.number])
    if not lines:
        return None
    headings = free_headings([plan.columns.headings[index] for index in kept], list(ErrorHeading))
    columns_shown = (*(Column(heading, ColumnKind.AS_TYPED, tone=Tone.ROSTER) for heading in headings), *_FAULT_COLUMNS)
    name = sheet_name(plan.roster.sheet, "Roster")
    table = TableSheet(name, columns_shown, lines, faults=faulty)
    return workbook_bytes([table], title=f"Rows without a pass, {plan.run}", created=plan.created_at)


def own_columns(columns: RosterColumns) -> list[int]:
    """Return the columns that are the roster's own: all, but for those that an earlier error report added."""
    folded = [heading.casefold() for heading in columns.headings]
    ours = {heading.casefold() for heading in list(ErrorHeading)}
    is_report = ours - {ErrorHeading.ROW.casefold()} <= set(folded)
    return [index for index, heading in enumerate(folded) if not (is_report and heading in ours)]


def _fault_cells(faults: list[RowError]) -> list[Cell]:
    return [
        "\n".join(fault.column or "" for fault in faults).rstrip("\n") or None,
        "\n".join(fault.code.value for fault in faults),
        "\n".join(_of_its_column(fault, fault.message) for fault in faults),
        "\n".join(_of_its_column(fault, fault.hint) for fault in faults),
    ]


def _of_its_column(fault: RowError, text: str) -> str:
    """Return a line that begins with the heading that it is about: a row may have several."""
    return f"{fault.column}: {text}" if fault.column else text


ERROR_REPORT: Output[PlanView] = Output(ERROR_REPORT_NAME, error_report)
"""errors.xlsx: absent if no row needs to be fixed."""
