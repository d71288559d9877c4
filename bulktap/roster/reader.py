"""Any file → `Roster`: the sheet, its headings, and its rows as the sheet numbers them.

The one door of pandas and python-calamine. Nothing here knows what a good user name is; but columns of passwords
and the like are dropped here, before anything else can see them.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from bulktap.errors import RosterError
from bulktap.plan import RosterRow
from bulktap.roster import delimited, sheets_of_workbook
from bulktap.roster.containers import Container, extension_note, recognise
from bulktap.roster.decoding import decode
from bulktap.roster.header import GridRow, find_header
from bulktap.roster.table import cut_table, nul_faults

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.roster.delimited import DelimitedText
    from bulktap.roster.sheets_of_workbook import SheetCells
    from bulktap.row_errors import RowError


class HiddenRows(StrEnum):
    """What to do about rows that the spreadsheet program does not show."""

    INCLUDE = "include"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the operator said about reading the file."""

    sheets: tuple[str, ...] = ()
    """Names of sheets; empty finds the one that holds a roster."""
    encoding: str | None = None
    """Encoding of a text file; None finds out."""
    header_row: int | None = None
    """Number of the row of headings; None finds it."""
    hidden_rows: HiddenRows | None = None
    """What to do about hidden rows; None stops at them."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A spreadsheet of people, not yet judged."""

    file: str
    """Name of the file, without its folder."""
    sheet: str | None
    """The sheet that was read; None for text files."""
    headings: tuple[str, ...]
    """As written; empty where a column has none. Columns that must not be read are gone."""
    rows: tuple[RosterRow, ...]
    """Rows below the headings that hold something."""
    sha256: str
    """Digest of the file's bytes, hexadecimal."""
    header_row: int
    """Number of the row of headings; 0 when there is none."""
    notes: tuple[str, ...]
    """How the file was understood, one sentence each."""
    faults: Mapping[int, RowError] = field(default_factory=dict)
    """Row number → what is wrong with the row as a whole."""
    guessed_encoding: str | None = None
    """The encoding that was guessed, so that non-ASCII characters may be wrong; None when it is certain."""


def read_roster(path: Path, options: ReadOptions) -> Roster:
    """Return what a file holds.

    Raises:
        RosterError: the file cannot be a roster, or cannot be read without a question being settled first.
    """
    data = _bytes_of(path)
    container = recognise(data, path.name)
    note = extension_note(path.name, container)
    notes = [note] if note else []
    digest = hashlib.sha256(data).hexdigest()
    match container:
        case Container.TEXT:
            return _read_text(data, path.name, options, notes, digest)
        case Container.WORKBOOK:
            return _read_workbook(data, path.name, options, notes, digest)
        case _:
            assert_never(container)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise RosterError(f"There is no file {path}.", hint="Check the name and the folder.") from None
    except IsADirectoryError:
        raise RosterError(f"{path} is a folder.", hint="Give the spreadsheet that lies in it.") from None
    except PermissionError as error:
        hint = "Close it in every other program, and check that you may read it."
        raise RosterError(f"{path.name} cannot be opened ({error.strerror}).", hint=hint) from None
    except OSError as error:
        raise RosterError(f"{path.name} cannot be read ({error.strerror}).", hint="Copy it to this machine.") from None


def _read_text(data: bytes, name: str, options: ReadOptions, notes: list[str], digest: str) -> Roster:
    decoded = decode(data, name, options.encoding)
    if decoded.note:
        notes.append(decoded.note)
    table = delimited.prepare(decoded.text)
    rows = _parse(table, name)
    if not rows:
        raise RosterError(f"{name} has no data.", hint="Give a file with a row of headings and a row for each person.")
    header = find_header(rows, options.header_row, name)
    cut = cut_table(rows, header, name, delimited.fields_in(table, header.number) if header.number else None)
    faults = cut.faults | (nul_faults(cut.rows) if "\0" in decoded.text else {})
    people = tuple(RosterRow(name, None, number, cells) for number, cells in cut.rows)
    guessed = decoded.encoding if decoded.guessed else None
    return Roster(
        name, None, cut.headings, people, digest, header.number, (*notes, *cut.notes), faults, guessed
    )  # fmt: skip


