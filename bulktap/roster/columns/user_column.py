"""The one column that says who gets the passes.

Headings propose, values decide. A column is accepted when four in five of its cells look like user principal names
or object ids; failing that, when it is the only one proposed and its cells are at least attempts at them, so that
a roster of nothing but mistakes (an error report that is fed back) is answered row by row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plan import Field
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.cell_values import excel_error, is_object_id, is_placeholder
from bulktap.roster.columns.aliases import IDENTITY, Meaning
from bulktap.roster.columns.column_questions import which_column
from bulktap.roster.columns.headings import meanings_of, speaks_of_others
from bulktap.roster.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.model.plan import CellValue, RosterRow
    from bulktap.roster.model import Roster

_ENOUGH = 0.8
_SOME = 0.2
"""Share of addresses from which a column is proposed in a question."""
_UNDECIDED = frozenset({Meaning.DISPLAY_NAME})
"""What a heading may mean and its column name the user all the same: `Student` above addresses."""
_STRONG = frozenset({Meaning.UPN, Meaning.MEMBER, Meaning.DEVICE_USER})
_ADDRESS = re.compile(r"[\s<]*(?:mailto:|smtp:)?[^@\s]+@[^@\s]+\.[^@\s]+\s*\Z", re.IGNORECASE)
_FULL_WIDTH_AT = "＠"
_BARE = re.compile(r"\s*[A-Za-z][\w.\-']*\s*\Z")
_PUPIL_NUMBER = re.compile(r"\s*(?:[A-HJ-NP-RT-Z](?:\d{12}|\d{11}[A-Z])|UN[1-5])\s*\Z")
_MOST_DOMAINS = 3
_LONGEST = 250  # characters of a cell that are looked at; a user has at most 113


@dataclass(frozen=True, slots=True)
class ColumnVotes:
    """How the filled cells of a column look, as shares."""

    column: int
    meaning: Meaning | None
    filled: int
    addresses: float
    """Cells that look like an address."""
    users: float
    """User principal names and object ids."""
    bare: float
    """Names without a domain."""
    attempts: float
    """Cells that hold an @, or most of a GUID."""
    pupil_numbers: float
    """Unique Pupil Numbers of English schools, which are called UPN too."""


def _votes_for(roster: Roster, column: int, meaning: Meaning | None, domain: str | None) -> ColumnVotes:
    """Return how the cells of a column look under the meaning that its heading proposes.

    With a domain, names that have none are users too.
    """
    texts = _filled_texts(roster, column)
    total = max(len(texts), 1)
    guids = sum(is_object_id(text) for text in texts)
    addresses = sum(map(_is_address, texts))
    pupils = sum(_PUPIL_NUMBER.match(text) is not None for text in texts)
    bare = 0
    if addresses + guids < total:
        bare = sum(_BARE.match(text) is not None and not _PUPIL_NUMBER.match(text) for text in texts)
    only_guids = meaning is Meaning.OBJECT_ID
    users = guids if only_guids else guids + addresses + (bare if domain else 0)
    attempts = sum("@" in text or _FULL_WIDTH_AT in text or text.count("-") >= 4 for text in texts)
    return ColumnVotes(
        column, meaning, len(texts), addresses / total, users / total, bare / total, attempts / total, pupils / total
    )


def _filled_texts(roster: Roster, column: int) -> list[str]:
    """Return the texts of a column that have a say in what it is, shortened."""
    cells: Iterable[CellValue] = [row.cells[column] for row in roster.rows]
    if roster.links:
        cells = [linked_text(roster, row, column) or row.cells[column] for row in roster.rows]
    return [str(cell)[:_LONGEST] for cell in cells if not _names_nobody(cell)]


def _names_nobody(cell: CellValue) -> bool:
    """Return true if a cell has no say in what its column is: an empty one, an error of Excel, a word such as `n/a`."""
    return cell is None or is_placeholder(str(cell)) or excel_error(cell) is not None


def linked_text(roster: Roster, row: RosterRow, column: int) -> str | None:
    """Return the address that a cell's link goes to, where the text itself is no address; None otherwise."""
    address = roster.links.get((row.key, column))
    text = str(row.cells[column] or "")
    return address if address is not None and text.strip() and "@" not in text and not is_object_id(text) else None


def find_user_column(roster: Roster, headings: Sequence[str], domain: str | None) -> tuple[int, tuple[str, ...]]:
    """Return the column of users, and what is worth knowing about the choice.

    Raises:
        RosterError: there is none, or there are several.
    """
    column, proposed, by_shape = _find(roster, headings, domain)
    notes = _choice_notes(roster, headings, proposed, column)
    if by_shape:
        named = (
            f"Column {headings[column]}" if roster.headings[column] else f"{headings[column]}, which has no heading,"
        )
        notes.append(f"{named} was taken for the user because of its values.")
    if column in roster.hidden_columns:
        notes.append(f"Column {headings[column]}, which names the user, is hidden in the sheet.")
    return column, tuple(notes)


