"""Any file → `Roster`: the sheet, its headings, and its rows as the sheet numbers them.

Nothing here knows what a good user name is; but columns of passwords and the like are dropped here, before anything
else can see them.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, assert_never

from bulktap.model.errors import RosterError
from bulktap.model.plan import RosterRow
from bulktap.roster.columns.header_row import find_header, spanned
from bulktap.roster.columns.sheet_union import SheetTable, roster_of_sheet, union
from bulktap.roster.files.archives import only_member
from bulktap.roster.files.file_kinds import Container, extension_note, recognise, refuse_other_text
from bulktap.roster.files.input_bytes import NAME_OF_STANDARD_INPUT, STANDARD_INPUT, read_input
from bulktap.roster.files.protection import unprotect
from bulktap.roster.files.size_limits import refuse_wide
from bulktap.roster.files.text_encoding import decode
from bulktap.roster.files.text_limits import refuse_long_lines, refuse_rows
from bulktap.roster.formats import delimited
from bulktap.roster.formats import sheet_choice as sheets_of_workbook
from bulktap.roster.formats.calendar_bounds import with_plain_numbers
from bulktap.roster.formats.delimited_rows import read_rows
from bulktap.roster.formats.excel_tables import tables_on
from bulktap.roster.formats.sheet_grid import shown_grid
from bulktap.roster.formats.workbook_cells import read_sheets
from bulktap.roster.formats.workbook_copy import WorkbookCopy, copy_parts
from bulktap.roster.formats.workbook_limits import measure
from bulktap.roster.formats.wrapped_values import unwrapped_rows
from bulktap.roster.formats.xls import safe_copy
from bulktap.roster.model import HiddenRows, ReadOptions, Roster
from bulktap.roster.rows.people_rows import cut_table, nul_faults

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.roster.files.text_encoding import DecodedText
    from bulktap.roster.formats.sheet_choice import ChosenSheet

__all__ = ["STANDARD_INPUT", "HiddenRows", "ReadOptions", "Roster", "read_roster"]


def read_roster(path: Path, options: ReadOptions) -> Roster:
    """Return what a file holds; `-` is standard input.

    Raises:
        RosterError: the file cannot be a roster, or cannot be read without a question being settled first.
    """
    name = NAME_OF_STANDARD_INPUT if path == STANDARD_INPUT else path.name
    roster = _read(read_input(path), name, options)
    refuse_wide(roster.place, len(roster.headings))
    refuse_rows(roster.place, len(roster.rows))
    return roster


def _read(data: bytes, name: str, options: ReadOptions) -> Roster:
    digest = hashlib.sha256(data).hexdigest()
    notes = list(options.notes)
    container = recognise(data, name)
    if container is Container.ARCHIVE:
        member = only_member(data, name)
        notes.append(member.note)
        data, name = member.data, member.name
        container = recognise(data, name)
    if container is Container.PROTECTED:
        data = unprotect(data, name, options)
        container = recognise(data, name)
    if note := extension_note(name, container):
        notes.append(note)
    match container:
        case Container.TEXT:
            decoded = decode(data, name, options.encoding)
            del data  # a large roster is in memory often enough
            return _read_text(decoded, name, options, notes, digest)
        case Container.WORKBOOK:
            return _read_workbook(data, name, options, notes, digest)
        case Container.ARCHIVE | Container.PROTECTED:
            hint = "Unpack it and give the spreadsheet itself."
            raise RosterError(f"{name} is packed or protected twice.", hint=hint)
        case _:
            assert_never(container)


def _read_text(decoded: DecodedText, name: str, options: ReadOptions, notes: list[str], digest: str) -> Roster:
    if decoded.note:
        notes.append(decoded.note)
    refuse_other_text(decoded.text, name)
    refuse_long_lines(decoded.text, name)
    table = delimited.prepare(decoded.text)
    rows = read_rows(table, name)
    if not rows:
        raise RosterError(f"{name} has no data.", hint="Give a file with a row of headings and a row for each person.")
    rows, wrapped = unwrapped_rows(rows)
    header = find_header(rows, options.header_row, name)
    cut = cut_table(rows, header, name, delimited.fields_in(table, header.number) if header.number else None)
    faults = cut.faults | (nul_faults(cut.rows) if "\0" in decoded.text else {})
    return Roster(
        file=name,
        sheet=None,
        headings=cut.headings,
        rows=tuple([RosterRow(name, None, number, cells) for number, cells in cut.rows]),
        sha256=digest,
        header_row=header.number,
        notes=(*notes, *wrapped, *cut.notes),
        faults={(None, number): fault for number, fault in faults.items()},
        guessed_encoding=decoded.encoding if decoded.guessed else None,
        positions=cut.positions,
    )


def _read_workbook(data: bytes, name: str, options: ReadOptions, notes: list[str], digest: str) -> Roster:
    import io

    copy = None
    if data.startswith(b"PK"):
        copy = copy_parts(data, name)
        sheets = read_sheets(copy.file, name, measure(copy, name), partial(with_plain_numbers, copy))
    else:
        plain, marks = safe_copy(data, name)
        sheets = read_sheets(io.BytesIO(plain), name, marks)
    names = [sheet.name for sheet in sheets if sheet.visible]
    tables: dict[str, str] = {}
    if copy is not None and options.sheets:
        tables = {table.name.casefold(): sheet for sheet in names for table in tables_on(copy, sheet)}
    chosen, why = sheets_of_workbook.choose(sheets, options.sheets, tables, name)
    rosters = [_read_sheet(sheet, copy, options, name, digest) for sheet in chosen]
    roster = union(rosters) if len(rosters) > 1 else rosters[0]
    return replace(roster, notes=(*notes, *why, *roster.notes))


def _read_sheet(chosen: ChosenSheet, copy: WorkbookCopy | None, options: ReadOptions, name: str, digest: str) -> Roster:
    place = f"{name}, sheet {chosen.sheet.name}"
    grid = shown_grid(chosen.sheet, copy, chosen.table, options, place)
    rows, wrapped = unwrapped_rows(grid.rows)
    grid = replace(grid, rows=rows, notes=(*grid.notes, *wrapped))
    header = find_header(grid.rows, options.header_row or grid.header_row, place)
    if options.header_row is None:
        header = spanned(grid.rows, header, grid.merged, place)
    table = cut_table(grid.rows, header, place, None)
    return roster_of_sheet(SheetTable(grid, table, header.number), name, digest, grid.notes)
