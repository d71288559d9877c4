"""Resume: finish a run that was stopped, with the plan that it was started with; asks nothing but the passphrase.

The journal says what was sent, what came back, and what is in doubt: that is looked into before it is sent again.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError
from bulktap.model.setting_names import Command
from bulktap.operations.guards import require_no_copy_ahead
from bulktap.operations.issue_passes import RunEnd, issue_passes
from bulktap.operations.list_runs import latest_unfinished
from bulktap.operations.plan_roster import OpenPlan
from bulktap.operations.run_journal import reopen_journal
from bulktap.operations.run_locks import run_locks
from bulktap.operations.sealed_tenant import reach_again, require_same_tenant, sealed_in_journal
from bulktap.storage.run_folder import find_run

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.operations.run_settings import RunSettings
    from bulktap.operations.workplace import Workplace
    from bulktap.storage.run_folder import RunFolder


def resume_run(run: Path | None, settings: RunSettings, at: Workplace) -> RunEnd:
    """Finish a run.

    Args:
        run: its id or folder; None takes the most recent unfinished one.
        settings: where runs are, and how batches are sent.
        at: what the operation works with.

    Raises:
        BulktapError: what keeps the run from going on; nothing was sent.
    """
    folder = _chosen(run, settings.reports, at)
    at.front.run_is(folder)
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

        # Look into what is in doubt, issue the rest, hand back.
        log = stack.enter_context(at.log())
        log.write_to(folder.event_log(settings.log_file))
        opened = OpenPlan(plan, folder, access, locks, sending, just_planned=False)
        return issue_passes(opened, journal, passphrase, at, log, resumed=True)


def _chosen(run: Path | None, reports: Path, at: Workplace) -> RunFolder:
    if run is not None:
        return find_run(reports, run)
    folder = latest_unfinished(reports)
    if folder is None:
        raise UsageError(
            f"There is no unfinished run in {reports}.",
            hint=f"{Command.RUNS.of(reports)} lists all runs.",
        )
    at.front.say(f"Resuming {folder.run}.")
    return folder
