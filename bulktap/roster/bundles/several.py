"""Several files → one roster: each is read by itself, and columns that mean the same become one. Pure, but for reading.

A column of users is found in each file for itself, so that `UPN` in one and `Sign-in name` in the next are the same
column. A class that no column of a file tells is what the file, or its sheet, is called.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Field, RosterRow
from bulktap.model.setting_names import Setting
from bulktap.roster.bundles.school_join import people_and_staff, read_school
from bulktap.roster.bundles.unread_files import UnreadFile, is_of_others, nobody_in, passed_over
from bulktap.roster.cell_values import as_text
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.column_choice import choose_columns, name_parts
from bulktap.roster.columns.headings import added_by_report, meanings_of, squeeze
from bulktap.roster.model import Roster
from bulktap.roster.rows.furniture import is_total
from bulktap.roster.rows.guardians import without_guardians

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from datetime import date

    from bulktap.model.plan import CellValue, RosterColumns
    from bulktap.roster.bundles.inputs import InputFile, InputFiles
    from bulktap.roster.reading_options import ReadingOptions

CLASS_HEADING = "Class"
"""The column that says what a file or a sheet is called, where no column of any file names a group."""
FILE_HEADING = "File"
"""The column that names a row's file, and its sheet where the file has several."""
_MOST_NAMED = 6
_LAST = -1
"""The column that names the file, which names a sheet too."""


class ReadOne(Protocol):
    """Reads one file by itself."""

    def __call__(self, data: bytes, name: str, options: ReadingOptions = ...) -> Roster:
        """Return what it holds."""


class _Part(NamedTuple):
    """One file, read."""

    file: InputFile
    roster: Roster
    columns: RosterColumns


def read_several(files: InputFiles, read_one: ReadOne, options: ReadingOptions, day: date | None) -> Roster:
    """Return what several files hold, as one roster; of an archive with one file, what that holds.

    `day` is that of the run, on which what a school's export ends earlier is over.

    Raises:
        RosterError: none can be read.
        QuestionOpen: something of one must be settled, or one cannot be read and nobody said to go on without it.
    """
    if len(files.files) == 1 and not files.others:
        return _alone(files, read_one, options)
    if (school := read_school(files, read_one, options, day)) is not None:
        pair = people_and_staff(files)
        return school if pair is None else _with_staff(school, pair, read_one, options)
    parts: list[_Part] = []
    unread: list[UnreadFile] = []
    digest = hashlib.sha256()
    for file in files.files:
        data = file.fetch()
        digest.update(f"{file.name}\0{len(data)}\0".encode())
        digest.update(data)
        found = _part(file, data, read_one, options)
        parts += [found] if isinstance(found, _Part) else []
        unread += [found] if isinstance(found, UnreadFile) else []
        del data
    if not parts:
        raise next((one.question for one in unread if one.question is not None), None) or nobody_in(files, unread)
    parts, unread = _with_other_halves(parts, unread, options)
    notes = passed_over(files, len(parts), unread, options)
    if len(parts) == 1 and not any(not one.file.is_text_by_name for one in unread):
        roster = parts[0].roster
    else:
        roster = _union(files.name, parts)
    return replace(roster, sha256=digest.hexdigest(), notes=(*notes, *roster.notes))


def _with_staff(
    school: Roster, pair: tuple[InputFile, InputFile], read_one: ReadOne, options: ReadingOptions
) -> Roster:
    """Return the pupils of a school and those who teach there, who are a group of their own."""
    pupils, staff = pair
    by: dict[Field, str] = {one: named for one, named in options.mapped.items() if one is Field.GROUP}
    people = _Part(pupils, school, choose_columns(school, by, options.domain)[0])
    data = staff.fetch()
    plain = read_one(data, staff.name, options)
    group = people.columns.index(Field.GROUP)
    heading = CLASS_HEADING if group is None else school.headings[group]
    place = next((at for at, one in enumerate(plain.headings) if squeeze(one) == squeeze(heading)), None)
    width = len(plain.headings)
    teaching = replace(
        plain,
        headings=(*plain.headings, *(() if place is not None else (heading,))),
        rows=tuple([replace(row, cells=_grouped(row, place, staff.stem)) for row in plain.rows]),
        left_out=tuple(
            [one._replace(row=replace(one.row, cells=_grouped(one.row, place, staff.stem))) for one in plain.left_out]
        ),
        positions=(*plain.positions, *range(len(plain.positions), width + (place is None))),
    )
    # In a file of those who teach this is nobody else's address.
    address = next((one for one in plain.headings if squeeze(one) == "teacheremail"), None)
    columns = choose_columns(teaching, {} if address is None else {Field.USER: address}, options.domain)[0]
    together = _union(school.file, [people, _Part(staff, teaching, columns)], by_file=False)
    digest = hashlib.sha256(school.sha256.encode() + hashlib.sha256(data).digest())
    return replace(together, sha256=digest.hexdigest())


