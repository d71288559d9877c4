"""Another file's columns beside each row: who teaches a class, where a site is, which account a number has.

Many rows of the roster may meet one row of that file, never the other way round. What the other file says of classes or
sites is kept apart from what names the person: its `Name` and `Email` are somebody else's, unless both files are joined
by the person.
"""

from __future__ import annotations

import hashlib
import posixpath
import unicodedata
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plain_text import in_number
from bulktap.model.questions import Choice, Question
from bulktap.model.row_ranges import row_ranges
from bulktap.model.setting_names import Setting
from bulktap.roster.bundles.lost_zeros import lost_zeros, zeros_note
from bulktap.roster.cell_values import as_text
from bulktap.roster.columns.aliases import IDENTITY, Meaning
from bulktap.roster.columns.headings import meanings_of, squeeze, suggested_meaning
from bulktap.roster.files.file_kinds import FileKind, recognise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.model.plan import CellValue, RosterRow
    from bulktap.roster.bundles.several import ReadOne
    from bulktap.roster.model import Roster
    from bulktap.roster.reading_options import ReadingOptions

_PERSONAL = frozenset({*IDENTITY, Meaning.PERSON_NUMBER})
_OF_A_PERSON = frozenset(
    {
        *_PERSONAL, Meaning.DISPLAY_NAME, Meaning.GIVEN_NAME, Meaning.NAME_PREFIX, Meaning.SURNAME, Meaning.STATUS,
        Meaning.INVITED, Meaning.DEVICE, Meaning.DEVICE_ID,
    }
)  # fmt: skip
_MOST_NAMED = 6
_HEADINGS_WITHIN = 20  # rows


class _Added(NamedTuple):
    """A column of the other file, and where its values go."""

    column: int
    heading: str
    into: int | None
    """The column of the roster whose blanks it fills; None if it is a new one."""


def with_joined(roster: Roster, data: bytes, name: str, read_one: ReadOne, options: ReadingOptions) -> Roster:
    """Return a roster with the columns of another file beside its rows.

    Raises:
        RosterError: that file cannot be read, has several rows for one key, or has nothing in common with the roster.
        QuestionOpen: several columns could be the common one, or none is called alike.
    """
    other = _table(data, name, read_one, options)
    ours, theirs = _common(roster, other, options.on)
    keys, rows = _keys(roster.rows, ours), _keys(other.rows, theirs)
    zeros = lost_zeros(keys, rows)
    eaten = sum(key in zeros for key in keys) if zeros else 0
    keys = [zeros.get(key, key) for key in keys]
    met = _matches(keys, rows)
    if all(at is None for at in met):
        hint = f"Name the column that both files have with {Setting.ON.to('COLUMN')}, written in the same way in both."
        told = f"{name}: no row has a {roster.headings[ours]} of {roster.file} under {other.headings[theirs]}."
        raise RosterError(told, hint=hint)
    _refuse_doubled(other, theirs, rows, {keys[row] for row, at in enumerate(met) if at is not None})
    personal = not meanings_of(roster.headings[ours]).isdisjoint(_PERSONAL)
    added = list(_columns(roster, other, theirs, posixpath.basename(name), personal=personal))
    pairs = zip(roster.rows, met, strict=True)
    joined = [_row(row, None if at is None else other.rows[at], added) for row, at in pairs]
    more = [one for one in added if one.into is None]
    width, empty = len(roster.headings), (None,) * len(more)
    listed = ", ".join(one.heading for one in added) or "nothing new"
    key, its = roster.headings[ours], other.headings[theirs]
    note = f"{name} was joined on {key if squeeze(key) == squeeze(its) else f'{key}, its {its}'}: {listed}."
    return replace(
        roster,
        headings=(*roster.headings, *(one.heading for one in more)),
        rows=tuple(joined),
        left_out=tuple([one._replace(row=replace(one.row, cells=(*one.row.cells, *empty))) for one in roster.left_out]),
        positions=(*roster.positions, *range(len(roster.positions), width + len(more))),
        added=roster.added | set(range(width, width + len(more))),
        own_width=None if personal else width,
        dropped=tuple(dict.fromkeys((*roster.dropped, *other.dropped))),
        sha256=hashlib.sha256(roster.sha256.encode() + hashlib.sha256(data).digest()).hexdigest(),
        notes=(
            *roster.notes,
            note,
            *zeros_note(list(zeros.items()), eaten, "row", "rows"),
            *_missing(roster, ours, keys, met, name),
        ),
    )


