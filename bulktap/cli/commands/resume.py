"""bulktap resume: finish a run that was stopped."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.running import run_command
from bulktap.model.errors import UsageError
from bulktap.settings import sending_settings

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.storage.run_folder import RunFolder

EXAMPLES = """\b
Examples:
  bulktap resume
  bulktap resume 2035-08-20T0715Z-students-3fa9 --passphrase-file secret.txt
"""


@click.command(epilog=EXAMPLES, short_help="Finish a run that was stopped.")
@click.argument("run", required=False, type=options.RUN)
@options.where
@options.log
@options.tenant
@options.rehearsal
@options.existing_passphrase
@options.sending
@options.screen
def resume(run: Path | None, **given: Any) -> NoReturn:
    """Finish RUN (its id or folder; default: the most recent unfinished one) with the plan that it was started with."""
    console = Console(options.screen_settings(given))
    source = options.passphrase_source(given)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.open_run import OpenRun
        from bulktap.cli.planned import hold, shared_place, way_back
        from bulktap.cli.progress import Progress
        from bulktap.model.clock import SystemClock
        from bulktap.operations import run_journal
        from bulktap.operations.guards import require_no_copy_ahead
        from bulktap.operations.run_locks import guard_of
        from bulktap.operations.sealed_tenant import require_same_tenant, sealed_in_journal

        folder = _chosen(run, given["reports"], console)
        outcome.run, outcome.folder = folder.run, folder.path
        clock = SystemClock()
        source.require_usable(console, simulated=folder.simulated_tenant.exists())
        with folder.lock():
            own, (journal, plan) = source.opens(
                console, folder.run, lambda passphrase: run_journal.reopen_journal(folder, passphrase)
            )
            passphrase = source.for_workbook(console, own)
            outcome.tenant = plan.tenant
            sending = sending_settings(given, rehearsal=folder.simulated_tenant.exists())
            sealed = sealed_in_journal(journal.header)
            with (
                journal,
                way_back(sealed, folder, given) as access,
                ExitStack() as held,
                Progress(console, clock) as progress,
            ):
                require_same_tenant(sealed, access)
                guard = guard_of(folder, given["reports"], access, shared_place())
                hold(guard, held, console)
                require_no_copy_ahead(folder, guard.places)
                progress.write_to(folder.event_log(given["log_file"]))
                open_run = OpenRun(console, outcome, plan, folder, access, progress, clock, sending, guard=guard)
                open_run.carry_out(journal, passphrase, resumed=True)

    run_command(console, action)


def _chosen(run: Path | None, reports: Path, console: Console) -> RunFolder:
    from bulktap.operations.list_runs import latest_unfinished
    from bulktap.storage.run_folder import as_typed, find_run

    if run is not None:
        return find_run(reports, run)
    folder = latest_unfinished(reports)
    if folder is None:
        raise UsageError(
            f"There is no unfinished run in {reports}.",
            hint=f"`bulktap runs --reports {as_typed(reports)}` lists all runs.",
        )
    console.say(f"Resuming {folder.run}.")
    return folder
