"""bulktap results: write workbook and error report again from the journal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.running import run_command

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome

EXAMPLES = """\b
Examples:
  bulktap results 2035-08-20T0715Z-students-3fa9
  bulktap results reports/2035-08-20T0715Z-students-3fa9 --passphrase-file secret.txt
  bulktap results 2035-08-20T0715Z-students-3fa9 --workbook-passphrase-file other.txt
"""


@click.command(epilog=EXAMPLES, short_help="Write the results of a run again.")
@click.argument("run", type=options.RUN)
@options.where
@options.existing_passphrase
@options.screen
def results(run: Path, **given: Any) -> NoReturn:
    """Write the results workbook and the error report of RUN (its id or folder) again; the tenant is not asked."""
    console = Console(options.screen_settings(given))
    source = options.passphrase_source(given)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.summary import closing_lines
        from bulktap.model.clock import SystemClock
        from bulktap.operations.run_journal import write_results_again
        from bulktap.storage.run_folder import find_run

        folder = find_run(given["reports"], run)
        outcome.run, outcome.folder = folder.run, folder.path
        source.require_usable(console, simulated=True)
        workbook = partial(source.for_workbook, console)
        with folder.lock():
            now = SystemClock().now()
            _, written = source.opens(console, folder.run, lambda own: write_results_again(folder, own, now, workbook))
        done = written.handed_back
        outcome.tenant, outcome.counts, outcome.files = written.plan.tenant, done.counts, done.files
        outcome.exit_code = done.exit_code
        outcome.more["unusable"] = len(done.unusable)
        for line in closing_lines(written.plan.tenant, done):
            console.data(line)
        for note in done.notes:
            console.warn(note)
        if written.failure is not None:
            raise written.failure

    run_command(console, action)