def _choice_notes(roster: Roster, headings: Sequence[str], proposed: Sequence[ColumnVotes], column: int) -> list[str]:
    notes = []
    for other in {votes.column: votes for votes in proposed if votes.column != column}.values():
        if other.pupil_numbers >= 0.5:
            what = "Unique Pupil Numbers of English schools"
            notes.append(f"Column {headings[other.column]} holds {what}; {headings[column]} names the user.")
        elif other.addresses >= _ENOUGH:
            pairs = [(str(row.cells[column] or ""), str(row.cells[other.column] or "")) for row in roster.rows]
            differing = sum(one.strip().casefold() != two.strip().casefold() for one, two in pairs if one and two)
            if differing:
                first, second = headings[column], headings[other.column]
                notes.append(f"In {differing} row(s) {second} differs from {first}; {first} names the user.")
    return notes


def _find(roster: Roster, headings: Sequence[str], domain: str | None) -> tuple[int, list[ColumnVotes], bool]:
    """Return the column, what spoke for each candidate, and whether its values alone decided."""
    device_list = any(Meaning.DEVICE_ID in meanings_of(heading) for heading in roster.headings)
    proposed = [_votes_for(roster, column, meaning, domain) for column, meaning in _proposals(roster, device_list)]
    for meaning in IDENTITY:
        passing = [votes for votes in proposed if votes.meaning is meaning and votes.users >= _ENOUGH and votes.filled]
        if passing:
            _refuse_overruled(roster, proposed, passing[0], headings)
            return _only_one(roster, passing, headings), proposed, False
    trying = [votes for votes in proposed if votes.filled and _tries(votes)]
    if trying:
        best = min(IDENTITY.index(votes.meaning) for votes in trying if votes.meaning is not None)
        best_tries = [votes for votes in trying if votes.meaning is IDENTITY[best]]
        return _only_one(roster, best_tries, headings), proposed, False
    _ask_for_domain(roster, proposed, headings)
    shaped = _shaped(roster)
    if shaped:
        unsure = all(not meanings_of(roster.headings[votes.column]) for votes in shaped)
        others = _of_others(roster) if unsure else []
        return _only_one(roster, [*shaped, *others], headings), proposed, True
    if proposed and not any(votes.filled for votes in proposed):
        best_empty = min(proposed, key=lambda votes: IDENTITY.index(votes.meaning) if votes.meaning else 99)
        return best_empty.column, proposed, False
    raise _nobody_named(roster, headings, proposed, device_list)


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
        if meanings_of(heading) <= _UNDECIDED and not speaks_of_others(heading):
            votes = _votes_for(roster, column, None, None)
            if votes.filled and (votes.addresses if heading else votes.users) >= _ENOUGH:
                found.append(votes)
    return [votes for votes in found if votes.addresses] or found


def _of_others(roster: Roster) -> list[ColumnVotes]:
    """Return the columns of addresses that a word in their heading, and nothing else, gives to other people.

    Such a word may mislead, as in `Owner`; so a column of which nothing is known is not simply taken beside them.
    """
    voting = [
        _votes_for(roster, column, None, None)
        for column, heading in enumerate(roster.headings)
        if speaks_of_others(heading) and meanings_of(heading) <= _UNDECIDED
    ]
    return [votes for votes in voting if votes.addresses >= _ENOUGH]


def _tries(votes: ColumnVotes) -> bool:
    if votes.pupil_numbers >= 0.5 or votes.bare >= _ENOUGH:
        return False
    return votes.attempts >= 0.5 or (votes.meaning in _STRONG and votes.attempts > 0)


def _refuse_overruled(
    roster: Roster, proposed: Sequence[ColumnVotes], passing: ColumnVotes, headings: Sequence[str]
) -> None:
    """Ask when a more trusted heading has some users in it, but too few."""
    for votes in proposed:
        overruled = votes.meaning is not None and passing.meaning is not None and votes.column != passing.column
        if overruled and votes.meaning in _STRONG and passing.meaning not in _STRONG and 0.2 <= votes.users < _ENOUGH:
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
                f"{headings[column]} ({', '.join(_filled_texts(roster, column)[:2])})" for column in columns
            )
            told = f"{roster.place}: several columns could name the user: {listed}."
            raise QuestionOpen([which_column(roster, headings, Field.USER, told, columns)])
    return first


def _named(heading: str) -> str:
    """Return the setting that names the column of users."""
    return Setting.COLUMN.to(f"{Field.USER.value}={heading}")


def _ask_for_domain(roster: Roster, proposed: Sequence[ColumnVotes], headings: Sequence[str]) -> None:
    """Ask when a column of users has names without a domain; with a domain given they would have passed the vote."""
    bare = [
        votes for votes in proposed if votes.filled and votes.bare >= _ENOUGH and votes.meaning is not Meaning.OBJECT_ID
    ]
    if not bare:
        return
    votes = bare[0]
    count = round(votes.bare * votes.filled)
    message = f"{roster.place}: {count} of {votes.filled} user names in column {headings[votes.column]} have no '@'."
    names = sample(_filled_texts(roster, votes.column))
    domains = [Choice(domain, f"{domain}, as in {address}") for domain, address in _domains(roster)]
    raise QuestionOpen(
        [Question(Setting.DOMAIN, "domain", message, (names,), choices=tuple(domains), example="contoso.com")]
    )


