"""What the page that is signed says beside the plan: who asks, what was left out, and an earlier rehearsal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bulktap.operations.handed_back import SUMMARY_BYTES
from bulktap.operations.who_and_where import computer_name, operator_name
from bulktap.planning.plan_review import review
from bulktap.results.plan_file.plan_json import plan_digest
from bulktap.results.row_results import RowResult
from bulktap.results.sign_off_view import BoardFacts, Rehearsal, SignOffFacts, SignOffView
from bulktap.storage import read_if_sound
from bulktap.storage.run_folder import all_runs
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.model.plan import Plan
    from bulktap.operations.run_settings import RunSettings
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.storage.run_folder import RunFolder


def sign_off_view(plan: Plan, folder: RunFolder, access: TenantAccess | None, settings: RunSettings) -> SignOffView:
    """Return the plan with all that those who sign it off are told.

    Args:
        plan: what was planned.
        folder: where it is written.
        access: the way into its tenant; None if nobody was asked.
        settings: what the page is to say beside the plan, and where earlier runs are.
    """
    plan = replace(plan, typed=folder.to_type)
    digest = plan_digest(plan)
    board = None
    if settings.page.board:
        board = BoardFacts(latest_rehearsal(settings.reports, plan.roster.sha256))
    facts = SignOffFacts(
        review=review(plan, digest=digest),
        operator=operator_name(),
        computer=computer_name(),
        app_id=access.app_id if access is not None else "",
        board=board,
        print_rows=settings.page.print_rows,
    )
    return SignOffView(plan, known_digest=digest, facts=facts)


def latest_rehearsal(reports: Path, sha256: str) -> Rehearsal | None:
    """Return the latest run of a roster that was carried out in a simulated tenant; None if there is none."""
    found = (_rehearsal(folder, sha256) for folder in all_runs(reports))
    return max((one for one in found if one is not None), key=lambda one: one.started_at, default=None)


def _rehearsal(folder: RunFolder, sha256: str) -> Rehearsal | None:
    """Return what a run's summary says, if it is of this roster; one that cannot be read is none."""
    try:
        members = json_object(read_if_sound(folder.summary, at_most=SUMMARY_BYTES) or b"") or {}
    except OSError:
        return None
    if _member(members, "roster", "sha256") != sha256 or _member(members, "tenant", "simulated") is not True:
        return None
    counts = {
        name: number
        for name in ("rows", *RowResult)
        if isinstance(number := _member(members, "counts", name), int) and not isinstance(number, bool)
    }
    try:
        started = datetime.fromisoformat(str(members.get("started")))
    except ValueError:
        return None
    return Rehearsal(folder.run, started, counts) if started.tzinfo is not None else None


def _member(members: dict[str, Any], outer: str, inner: str) -> object:
    part = members.get(outer)
    return part.get(inner) if isinstance(part, dict) else None
