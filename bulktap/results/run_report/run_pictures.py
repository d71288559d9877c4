"""The pictures of a run: what became of its passes, and its course over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.results.figures import lifetime_figure, problems_figure, starts_figure
from bulktap.results.page.pictures import Course, course_picture, figure_picture, throttling_picture
from bulktap.results.plan_facts import groups_of, plan_zone
from bulktap.results.row_results import Standing, standings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.row_errors import RowError
    from bulktap.model.run_state import RunState
    from bulktap.results.page.pictures import Picture


@dataclass(frozen=True, slots=True)
class ThrottledSteps:
    """Steps that the service turned away at one moment."""

    at: datetime
    """When the answer was read, aware."""
    steps: int
    """How many of the batch."""


def run_pictures(
    plan: Plan, state: RunState, problems: Sequence[RowError], throttling: Sequence[ThrottledSteps] | None
) -> list[Picture]:
    """Return the pictures that show something; throttling is drawn wherever it is known, even if there was none."""
    made = _issued(plan, state)
    passes = [access_pass for _, access_pass in made]
    figures = [
        starts_figure([access_pass.starts_at for access_pass in passes], plan_zone(plan)),
        *groups_of(plan, [row for row, _ in made]),
        lifetime_figure([access_pass.lifetime_minutes for access_pass in passes], None),
        problems_figure(problems),
    ]
    pictures = [figure_picture(figure) for figure in figures if figure.bars]
    course = _course(plan, state, passes, throttling or ())
    if course is not None:
        pictures.append(course_picture(course))
        if throttling is not None:
            pictures.append(throttling_picture(course))
    return pictures


def _issued(plan: Plan, state: RunState) -> list[tuple[PlanRow, AccessPass]]:
    found = standings(plan, state)
    made = []
    for row in plan.creating():
        sent = state.rows.get(row.number)
        if sent is not None and sent.issued is not None and found[row.number] in {Standing.ISSUED, Standing.REPLACED}:
            made.append((row, sent.issued.access_pass))
    return made


def _course(
    plan: Plan, state: RunState, passes: Sequence[AccessPass], throttling: Sequence[ThrottledSteps]
) -> Course | None:
    """Return the run's course from its first request to its last answer; None if nothing was ever sent."""
    issued = sorted(access_pass.created_at for access_pass in passes if access_pass.created_at is not None)
    sent = [attempt.sent_at for row in state.rows.values() for attempt in row.attempts]
    moments = [*issued, *sent, *(throttled.at for throttled in throttling)]
    if not moments:
        return None
    began, ended = min(moments), max(moments)
    zone = plan_zone(plan)
    shape = "%H:%M:%S" if (ended - began).total_seconds() < 3_600 else "%Y-%m-%d %H:%M"
    return Course(
        seconds=(ended - began).total_seconds(),
        issued=[(moment - began).total_seconds() for moment in issued],
        throttled=[((throttled.at - began).total_seconds(), throttled.steps) for throttled in throttling],
        began=began.astimezone(zone).strftime(shape),
        ended=ended.astimezone(zone).strftime(shape),
    )