def _table(data: bytes, name: str, read_one: ReadOne, options: ReadingOptions) -> Roster:
    """Read the other file, which need not name any people."""
    plain = replace(options, sheets=_sheet(data, name, options.on), all_sheets=False, header_row=None)
    try:
        found = read_one(data, name, plain)
    except QuestionOpen:
        raise
    except RosterError:
        found = None
    on = options.on
    if found is None or not found.header_row or (on is not None and not _may_join_on(found, on)):
        return read_one(data, name, replace(plain, header_row=1))
    return found


def _may_join_on(roster: Roster, heading: str) -> bool:
    return squeeze(heading) in map(squeeze, roster.headings) or _meaning_the_same(roster, heading) is not None


def _sheet(data: bytes, name: str, on: str | None) -> tuple[str, ...]:
    """Return the sheet of a workbook that has the common column, or else its first one; nothing for a text."""
    if recognise(data, name) is not FileKind.WORKBOOK:
        return ()
    from bulktap.roster.formats.workbooks import read_workbook

    shown = [sheet for sheet in read_workbook(data, name).sheets if sheet.visible and sheet.rows]
    if not shown or on is None:
        return (shown[0].name,) if shown else ()
    word, meanings = squeeze(on), meanings_of(on)
    texts = {
        sheet.name: [cell for _, cells in sheet.rows[:_HEADINGS_WITHIN] for cell in cells if isinstance(cell, str)]
        for sheet in shown
    }
    same = [name for name, found in texts.items() if any(squeeze(text) == word for text in found)]
    alike = [name for name, found in texts.items() if any(meanings_of(text) & meanings for text in found)]
    return ([*same, *alike, shown[0].name][0],)


def _common(roster: Roster, other: Roster, on: str | None) -> tuple[int, int]:
    """Return the column that both have, in each of them.

    Raises:
        QuestionOpen: somebody has to name it.
    """
    ours, theirs = ({squeeze(text): at for at, text in enumerate(one.headings) if text} for one in (roster, other))
    if on is not None:
        word = squeeze(on)
        found = []
        for one, there in ((roster, ours), (other, theirs)):
            at = there.get(word, _meaning_the_same(one, on))
            if at is None:
                raise _question(f"{one.place} has no column {on!r} to join on.", one, roster, other)
            found.append(at)
        return found[0], found[1]
    both = [word for word in ours if word in theirs]
    if len(both) != 1:
        told = "several columns" if both else "no column"
        raise _question(f"{roster.place} and {other.place} have {told} in common.", other, roster, other)
    return ours[both[0]], theirs[both[0]]


def _meaning_the_same(roster: Roster, heading: str) -> int | None:
    """Return the only column that means the same in other words, such as `Klasse` for `Class`."""
    meanings = meanings_of(heading)
    alike = [at for at, text in enumerate(roster.headings) if text and meanings_of(text) & meanings]
    return alike[0] if len(alike) == 1 else None


def _question(told: str, listed: Roster, roster: Roster, other: Roster) -> QuestionOpen:
    """Return the question which column both have; those of one of the files are listed."""
    theirs = {squeeze(text) for text in other.headings if text}
    choices = tuple(Choice(text, text) for text in roster.headings if text and squeeze(text) in theirs)
    there = f"The columns of {listed.place} are: {', '.join(text for text in listed.headings if text)}."
    example = "" if choices else "Class"
    return QuestionOpen([Question(Setting.ON, "join-column", f"{told} {there}", choices=choices, example=example)])