def _parse(table: DelimitedText, name: str) -> list[GridRow]:
    """Return the records that hold something, with the lines in which they begin."""
    escape = "\\" if delimited.has_apple_escapes(table) else None
    records = _records(table, name, escape)
    if '"' in table.text:
        _refuse_swallowed(table, records, name)
    numbers = delimited.number_records(table, records)
    return [
        (number, tuple([cell or None for cell in record]))
        for number, record in zip(numbers, records, strict=True)
        if any(cell and not cell.isspace() for cell in record)
    ]


def _refuse_swallowed(table: DelimitedText, records: list[tuple[str, ...]], name: str) -> None:
    width = delimited.usual_width(table)
    for number, record in zip(delimited.number_records(table, records), records, strict=True):
        if any(("\n" in cell or "\r" in cell) and delimited.swallows_rows(table, cell, width) for cell in record):
            message = f"{name}, row {number}: a quote swallows the rows that follow it."
            raise RosterError(message, hint='Look for a stray " in that row, and delete or double it.')


def _records(table: DelimitedText, name: str, escape: str | None) -> list[tuple[str, ...]]:
    """Parse with pandas, which is quicker than the csv module and keeps one copy of repeated values."""
    import io

    import pandas as pd

    width = delimited.field_limit(table)
    # pandas ends a text at a NUL; the picture of one keeps the row's fault visible.
    text = table.text.replace("\0", "\u2400")
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = pd.read_csv(
                    io.StringIO(text), sep=table.delimiter, header=None, names=range(width), index_col=False,
                    dtype=object, na_filter=False, skip_blank_lines=False, low_memory=False, escapechar=escape,
                )  # fmt: skip
            return list(zip(*(frame[column].tolist() for column in frame.columns), strict=True))
        except pd.errors.EmptyDataError:
            return []
        except pd.errors.ParserWarning:
            width *= 2
        except pd.errors.ParserError as error:
            if (wider := re.search(r"saw (\d+)", str(error))) is None:
                line = delimited.unclosed_quote(table)
                hint = 'Look for a single " in that row, and delete or double it.'
                raise RosterError(f"{name}: the quote opened in row {line} is never closed.", hint=hint) from None
            width = int(wider.group(1))


def _read_workbook(data: bytes, name: str, options: ReadOptions, notes: list[str], digest: str) -> Roster:
    sheets = _sheet_cells(data, name)
    chosen = sheets_of_workbook.choose(sheets, options.sheets, name)
    notes.extend(chosen.notes)
    place = f"{name}, sheet {chosen.sheet.name}"
    visible, note = sheets_of_workbook.settle_hidden_rows(data, chosen.sheet, place, options.hidden_rows)
    if note:
        notes.append(note)
    header = find_header(visible, options.header_row, place)
    cut = cut_table(visible, header, place, None)
    rows = tuple(RosterRow(name, chosen.sheet.name, number, cells) for number, cells in cut.rows)
    return Roster(
        name, chosen.sheet.name, cut.headings, rows, digest, header.number, (*notes, *cut.notes), cut.faults
    )  # fmt: skip


def _sheet_cells(data: bytes, name: str) -> list[SheetCells]:
    """Return the cells of every visible worksheet, by calamine."""
    import io

    import python_calamine as calamine

    hint = "Open it in Excel, save it as .xlsx and give that file."
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        sheets = []
        for index, metadata in enumerate(book.sheets_metadata):
            visible = metadata.visible == calamine.SheetVisibleEnum.Visible
            if metadata.typ == calamine.SheetTypeEnum.WorkSheet:
                cells = book.get_sheet_by_index(index).to_python(skip_empty_area=False) if visible else []
                sheets.append(sheets_of_workbook.SheetCells(metadata.name, visible, sheets_of_workbook.filled(cells)))
    except calamine.PasswordError:
        raise RosterError(f"{name} is protected with a password.", hint="Save a copy without a password.") from None
    except calamine.CalamineError as error:
        raise RosterError(f"{name} is not a workbook that can be read ({error}).", hint=hint) from None
    return sheets
