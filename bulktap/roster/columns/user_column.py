"""The one column that says who gets the passes.

Headings propose, values decide. A column is accepted when four in five of its cells look like user principal names
or object ids; failing that, when it is the only one proposed and its cells are at least attempts at them, so that
a roster of nothing but mistakes (an error report that is fed back) is answered row by row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.errors import QuestionOpen
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Field
from bulktap.roster.columns.aliases import IDENTITY, Meaning
from bulktap.roster.columns.column_questions import which_column
from bulktap.roster.columns.column_votes import ENOUGH, domain_beside, filled_texts, votes_for
from bulktap.roster.columns.headings import meanings_of, speaks_of_others, speaks_of_the_past, suggested_meaning
from bulktap.roster.columns.names_in_cells import name_columns, resemble_names
from bulktap.roster.columns.user_questions import UNDECIDED, ask_for_domain, nobody_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.roster.columns.column_votes import ColumnVotes
    from bulktap.roster.model import Roster

_STRONG = frozenset({Meaning.UPN, Meaning.MEMBER, Meaning.DEVICE_USER})
_NOT_THEIRS = frozenset({*IDENTITY, Meaning.NEVER_IDENTITY, Meaning.INVITED})
_LOOKED_AT = 200
"""Rows, spread over all of them, in which a column of addresses shows one."""
_NAMES = frozenset({Meaning.DISPLAY_NAME, Meaning.GIVEN_NAME, Meaning.SURNAME})


class _Found(NamedTuple):
    """The column of users, and how it was found."""

    column: int
    others: Sequence[ColumnVotes]
    """What spoke for the other candidates, and for this one."""
    by_values: bool = False
    """True if its values alone decided."""


def find_user_column(roster: Roster, headings: Sequence[str], domain: str | None) -> tuple[int, tuple[str, ...]]:
    """Return the column of users, and what is worth knowing about the choice.

    Raises:
        RosterError: there is none, or there are several.
    """
    found = _find(roster, headings, domain)
    column = found.column
    notes = _choice_notes(roster, headings, found)
    if found.by_values:
        named = (
            f"Column {headings[column]}" if roster.headings[column] else f"{headings[column]}, which has no heading,"
        )
        notes.append(f"{named} was taken for the user because of its values.")
    if column in roster.hidden_columns:
        notes.append(f"Column {headings[column]}, which names the user, is hidden in the sheet.")
    return column, tuple(notes)


def _choice_notes(roster: Roster, headings: Sequence[str], found: _Found) -> list[str]:
    notes, column = [], found.column
    for other in {votes.column: votes for votes in found.others if votes.column != column}.values():
        if other.pupil_numbers >= 0.5:
            what = "Unique Pupil Numbers of English schools"
            notes.append(f"Column {headings[other.column]} holds {what}; {headings[column]} names the user.")
        elif other.one_value:
            what = f"one and the same id ({other.one_value}) in every row"
            notes.append(f"Column {headings[other.column]} holds {what}; {headings[column]} names the user.")
        elif other.private:
            what = f"addresses of private mail ({other.private}), which are no sign-in names"
            notes.append(f"Column {headings[other.column]} holds {what}; {headings[column]} names the user.")
        elif other.addresses >= ENOUGH and (differing := _differing(roster, column, other.column)):
            first, second = headings[column], headings[other.column]
            notes.append(
                f"In {in_number(differing, 'row', 'rows')} {second} differs from {first}; {first} names the user."
            )
    return notes


def _differing(roster: Roster, first: int, second: int) -> int:
    """Return in how many rows two columns hold different values."""
    pairs = ((row.cells[first], row.cells[second]) for row in roster.rows)
    return sum(
        one is not None and two is not None and str(one).strip().casefold() != str(two).strip().casefold()
        for one, two in pairs
    )


def _find(roster: Roster, headings: Sequence[str], domain: str | None) -> _Found:
    device_list = any(Meaning.DEVICE_ID in meanings_of(heading) for heading in roster.headings)
    domain = domain or domain_beside(roster)
    every = [votes_for(roster, column, meaning, domain) for column, meaning in _proposals(roster, device_list)]
    every += _suggested(roster, domain)
    proposed = [votes for votes in every if not votes.private and not votes.one_value]
    for meaning in IDENTITY:
        passing = [votes for votes in proposed if votes.meaning is meaning and votes.users >= ENOUGH and votes.filled]
        if passing:
            _refuse_overruled(roster, proposed, passing[0], headings)
            column = _only_one(roster, passing, headings)
            unknown = _unknown(roster, every)
            _ask_about_another(roster, passing[0], proposed, unknown, headings)
            return _Found(column, [*every, *unknown])
    trying = [votes for votes in proposed if votes.filled and _tries(votes)]
    if trying:
        best = min(IDENTITY.index(votes.meaning) for votes in trying if votes.meaning is not None)
        best_tries = [votes for votes in trying if votes.meaning is IDENTITY[best]]
        return _Found(_only_one(roster, best_tries, headings), every)
    numbered = _numbered(proposed)
    if numbered and domain:
        return _Found(_only_one(roster, numbered, headings), every)
    ask_for_domain(roster, [*proposed, *numbered], headings)
    shaped = [votes for votes in _shaped(roster) if not votes.private and not votes.one_value]
    if shaped:
        unsure = all(not meanings_of(roster.headings[votes.column]) for votes in shaped)
        others = _of_others(roster) if unsure else []
        column = _only_one(roster, [*shaped, *others], headings)
        _ask_whose(roster, column, headings)
        return _Found(column, every, by_values=True)
    if proposed and not any(votes.filled for votes in proposed):
        best_empty = min(proposed, key=lambda votes: IDENTITY.index(votes.meaning) if votes.meaning else 99)
        return _Found(best_empty.column, every)
    raise nobody_named(roster, headings, every, device_list)


def _numbered(proposed: Sequence[ColumnVotes]) -> list[ColumnVotes]:
    """Return the columns of user names that are numbers, which a domain makes sign-in names, where nothing else is.

    They count as names without a domain then: many schools take the numbers of their pupils.
    """
    return [
        replace(votes, bare=votes.bare + votes.numbers)
        for votes in proposed
        if votes.meaning in {Meaning.UPN, Meaning.LOGIN}
        and votes.filled
        and votes.numbers
        and votes.bare + votes.numbers >= ENOUGH
        and votes.pupil_numbers < 0.5
    ]


def _suggested(roster: Roster, domain: str | None) -> list[ColumnVotes]:
    """Return what speaks for the columns whose headings contain a word of sign-in names: `Participant ID (UPN)`.

    A word alone may mislead, as in `Last login`; so the values have to be users, or attempts at them.
    """
    found = []
    for column, heading in enumerate(roster.headings):
        meaning = suggested_meaning(heading)
        if meaning is not None:
            votes = votes_for(roster, column, meaning, domain)
            if votes.filled and (votes.addresses >= ENOUGH or (votes.attempts >= 0.5 and votes.users < 0.5)):
                found.append(votes)
    return found


def _unknown(roster: Roster, known: Sequence[ColumnVotes]) -> list[ColumnVotes]:
    """Return the columns of addresses beside the known ones of which their heading tells nothing."""
    taken = {votes.column for votes in known}
    spread = roster.rows[:: len(roster.rows) // _LOOKED_AT + 1]
    voting = (
        votes_for(roster, column, None, None)
        for column, heading in enumerate(roster.headings)
        if column not in taken
        and any("@" in str(row.cells[column]) for row in spread)
        and meanings_of(heading).isdisjoint(_NOT_THEIRS)
        and not speaks_of_others(heading)
    )
    return [votes for votes in voting if votes.addresses >= ENOUGH and not votes.private]


def _ask_about_another(
    roster: Roster,
    winner: ColumnVotes,
    proposed: Sequence[ColumnVotes],
    unknown: Sequence[ColumnVotes],
    headings: Sequence[str],
) -> None:
    """Ask where mail, or a name of the past, stands beside other addresses that differ.

    Mail need not be what somebody signs in with; a sign-in name under a heading that says so is.
    """
    _ask_about_local(roster, winner, [*proposed, *unknown], headings)
    old = speaks_of_the_past(roster.headings[winner.column])
    others = list(unknown) if old or winner.meaning is Meaning.MAIL else []
    if old:
        others += [votes for votes in proposed if votes.users >= ENOUGH and votes.column != winner.column]
    differing = {votes.column: votes for votes in others if _differing(roster, winner.column, votes.column)}
    if differing:
        _only_one(roster, [winner, *differing.values()], headings)
    elif old:
        told = f"{roster.place}: column {headings[winner.column]}, by its heading, holds names that are no longer used."
        raise QuestionOpen([which_column(roster, headings, Field.USER, told, [winner.column])])


def _ask_about_local(
    roster: Roster, winner: ColumnVotes, others: Sequence[ColumnVotes], headings: Sequence[str]
) -> None:
    """Ask where names of the local directory, which nobody has at Microsoft Entra, stand beside other addresses."""
    better = [votes.column for votes in others if votes.addresses >= ENOUGH and votes.local < 0.5]
    if winner.local < ENOUGH or not better:
        return
    name, domain = headings[winner.column], filled_texts(roster, winner.column)[0].strip().rpartition("@")[2]
    told = (
        f"{roster.place}: column {name} holds names under {domain}, which cannot be a domain of Microsoft Entra; "
        f"{headings[better[0]]} holds other addresses."
    )
    columns = dict.fromkeys([*better, winner.column])
    raise QuestionOpen([which_column(roster, headings, Field.USER, told, columns)])


def _ask_whose(roster: Roster, column: int, headings: Sequence[str]) -> None:
    """Ask about a column of addresses that its values alone made the user's, where others name the people.

    It may be the address of a parent, a partner or a manager: no list of such headings is complete. Where headings are
    in a language that no dictionary has, names are known by their cells, and addresses of the same people by the names.
    """
    heading = roster.headings[column]
    names = [
        headings[other]
        for other, text in enumerate(roster.headings)
        if other != column and meanings_of(text) and meanings_of(text) <= _NAMES
    ]
    if not names:
        found = name_columns(roster, column)
        names = [] if resemble_names(roster, column, found) else [headings[other] for other in found]
    if not any(map(str.isalnum, heading)) or not names or meanings_of(heading):  # `????` was a heading once
        return
    shown = ", ".join(filled_texts(roster, column)[:2])
    told = (
        f"{roster.place}: whose addresses stand in column {headings[column]} ({shown}) is not certain; they may be "
        f"somebody else's than those of the people in column {names[0]}."
    )
    raise QuestionOpen([which_column(roster, headings, Field.USER, told, [column])])


def device_user_column(roster: Roster, column: int) -> bool:
    """Return true if the column names the users of devices, so that an empty cell is a shared device."""
    return Meaning.DEVICE_USER in meanings_of(roster.headings[column])


def _proposals(roster: Roster, device_list: bool) -> Iterable[tuple[int, Meaning]]:
    for column, heading in enumerate(roster.headings):
        meanings = meanings_of(heading)
        for meaning in IDENTITY:
            # In a list of devices an object id is the device's.
            if meaning in meanings and not (device_list and meaning is Meaning.OBJECT_ID and len(meanings) == 1):
                yield column, meaning


def _shaped(roster: Roster) -> list[ColumnVotes]:
    """Return what speaks for the columns that look like users by their values alone.

    Under a heading object ids do not count, for they may be those of groups, and without one only where no column has
    addresses; nor do addresses of other people.
    """
    found = []
    for column, heading in enumerate(roster.headings):
        if meanings_of(heading) <= UNDECIDED and not speaks_of_others(heading):
            votes = votes_for(roster, column, None, None)
            if votes.filled and (votes.addresses if heading else votes.users) >= ENOUGH:
                found.append(votes)
    return [votes for votes in found if votes.addresses] or found


def _of_others(roster: Roster) -> list[ColumnVotes]:
    """Return the columns of addresses that a word in their heading, and nothing else, gives to other people.

    Such a word may mislead, as in `Owner`; so a column of which nothing is known is not simply taken beside them.
    """
    voting = [
        votes_for(roster, column, None, None)
        for column, heading in enumerate(roster.headings)
        if speaks_of_others(heading) and meanings_of(heading) <= UNDECIDED
    ]
    return [votes for votes in voting if votes.addresses >= ENOUGH]


def _tries(votes: ColumnVotes) -> bool:
    if votes.pupil_numbers >= 0.5 or votes.bare >= ENOUGH:
        return False
    return votes.attempts >= 0.5 or (votes.meaning in _STRONG and votes.attempts > 0)


def _refuse_overruled(
    roster: Roster, proposed: Sequence[ColumnVotes], passing: ColumnVotes, headings: Sequence[str]
) -> None:
    """Ask when a more trusted heading has some users in it, but too few."""
    for votes in proposed:
        overruled = votes.meaning is not None and passing.meaning is not None and votes.column != passing.column
        if overruled and votes.meaning in _STRONG and passing.meaning not in _STRONG and 0.2 <= votes.users < ENOUGH:
            first, second = headings[votes.column], headings[passing.column]
            message = (
                f"{roster.place}: column {first} names the user in only some of its rows, column {second} in most."
            )
            columns = votes.column, passing.column
            raise QuestionOpen([which_column(roster, headings, Field.USER, message, columns)])


def _only_one(roster: Roster, candidates: Sequence[ColumnVotes], headings: Sequence[str]) -> int:
    first = candidates[0].column
    for other in candidates[1:]:
        if any(str(row.cells[first]).casefold() != str(row.cells[other.column]).casefold() for row in roster.rows):
            columns = [votes.column for votes in candidates]
            listed = "; ".join(
                f"{headings[column]} ({', '.join(filled_texts(roster, column)[:2])})" for column in columns
            )
            told = f"{roster.place}: several columns could name the user: {listed}."
            raise QuestionOpen([which_column(roster, headings, Field.USER, told, columns)])
    return first
