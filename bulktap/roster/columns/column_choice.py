"""Which heading means what: mapping first, then words and values together, then a question.

A wrong guess about a name is cosmetic, about the user it is an incident. So a heading alone never decides who gets
a pass: its values must agree, and where two columns could be meant, the operator is asked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen
from bulktap.model.plan import Field, RosterColumns
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.column_questions import which_column
from bulktap.roster.columns.headings import is_dropped, meanings_of, rank_of_word, squeeze
from bulktap.roster.columns.school_parts import refuse_part_of_school
from bulktap.roster.columns.sheet_union import SHEET_HEADING
from bulktap.roster.columns.user_column import find_user_column

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bulktap.roster.model import Roster

_SINGLE = {
    Field.LIFETIME: (Meaning.LIFETIME,),
    Field.ONE_TIME: (Meaning.ONE_TIME,),
}
_DATED = {Field.START: (Meaning.START, Meaning.PERHAPS_START), Field.END: (Meaning.END, Meaning.PERHAPS_END)}
NO_COLUMN = "-"
"""In place of a heading: no column gives the field."""
_JOINED = dict.fromkeys(("section", "title", "classtitle", "sectionname", "classname"), "class")
"""What people call the column of classes that is joined to the people of a school."""
_GROUP_WORDS = {"class": Meaning.GROUP, "section": Meaning.GROUP, "grade": Meaning.GRADE, "year": Meaning.GRADE}
_GROUPS = (Meaning.GROUP, Meaning.DEPARTMENT, Meaning.GRADE)
IN_WORDS = {
    Field.USER: "the user",
    Field.START: "the start",
    Field.END: "the end",
    Field.LIFETIME: "the lifetime",
    Field.ONE_TIME: "one-time",
    Field.DISPLAY_NAME: "the name",
    Field.GROUP: "the group",
    Field.DEVICE: "the device",
}
_FULL_NAME_OR_PART = frozenset({Meaning.DISPLAY_NAME, Meaning.GIVEN_NAME, Meaning.SURNAME})


def choose_columns(
    roster: Roster, mapping: Mapping[Field, str], domain: str | None
) -> tuple[RosterColumns, tuple[str, ...]]:
    """Return what each column means, and what is worth knowing of the choice, one sentence each.

    Raises:
        RosterError: no column holds users, or several could; the message names the setting that settles it.
    """
    headings = unique_headings(roster)
    notes: tuple[str, ...] = ()
    own = roster if roster.own_width is None else _own_part(roster, roster.own_width)
    chosen: dict[Field, tuple[int, ...]] = {
        field: (_mapped(roster, headings, field, wanted),)
        for field, wanted in mapping.items()
        if wanted != NO_COLUMN or field is Field.USER
    }
    if Field.USER not in chosen:
        refuse_part_of_school(roster)
        user, notes = find_user_column(own, headings, domain)
        chosen[Field.USER] = (user,)
    taken = {columns[0] for columns in chosen.values()}
    found = [frozenset() if column in taken else meanings for column, meanings in enumerate(_meanings(roster))]
    for field, dated in _DATED.items():
        if field not in mapping and (hits := _first_hits(dated, found)):
            chosen[field] = hits
    for field, meanings in _SINGLE.items():
        if field not in mapping and (single := _single(roster, field, meanings, found, headings)) is not None:
            chosen[field] = (single,)
    if Field.DISPLAY_NAME not in mapping and (name := _display_name(roster, found)) is not None:
        chosen[Field.DISPLAY_NAME] = (name,)
    if Field.GROUP not in mapping and (group := _group(roster, found)) is not None:
        chosen[Field.GROUP] = (group,)
    if Field.DEVICE not in mapping and (devices := [i for i, meaning in enumerate(found) if Meaning.DEVICE in meaning]):
        chosen[Field.DEVICE] = tuple(devices)
    return RosterColumns(headings, chosen), (*notes, *_repeated(roster, headings, chosen[Field.USER][0]))


def _own_part(roster: Roster, width: int) -> Roster:
    """Return a roster without the columns that were joined behind its own."""
    rows = tuple([replace(row, cells=row.cells[:width]) for row in roster.rows])
    return replace(roster, headings=roster.headings[:width], rows=rows)


def understood(columns: RosterColumns) -> str:
    """Return the sentence that says which column was taken for what."""
    parts = [
        f"{IN_WORDS[field]} from {' and '.join(columns.headings[column] for column in columns.fields[field])}"
        for field in Field
        if field in columns.fields
    ]
    return f"Columns: {', '.join(parts)}."


def _meanings(roster: Roster) -> list[frozenset[Meaning]]:
    """Return what each heading can stand for; where devices have ids, `displayName` is the device's own name."""
    found = [meanings_of(heading) for heading in roster.headings]
    if not any(Meaning.DEVICE_ID in meanings for meanings in found):
        return found
    device = frozenset({Meaning.DEVICE})
    return [
        device if squeeze(heading) == "displayname" else meanings
        for heading, meanings in zip(roster.headings, found, strict=True)
    ]


def unique_headings(roster: Roster) -> tuple[str, ...]:
    """Return headings that differ from each other: a repeated one is counted, an empty one named by its letter."""
    named = [heading or f"Column {roster.letter(column)}" for column, heading in enumerate(roster.headings)]
    taken = {heading.casefold() for heading in named}
    seen: set[str] = set()
    counts: dict[str, int] = {}  # searched on from there: a heading may stand over all of 16,384 columns
    unique: list[str] = []
    for heading in named:
        candidate, count = heading, counts.get(heading.casefold(), 1)
        while candidate.casefold() in seen or (count > 1 and candidate.casefold() in taken):
            count += 1
            candidate = f"{heading} ({count})"
        counts[heading.casefold()] = count
        seen.add(candidate.casefold())
        unique.append(candidate)
    return tuple(unique)


