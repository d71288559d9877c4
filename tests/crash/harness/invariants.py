"""What must hold after every crash, interruption and full disk: the tenant's truth against what was handed out."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime, timedelta

    from harness.handed_out import HandedOut, PlannedUser, Workbook
    from harness.truth import TrueAttempt, TruePass, TrueUser, Truth


class Rule(StrEnum):
    """What can be broken."""

    NEVER_ISSUED = "the workbook holds a passcode that the user never had"
    KILLED = "a pass in the workbook was replaced by a later one of ours"
    SUPERSEDED = "a pass in the workbook was replaced by somebody else's, as a listing had shown, and has no note"
    GONE = "a pass in the workbook is not the live one, and nobody else issued after us"
    LOST = "a live pass of ours is in no workbook"
    TWICE_IN_WORKBOOK = "the workbook holds two passes of one user"
    NOT_REPORTED = "a user of the plan is in no sheet of the workbook"
    SILENT = "issued twice without a note"
    REPLACED_ANOTHERS = "a pass that somebody else issued before the last delivered listing was replaced"
    NOT_PLANNED = "a user outside the plan was touched"
    TWO_IN_FLIGHT = "two attempts in flight for one user"
    NOT_CHOSEN = "a pass of a user for whom no new one was asked is another than before"
    STILL_OLD = "a user for whom a new pass was asked has the old one, without a note"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule."""

    rule: Rule
    user: str
    """Object id."""
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.rule} ({self.user}) {self.detail}".rstrip()


def find_violations(
    truth: Truth,
    planned: Sequence[PlannedUser],
    workbook: Workbook,
    *,
    in_flight: timedelta,
    doubts_may_be_ours: bool = False,
) -> list[Violation]:
    """Compare the tenant with what was handed out.

    Args:
        truth: the simulator's.
        planned: the users for whom the plan creates a pass.
        workbook: the final one.
        in_flight: how long an attempt counts at most: the client's reply timeout, or a longer time.
        doubts_may_be_ours: whether a row may stay in doubt although the live pass is one of ours; only right after
            an old copy of the journal was put back.
    """
    plans = {one.object_id: one for one in planned}
    given: defaultdict[str, list[HandedOut]] = defaultdict(list)
    for one in workbook.passes:
        given[one.object_id].append(one)
    excused = {one.object_id for one in workbook.left_out if doubts_may_be_ours and one.reason == "In doubt"}
    found: list[Violation] = []
    for object_id, user in truth.users.items():
        found += _handed_out_wrongly(truth, user, given[object_id])
        if object_id not in plans:
            found += _touched(truth, user)
            continue
        if not given[object_id] and object_id not in excused:
            found += _lost(truth, user)
        found += _replaced_anothers(truth, user, plans[object_id])
    found += _not_reported(plans, workbook)
    found += _overlapping(truth, in_flight)
    return found


def find_changes(
    before: Workbook, after: Workbook, chosen: Collection[str], others: Collection[str]
) -> list[Violation]:
    """Compare the workbooks before and after new passes were asked for.

    Args:
        before: the one before.
        after: the one after.
        chosen: the object ids of those for whom new ones were asked.
        others: of those to whom somebody else has issued since; what is right for them the other rules say.
    """
    now = {one.object_id: one for one in after.passes}
    found = []
    for one in (one for one in before.passes if one.object_id not in others):
        new = now.get(one.object_id)
        if one.object_id not in chosen and (new is None or new.pass_id != one.pass_id):
            found.append(Violation(Rule.NOT_CHOSEN, one.object_id, f"pass {one.pass_id}"))
        elif one.object_id in chosen and new is not None and new.pass_id == one.pass_id and new.note == one.note:
            found.append(Violation(Rule.STILL_OLD, one.object_id, f"pass {one.pass_id}"))
    return found


def _ours(truth: Truth, user: TrueUser) -> list[TruePass]:
    return [one for one in user.history if one.creator == truth.client_id]


def _noticeable(truth: Truth, user: TrueUser) -> list[TruePass]:
    """Return our passes without those that landed after their answer and died before any listing showed them."""
    shown = {listing.shown for listing in truth.listings if listing.delivered}
    return [one for one in _ours(truth, user) if not one.late or one.died is None or one.pass_id in shown]


