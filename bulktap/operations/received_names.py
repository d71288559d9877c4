"""A list of received slips without sign-in names, as a cover or a class list is: whom of a run its rows can mean.

Whoever is missed here loses a pass that they hold, so that a row means everybody whom it may name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.model.errors import BulktapError, QuestionOpen
from bulktap.model.plan import Field
from bulktap.operations.received_marks import unmarked_note
from bulktap.operations.recorded_rows import named_numbers
from bulktap.planning.name_scripts import plain
from bulktap.planning.patterns import folded
from bulktap.planning.selection import as_shown
from bulktap.roster.columns.column_choice import choose_columns
from bulktap.roster.columns.headings import meanings_of
from bulktap.roster.read import read_roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bulktap.model.plan import RosterRow
    from bulktap.operations.recorded_rows import RecordedRun
    from bulktap.operations.run_settings import ReadingSettings
    from bulktap.roster.files.input_bytes import RosterInput
    from bulktap.roster.model import Roster
    from bulktap.roster.reading_options import ReadingOptions

_MOST_CELLS = 3
"""Cells beside each other that may hold a name in parts."""
_ASIDE = re.compile(r"\([^()]*\)|<[^<>]*>")
_BETWEEN_USERS = re.compile(r"[\s()<>,;:|]+")
_APOSTROPHES = re.compile(r"['\u2019\u02bc`\u00b4]")
_COUNT = re.compile(r"\s*\d+[.):]\s+")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class ListedNames:
    """What a list of names comes to."""

    numbers: frozenset[int]
    """The plan numbers of the rows whose pass somebody on it has."""
    unknown: tuple[tuple[RosterRow, str], ...]
    """Rows that name nobody of the run, with their words."""
    rows: int
    """How many rows name somebody."""
    shared: tuple[str, ...]
    """Names that more people of the run have than the list has rows of them."""
    unmarked: str = ""
    """That some rows are not marked as received, and count all the same; a sentence."""


def listed_names(source: RosterInput, reading: ReadingSettings, run: RecordedRun) -> ListedNames | None:
    """Return whom a list means that no column of users has; None if it has one, or names nobody of the run."""
    table = _table_of_names(source, reading)
    if table is None:
        return None
    people = _People(run)
    meant: list[frozenset[int]] = []
    unknown, known = [], []
    # A row that looks like no person's may have a mark in the place of what a roster would have.
    perhaps = [one.row for one in table.left_out]
    for row, is_person in [*((row, True) for row in table.rows), *((row, False) for row in perhaps)]:
        texts = [text for text in (as_shown(cell).strip() for cell in row.cells) if text]
        found = people.meant_by(texts)
        if found:
            meant.append(found)
            known.append(row)
        elif is_person and any(map(_is_text, texts)) and not any(map(meanings_of, texts)):
            unknown.append((row, next(filter(_is_text, texts))))
    if not meant:
        return None
    counted = Counter(meant)
    short = [numbers for numbers, rows in counted.items() if len(numbers) > rows]
    return ListedNames(
        numbers=frozenset().union(*meant),
        unknown=tuple(unknown),
        rows=len(meant) + len(unknown),
        shared=tuple(dict.fromkeys(people.name_of(numbers) for numbers in short)),
        unmarked=unmarked_note(source.path.name, table.headings, known),
    )


def _table_of_names(source: RosterInput, reading: ReadingSettings) -> Roster | None:
    """Return the rows of a file without a column of users; None if it has one, or that is not to be said yet."""
    options = reading.options
    if Field.USER in options.mapped:
        return None
    roster = _read(source, reading, options)
    if roster is not None and _has_users(roster, reading):
        return None
    if options.header_row is None and (roster is None or not any(map(meanings_of, roster.headings))):
        # Nothing says that these are headings: somebody's name may stand in that row, and others' above it.
        roster = _read(source, reading, replace(options, header_row=1))
    return None if roster is None else replace(roster, rows=(*_headings_as_row(roster), *roster.rows))


def _read(source: RosterInput, reading: ReadingSettings, options: ReadingOptions) -> Roster | None:
    """Return a table; None if it cannot be read, or not without a question: then that is said as of any roster."""
    try:
        return read_roster(source, options, replace(reading.password, ask=None))
    except BulktapError:
        return None


def _has_users(roster: Roster, reading: ReadingSettings) -> bool:
    try:
        choose_columns(roster, reading.options.mapped, reading.options.domain)
    except QuestionOpen as stop:
        return not any(question.code == "user-column" for question in stop.questions)
    except BulktapError:
        return False
    return True


def _headings_as_row(roster: Roster) -> Iterator[RosterRow]:
    if roster.rows and not any(map(meanings_of, roster.headings)):
        yield replace(roster.rows[0], number=roster.header_row, cells=roster.headings)


class _People:
    """The people of a run by all that a list may call them."""

    def __init__(self, run: RecordedRun) -> None:
        self._known = named_numbers(run)
        self._names = {row.number: row.display_name or "" for row in run.rows}
        self._groups = {row.number: folded(row.group or "") for row in run.rows}
        self._named: dict[tuple[str, ...], set[int]] = {}
        for number, name in self._names.items():
            if words := _words(name):
                self._named.setdefault(words, set()).add(number)

    def meant_by(self, texts: Sequence[str]) -> frozenset[int]:
        """Return whom a row can mean: by a sign-in name in it, or else by a name, as far as a group decides."""
        bare = [_ASIDE.sub(" ", text) for text in texts]
        apart = (part for text in texts if "@" in text for part in _BETWEEN_USERS.split(text))
        by_user = {self._known[key] for key in map(folded, (*texts, *bare, *apart)) if key in self._known}
        if by_user:
            return frozenset(by_user)
        found = next((hits for words in _name_words(bare) if (hits := self._named.get(words))), set[int]())
        groups = {folded(text) for text in texts}
        return frozenset({number for number in found if self._groups[number] in groups} or found)

    def name_of(self, numbers: Iterable[int]) -> str:
        """Return the name that these people have."""
        return self._names[min(numbers)]


def _name_words(texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield what may be a name in a row, the longest first, and from the left."""
    for cells in range(min(_MOST_CELLS, len(texts)), 0, -1):
        for first in range(len(texts) - cells + 1):
            yield _words(" ".join(texts[first : first + cells]))


def _is_text(text: str) -> bool:
    return any(map(str.isalpha, text))


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared: without case, accents, order, marks, and a number before it."""
    named = text[counted.end() :] if (counted := _COUNT.match(text)) else text
    joined = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", named).casefold())
    return tuple(sorted(_WORDS.findall(" ".join(map(plain, joined.split())))))
