"""Usability: passes that will exist and serve nobody, for when they begin or end to work; pure.

A start that is stated is judged row by row. Passes that start as they are issued have all the same fault, or none, and
the review of a plan says it once (`plan_review`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.plan import Field, sending_order
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.zone_words import moment_in_words, zone_in_words
from bulktap.planning.pass_times import span_in_words
from bulktap.planning.working_hours import outside_working_hours, starts_outside_working_hours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from bulktap.model.plan import Plan, PlanRow, RosterColumns
    from bulktap.model.row_errors import RowError

HAND_OUT = timedelta(minutes=30)
"""For how long a pass should still work when the results are there: it has to be handed out and used."""


def look_ups_ended(rows: Iterable[PlanRow], created_at: datetime) -> datetime:
    """Return when the last user was looked up; when the plan was made, if nobody was."""
    return max((row.listed_at for row in rows if row.listed_at is not None), default=created_at)


def with_faults_of_times(
    rows: Sequence[PlanRow], default_minutes: int | None, finished: datetime, zone: ZoneInfo, columns: RosterColumns
) -> list[PlanRow]:
    """Return the rows, each whose pass has a stated start with what is wrong with its times.

    Args:
        rows: of the plan.
        default_minutes: the tenant's default lifetime, if it is known.
        finished: when the last pass will have been issued, by the forecast.
        zone: the zone of times.
        columns: of the roster.
    """
    known: dict[tuple[datetime, int], tuple[RowError, ...]] = {}
    judged = list(rows)
    for index, row in enumerate(rows):
        terms = row.request.terms if row.action.creates and row.request else None
        minutes = terms and (terms.lifetime_minutes or default_minutes)
        if terms is None or terms.starts_at is None or not minutes:
            continue
        times = terms.starts_at, minutes
        if times not in known:
            known[times] = tuple(
                replace(fault, column=columns.heading(Field.START)) for fault in _faults(*times, finished, zone)
            )
        faults = known[times]
        if any(problem.code is RowErrorCode.START_WITHOUT_TIME for problem in row.problems):
            # That it begins at midnight has been said, and why.
            faults = tuple(one for one in faults if one.code is not RowErrorCode.STARTS_OUTSIDE_WORKING_HOURS)
        if faults:
            judged[index] = replace(row, problems=(*row.problems, *faults))
    return judged


def _faults(start: datetime, minutes: int, finished: datetime, zone: ZoneInfo) -> list[RowError]:
    end, faults = start + timedelta(minutes=minutes), []
    span = f"{span_in_words(start, end, zone)} {zone_in_words(zone)}"
    if outside_working_hours(start, end, zone):
        faults.append(about_passes.outside_working_hours(span))
    elif starts_outside_working_hours(start, end, zone):
        faults.append(about_passes.starts_outside_working_hours(span))
    if end <= finished + HAND_OUT:
        at = f"{moment_in_words(end, zone)} {zone_in_words(zone)}"
        faults.append(about_passes.ends_before_hand_out(at, over=end <= finished))
    return faults


def faults_now(rows: Sequence[PlanRow], plan: Plan, now: datetime) -> Iterator[tuple[PlanRow, RowErrorCode]]:
    """Yield what is wrong with the times of passes if the plan is carried out now, and their rows do not say.

    Passes that start as they are issued, and those whose start has come since the plan was made.

    Args:
        rows: for which passes will be created.
        plan: to which they belong.
        now: when issuing begins.
    """
    zone = ZoneInfo(plan.settings.timezone)
    default = plan.policy.default_lifetime_minutes if plan.policy else None
    lasts = timedelta(seconds=plan.forecast.seconds_high if plan.forecast else 0)
    outside: dict[timedelta, bool] = {}
    for place, row in enumerate(sorted(rows, key=sending_order)):
        minutes = row.request and (row.request.terms.lifetime_minutes or default)
        if row.request is None or not minutes:
            continue
        lifetime, start = timedelta(minutes=minutes), row.request.terms.starts_at
        told = {problem.code for problem in row.problems} if row.problems else ()
        if start is None:
            if lifetime not in outside:
                outside[lifetime] = outside_working_hours(now, now + lifetime, zone)
            if outside[lifetime]:
                yield row, RowErrorCode.OUTSIDE_WORKING_HOURS
        elif start + lifetime <= now:
            yield row, RowErrorCode.START_IN_PAST
            continue
        elif start < now and RowErrorCode.START_PASSED not in told:
            yield row, RowErrorCode.START_PASSED
        end = max(start or now, now + lasts * (place / len(rows))) + lifetime
        if end <= now + lasts + HAND_OUT and RowErrorCode.ENDS_BEFORE_HAND_OUT not in told:
            yield row, RowErrorCode.ENDS_BEFORE_HAND_OUT