def _grouped(row: RosterRow, place: int | None, group: str) -> tuple[CellValue, ...]:
    """Return the cells of a row with its group in this place, or behind all of them."""
    if place is None:
        return (*row.cells, group)
    return (*row.cells[:place], group, *row.cells[place + 1 :])


def _alone(files: InputFiles, read_one: ReadOne, options: ReadingOptions) -> Roster:
    (file,) = files.files
    roster = read_one(file.fetch(), file.name, options)
    if not files.archived:
        return roster
    inner = file.name.removeprefix(f"{files.name}/")
    return replace(roster, notes=(f"{inner} was read from the archive {files.name}.", *roster.notes))


def _part(file: InputFile, data: bytes, read_one: ReadOne, options: ReadingOptions) -> _Part | UnreadFile:
    """Read one file; a sheet or a column that somebody named need not be in each of them.

    Raises:
        QuestionOpen: something of it must be settled.
    """
    roster: Roster | None = None
    try:
        try:
            roster = read_one(data, file.name, options)
        except QuestionOpen as stop:
            if not options.sheets or any(question.setting is not Setting.SHEET for question in stop.questions):
                raise
            roster = read_one(data, file.name, replace(options, sheets=()))
        return _Part(file, roster, _columns_of(roster, options))
    except QuestionOpen as stop:
        if roster is None or not all(map(is_of_others, stop.questions)):
            raise
        return UnreadFile(file, stop.questions[0].text, roster, stop)
    except RosterError as refusal:
        return UnreadFile(file, refusal.message, roster)


def _columns_of(roster: Roster, options: ReadingOptions) -> RosterColumns:
    there = {squeeze(heading) for heading in roster.headings}
    named = {field: heading for field, heading in options.mapped.items() if squeeze(heading) in there}
    return choose_columns(without_guardians(roster), named, options.domain)[0]


def _with_other_halves(
    parts: Sequence[_Part], unread: Sequence[UnreadFile], options: ReadingOptions
) -> tuple[list[_Part], list[UnreadFile]]:
    """Return the files with accounts, joined by those of the same people without, and the files that are left."""
    joined = list(parts)
    left = [one for one in unread if one.roster is None or not _join_half(joined, one.file, one.roster, options)]
    return joined, left


def _join_half(parts: list[_Part], file: InputFile, roster: Roster, options: ReadingOptions) -> bool:
    """Join a file to each of those that have its people, and return True if there is one."""
    from bulktap.roster.bundles.pairs import PairFile, with_other_half

    used, half = False, PairFile(roster, file.fetch())
    for place, part in enumerate(parts):
        whole = with_other_half(PairFile(part.roster, part.file.fetch()), half, part.columns.fields[Field.USER][0])
        if whole is not None:
            parts[place], used = _Part(part.file, whole, _columns_of(whole, options)), True
    return used


def _union(name: str, parts: Sequence[_Part], *, by_file: bool = True) -> Roster:
    """Return all of them as one, with a column that names the file, and one for the class where none does.

    `by_file` makes what a file is called the class of its people.
    """
    headings: list[str] = []
    known: dict[Hashable, int] = {}
    places = [
        [_LAST if key is None else _place(key, heading, known, headings) for key, heading in _keys(part)]
        for part in parts
    ]
    group = next((at for key, at in known.items() if key == Field.GROUP), None)
    added = {len(headings)}
    if group is None and by_file:
        group = len(headings)
        headings.append(CLASS_HEADING)
        added.add(len(headings))
    headings.append(FILE_HEADING)
    labels = _labels(parts)
    user = known[Field.USER, 0]
    moved = [
        _moved(part, columns, len(headings), group, user, labels) for part, columns in zip(parts, places, strict=True)
    ]
    first = parts[0].roster
    merged = chain.from_iterable(roster.merged for roster in moved)
    return Roster(
        file=name,
        sheet=None,
        headings=tuple(headings),
        rows=tuple(chain.from_iterable(roster.rows for roster in moved)),
        sha256="",
        header_row=first.header_row,
        notes=(_told(parts), *_merged_notes(parts)),
        faults={key: fault for roster in moved for key, fault in roster.faults.items()},
        guessed_encoding=next((part.roster.guessed_encoding for part in parts if part.roster.guessed_encoding), None),
        positions=(*first.positions, *range(len(first.positions), len(headings))),
        merged=frozenset(merged),
        links={cell: address for roster in moved for cell, address in roster.links.items()},
        hidden_columns=frozenset(chain.from_iterable(roster.hidden_columns for roster in moved)),
        added=frozenset(added),
        dropped=tuple(dict.fromkeys(chain.from_iterable(part.roster.dropped for part in parts))),
        left_out=tuple(chain.from_iterable(roster.left_out for roster in moved)),
    )