def _domains(roster: Roster) -> list[tuple[str, str]]:
    """Return the commonest domains of addresses in a roster, each with an address that has it."""
    found: dict[str, list[str]] = {}
    for column, heading in enumerate(roster.headings):
        if not speaks_of_others(heading):
            for text in _filled_texts(roster, column):
                if _is_address(text):
                    found.setdefault(text.strip(" \t<>").rpartition("@")[2].casefold(), []).append(text.strip())
    usual = sorted(found, key=lambda domain: -len(found[domain]))[:_MOST_DOMAINS]
    return [(domain, found[domain][0]) for domain in usual]


def _proposal(roster: Roster, headings: Sequence[str], *, devices: bool) -> QuestionOpen | None:
    """Return the question whether columns that look somewhat like users name them; None if none does."""
    likely = {votes.column: votes for votes in _likely(roster, devices=devices)}
    if not likely:
        return None
    first = max(likely, key=lambda column: likely[column].users)
    heading, votes = headings[first], likely[first]
    shown = ", ".join(_filled_texts(roster, first)[:2])
    if speaks_of_others(roster.headings[first]):
        why = f": the addresses in column {heading} belong to somebody else by its heading ({shown})"
    elif votes.users >= _ENOUGH and not votes.addresses:
        why = f": column {heading} holds ids ({shown}), which may be those of groups or devices"
    else:
        why = f", but {heading} looks like it: {_counted(roster, votes)}"
    told = {column: _counted(roster, likely[column]) for column in likely}
    ordered = sorted(likely, key=lambda column: column != first)
    text = f"{roster.place}: no column names the user{why}."
    return QuestionOpen([which_column(roster, headings, Field.USER, text, ordered, told)])


def _likely(roster: Roster, *, devices: bool) -> Iterable[ColumnVotes]:
    for column, heading in enumerate(roster.headings):
        votes = _votes_for(roster, column, None, None)
        if speaks_of_others(heading):
            fits = votes.addresses >= _ENOUGH
        else:
            known = not heading or not meanings_of(heading) <= _UNDECIDED
            fits = not known and (votes.addresses >= _SOME or (votes.users >= _ENOUGH and not devices))
        if fits:
            yield votes


def _counted(roster: Roster, votes: ColumnVotes) -> str:
    """Return how much of a column looks like users, and an example."""
    texts = _filled_texts(roster, votes.column)
    what, matches = ("sign-in names", _is_address) if votes.addresses else ("object ids", is_object_id)
    fitting = [text for text in texts if matches(text)]
    return f"{len(fitting)} of {len(texts)} cells are {what} of the form {sample(fitting, 1).removesuffix(', …')}"


def _is_address(text: str) -> bool:
    """Return true if a cell's text is an address, in whatever an address book puts around it."""
    return _ADDRESS.match(text.replace(_FULL_WIDTH_AT, "@")) is not None


def _nobody_named(
    roster: Roster, headings: Sequence[str], proposed: Sequence[ColumnVotes], device_list: bool
) -> RosterError:
    """Return the refusal of a file without users, by what it is instead."""
    found = [meanings_of(heading) for heading in roster.headings]
    hint = f'Add a column "User principal name" with sign-in names or object ids, or name one with {_named("…")}.'
    keys = {heading.casefold().replace(" ", "") for heading in headings}
    devices = device_list or any(Meaning.DEVICE in meanings for meanings in found)
    if any(votes.pupil_numbers >= 0.5 for votes in proposed):
        why = "its column UPN holds Unique Pupil Numbers, not user principal names"
    elif any(Meaning.INVITED in meanings for meanings in found):
        why = "it is a list of guests to invite, and guests of other organisations cannot have a pass"
    elif "externalemailaddress" in keys:
        why = "it holds addresses of other organisations"
    elif "objectguid" in keys:
        why = "ObjectGUID is the id of the local directory; export UserPrincipalName too"
    elif any("pageheaderentry" in key for key in keys):
        why, hint = "it was exported after Format-Table", "Replace Format-Table by Select-Object and export again."
    elif (proposal := _proposal(roster, headings, devices=devices)) is not None:
        return proposal
    elif devices:
        why = "it is a list of devices without users"
        hint = "Export 'Devices' from Intune, which has a column 'Primary user UPN', or add a column of users."
    elif any(
        not meanings.isdisjoint({Meaning.GIVEN_NAME, Meaning.SURNAME, Meaning.DISPLAY_NAME}) for meanings in found
    ):
        why = "it has names, but no user name, e-mail address or object id"
    else:
        why = f"none of its columns does ({', '.join(headings[:8])}{', …' if len(headings) > 8 else ''})"
    return RosterError(f"{roster.place}: no column names the user: {why}.", hint=hint)
