"""Resume: finish a run that was stopped, with the plan that it was started with; asks nothing but the passphrase.

The journal says what was sent, what came back, and what is in doubt: that is looked into before it is sent again.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from bulktap.journal import require_remembered
from bulktap.model.errors import UsageError
from bulktap.model.run_names import LATEST
from bulktap.model.setting_names import Command
from bulktap.operations.garbage_collection import seldom_collected
from bulktap.operations.guards import require_no_copy_ahead
from bulktap.operations.issue_passes import RunEnd, issue_passes
from bulktap.operations.list_runs import latest_unfinished
from bulktap.operations.never_lists import folders_of_lists, never_list
from bulktap.operations.planned_run import OpenPlan
from bulktap.operations.run_journal import reopen_journal
from bulktap.operations.run_locks import run_locks
from bulktap.operations.saved_plan import require_no_looser_guard
from bulktap.operations.sealed_tenant import reach_again, require_same_tenant, sealed_in_journal
from bulktap.planning.guards import UserGuard, barred_rows
from bulktap.storage.run_folder import find_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.model.guards import Guards
    from bulktap.model.plan import Plan
    from bulktap.model.row_errors import RowError
    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_settings import RunSettings
    from bulktap.storage.run_folder import RunFolder


@seldom_collected()
def resume_run(run: Path | None, settings: RunSettings, at: OperationContext) -> RunEnd:
    """Finish a run.

    Args:
        run: its id, name, tail or folder; `latest` or None takes the most recent unfinished one.
        settings: where runs are, and how batches are sent.
        at: what the operation works with.

    Raises:
        BulktapError: what keeps the run from going on; nothing was sent.
    """
    folder = _chosen(run, settings.reports, at)
    at.front.run_is(folder)
    require_remembered(folder.journal)
    at.passphrases.require_usable(simulated=folder.simulated_tenant.exists())
    with folder.lock(), ExitStack() as stack:
        # Open the journal, which holds the plan too.
        own, (journal, plan) = at.passphrases.opens(folder.run, lambda secret: reopen_journal(folder, secret))
        stack.enter_context(journal)
        passphrase = at.passphrases.for_workbook(own)
        at.front.tenant_is(plan.tenant)

        # Reach the tenant that the run is for, and no other, and hold it.
        sending = settings.sending.to(rehearsal=folder.simulated_tenant.exists())
        sealed = sealed_in_journal(journal.header)
        access = stack.enter_context(reach_again(sealed, folder, at.ways))
        require_same_tenant(sealed, access)
        locks = run_locks(folder, settings.reports, access, at.user_place)
        locks.hold_tenant(stack, at.front.say)
        require_no_copy_ahead(folder, locks.places)
        guards, barred = _guarded(plan, folder, settings, at)

        # Look into what is in doubt, issue the rest, hand back.
        log = stack.enter_context(at.log())
        log.write_to(folder.event_log(settings.log_file))
        access.sign_in_person(log.warn, at.front.say)
        opened = OpenPlan(plan, folder, access, locks, sending, just_planned=False, guards=guards, barred=barred)
        return issue_passes(opened, journal, passphrase, at, log, resumed=True)


def _guarded(
    plan: Plan, folder: RunFolder, settings: RunSettings, at: OperationContext
) -> tuple[Guards, Mapping[int, RowError]]:
    """Return what the run keeps to, and the rows for which nothing is sent any more: a kept list may have changed.

    Raises:
        UsageError: this command wants less than the plan, or a kept list cannot be read.
    """
    require_no_looser_guard(plan, settings)
    guards = settings.care.guards.with_also(plan.settings.guards)
    never = never_list(folders_of_lists(plan.roster.path, settings.reports, folder.path.parent, at.user_lists))
    return guards, barred_rows(plan, UserGuard(guards, never))


def _chosen(run: Path | None, reports: Path, at: OperationContext) -> RunFolder:
    if run is not None and str(run).casefold() != LATEST:
        return find_run(reports, run)
    folder = latest_unfinished(reports)
    if folder is None:
        raise UsageError(
            f"There is no unfinished run in {reports}.",
            hint=f"{Command.RUNS.of(reports)} lists all runs.",
        )
    at.front.say(f"Resuming {folder.run}.")
    return folder
