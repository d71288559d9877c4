"""bulktap resume: finish a run that was stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap resume
  bulktap resume 2035-08-20T0715Z-students-3fa9 --passphrase-file secret.txt
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES, short_help="Finish a run that was stopped.")
@click.argument("run", required=False, type=options.RUN)
@options.settings(
    declared.REPORTS,
    declared.LOG_FILE,
    *declared.SIGNING_IN,
    *declared.REHEARSAL,
    *declared.RUN_PASSPHRASE,
    declared.STOP_AFTER_FAILURES,
    *declared.SENDING,
    *declared.SCREEN,
)
def resume(run: Path | None, chosen: Values) -> NoReturn:
    """Finish RUN (by default the most recent unfinished one) with the plan that it was started with."""
    console = Console(options.screen_settings(chosen))
    source = options.passphrase_source(chosen, new=False)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.operations.resume_run import resume_run
        from bulktap.settings.slices import resume_settings

        with command_context(console, outcome, chosen, source) as at:
            at.terminal.conclude(resume_run(run, resume_settings(chosen), at.context))

    run_command(console, action)
