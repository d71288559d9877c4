"""The pictures of a run: what became of its passes, and its course over time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.results.figures import lifetime_figure, starts_figure
from bulktap.results.page.pictures import Course, course_picture, throttling_picture
from bulktap.results.page.told_figures import drawn
from bulktap.results.plan_facts import groups_of
from bulktap.results.row_results import RowResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import PlanRow
    from bulktap.results.page.pictures import Picture
    from bulktap.results.plan_facts import Facts
    from bulktap.results.run_facts import ThrottledSteps
    from bulktap.results.run_view import RunView

_CLOCKS_AGREE = timedelta(minutes=2)


def run_pictures(view: RunView) -> tuple[Facts, list[Picture]]:
    """Return what is said in sentences, and the pictures that show something."""
    made = _issued(view)
    passes = [access_pass for _, access_pass in made]
    figures = [
        starts_figure([access_pass.starts_at for access_pass in passes], view.zone),
        *groups_of(view.plan, [row for row, _ in made]),
        lifetime_figure([access_pass.lifetime_minutes for access_pass in passes], None),
    ]
    sentences, pictures = drawn(figures)
    # Of earlier processes it is not known when steps were throttled.
    throttling = view.facts.throttling if len(view.state.processes) <= 1 else None
    course = _course(view, passes, throttling or ())
    if course is not None:
        pictures.append(course_picture(course))
        if throttling:
            pictures.append(throttling_picture(course))
        elif throttling is not None:
            sentences.append(("Throttling over time", "No step was throttled"))
    return sentences, pictures


def _issued(view: RunView) -> list[tuple[PlanRow, AccessPass]]:
    served = {RowResult.ISSUED, RowResult.REPLACED}
    made = []
    for row in view.plan.creating():
        sent = view.state.rows.get(row.number)
        if sent is not None and sent.issued is not None and view.results[row.number] in served:
            made.append((row, sent.issued.access_pass))
    return made


def _course(view: RunView, passes: Sequence[AccessPass], throttling: Sequence[ThrottledSteps]) -> Course | None:
    """Return the run's course from its first request to its last answer; None if nothing was ever sent."""
    issued = sorted(access_pass.created_at for access_pass in passes if access_pass.created_at is not None)
    # What an earlier run sent, and this one took over, is not of its course.
    since = view.plan.created_at - _CLOCKS_AGREE
    sent = [one.sent_at for row in view.state.rows.values() for one in row.attempts if one.sent_at >= since]
    moments = [*issued, *sent, *(throttled.at for throttled in throttling)]
    if not moments:
        return None
    began, ended = min(moments), max(moments)
    shape = "%H:%M:%S" if (ended - began).total_seconds() < 3_600 else "%Y-%m-%d %H:%M"
    return Course(
        seconds=(ended - began).total_seconds(),
        issued=[(moment - began).total_seconds() for moment in issued],
        throttled=[((throttled.at - began).total_seconds(), throttled.steps) for throttled in throttling],
        began=began.astimezone(view.zone).strftime(shape),
        ended=ended.astimezone(view.zone).strftime(shape),
    )
