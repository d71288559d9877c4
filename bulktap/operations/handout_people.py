"""Who gets a slip of a run, and who does not and why: a slip must be true for the pass that its owner has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import is_guid
from bulktap.model.plain_text import in_print
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.zone_words import zoned_moment
from bulktap.results.handout.reasons import NO_SLIP_BY_CODE, NO_SLIP_BY_RESULT, NoSlip
from bulktap.results.row_results import RowResult, is_replaced, is_unusable, serving_number, was_left_out
from bulktap.results.wording import RESULT_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from bulktap.model.plan import PlanRow
    from bulktap.model.run_state import RowState
    from bulktap.model.secret import Secret
    from bulktap.results.run_view import RunView

_Why = tuple[NoSlip, str]
"""What sheets say, and the same in English with particulars."""
_REPLACED: Final = NoSlip.REPLACED, "Somebody else has issued another pass since"
_UNREADABLE: Final = NoSlip.UNREADABLE, "The passcode cannot be read"
_ENDED: Mapping[str, _Why] = {
    "revoked": (NoSlip.WITHDRAWN, "The pass was revoked"),
    "gone": (NoSlip.WITHDRAWN, "Somebody has deleted the pass"),
    "replaced": _REPLACED,
    "used": (NoSlip.USED, "The pass was used"),
    "expired": (NoSlip.OVER, "The pass has expired"),
}
"""By what a revocation records of a pass."""
_SKIPS: Final = frozenset({RowErrorCode.HAS_LIVE_PASS, RowErrorCode.LEFT_ALONE, RowErrorCode.NEVER_LISTED})
"""Why the plan passes a person by; what else it says of the row is a warning."""


@dataclass(frozen=True, slots=True)
class TruePass:
    """What a slip says of a pass, all of it known."""

    code: Secret
    starts: datetime
    ends: datetime
    once: bool


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a run, who has one pass or none."""

    rows: tuple[PlanRow, ...]
    """The roster's rows, the one that the pass was issued for first."""
    known_as: str
    """As the directory has it, else the roster; empty if neither names the person."""
    sign_in_name: str
    """What is typed to sign in; empty where only an object id is known."""
    held: TruePass | None
    """What goes on the slip; None if there is none."""
    reason: str = ""
    """Why there is no slip, in a few words of English."""
    why: NoSlip = NoSlip.NOT_ISSUED
    """The same for sheets, which are in other languages too; means nothing if there is a slip."""
    left_alone: bool = False
    """True if there is none because the plan skipped the person, who is not missing a pass."""
    doubts: tuple[str, ...] = field(default=())
    """What whoever hands out should know of a slip that there is."""

    @property
    def name(self) -> str:
        """What the person is called on the screen."""
        return self.known_as or f"Row {self.first.source.number}"

    @property
    def first(self) -> PlanRow:
        """The row that the pass was issued for, or would have been."""
        return self.rows[0]


def people_of(view: RunView, over: Mapping[str, str], perhaps: Collection[str] = ()) -> list[Person]:
    """Return the people of a run as they stand, each once, in the roster's order.

    Rows left out while reading, and people whom the run itself left out (`limit`, `only`), are not among them.

    Args:
        view: the run, at a moment.
        over: what became of passes that a revocation found or made to be over, by their ids.
        perhaps: ids of passes that may have been deleted.
    """
    ended: dict[str, _Why] = dict.fromkeys(perhaps, (NoSlip.UNCERTAIN, "Whether the pass was revoked is not known"))
    other = NoSlip.DOES_NOT_WORK, "The pass does not work any more"
    ended |= {pass_id: _ENDED.get(how, other) for pass_id, how in over.items()}
    return [_person(view, rows, ended) for rows in _by_person(view) if not _left_out(rows[0])]


def _left_out(row: PlanRow) -> bool:
    return row.left_out is not None or was_left_out(row)


