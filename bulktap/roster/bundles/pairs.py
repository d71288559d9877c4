"""Two files of the same people: one has the accounts, the other class and grade, and only names tell who is who.

SchILD-NRW writes such pairs. People are matched by a number that both files have, or else by name and, where both have
it, date of birth, which is looked up in the files for this alone and is kept nowhere. Of two people who are alike in
all of that neither is matched: each gets the fault.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.plain_text import in_number
from bulktap.model.row_error_catalogue import about_cells
from bulktap.roster.bundles.lost_zeros import lost_zeros, zeros_note
from bulktap.roster.cell_values import as_text
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.column_choice import name_parts
from bulktap.roster.columns.headings import meanings_of, squeeze
from bulktap.roster.files.file_kinds import FileKind, recognise
from bulktap.roster.files.text_encoding import decode
from bulktap.roster.formats.delimited import prepare, read_rows
from bulktap.roster.rows.dates import split_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bulktap.model.plan import RosterRow
    from bulktap.model.row_errors import RowError
    from bulktap.roster.model import GridRow, Roster, RowKey

_BORN = frozenset(
    {
        "dob", "birthdate", "dateofbirth", "birthday", "geburtsdatum", "geburtstag", "gebdatum", "datedenaissance",
        "fechadenacimiento", "geboortedatum", "datadinascita", "datanascita", "datadenascimento", "生年月日",
    }
)  # fmt: skip
_ENOUGH = 0.5
"""Share of the people who have to be in the other file as well."""
_MOST_NAMED = 4
_Key = tuple[str, ...]


class PairFile(NamedTuple):
    """One of the two, read, and its bytes."""

    roster: Roster
    data: bytes


class _Way(NamedTuple):
    """By what people are matched."""

    told: str
    same: str
    """What two people share who cannot be told apart."""
    ours: Mapping[RowKey, _Key]
    theirs: Mapping[RowKey, _Key]
    notes: tuple[str, ...] = ()


def with_other_half(people: PairFile, other: PairFile, user: int) -> Roster | None:
    """Return the accounts with what the other file says of each; None where it is about other people.

    Args:
        people: the file with the accounts.
        other: the file without.
        user: the column of users.
    """
    ways = (way for way in _ways(people, other) if _share(way) >= _ENOUGH)
    way = next(ways, None)
    if way is None:
        return None
    roster = people.roster
    columns = _new_columns(roster, other.roster)
    found: dict[_Key, list[RosterRow]] = defaultdict(list)
    for row in other.roster.rows:
        if key := way.theirs.get(row.key):
            found[key].append(row)
    alike = _alike(roster, way, user) | {key for key, rows in found.items() if _differ(rows, columns)}
    ours = set(way.ours.values())
    faults: dict[RowKey, RowError] = {
        row.key: about_cells.alike_in_two_files(way.same, other.roster.file)
        for row in roster.rows
        if way.ours.get(row.key) in alike
    }
    rows = []
    for row in roster.rows:
        key = way.ours.get(row.key)
        match = found[key][0] if key is not None and key not in alike and key in found else None
        cells = [None if match is None else match.cells[column] for column in columns]
        rows.append(replace(row, cells=(*row.cells, *cells)))
    empty, width = (None,) * len(columns), len(roster.headings)
    listed = ", ".join(other.roster.headings[column] for column in columns) or "nothing new"
    notes = [f"{other.roster.file} was joined to {roster.file} by {way.told}: {listed}.", *way.notes]
    notes += _without_account([row for key, rows in found.items() if key not in ours for row in rows], other, roster)
    return replace(
        roster,
        headings=(*roster.headings, *(other.roster.headings[column] for column in columns)),
        rows=tuple(rows),
        left_out=tuple([one._replace(row=replace(one.row, cells=(*one.row.cells, *empty))) for one in roster.left_out]),
        faults={**roster.faults, **faults},
        positions=(*roster.positions, *range(len(roster.positions), width + len(columns))),
        added=roster.added | set(range(width, width + len(columns))),
        notes=(*roster.notes, *notes),
    )


def _ways(people: PairFile, other: PairFile) -> Iterator[_Way]:
    """Yield by what the people of the two files can be matched, the best first."""
    ours, theirs = (
        {squeeze(text): at for at, text in enumerate(one.roster.headings) if text} for one in (people, other)
    )
    for word, column in ours.items():
        if word in theirs and Meaning.PERSON_NUMBER in meanings_of(people.roster.headings[column]):
            heading = people.roster.headings[column]
            keys, others = _cell_keys(people.roster, column), _cell_keys(other.roster, theirs[word])
            zeros = lost_zeros(keys.values(), others.values())
            eaten = zeros_note(list(zeros.items()), sum(key in zeros for key in keys.values()), "row", "rows")
            by_number = (
                {row: (zeros.get(key, key),) for row, key in keys.items()},
                {row: (key,) for row, key in others.items()},
            )
            yield _Way(heading, f"the same {heading}", *by_number, tuple(eaten))
    names, other_names = _names(people.roster), _names(other.roster)
    if names and other_names:
        days, other_days = _birth_days(people), _birth_days(other)
        if days and other_days:
            dated = _with_days(names, days), _with_days(other_names, other_days)
            yield _Way("name and date of birth", "name and date of birth", *dated)
        else:
            yield _Way("name", "the same name", names, other_names)


def _share(way: _Way) -> float:
    theirs = set(way.theirs.values())
    return sum(key in theirs for key in way.ours.values()) / max(len(way.ours), 1)


def _cell_keys(roster: Roster, column: int) -> dict[RowKey, str]:
    return {row.key: text.casefold() for row in roster.rows if (text := as_text(row.cells[column]))}


def _names(roster: Roster) -> dict[RowKey, _Key]:
    """Return the name of each row, in its parts."""
    parts = name_parts(roster)
    given, family = parts.get(Meaning.GIVEN_NAME), parts.get(Meaning.SURNAME)
    if given is None or family is None or given == family:
        return {}
    found = {row.key: (_folded(row, family), _folded(row, given)) for row in roster.rows}
    return {key: name for key, name in found.items() if all(name)}


def _folded(row: RosterRow, column: int) -> str:
    return " ".join(as_text(row.cells[column]).casefold().split())


def _with_days(names: Mapping[RowKey, _Key], days: Mapping[RowKey, str]) -> dict[RowKey, _Key]:
    return {key: (*name, days.get(key, "")) for key, name in names.items()}


def _birth_days(file: PairFile) -> dict[RowKey, str]:
    """Return the date of birth of each row, which no roster holds."""
    roster = file.roster
    grid = dict(_grid(file))
    headings = [squeeze(as_text(cell)) for cell in grid.get(roster.header_row, ())]
    column = next((at for at, heading in enumerate(headings) if heading in _BORN), None)
    if column is None:
        return {}
    found = {}
    for row in roster.rows:
        cells = grid.get(row.number, ())
        if column < len(cells) and cells[column] is not None:
            found[row.key] = _day(as_text(cells[column]))
    return found


def _grid(file: PairFile) -> Sequence[GridRow]:
    name = file.roster.file
    match recognise(file.data, name):
        case FileKind.TEXT:
            return read_rows(prepare(decode(file.data, name, None).text), name)
        case FileKind.WORKBOOK:
            from bulktap.roster.formats.workbooks import read_workbook

            sheets = read_workbook(file.data, name).sheets
            return next((sheet.rows for sheet in sheets if sheet.name == file.roster.sheet), [])
        case _:
            return []


def _day(text: str) -> str:
    try:
        return split_date(text, None)[0].isoformat()
    except ValueError:
        return text


def _new_columns(roster: Roster, other: Roster) -> list[int]:
    there = {squeeze(heading) for heading in roster.headings}
    return [at for at, heading in enumerate(other.headings) if heading and squeeze(heading) not in there]


def _alike(roster: Roster, way: _Way, user: int) -> set[_Key]:
    """Return the keys of people who cannot be told apart, though they have accounts of their own."""
    users: dict[_Key, set[str]] = defaultdict(set)
    for row in roster.rows:
        if key := way.ours.get(row.key):
            users[key].add(_folded(row, user))
    return {key for key, names in users.items() if len(names) > 1}


def _differ(rows: Sequence[RosterRow], columns: Sequence[int]) -> bool:
    return len({tuple(as_text(row.cells[column]) for column in columns) for row in rows}) > 1


def _without_account(rows: Sequence[RosterRow], other: PairFile, roster: Roster) -> Iterator[str]:
    if rows:
        who, have = in_number(len(rows), "person", "people"), "has" if len(rows) == 1 else "have"
        listed = ", ".join(f"row {row.number}" for row in rows[:_MOST_NAMED])
        more = ", …" if len(rows) > _MOST_NAMED else ""
        yield f"{who} of {other.roster.file} {have} no account in {roster.file}: {listed}{more}."
