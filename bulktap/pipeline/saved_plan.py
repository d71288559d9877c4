"""A saved plan, carried out once: what was signed off is exactly what is done, or it is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.errors import BulktapError, PlanRefused
from bulktap.pipeline.reading import read_again
from bulktap.plan import Field, RosterRow
from bulktap.results.plan_json import check_plan_json
from bulktap.results.plan_reading import plan_from_json, plan_head

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.pipeline.access import Access
    from bulktap.pipeline.run_folder import RunFolder
    from bulktap.pipeline.run_settings import ReadingSettings
    from bulktap.plan import Plan

_PLAN_AGAIN = "Make a new plan with `bulktap plan`, and have it signed off again."


def load(folder: RunFolder, reading: ReadingSettings) -> Plan:
    """Return the plan that was saved in a run's folder; `reading` is for the password of a protected roster.

    Raises:
        PlanRefused: it was edited, or its roster has changed or is gone.
    """
    try:
        data = folder.plan.read_bytes()
    except OSError as error:
        raise PlanRefused(f"The plan of {folder.run} cannot be read: {error.strerror}.", hint=_PLAN_AGAIN) from None
    head = plan_head(data)
    try:
        checked = read_again(head, reading)
    except BulktapError as trouble:
        raise PlanRefused(
            f"The roster {head.roster.file} that this plan was made from cannot be read any more: {trouble.message}",
            hint=_PLAN_AGAIN,
        ) from trouble
    if checked.info.sha256 != head.roster.sha256:
        raise PlanRefused(
            f"The roster {head.roster.file} has changed since this plan was made.",
            hint=_PLAN_AGAIN,
        )
    return plan_from_json(data, [row.source for row in checked.rows])


def load_for_rescue(folder: RunFolder, digest: str, reading: ReadingSettings) -> Plan | None:
    """Return the plan in plan.json, if it is the one of this digest; without the roster, its other columns are empty.

    Args:
        folder: the run's folder, whose journal has lost the plan.
        digest: of the plan that the journal was made for.
        reading: how the roster is to be read again, if it is still there.
    """
    try:
        data = folder.plan.read_bytes()
        if check_plan_json(data) != digest:
            return None
    except (OSError, PlanRefused):
        return None
    try:
        return load(folder, reading)
    except BulktapError:
        return plan_from_json(data, _sources_without_roster(data))


def _sources_without_roster(data: bytes) -> list[RosterRow]:
    """Return the rows of the roster as far as a sound plan.json tells them: the user alone."""
    columns = plan_head(data).columns
    user = columns.index(Field.USER)
    width = range(len(columns.headings))
    return [
        RosterRow(row["file"], row["sheet"], row["row"], tuple(row["user"] if n == user else None for n in width))
        for row in json.loads(data)["rows"]
    ]


def without_listings(plan: Plan) -> Plan:
    """Return the plan as if nobody's passes had been listed, so that all are listed again before a create.

    However short ago the plan was made: in between somebody may have handed out a pass, and the plan's digest, by
    which it was signed off, is not that of a moment.
    """
    return replace(plan, rows=tuple(replace(row, listed_at=None) for row in plan.rows))


def carried_out(folder: RunFolder) -> PlanRefused:
    """Return what is said of a run that is not to be begun a second time."""
    return PlanRefused(
        "This plan has already been carried out, or begun.", hint=f"To finish it: bulktap resume {folder.to_type}"
    )


def require_fresh(plan: Plan, folder: RunFolder, now: datetime) -> None:
    """Make sure that the plan may still be carried out.

    Raises:
        PlanRefused: it has expired, was made offline, or has been carried out.
    """
    if folder.journal.exists() or folder.workbook.exists():
        raise carried_out(folder)
    if plan.settings.offline:
        raise PlanRefused(
            "This plan was made offline: the tenant was not asked whose passes it would replace.",
            hint="Make a plan without --offline.",
        )
    if now >= plan.expires_at:
        raise PlanRefused(f"This plan expired at {plan.expires_at:%Y-%m-%d %H:%M} UTC.", hint=_PLAN_AGAIN)


def require_same_tenant(plan: Plan, access: Access) -> None:
    """Make sure that the plan is for the tenant that is signed in to.

    Raises:
        PlanRefused: it is for another.
    """
    if not access.leads_to(plan.tenant.tenant_id):
        raise PlanRefused(
            f"This plan is for tenant {plan.tenant.tenant_id}, and you are signing in to {access.tenant_id}.",
            hint="Set AZURE_TENANT_ID (or --tenant) and the app's credentials to the tenant of the plan.",
        )
