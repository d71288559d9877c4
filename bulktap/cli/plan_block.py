"""The block that stands above the question: all that a yes agrees to, a line for each thing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.cli.told_text import duration
from bulktap.model.plan import Action
from bulktap.model.plan_review import LEFT_MATTERS
from bulktap.model.row_errors import RowErrorCode
from bulktap.results.wording import clock, counted, lasting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.model.plan import Forecast, Plan, PlanRow
    from bulktap.model.plan_review import NameTally, PlanReview

_MOST_NAMES = 5
_MOST_RUNS = 3


def plan_lines(plan: Plan, review: PlanReview, blocked: int = 0) -> list[str]:
    """Return what the plan would do and what is to be known about it.

    Args:
        plan: what was planned.
        review: what a yes to it agrees to.
        blocked: accounts that were blocked from signing in since a saved plan was made.
    """
    lines = [
        ("Tenant", plan.tenant.label if plan.tenant.tenant_id else "not asked (--offline)"),
        ("Roster", _roster(plan)),
        ("Issue", _issue(plan, review)),
        *_others(plan, review),
        *(("Again", text) for text in _served_before(plan, review)),
        *_changed(review, blocked),
        *(("Usable", text) for text in review.usable),
    ]
    if review.names is not None:
        lines.append(("Names", _compared(review.names)))
    if review.passes and plan.forecast is not None:
        lines.append(("Duration", _takes(plan.forecast, _left(review.least_left))))
    lines += [("Warn", kind.text) for kind in review.warnings]
    return [f"{label:<11}{text}" for label, text in lines]


def _roster(plan: Plan) -> str:
    sheet = f", sheet {plan.roster.sheet}" if plan.roster.sheet else ""
    return f"{plan.roster.file}{sheet}, {counted(len(plan.rows), 'row')}"


def _issue(plan: Plan, review: PlanReview) -> str:
    shared = plan.counts()[Action.MERGE]
    words = counted(review.passes, "pass", "passes")
    return f"{words}; {counted(shared, 'more row shares', 'more rows share')} one of them" if shared else words


def _others(plan: Plan, review: PlanReview) -> Iterator[tuple[str, str]]:
    """Yield whose pass is replaced, and the rows that get none."""
    if review.replaced:
        passes = "a pass that works now" if len(review.replaced) == 1 else "passes that work now"
        yield "Replace", f"{len(review.replaced):,}, in place of {passes}: {_people(plan, review.replaced)}"
    skipped = [row for row in plan.rows if row.action is Action.SKIP]
    left_out = [row for row in skipped if _has(row, RowErrorCode.NOT_SELECTED)]
    passed_by = [row for row in skipped if row.left_out is None and not _has(row, RowErrorCode.NOT_SELECTED)]
    if passed_by:
        why = (
            " of users with a pass that works"
            if all(_has(row, RowErrorCode.HAS_LIVE_PASS) for row in passed_by)
            else ""
        )
        yield "Skip", f"{counted(len(passed_by), 'row')}{why}: {_people(plan, passed_by)}"
    if left_out:
        yield "Leave out", f"{counted(len(left_out), 'row')}, because of --only, --except or --limit"
    for sentence, rows in plan.left_out().items():
        reason = sentence.partition(": ")[2]
        where = plan.where(rows)
        yield "Left out", f"{counted(len(rows), 'row')} while reading, {reason.removesuffix('.')}: {where}"
    refused = [row for row in plan.rows if row.action is Action.REFUSE]
    if refused:
        where = plan.where(refused)
        yield "Refuse", f"{counted(len(refused), 'row that needs', 'rows that need')} fixing: {where}"


def _served_before(plan: Plan, review: PlanReview) -> Iterator[str]:
    """Yield which finished runs gave people of the plan a pass before, the newest first."""
    zone = ZoneInfo(plan.settings.timezone)
    for run in review.earlier[:_MOST_RUNS]:
        people = counted(run.people, "person", "people")
        began = f", {clock(run.began_at, zone)}" if run.began_at is not None else ""
        name = f"{run.name} ({run.run})" if run.name else run.run
        yield f"{people} had a pass of the run {name}{began}"
    if more := review.earlier[_MOST_RUNS:]:
        people = counted(sum(run.people for run in more), "person", "people")
        yield f"{people} had one of {counted(len(more), 'earlier run')}"


def _changed(review: PlanReview, blocked: int) -> Iterator[tuple[str, str]]:
    parts = []
    if review.left_out:
        parts.append(f"{counted(review.left_out, 'pass is', 'passes are')} not issued after all, see above")
    if blocked:
        parts.append(f"{counted(blocked, 'account was', 'accounts were')} blocked from signing in")
    if parts:
        yield "Changed", f"since the plan was made: {'; '.join(parts)}"


def _has(row: PlanRow, code: RowErrorCode) -> bool:
    return any(problem.code is code for problem in row.problems)


def _people(plan: Plan, rows: Sequence[PlanRow]) -> str:
    """Return the first of these people by name, as far as they have one, and how many more there are."""
    shown = [_person(row, plan.user_text(row)) for row in rows[:_MOST_NAMES]]
    more = f" and {len(rows) - _MOST_NAMES:,} more" if len(rows) > _MOST_NAMES else ""
    return ", ".join(shown) + more


def _person(row: PlanRow, user: str) -> str:
    return f"{row.display_name} ({user})" if row.display_name and row.display_name != user else user


def _compared(names: NameTally) -> str:
    parts = [f"{names.agree:,} of {counted(names.compared, 'name agrees', 'names agree')} with the tenant's"]
    if names.differ:
        parts.append(f"{counted(names.differ, 'differs', 'differ')}")
    if names.unknown:
        parts.append(f"{names.unknown:,} cannot be told")
    if names.not_checked:
        parts.append(f"{counted(names.not_checked, 'row has', 'rows have')} no name to compare")
    return "; ".join(parts)


def _takes(forecast: Forecast, left: str) -> str:
    """Return how long the run takes and what is left then, before the sentence that says what that counts on."""
    low, high = duration(forecast.seconds_low), duration(forecast.seconds_high)
    if forecast.seconds_low == forecast.seconds_high:
        return f"about {high}{left}. {forecast.assumption}"
    if low == high:
        return f"about {high}{left}"
    return f"between {low} and {high}, depending on how much the service allows (--assume names a limit){left}"


def _left(least: timedelta | None) -> str:
    """Return what the length of the run means for the pass that ends first; a warning says it where none is left."""
    if least is None or not timedelta(0) < least < LEFT_MATTERS:
        return ""
    return f"; the first pass still has at least {lasting(least.total_seconds())} when the last is issued"
