"""The guard against earlier runs: whoever holds a pass of an unfinished run is that run's affair.

Issuing to such a user again would kill a pass that was handed out; skipping them would leave a pass whose passcode
nobody has. `resume` settles both, so a new run stops and names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.errors import Locked, Stopped, UnfinishedRun
from bulktap.journal import glance
from bulktap.pipeline.run_folder import all_runs
from bulktap.plan import Action
from bulktap.row_errors import RowErrorCode

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.journal import JournalGlance
    from bulktap.pipeline.run_folder import RunFolder
    from bulktap.plan import Plan


def require_no_unfinished_run(plan: Plan, reports: Path) -> None:
    """Look through the earlier runs of the tenant.

    Raises:
        UnfinishedRun: one of them is unfinished and holds, or may hold, a pass of a user of this plan.
        Stopped: the journal of one of them cannot be read, so that nobody can tell.
    """
    users = _concerned(plan)
    for folder in all_runs(reports):
        if folder.run == plan.run or not folder.journal.exists():
            continue
        seen = _glance(folder)
        if seen.header.tenant_id.casefold() != plan.tenant.tenant_id.casefold() or seen.state.closed:
            continue
        shared = [
            row
            for row in seen.state.rows.values()
            if row.holds_pass and {(row.object_id or "").casefold(), row.user.casefold()} & users
        ]
        if shared:
            raise UnfinishedRun(
                f"The run {folder.run} is not finished, and {len(shared)} of its users are in this roster too "
                f"(first: {shared[0].user}).",
                hint=f"Finish it first: bulktap resume {folder.run}",
            )


def _concerned(plan: Plan) -> set[str]:
    """Return every name of every user whom the plan would issue to, or would skip for a pass they hold."""
    users: set[str] = set()
    for row in plan.rows:
        cut = any(problem.code is RowErrorCode.NOT_SELECTED for problem in row.problems)
        if row.action is Action.REFUSE or cut:
            continue
        names = {row.object_id, row.upn, row.request.user.text if row.request else None}
        users |= {name.casefold() for name in names if name}
    return users


def _glance(folder: RunFolder) -> JournalGlance:
    try:
        return glance(folder.journal)
    except Locked as damage:
        raise Stopped(
            f"The journal of the earlier run {folder.run} cannot be read, so nobody can tell whose passes it holds. "
            f"{damage.message}",
            hint=f"Save what can be saved with `bulktap results {folder.run}`, then move that folder elsewhere.",
        ) from damage
