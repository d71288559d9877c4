"""Any file → `Roster`: the sheet, its headings, and its rows as the sheet numbers them.

Nothing here knows what a good user name is; but columns of passwords and the like are dropped here, before anything
else can see them. What only workbooks, archives and protected files need is loaded for them alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from bulktap.model.errors import RosterError
from bulktap.model.plan import RosterRow
from bulktap.model.row_ranges import RowPlace
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.header_row import find_header, spanned
from bulktap.roster.files.file_kinds import FileKind, extension_note, recognise, refuse_other_text
from bulktap.roster.files.input_bytes import RosterInput, home_of, read_input
from bulktap.roster.files.size_limits import refuse_long_lines, refuse_many_lines, refuse_rows, refuse_wide
from bulktap.roster.files.text_encoding import decode
from bulktap.roster.formats import delimited
from bulktap.roster.formats.wrapped_values import unwrapped_rows
from bulktap.roster.model import LeftOutRow, Roster
from bulktap.roster.reading_options import ReadingOptions, RosterPassword
from bulktap.roster.reading_words import HiddenRows
from bulktap.roster.rows.left_out import NO_PERSON
from bulktap.roster.rows.people_rows import cut_table, nul_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bulktap.roster.files.text_encoding import DecodedText
    from bulktap.roster.formats.sheet_choice import ChosenSheet
    from bulktap.roster.formats.sheet_grid import SheetGrid
    from bulktap.roster.formats.workbook_copy import WorkbookCopy
    from bulktap.roster.rows.people_rows import PeopleTable


def read_roster(
    path: Path | Sequence[Path] | RosterInput,
    options: ReadingOptions | None = None,
    password: RosterPassword | None = None,
    day: date | None = None,
) -> Roster:
    """Return what a file holds, or several, or those of a folder or an archive; `-` is standard input.

    Args:
        path: of the file or the folder, or several.
        options: what the operator said about how it is read.
        password: what opens a protected workbook.
        day: the run's day, in the roster's zone, on which what a school's export ends earlier is over; None takes the
            export as it stands.

    Raises:
        RosterError: the file cannot be a roster, or cannot be read without a question being settled first.
    """
    from bulktap.roster.bundles.inputs import several_files

    source = path if isinstance(path, RosterInput) else RosterInput(path)
    options, password = options or ReadingOptions(), password or RosterPassword()

    def read_one(data: bytes, name: str, options: ReadingOptions = options) -> Roster:
        return _read(data, name, options, password)

    beside = None if options.join is None else _beside(source, options.join)
    files = several_files(source, beside)
    if files is None:
        roster = read_one(source.read(), source.name)
    else:
        from bulktap.roster.bundles.several import read_several

        roster = read_several(files, read_one, options, day)
    if beside is not None:
        from bulktap.roster.bundles.join import with_joined

        roster = with_joined(roster, read_input(beside), beside.name, read_one, options)
    elif options.on is not None:
        hint = f"Name that file with {Setting.JOIN.to('FILE')}."
        raise RosterError(f"{Setting.ON.to(options.on)} says by what a file is joined, and there is none.", hint=hint)
    refuse_wide(roster.place, len(roster.headings))
    refuse_rows(roster.place, len(roster.rows))
    return roster


def _beside(source: RosterInput, name: str) -> Path:
    """Return the path of a file that is joined: one without a folder may lie beside the roster."""
    path = Path(name)
    return path if path.is_absolute() or path.exists() else home_of(source.path) / path


def _read(data: bytes, name: str, options: ReadingOptions, password: RosterPassword) -> Roster:
    digest = hashlib.sha256(data).hexdigest()
    notes: list[str] = []
    kind = recognise(data, name)
    if kind is FileKind.PROTECTED:
        from bulktap.roster.files.protection import unprotect

        data = unprotect(data, name, password)
        kind = recognise(data, name)
    if note := extension_note(name, kind):
        notes.append(note)
    match kind:
        case FileKind.TEXT:
            decoded = decode(data, name, options.encoding)
            del data  # a large roster is in memory often enough
            roster = _read_text(decoded, name, options, digest)
        case FileKind.WORKBOOK:
            roster = _read_workbook(data, name, options, digest)
        case FileKind.ARCHIVE | FileKind.PROTECTED:
            hint = "Unpack it and give the spreadsheet itself."
            raise RosterError(f"{name} is packed or protected twice.", hint=hint)
        case _:
            assert_never(kind)
    return replace(roster, notes=(*notes, *roster.notes))


def _read_text(decoded: DecodedText, name: str, options: ReadingOptions, digest: str) -> Roster:
    refuse_other_text(decoded.text, name)
    refuse_long_lines(decoded.text, name)
    refuse_many_lines(decoded.text, name)
    table = delimited.prepare(decoded.text)
    rows = delimited.read_rows(table, name)
    if not rows:
        raise RosterError(f"{name} has no data.", hint="Give a file with a row of headings and a row for each person.")
    rows, wrapped = unwrapped_rows(rows)
    header = find_header(rows, options.header_row, name)
    people = cut_table(rows, header, name, delimited.fields_in(table, header.number) if header.number else None)
    faults = people.faults | (nul_faults(people.rows) if "\0" in decoded.text else {})
    return Roster(
        file=name,
        sheet=None,
        headings=people.headings,
        rows=tuple([RosterRow(name, None, number, cells) for number, cells in people.rows]),
        sha256=digest,
        header_row=header.number,
        notes=(*([decoded.note] if decoded.note else ()), *wrapped, *people.notes),
        faults={(RowPlace(name, None), number): fault for number, fault in faults.items()},
        guessed_encoding=decoded.encoding if decoded.guessed else None,
        positions=people.positions,
        dropped=people.dropped,
        left_out=_left_out(name, None, people),
    )


def _left_out(file: str, sheet: str | None, people: PeopleTable) -> tuple[LeftOutRow, ...]:
    rows = ((RosterRow(file, sheet, *row), reason) for row, reason in people.left_out)
    return tuple([LeftOutRow(row, reason, NO_PERSON) for row, reason in rows])


def _read_workbook(data: bytes, name: str, options: ReadingOptions, digest: str) -> Roster:
    from bulktap.roster.columns.sheet_union import union
    from bulktap.roster.formats.sheet_choice import choose_sheets
    from bulktap.roster.formats.workbooks import read_workbook

    workbook = read_workbook(data, name)
    tables = workbook.tables() if options.sheets else {}
    chosen, why = choose_sheets(workbook.sheets, options.sheets, tables, name, together=options.all_sheets)
    rosters = [_read_sheet(sheet, workbook.copy, options, name, digest) for sheet in chosen]
    roster = union(rosters) if len(rosters) > 1 else rosters[0]
    return replace(roster, notes=(*why, *roster.notes))


def _read_sheet(
    chosen: ChosenSheet, copy: WorkbookCopy | None, options: ReadingOptions, name: str, digest: str
) -> Roster:
    from bulktap.roster.formats.sheet_grid import shown_grid

    place = f"{name}, sheet {chosen.sheet.name}"
    grid = shown_grid(chosen.sheet, copy, chosen.table, options, place)
    rows, wrapped = unwrapped_rows(grid.rows)
    header = find_header(rows, options.header_row or grid.header_row, place)
    if options.header_row is None:
        header = spanned(rows, header, grid.merged, place)
    people = cut_table(rows, header, place, None)
    grid = replace(grid, notes=(*grid.notes, *wrapped))
    return _roster_of_sheet(grid, people, header.number, name, digest)


def _hidden(grid: SheetGrid, people: PeopleTable, header_row: int, file: str) -> Iterator[LeftOutRow]:
    """Yield the rows below the headings that are hidden and were skipped."""
    hint = (
        f"To give these people passes too, run bulktap again with {Setting.HIDDEN_ROWS.to(HiddenRows.INCLUDE.value)}."
    )
    for row in grid.hidden:
        if row[0] > header_row:
            number, cells = people.fitted(row)
            yield LeftOutRow(RosterRow(file, grid.name, number, cells), "hidden", hint)


def _roster_of_sheet(grid: SheetGrid, people: PeopleTable, header_row: int, file: str, digest: str) -> Roster:
    columns = {position: column for column, position in enumerate(people.positions)}
    place = RowPlace(file, grid.name)
    return Roster(
        file=file,
        sheet=grid.name,
        headings=people.headings,
        rows=tuple(RosterRow(file, grid.name, number, cells) for number, cells in people.rows),
        sha256=digest,
        header_row=header_row,
        notes=(*grid.notes, *people.notes),
        faults={(place, number): fault for number, fault in people.faults.items()},
        positions=people.positions,
        dropped=people.dropped,
        left_out=(*_hidden(grid, people, header_row, file), *_left_out(file, grid.name, people)),
        merged=frozenset(((place, row), columns[position]) for row, position in grid.repeated if position in columns),
        links={
            ((place, row), columns[position]): address
            for (row, position), address in grid.links.items()
            if position in columns
        },
        hidden_columns=frozenset(columns[position] for position in grid.hidden_columns if position in columns),
    )
