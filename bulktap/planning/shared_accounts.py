"""Shared accounts: one user in many rows that name nobody, or many people: an office's mailbox as a filler; pure.

Rows of one user become one pass, which is right for somebody with several devices, or one line for each course. Where
the rows tell of no such thing, one pass would go to as many people as there are rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.cause_codes import SHARED_ACCOUNT
from bulktap.model.questions import REFUSE, Choice, Question
from bulktap.model.row_ranges import row_ranges
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.model.plan import PlanRow
    from bulktap.roster.model import CheckedRoster, CheckedRow

_MOST = 3
"""Such accounts; where there are more, people are in many rows each."""
_USUAL = 2
"""Rows that each of the others is in, on average."""
_NOTED = 5
"""So many rows of one user are worth a word."""
_ASKED = 10
_ASKED_SHARE = 0.2
"""So many, and such a share of all rows, are asked about."""


class SharedAccount(NamedTuple):
    """One of them."""

    user: str
    size: int
    rows: str
    """Their numbers, in words."""


def shared_accounts(rows: Sequence[PlanRow], checked: CheckedRoster) -> Iterator[SharedAccount]:
    """Yield the users who are in many rows that do not speak of one person, where most others are in few."""
    users = [row for row in rows if row.action.creates]
    often = [row for row in users if len(row.merged_rows) + 1 >= _NOTED]
    others = sum(len(row.merged_rows) + 1 for row in users if len(row.merged_rows) + 1 < _NOTED)
    few = len(users) - len(often)
    if not often or len(often) > max(1, min(_MOST, few // 3)) or others > _USUAL * few:
        return  # a line for each course of each person, for example
    for row in often:
        sources = [checked.rows[number - 1] for number in (row.number, *row.merged_rows)]
        if row.request is not None and not _are_one_persons(sources):
            numbers = row_ranges(source.source.key for source in sources)
            yield SharedAccount(row.request.user.text, len(sources), numbers)


def notes_on_shared(rows: Sequence[PlanRow], checked: CheckedRoster) -> tuple[str, ...]:
    """Return a sentence on each."""
    return tuple(
        f"{one.size:,} rows share {one.user} ({one.rows}): that is one account, and gets one pass, not {one.size:,}."
        for one in shared_accounts(rows, checked)
    )


def shared_account_cause(rows: Sequence[PlanRow], checked: CheckedRoster) -> Question | None:
    """Return the question whether an account that fills a good part of a roster is meant; None if there is none."""
    found = max(shared_accounts(rows, checked), key=lambda one: one.size, default=None)
    if found is None or found.size < max(_ASKED, _ASKED_SHARE * len(rows)):
        return None
    return Question(
        Setting.ACCEPT,
        SHARED_ACCOUNT,
        f"{found.size:,} of {len(rows):,} rows share {found.user}: that is one account, not {found.size:,}. Is it an "
        "office's address where people's own are missing?",
        choices=(
            Choice(SHARED_ACCOUNT, "go on, with one pass for all of these rows"),
            Choice(REFUSE, "stop; nothing is sent"),
        ),
        remedy="Write each person's own user into these rows.",
    )


def _are_one_persons(rows: Sequence[CheckedRow]) -> bool:
    """Return true if the rows name one person, or several devices, or write the user in several ways."""
    if len({row.user.folded for row in rows if row.user is not None}) > 1:
        return True
    names = {row.name.text.casefold() for row in rows if row.name}
    return len(names) == 1 or bool(names and len(names) < _NOTED) or any(row.device for row in rows)