def _by_person(view: RunView) -> Iterator[tuple[PlanRow, ...]]:
    """Yield the rows of each person: those that share a pass, and those without one that name the same user."""
    without: dict[str, list[PlanRow]] = {}
    people: list[list[PlanRow]] = []
    for row in view.plan.rows:
        if serving_number(row) != row.number:
            continue
        rows = [row, *(view.rows[number] for number in row.merged_rows)]
        user = view.plan.user_text(row).strip().casefold()
        if view.results[row.number].has_pass or not user or _left_out(row):
            people.append(rows)
        elif user in without:
            without[user] += rows
        else:
            without[user] = rows
            people.append(rows)
    yield from map(tuple, people)


def _person(view: RunView, rows: tuple[PlanRow, ...], ended: Mapping[str, _Why]) -> Person:
    row, sent = rows[0], view.state.rows.get(rows[0].number)
    user = view.plan.user_text(row)
    sign_in_name = row.upn or ("" if is_guid(user) else user)
    name = in_print(row.display_name or "") or sign_in_name or user
    result = view.results[row.number]
    if not result.has_pass:
        why, reason = _why_none(view, row)
        return Person(rows, name, sign_in_name, None, reason, why, result is RowResult.SKIPPED)
    held = true_pass(row, sent)
    not_good = _why_not_good(view, sent, held, ended)
    if not_good is not None or held is None or sent is None:
        why, reason = not_good or _UNREADABLE
        return Person(rows, name, sign_in_name, None, reason, why)
    doubts = [] if sign_in_name else ["no sign-in name is known, only an object id"]
    if sent.open_attempts:
        doubts.append("an earlier request may have replaced the pass, and nobody has compared it since")
    return Person(rows, name, sign_in_name, held, doubts=tuple(doubts))


def _why_none(view: RunView, row: PlanRow) -> _Why:
    result = view.results[row.number]
    problems = view.faults(row)
    if result is RowResult.SKIPPED and not problems:
        problems = sorted(row.problems, key=lambda one: one.code not in _SKIPS)
    if result in {RowResult.IN_DOUBT, RowResult.NOT_SENT} or not problems:
        words = "Not issued yet" if result is RowResult.NOT_SENT else RESULT_WORDS[result].label
        return NO_SLIP_BY_RESULT[result], words
    return NO_SLIP_BY_CODE[problems[0].code], problems[0].code.short_name


def _why_not_good(
    view: RunView, sent: RowState | None, held: TruePass | None, ended: Mapping[str, _Why]
) -> _Why | None:
    """Return why a pass that was issued is not to be handed out; None if it is."""
    if sent is None or sent.issued is None or not sent.issued.value:
        return _UNREADABLE
    if held is None:
        return NoSlip.UNCERTAIN, "When the pass ends is not known"
    at_its_end = f"The pass ended on {zoned_moment(held.ends, view.zone)}"
    revoked = ended.get(sent.issued.access_pass.pass_id or "")
    reasons: tuple[tuple[bool, _Why | None], ...] = (
        (sent.phase is not RowPhase.ISSUED, (NoSlip.NOT_ISSUED, "A new pass was asked for and is not issued yet")),
        (revoked is not None, revoked),
        (held.ends <= view.facts.as_of.now, (NoSlip.OVER, at_its_end)),
        (is_replaced(sent), _REPLACED),
        (is_unusable(sent), (NoSlip.DOES_NOT_WORK, "The pass does not work (the tenant's policy)")),
        (
            bool(sent.open_attempts) and not view.state.closed,
            (NoSlip.UNCERTAIN, "The pass is still to be compared"),
        ),
    )
    return next((reason for applies, reason in reasons if applies), None)


def true_pass(row: PlanRow, sent: RowState | None) -> TruePass | None:
    """Return what a slip says; what the service left out is what was asked of it."""
    if sent is None or sent.issued is None:
        return None
    issued, terms = sent.issued.access_pass, row.request.terms if row.request else PassTerms()
    starts = issued.starts_at or terms.starts_at or issued.created_at
    minutes = issued.lifetime_minutes or terms.lifetime_minutes
    once = issued.usable_once if issued.usable_once is not None else terms.usable_once
    if starts is None or minutes is None or once is None:
        return None
    return TruePass(sent.issued.value, starts, starts + timedelta(minutes=minutes), once)
