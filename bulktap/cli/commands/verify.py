"""bulktap verify: ask the tenant about each pass of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import issued_declarations as issued_declared
from bulktap.settings import sign_in_declarations as sign_in_declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap verify 2035-08-20T0715Z-students-3fa9
  bulktap verify 2035-08-20T0715Z-students-3fa9 --watch 5m --until 12:00
  bulktap verify 2035-08-20T0715Z-students-3fa9 --unserved again.xlsx
  bulktap verify reports/2035-08-20T0715Z-students-3fa9 --json
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", type=options.RUN)
@options.settings(
    declared.REPORTS,
    *sign_in_declared.SIGNING_IN,
    *declared.REHEARSAL,
    *issued_declared.WATCHING,
    *declared.ASKING,
    *declared.SCREEN,
)
def verify(run: Path, chosen: Values) -> NoReturn:
    """Ask the tenant about each pass of RUN; nothing is changed, and no passphrase is needed.

    A pass is live, not valid yet, used, expired, revoked, replaced by a later one, gone, or disabled by the tenant's
    policy. The last three are not as recorded: they are named, and the exit code is 3. Whether a pass that works many
    times was used cannot be read from it; where the app may read that (UserAuthenticationMethod.Read.All), whoever has
    registered a sign-in method since it was issued counts as in.
    """
    console = Console(options.screen_settings(chosen))

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.cli.verification import Watching, conclude
        from bulktap.operations.verify_run import verify_run
        from bulktap.settings.issued_slices import verify_wishes
        from bulktap.settings.slices import resume_settings

        wishes = verify_wishes(chosen)
        with command_context(console, outcome, chosen) as at:
            watching = Watching(console, at.progress)
            each = watching.show if wishes.every is not None else lambda _: None
            verified = verify_run(run, resume_settings(chosen), at.context, wishes, each)
            outcome.throttled_steps = at.progress.throttled
        conclude(console, outcome, verified, watched=wishes.every is not None, unserved=wishes.unserved is not None)

    run_command(console, action)
