"""What must be known before a yes to a plan, gathered in one value; pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from bulktap.model.plan import Action, NameCheck
from bulktap.model.plan_review import NameTally, PlanReview, WarningKind
from bulktap.model.row_error_catalogue.about_kinds import SAID_BY_ROW, of_kind
from bulktap.model.row_errors import RowErrorCode
from bulktap.planning.pass_times import PassTimes, in_words
from bulktap.planning.usability import faults_now, look_ups_ended
from bulktap.results.plan_file.plan_json import plan_digest, short_digest
from bulktap.results.wording import lasting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.plan_review import EarlierRun
    from bulktap.model.row_errors import RowError

_NO_WARNING = frozenset(
    {RowErrorCode.HAS_LIVE_PASS, RowErrorCode.NOT_SELECTED, RowErrorCode.LEFT_ALONE, RowErrorCode.LEFT_OUT}
)
"""Why a row gets no pass though nothing is wrong with it: plans count these rows by themselves."""


_MOST_NOTES = 3
"""Different notes that are a kind each."""
_Found = dict[tuple["RowErrorCode", str], list[tuple["PlanRow", str]]]
"""Rows with a warning, and its words, by kind."""


class ChangedSince(Protocol):
    """What is different now from what a saved plan says, and is no reason to refuse it."""

    @property
    def left_out(self) -> Mapping[int, RowError]:
        """Rows that get no pass after all, by plan number."""

    @property
    def blocked(self) -> Mapping[int, str]:
        """What is to be said of rows, by plan number, whose accounts were blocked since."""


def review(
    plan: Plan,
    still: ChangedSince | None = None,
    *,
    now: datetime | None = None,
    digest: str | None = None,
    earlier: tuple[EarlierRun, ...] = (),
) -> PlanReview:
    """Gather what a yes to the plan agrees to.

    Args:
        plan: what was planned.
        still: what changed since a saved plan was made.
        now: when it would be carried out; by default as it was made.
        digest: the plan's, if it is known already.
        earlier: finished runs that served people of the plan.
    """
    gone: Mapping[int, RowError] = still.left_out if still else {}
    rows = [row for row in plan.creating() if row.number not in gone]
    served = [row for row in plan.rows if _served(row) and (row.merged_into or row.number) not in gone]
    now = now or look_ups_ended(plan.rows, plan.created_at)
    times = PassTimes.of(rows, plan, now)
    return PlanReview(
        passes=len(rows),
        warnings=_kinds(plan, served, still, faults_now(rows, plan, now)),
        starts_at=min(times.starts, default=None),
        starts_until=max(times.starts, default=None),
        ends_from=min(times.ends, default=None),
        ends_at=max(times.ends, default=None),
        starts=len(times.starts),
        at_once=times.at_once,
        lifetimes=times.lifetimes,
        usable=in_words(times, ZoneInfo(plan.settings.timezone)),
        least_left=_least_left(times, plan),
        replaced=tuple(row for row in rows if row.action is Action.REPLACE),
        names=_names(served),
        left_out=len(gone),
        fingerprint=short_digest(digest or plan_digest(plan)),
        earlier=earlier,
    )


def _served(row: PlanRow) -> bool:
    return row.action.creates or row.action is Action.MERGE


def _least_left(times: PassTimes, plan: Plan) -> timedelta | None:
    if times.first_end is None or plan.forecast is None:
        return None
    return times.first_end - (times.now + timedelta(seconds=plan.forecast.seconds_high))


def _names(rows: Sequence[PlanRow]) -> NameTally | None:
    checks = [row.name_check for row in rows if row.name_check is not None]
    if not checks:
        return None
    agree, differ, unknown = (checks.count(check) for check in NameCheck)
    return NameTally(len(checks), agree, differ, unknown, len(rows) - len(checks))


def _kinds(
    plan: Plan,
    rows: Iterable[PlanRow],
    still: ChangedSince | None,
    faults: Iterable[tuple[PlanRow, RowErrorCode]],
) -> tuple[WarningKind, ...]:
    blocked = still.blocked if still else {}
    found: _Found = defaultdict(list)
    for row in rows:
        warned = {_kind(problem): problem.message for problem in _warnings(row)} if row.problems else {}
        if row.number in blocked:
            warned.setdefault((RowErrorCode.USER_DISABLED, ""), blocked[row.number])
        for kind, message in warned.items():
            found[kind].append((row, message))
    for row, code in faults:
        found[code, ""].append((row, ""))
    kinds = [_warning(plan, code, sorted(having, key=_position)) for (code, _), having in _few_notes(found).items()]
    return tuple(sorted(kinds, key=lambda kind: (kind.code is not RowErrorCode.NAME_DIFFERS, -kind.count)))


def _few_notes(found: _Found) -> _Found:
    """Return the kinds, with all notes as one of them where they say too many different things."""
    notes = [kind for kind in found if kind[0] is RowErrorCode.NOTE]
    if len(notes) <= _MOST_NOTES:
        return found
    together: dict[int, tuple[PlanRow, str]] = {}
    for kind in notes:
        for row, message in found[kind]:
            together.setdefault(row.number, (row, message))
    others = {kind: having for kind, having in found.items() if kind[0] is not RowErrorCode.NOTE}
    return {**others, (RowErrorCode.NOTE, ""): list(together.values())}


def _position(having: tuple[PlanRow, str]) -> int:
    return having[0].number


def _warnings(row: PlanRow) -> Iterator[RowError]:
    return (problem for problem in row.problems if not problem.refuses and problem.code not in _NO_WARNING)


def _kind(problem: RowError) -> tuple[RowErrorCode, str]:
    """Return what makes two warnings one kind; notes that say different things have nothing in common."""
    return problem.code, problem.message if problem.code is RowErrorCode.NOTE else ""


def _warning(plan: Plan, code: RowErrorCode, having: Sequence[tuple[PlanRow, str]]) -> WarningKind:
    first, message = having[0]
    where = plan.where(row for row, _ in having)
    user = plan.user_text(first)
    common = of_kind(code, len(having))
    if common is not None and code is RowErrorCode.ENDS_BEFORE_HAND_OUT and plan.forecast is not None:
        common += f" (if the run takes {lasting(plan.forecast.seconds_high)})"
    if common is not None and code in SAID_BY_ROW:
        text = f"{common}: {where}; first {user}: {message}"
    elif common is not None:
        text = f"{common}: {where}" + (f" ({user})" if len(having) == 1 else f", first {user}")
    elif len(having) == 1:
        text = f"{where}, {user}: {message}"
    else:
        text = f"{len(having):,} x {code.short_name}: {where}, first {user}: {message}"
    rows = [row for row, _ in having]
    return WarningKind(
        code,
        len(rows),
        first,
        tuple(row.source.number for row in rows),
        text,
        tuple(row.number for row in rows),
    )
