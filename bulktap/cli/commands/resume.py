"""bulktap resume: finish a run, or a revocation, that was stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import sign_in_declarations as sign_in_declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap resume
  bulktap resume 2035-08-20T0715Z-students-3fa9 --passphrase-file secret.txt
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", required=False, type=options.RUN)
@options.settings(
    declared.REPORTS,
    declared.LOG_FILE,
    *sign_in_declared.SIGNING_IN,
    *declared.REHEARSAL,
    *declared.RUN_PASSPHRASE,
    declared.STOP_AFTER_FAILURES,
    *declared.SENDING,
    *declared.SCREEN,
)
def resume(run: Path | None, chosen: Values) -> NoReturn:
    """Finish RUN (by default the most recent unfinished one) with the plan that it was started with.

    Where revoking its passes was stopped, that is gone on with first, and needs no passphrase.
    """
    console = Console(options.screen_settings(chosen))
    source = options.passphrase_source(chosen, new=False)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.operations.resume_run import resume_run
        from bulktap.settings.slices import resume_settings

        settings = resume_settings(chosen)
        if _revokes(run, settings.reports):
            _go_on_revoking(run, chosen, console, outcome)
            return
        with command_context(console, outcome, chosen, source) as at:
            at.terminal.conclude(resume_run(run, settings, at.context))

    run_command(console, action)


def _revokes(run: Path | None, reports: Path) -> bool:
    """Whether it is a revocation that is to be finished; without a name a run that was stopped comes first."""
    from bulktap.operations.list_runs import latest_unfinished
    from bulktap.operations.revocation_to_finish import revocation_to_finish

    return revocation_to_finish(run, reports) is not None and (run is not None or latest_unfinished(reports) is None)


def _go_on_revoking(run: Path | None, chosen: Values, console: Console, outcome: CommandOutcome) -> None:
    from bulktap.cli.command_context import command_context
    from bulktap.cli.revocation import conclude
    from bulktap.operations.revoke_run import finish_revocation
    from bulktap.settings.slices import resume_settings

    with command_context(console, outcome, chosen) as at:
        done = finish_revocation(run, resume_settings(chosen), at.context)
    conclude(console, outcome, done)
