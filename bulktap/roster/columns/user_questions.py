"""What is asked or said where no column names the users beyond doubt. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plan import Field
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.cell_values import is_object_id, is_shortened_number, quoted
from bulktap.roster.columns.aliases import IDENTITY, Meaning
from bulktap.roster.columns.column_questions import which_column
from bulktap.roster.columns.column_votes import ENOUGH, SOME, filled_texts, is_address, votes_for
from bulktap.roster.columns.headings import meanings_of, speaks_of_others
from bulktap.roster.columns.mail_providers import is_private
from bulktap.roster.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.roster.columns.column_votes import ColumnVotes
    from bulktap.roster.model import Roster

UNDECIDED = frozenset({Meaning.DISPLAY_NAME})
"""What a heading may mean and its column name the user all the same: `Student` above addresses."""
_NAMES = frozenset({Meaning.GIVEN_NAME, Meaning.SURNAME, Meaning.DISPLAY_NAME})
_MOST_DOMAINS = 3


def _named(heading: str) -> str:
    """Return the setting that names the column of users."""
    return Setting.COLUMN.to(f"{Field.USER.value}={heading}")


def ask_for_domain(roster: Roster, proposed: Sequence[ColumnVotes], headings: Sequence[str]) -> None:
    """Ask when a column of users has names without a domain; with a domain given they would have passed the vote."""
    bare = [
        votes for votes in proposed if votes.filled and votes.bare >= ENOUGH and votes.meaning is not Meaning.OBJECT_ID
    ]
    if not bare:
        return
    votes = bare[0]
    count = round(votes.bare * votes.filled)
    message = f"{roster.place}: {count} of {votes.filled} user names in column {headings[votes.column]} have no '@'."
    names = sample(filled_texts(roster, votes.column))
    domains = [Choice(domain, f"{domain}, as in {address}") for domain, address in _domains(roster)]
    raise QuestionOpen(
        [Question(Setting.DOMAIN, "domain", message, (names,), choices=tuple(domains), example="contoso.com")]
    )


def _domains(roster: Roster) -> list[tuple[str, str]]:
    """Return the commonest domains of addresses in a roster, each with an address that has it."""
    found: dict[str, list[str]] = {}
    for column, heading in enumerate(roster.headings):
        if not speaks_of_others(heading):
            for text in filled_texts(roster, column):
                if is_address(text):
                    found.setdefault(text.strip(" \t<>").rpartition("@")[2].casefold(), []).append(text.strip())
    found = {domain: addresses for domain, addresses in found.items() if not is_private(addresses[0])}
    usual = sorted(found, key=lambda domain: -len(found[domain]))[:_MOST_DOMAINS]
    return [(domain, found[domain][0]) for domain in usual]


def _proposal(roster: Roster, headings: Sequence[str], *, devices: bool) -> QuestionOpen | None:
    """Return the question whether columns that look somewhat like users name them; None if none does."""
    likely = {votes.column: votes for votes in _likely(roster, devices=devices)}
    if not likely:
        return None
    first = max(likely, key=lambda column: likely[column].users)
    heading, votes = headings[first], likely[first]
    shown = ", ".join(filled_texts(roster, first)[:2])
    if speaks_of_others(roster.headings[first]):
        why = f": the addresses in column {heading} belong to somebody else by its heading ({shown})"
    elif votes.users >= ENOUGH and not votes.addresses:
        why = f": column {heading} holds ids ({shown}), which may be those of groups or devices"
    else:
        why = f", but {heading} looks like it: {_counted(roster, votes)}"
    told = {column: _counted(roster, likely[column]) for column in likely}
    ordered = sorted(likely, key=lambda column: column != first)
    text = f"{roster.place}: no column names the user{why}."
    return QuestionOpen([which_column(roster, headings, Field.USER, text, ordered, told)])


def _failed(roster: Roster, headings: Sequence[str], proposed: Sequence[ColumnVotes]) -> tuple[str, str] | None:
    """Return why the column that should name the user does not, with the first cell that shows it, and the remedy."""
    meant = (votes for votes in proposed if votes.meaning is not Meaning.OBJECT_ID)  # an `id` may be anybody's number
    filled = [votes for votes in meant if votes.filled and votes.meaning is not None and not votes.private]
    if not filled:
        return None
    votes = min(filled, key=lambda one: IDENTITY.index(one.meaning) if one.meaning else 0)
    heading = headings[votes.column]
    cells = [(row.number, str(cell)) for row in roster.rows if (cell := row.cells[votes.column]) is not None]
    wrong = [(number, text) for number, text in cells if not is_address(text) and not is_object_id(text)]
    if not wrong:
        return None
    number, text = wrong[0]
    if all(is_shortened_number(other) for _, other in wrong):
        why = f"in column {heading} Excel has shortened {len(wrong)} of {len(cells)} numbers"
        hint = "Format the column as text in the original workbook, and save or export it again."
        return f"{why}, the first is {quoted(text)} in row {number}", hint
    why = (
        f"in column {heading} {len(wrong)} of {len(cells)} cells hold neither a sign-in name nor an object id, the "
        f"first is {quoted(text)} in row {number}"
    )
    return why, f"Write sign-in names or object ids into column {heading}, or name another one with {_named('…')}."


def _private(roster: Roster) -> ColumnVotes | None:
    """Return the first column of addresses of private mail."""
    voting = (votes_for(roster, column, None, None) for column in range(len(roster.headings)))
    return next((votes for votes in voting if votes.private and votes.addresses >= SOME), None)


def _likely(roster: Roster, *, devices: bool) -> Iterable[ColumnVotes]:
    for column, heading in enumerate(roster.headings):
        votes = votes_for(roster, column, None, None)
        if votes.private:
            continue
        if speaks_of_others(heading):
            fits = votes.addresses >= ENOUGH
        else:
            known = not heading or not meanings_of(heading) <= UNDECIDED
            fits = not known and (votes.addresses >= SOME or (votes.users >= ENOUGH and not devices))
        if fits:
            yield votes


def _counted(roster: Roster, votes: ColumnVotes) -> str:
    """Return how much of a column looks like users, and an example."""
    texts = filled_texts(roster, votes.column)
    what, matches = ("sign-in names", is_address) if votes.addresses else ("object ids", is_object_id)
    fitting = [text for text in texts if matches(text)]
    return f"{len(fitting)} of {len(texts)} cells are {what} of the form {sample(fitting, 1).removesuffix(', …')}"


def nobody_named(
    roster: Roster, headings: Sequence[str], proposed: Sequence[ColumnVotes], device_list: bool
) -> RosterError:
    """Return the refusal of a file without users, by what it is instead, or the question that settles it."""
    found = [meanings_of(heading) for heading in roster.headings]
    hint = f'Add a column "User principal name" with sign-in names or object ids, or name one with {_named("…")}.'
    devices = device_list or any(Meaning.DEVICE in meanings for meanings in found)
    why = _other_list(headings, proposed, found)
    if why is None and any("pageheaderentry" in heading.casefold() for heading in headings):
        why, hint = "it was exported after Format-Table", "Replace Format-Table by Select-Object and export again."
    if why is None and (proposal := _proposal(roster, headings, devices=devices)) is not None:
        return proposal
    if why is None:
        why = _unfit(roster, headings, proposed)
    if why is None and (failed := _failed(roster, headings, proposed)) is not None:
        why, hint = failed
    if why is None and devices:
        why = "it is a list of devices without users"
        hint = "Export 'Devices' from Intune, which has a column 'Primary user UPN', or add a column of users."
    if why is None and any(not meanings.isdisjoint(_NAMES) for meanings in found):
        why = "it has names, but no user name, e-mail address or object id"
    if why is None:
        why = f"none of its columns does ({', '.join(headings[:8])}{', …' if len(headings) > 8 else ''})"
    return RosterError(f"{roster.place}: no column names the user: {why}.", hint=hint)


def _other_list(
    headings: Sequence[str], proposed: Sequence[ColumnVotes], found: Sequence[frozenset[Meaning]]
) -> str | None:
    """Return what list it is, where one that is known has no users of the tenant."""
    keys = {heading.casefold().replace(" ", "") for heading in headings}
    if any(votes.pupil_numbers >= 0.5 for votes in proposed):
        return "its column UPN holds Unique Pupil Numbers, not user principal names"
    if any(Meaning.INVITED in meanings for meanings in found):
        return "it is a list of guests to invite, and guests of other organisations cannot have a pass"
    if "externalemailaddress" in keys:
        return "it holds addresses of other organisations"
    if "objectguid" in keys:
        return "ObjectGUID is the id of the local directory; export UserPrincipalName too"
    return None


def _unfit(roster: Roster, headings: Sequence[str], proposed: Sequence[ColumnVotes]) -> str | None:
    """Return what is in a column that looks like the user's and cannot be."""
    repeated = next((votes for votes in proposed if votes.one_value), None)
    if repeated is not None:
        heading = headings[repeated.column]
        return f"column {heading} holds one and the same id in every row ({repeated.one_value}), such as a group's"
    if (private := _private(roster)) is not None:
        whose = f"the addresses in column {headings[private.column]} are of private mail ({private.private})"
        return f"{whose}, which nobody signs in with at Microsoft Entra"
    return None
