"""The member `plan` of the JSON object: what a plan would do, as counts; one that is not known is absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bulktap.model.plan import Action
from bulktap.model.utc_times import utc_text

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.plan import Plan
    from bulktap.model.plan_review import PlanReview


def plan_members(plan: Plan, review: PlanReview) -> dict[str, Any]:
    """Return what `--json` says of a plan.

    Args:
        plan: what was planned.
        review: what a yes to it agrees to.
    """
    counts = plan.counts()
    members: dict[str, Any] = {action.value: counts[action] for action in Action}
    if not plan.existing_is_known:
        # What is skipped for other reasons is not all that will be.
        del members[Action.REPLACE.value], members[Action.SKIP.value]
    members["left_out"] = sum(row.left_out is not None for row in plan.rows)
    members["warnings"] = [
        {"code": kind.code.value, "count": kind.count, "first_row": kind.first.source.number, "text": kind.text}
        for kind in review.warnings
    ]
    if review.earlier:
        members["earlier"] = [
            {"run": one.run, "people": one.people} | ({"name": one.name} if one.name else {}) for one in review.earlier
        ]
    if review.passes:
        members["starts"] = _span(review.starts_at, review.starts_until) | {"at_once": review.at_once}
        members["ends"] = _span(review.ends_from, review.ends_at)
    if review.names is not None:
        members["names"] = {
            "compared": review.names.compared,
            "agree": review.names.agree,
            "differ": review.names.differ,
            "unknown": review.names.unknown,
            "not_checked": review.names.not_checked,
        }
    if plan.settings.source:
        members["source"] = dict(plan.settings.source)
    return members | {"fingerprint": review.fingerprint, "questions": []}


def _span(first: datetime | None, last: datetime | None) -> dict[str, Any]:
    moments = {"earliest": utc_text(first), "latest": utc_text(last)}
    return {name: moment for name, moment in moments.items() if moment is not None}
