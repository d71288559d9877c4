"""bulktap revoke: delete the passes of a run that still work."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.passphrase import asks_for_password, roster_password
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import issued_declarations as issued_declared
from bulktap.settings import roster_declarations as roster_declared
from bulktap.settings import sign_in_declarations as sign_in_declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap revoke 2035-08-20T0715Z-students-3fa9 --dry-run
  bulktap revoke 2035-08-20T0715Z-students-3fa9 --only Class=7B
  bulktap revoke 2035-08-20T0715Z-students-3fa9 --not-received signed.xlsx
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", type=options.RUN)
@options.settings(
    declared.REPORTS,
    declared.LOG_FILE,
    *sign_in_declared.SIGNING_IN,
    *declared.REHEARSAL,
    *issued_declared.REVOKING,
    *roster_declared.READING,
    issued_declared.REVOKE_YES,
    issued_declared.REVOKE_DRY_RUN,
    issued_declared.REVOKE_MAX_RATE,
    *declared.ASKING,
    *declared.SCREEN,
)
def revoke(run: Path, chosen: Values) -> NoReturn:
    """Delete the passes of RUN (its id or folder) that still work, after asking; no passphrase is needed.

    Only passes that this run issued are deleted, each by its id: a later pass of the same user is left alone, and so
    are passes that were used or have expired, and rows in doubt. All passes of the run are meant, unless some are
    chosen with --only, --except or --not-received. A revocation that was stopped is gone on with by the same command
    without these, and by resume.
    """
    console = Console(options.screen_settings(chosen))
    dry = chosen.is_set(issued_declared.REVOKE_DRY_RUN)
    asks = not chosen.is_set(issued_declared.REVOKE_YES) and not dry

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.cli.revocation import asking, conclude
        from bulktap.operations.revoke_run import revoke_run
        from bulktap.settings.issued_slices import revoke_settings, revoke_wishes

        if asks:
            console.require_answers()
        password = roster_password(chosen.of(roster_declared.ROSTER_PASSWORD_FILE))
        settings = revoke_settings(chosen, password, asks_for_password(console))
        with command_context(console, outcome, chosen) as at:
            agrees = asking(console, at.progress, asks=asks)
            done = revoke_run(run, revoke_wishes(chosen), settings, at.context, agrees)
        conclude(console, outcome, done)

    run_command(console, action)