def name_parts(roster: Roster, taken: Collection[int] = ()) -> Mapping[Meaning, int]:
    """Return which columns hold the parts of a full name, in the order in which it is spoken.

    Args:
        roster: the roster.
        taken: columns that mean something else.
    """
    found = [frozenset() if column in taken else meanings_of(text) for column, text in enumerate(roster.headings)]
    parts: dict[Meaning, int] = {}
    for part in (Meaning.GIVEN_NAME, Meaning.NAME_PREFIX, Meaning.SURNAME):
        sure = [column for column, meanings in enumerate(found) if meanings == {part}]
        perhaps = [column for column, meanings in enumerate(found) if part in meanings and column not in parts.values()]
        if sure or perhaps:
            parts[part] = (sure or perhaps)[0]
    return parts


def _group_meant(roster: Roster, wanted: str) -> list[int]:
    """Return the column by which a word such as `class` or `grade` groups, however it is headed."""
    key = squeeze(wanted)
    joined = [column for column, text in enumerate(roster.headings) if squeeze(text) == _JOINED.get(key, key)]
    meaning = _GROUP_WORDS.get(key)
    return joined or [i for i, text in enumerate(roster.headings) if meaning in meanings_of(text)][:1]


def _mapped(roster: Roster, headings: Sequence[str], field: Field, wanted: str) -> int:
    if is_dropped(wanted):
        told = f"{Setting.COLUMN} {field.value}={wanted}: that column is never read."
        raise QuestionOpen([which_column(roster, headings, field, told, range(len(headings)))])
    exact = [column for column, heading in enumerate(headings) if heading == wanted]
    alike = [column for column, heading in enumerate(roster.headings) if squeeze(heading) == squeeze(wanted)]
    lettered = [column for column in range(len(headings)) if roster.letter(column) == wanted]
    hits = exact or alike or lettered
    if not hits and field is Field.GROUP:
        hits = _group_meant(roster, wanted)
    if not hits:
        told = f"{roster.place} has no column {wanted!r}; its columns are: {', '.join(headings)}."
        raise QuestionOpen([which_column(roster, headings, field, told, range(len(headings)))])
    if len(hits) > 1:
        listed = " and ".join(roster.letter(column) for column in hits)
        told = f"{roster.place}: {wanted!r} occurs in columns {listed}."
        letters = [roster.letter(column) for column in range(len(headings))]
        raise QuestionOpen([which_column(roster, letters, field, told, hits)])
    return hits[0]


def _repeated(roster: Roster, headings: Sequence[str], user: int) -> tuple[str, ...]:
    """Return a note for each heading that several columns have."""
    places: dict[str, list[int]] = {}
    for column, heading in enumerate(roster.headings):
        if heading:
            places.setdefault(squeeze(heading), []).append(column)
    notes = []
    for columns in places.values():
        if len(columns) > 1:
            letters = " and ".join(roster.letter(column) for column in columns)
            used = f"; {roster.letter(user)} names the user" if user in columns else ""
            notes.append(f"The heading {headings[columns[0]]} occurs in columns {letters}{used}.")
    return tuple(notes)


def _first_hits(meanings: Sequence[Meaning], found: Sequence[frozenset[Meaning]]) -> tuple[int, ...]:
    """Return the columns of the first meaning that any column has; which of them count, their values decide."""
    hits = (tuple([column for column, has in enumerate(found) if meaning in has]) for meaning in meanings)
    return next((columns for columns in hits if columns), ())


def _single(
    roster: Roster,
    field: Field,
    meanings: Sequence[Meaning],
    found: Sequence[frozenset[Meaning]],
    headings: Sequence[str],
) -> int | None:
    for meaning in meanings:
        hits = [column for column, has in enumerate(found) if meaning in has]
        if len(hits) > 1:
            named = " and ".join(headings[column] for column in hits)
            told = f"{roster.place}: two columns could give the {field.value}: {named}."
            raise QuestionOpen([which_column(roster, headings, field, told, hits)])
        if hits:
            return hits[0]
    return None


def _display_name(roster: Roster, found: Sequence[frozenset[Meaning]]) -> int | None:
    """Return the column of full names; a word such as `Nom` is one only where no other part of a name stands."""
    sure = [column for column, meanings in enumerate(found) if meanings == {Meaning.DISPLAY_NAME}]
    if sure:
        ranks = rank_of_word(Meaning.DISPLAY_NAME)
        return min(sure, key=lambda column: ranks.get(squeeze(roster.headings[column]), len(ranks)))
    doubtful = [column for column, meanings in enumerate(found) if Meaning.DISPLAY_NAME in meanings]
    others = [meanings for meanings in found if meanings & _FULL_NAME_OR_PART]
    return doubtful[0] if doubtful and len(others) == 1 else None


def _group(roster: Roster, found: Sequence[frozenset[Meaning]]) -> int | None:
    for meaning in _GROUPS:
        ranks = rank_of_word(meaning)
        hits = [column for column, has in enumerate(found) if meaning in has]
        if hits:
            return min(hits, key=lambda column: ranks.get(squeeze(roster.headings[column]), len(ranks)))
    if roster.sheet_column is not None:
        return roster.sheet_column
    # The report of rows that need mending keeps that column; only so do its rows keep their group.
    return next((column for column, heading in enumerate(roster.headings) if heading == SHEET_HEADING), None)
