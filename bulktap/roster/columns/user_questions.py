"""What is asked or said where no column names the users beyond doubt. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plan import Field
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.cell_values import is_object_id
from bulktap.roster.columns.aliases import Meaning
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
    elif (private := _private(roster)) is not None:
        why = (
            f"the addresses in column {headings[private.column]} are of private mail ({private.private}), which nobody "
            "signs in with at Microsoft Entra"
        )
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