def _keys(rows: Sequence[RosterRow], column: int) -> list[str]:
    """Return what rows are joined by: the text, whatever its case, width and blanks."""
    return [" ".join(unicodedata.normalize("NFKC", as_text(row.cells[column])).casefold().split()) for row in rows]


def _matches(keys: Sequence[str], theirs: Sequence[str]) -> list[int | None]:
    """Return for each key the first row of the other file that has it."""
    import pandas as pd

    left = pd.DataFrame({"key": pd.Series(keys, dtype=str)})
    right = pd.DataFrame({"key": pd.Series(theirs, dtype=str), "at": pd.Series(range(len(theirs)), dtype="Int64")})
    right = right[right["key"] != ""].drop_duplicates("key")
    found = left.merge(right, on="key", how="left", validate="many_to_one")["at"]
    return [None if pd.isna(at) else int(at) for at in found]


def _refuse_doubled(other: Roster, column: int, keys: Sequence[str], used: set[str]) -> None:
    """Refuse two rows of the other file that say different things of what is in the roster.

    Raises:
        RosterError: there are some.
    """
    first: dict[str, RosterRow] = {}
    for key, row in zip(keys, other.rows, strict=True):
        if key not in used or (before := first.setdefault(key, row)) is row:
            continue
        differing = [at for at in range(len(other.headings)) if row.cells[at] != before.cells[at] and at != column]
        if differing:
            where = row_ranges([before.key, row.key])
            texts = " and ".join(as_text(one.cells[differing[0]]) or "nothing" for one in (before, row))
            what = f"{other.headings[column]} {as_text(row.cells[column])}"
            heading = other.headings[differing[0]]
            told = f"{other.place}: {what} is there twice ({where}) with different {heading}: {texts}."
            raise RosterError(told, hint=f"Leave one row for each {other.headings[column]}, and run again.")


def _columns(roster: Roster, other: Roster, key: int, name: str, *, personal: bool) -> Iterator[_Added]:
    ours = {squeeze(text): at for at, text in enumerate(roster.headings) if text}
    stem = name.rpartition(".")[0] or name
    for column, heading in enumerate(other.headings):
        if column == key or not heading:
            continue
        if not personal and _speaks_of_a_person(heading):
            # Of the teacher or the site: under its own heading it would be the student's.
            yield _Added(column, f"{heading} ({stem})", ours.get(squeeze(f"{heading} ({stem})")))
        else:
            yield _Added(column, heading, ours.get(squeeze(heading)))


def _speaks_of_a_person(heading: str) -> bool:
    return not meanings_of(heading).isdisjoint(_OF_A_PERSON) or suggested_meaning(heading) is not None


def _row(row: RosterRow, other: RosterRow | None, added: Sequence[_Added]) -> RosterRow:
    cells: list[CellValue] = list(row.cells)
    for one in added:
        value = None if other is None else other.cells[one.column]
        if one.into is None:
            cells.append(value)
        elif not as_text(cells[one.into]):
            cells[one.into] = value
    return replace(row, cells=tuple(cells))


def _missing(roster: Roster, column: int, keys: Sequence[str], met: Sequence[int | None], name: str) -> Iterator[str]:
    """Yield how many rows found nothing, and what they have."""
    heading = roster.headings[column]
    blank = sum(not key for key in keys)
    texts = Counter(
        as_text(row.cells[column]) for row, key, at in zip(roster.rows, keys, met, strict=True) if key and at is None
    )
    if texts:
        listed = ", ".join(f"{text} ({count})" for text, count in texts.most_common(_MOST_NAMED))
        more = ", …" if len(texts) > _MOST_NAMED else ""
        count = sum(texts.values())
        yield f"{in_number(count, 'row has', 'rows have')} a {heading} that is not in {name}: {listed}{more}."
    if blank:
        yield f"{in_number(blank, 'row has', 'rows have')} no {heading}, so that nothing of {name} stands beside it."