def _handed_out_wrongly(truth: Truth, user: TrueUser, given: list[HandedOut]) -> Iterator[Violation]:
    if len(given) > 1:
        yield Violation(Rule.TWICE_IN_WORKBOOK, user.object_id)
    for one in given:
        digest = hashlib.sha256(one.passcode.encode()).hexdigest()
        places = [place for place, known in enumerate(user.history) if known.digest == digest]
        if not places or user.history[places[0]].pass_id != one.pass_id:
            yield Violation(Rule.NEVER_ISSUED, user.object_id, f"pass {one.pass_id}")
            continue
        later = user.history[places[0] + 1 :]
        if any(other.creator == truth.client_id for other in later):
            yield Violation(Rule.KILLED, user.object_id, f"pass {one.pass_id}, by {later[-1].pass_id}")
        elif not later and user.current_pass_id != one.pass_id:
            yield Violation(Rule.GONE, user.object_id, f"pass {one.pass_id}")
        elif later and not one.note and _shown(truth, user, later[0].created):
            yield Violation(Rule.SUPERSEDED, user.object_id, f"pass {one.pass_id}, by {later[0].pass_id}")
        if len(_noticeable(truth, user)) > 1 and not one.note:
            yield Violation(Rule.SILENT, user.object_id)


def _shown(truth: Truth, user: TrueUser, moment: datetime) -> bool:
    return any(
        listing.user == user.object_id and listing.delivered and listing.at - listing.lag >= moment
        for listing in truth.listings
    )


def _lost(truth: Truth, user: TrueUser) -> Iterator[Violation]:
    current = user.current
    if current is not None and current.creator == truth.client_id:
        yield Violation(Rule.LOST, user.object_id, f"pass {current.pass_id}")


def _touched(truth: Truth, user: TrueUser) -> Iterator[Violation]:
    tried = any(attempt.user == user.object_id for attempt in truth.attempts)
    if tried or _ours(truth, user):
        yield Violation(Rule.NOT_PLANNED, user.object_id, user.upn)


def _replaced_anothers(truth: Truth, user: TrueUser, plan: PlannedUser) -> Iterator[Violation]:
    received = {one.pass_id: one.received for one in truth.attempts if one.pass_id}
    for before, after in pairwise(user.history):
        theirs_by_ours = before.creator != truth.client_id and after.creator == truth.client_id
        if not theirs_by_ours or before.pass_id == plan.existing_pass_id or not _stood_in_the_way(before, after):
            continue
        # What counts is what we could know when the request left, not when it landed.
        left = received.get(after.pass_id, after.created)
        if any(
            listing.user == user.object_id
            and listing.delivered
            and before.created < listing.at - listing.lag
            and listing.at <= left
            for listing in truth.listings
        ):
            yield Violation(Rule.REPLACED_ANOTHERS, user.object_id, f"{before.pass_id} by {after.pass_id}")


def _stood_in_the_way(before: TruePass, after: TruePass) -> bool:
    return before.expires > after.created and not before.used_up


def _not_reported(plans: Iterable[str], workbook: Workbook) -> Iterator[Violation]:
    reported = {one.object_id for one in workbook.passes} | {one.object_id for one in workbook.left_out}
    for object_id in plans:
        if object_id not in reported:
            yield Violation(Rule.NOT_REPORTED, object_id)


def _overlapping(truth: Truth, in_flight: timedelta) -> Iterator[Violation]:
    by_user: defaultdict[str, list[TrueAttempt]] = defaultdict(list)
    for attempt in truth.attempts:
        by_user[attempt.user].append(attempt)
    for user, attempts in by_user.items():
        attempts.sort(key=lambda one: one.received)
        for first, second in pairwise(attempts):
            if second.received < _over(first, truth.now, in_flight):
                yield Violation(Rule.TWO_IN_FLIGHT, user, f"at {second.received:%H:%M:%S.%f}")


def _over(attempt: TrueAttempt, now: datetime, in_flight: timedelta) -> datetime:
    return min(attempt.finished or now, attempt.received + in_flight)


def table(violations: Iterable[Violation]) -> str:
    """Return how often each rule was broken, a line each, every rule named."""
    counts = Counter(one.rule for one in violations)
    return "\n".join(f"  {counts[rule]:5d}  {rule}" for rule in Rule)
