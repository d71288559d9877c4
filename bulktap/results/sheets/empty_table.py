"""An empty table to be filled in, by XlsxWriter: headings with notes, and what is checked as somebody types."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FILLED_ROWS = 5_000
"""Rows below the headings that are checked as somebody types."""
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "text_wrap": True, "valign": "top", "border": 1}
_LONGEST_MESSAGE = 255  # characters that Excel shows of one


@dataclass(frozen=True, slots=True)
class EmptyColumn:
    """One column."""

    heading: str
    note: str
    """What belongs into it, in a sentence or two."""
    width: int = 22
    choices: tuple[str, ...] = ()
    """What a drop-down offers."""
    strict: bool = False
    """True if nothing else may stand there."""
    formula: str = ""
    """What has to be true of a cell, which is called `{cell}` in it."""
    is_moment: bool = False
    """True if it holds a date and a time."""


def empty_workbook(
    name: str, columns: Sequence[EmptyColumn], notes_name: str, notes: Sequence[str], wrong: str
) -> bytes:
    """Return a workbook of one sheet to fill in and one that explains it.

    Args:
        name: of the first sheet.
        columns: its columns.
        notes_name: of the second sheet.
        notes: its lines.
        wrong: the title of what is said of a cell that cannot be right.
    """
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, dict(_OPTIONS))
    head, text = book.add_format(_HEAD), book.add_format({"num_format": "@"})
    moment, line = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), book.add_format({"text_wrap": True})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    for place, column in enumerate(columns):
        # As text, so that a class such as 7-1 does not become a date and 0012 keeps its zeros.
        sheet.set_column(place, place, column.width, moment if column.is_moment else text)
        sheet.write_string(0, place, column.heading, head)
        sheet.write_comment(0, place, column.note, {"x_scale": 2.2, "y_scale": 1.4})
        if (check := _check(column, place, wrong)) is not None:
            sheet.data_validation(1, place, FILLED_ROWS, place, check)
    explained = book.add_worksheet(notes_name)
    explained.set_column(0, 0, 100, line)
    for row, words in enumerate(notes):
        explained.write_string(row, 0, words, line)
    sheet.activate()
    book.close()
    return target.getvalue()


def _check(column: EmptyColumn, place: int, wrong: str) -> dict[str, Any] | None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    # Excel takes a whole file with a longer message for damaged.
    said = {"error_title": wrong[:32], "error_message": column.note[:_LONGEST_MESSAGE]}
    if column.choices:
        kind = "stop" if column.strict else "information"
        return {"validate": "list", "source": list(column.choices), "error_type": kind, "ignore_blank": True, **said}
    if column.formula:
        cell = xl_rowcol_to_cell(1, place)
        value = f"={column.formula.format(cell=cell)}"
        return {"validate": "custom", "value": value, "error_type": "warning", "ignore_blank": True, **said}
    if column.is_moment:
        from datetime import date

        check = {"validate": "date", "criteria": ">=", "value": date(2020, 1, 1)}
        return {**check, "error_type": "stop", "ignore_blank": True, **said}
    return None