def _place(key: Hashable, heading: str, known: dict[Hashable, int], headings: list[str]) -> int:
    if key not in known:
        known[key] = len(headings)
        headings.append(heading)
    return known[key]


def _keys(part: _Part) -> Iterator[tuple[Hashable | None, str]]:
    """Yield for each column by what it is the same as one of another file: what it means, or its words.

    None stands for the column that names the sheet.
    """
    roster, fields = part.roster, part.columns.fields
    means: dict[int, Hashable] = {
        column: (field, at)
        for field, columns in fields.items()
        for at, column in enumerate(columns)
        if field is not Field.GROUP
    }
    if (group := _group_of(part)) is not None:
        means[group] = Field.GROUP
    taken = {column for columns in fields.values() for column in columns}
    means |= {column: meaning for meaning, column in name_parts(roster, taken).items() if column not in means}
    seen: Counter[str] = Counter()
    report = added_by_report(roster.headings)
    for column, heading in enumerate(roster.headings):
        words = squeeze(heading)
        seen[words] += 1
        own = heading if heading.casefold() not in report else ""
        key = None if column == roster.sheet_column else means.get(column, (words, seen[words]))
        yield key, own


def _group_of(part: _Part) -> int | None:
    """Return the column of a file that names a class; a department or a grade is another thing."""
    group = part.columns.index(Field.GROUP)
    if group is None or group == part.roster.sheet_column:
        return None
    return group if Meaning.GROUP in meanings_of(part.roster.headings[group]) else None


def _labels(parts: Sequence[_Part]) -> Callable[[_Part, RosterRow], str]:
    """Return what tells the class of a row by its sheet, where a file has several that others have not, or its file."""
    sheets = Counter(sheet for part in parts for sheet in {row.sheet for row in part.roster.rows})

    def label(part: _Part, row: RosterRow) -> str:
        if part.roster.sheet_column is None or row.sheet is None:
            return part.file.stem
        return row.sheet if sheets[row.sheet] == 1 else f"{part.file.stem} {row.sheet}"

    return label


def _moved(
    part: _Part,
    columns: Sequence[int],
    width: int,
    group: int | None,
    user: int,
    label: Callable[[_Part, RosterRow], str],
) -> Roster:
    """Return a file with its columns in these places among so many, and with what its rows are called after."""
    roster, told = part.roster, _group_of(part) is not None

    def moved(row: RosterRow) -> RosterRow:
        cells: list[CellValue] = [None] * width
        for column, cell in zip(columns, row.cells, strict=True):
            cells[column] = cell
        if group is not None and not told and (as_text(cells[user]) or _is_somebody(row)):
            cells[group] = label(part, row)
        cells[-1] = row.file if roster.sheet_column is None else f"{row.file}, {row.sheet}"
        return replace(row, cells=tuple(cells))

    return replace(
        roster,
        rows=tuple(map(moved, roster.rows)),
        left_out=tuple([one._replace(row=moved(one.row)) for one in roster.left_out]),
        merged=frozenset((key, columns[column]) for key, column in roster.merged),
        links={(key, columns[column]): address for (key, column), address in roster.links.items()},
        hidden_columns=frozenset(columns[column] for column in roster.hidden_columns),
    )


def _is_somebody(row: RosterRow) -> bool:
    """Return true if a row without a user says so much that it is a person, whose class is told, too."""
    filled = [text for cell in row.cells if (text := as_text(cell))]
    return len(filled) > 1 and not is_total(filled)


def _told(parts: Sequence[_Part]) -> str:
    names = [_sized(part) for part in parts]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    if len(parts) == 1:
        return f"One file was read: {names[0]}."
    return f"{len(parts)} files were read as one roster: {', '.join(names[:_MOST_NAMED])}{more}."


def _sized(part: _Part) -> str:
    return f"{part.file.name} ({in_number(len(part.roster.rows), 'row', 'rows')})"


def _merged_notes(parts: Sequence[_Part]) -> Iterator[str]:
    """Yield what was noted of the files, what goes for several once."""
    found: dict[str, list[str]] = {}
    for part in parts:
        for note in dict.fromkeys(part.roster.notes):
            found.setdefault(note.replace(part.file.name, "the file"), []).append(part.file.name)
    for note, names in found.items():
        listed = names[0] if len(names) == 1 else f"{len(names)} files, {names[0]} first"
        yield f"{listed}: {note}"
