"""bulktap handout: slips, lists, letters or labels of a run, a sealed file for each group."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import handout_declarations as handout_declared
from bulktap.settings import sign_in_declarations as sign_in_declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap handout RUN                                   a PDF for each class
  bulktap handout RUN --by Building --to 'Head teacher'
  bulktap handout RUN --only 'Class=7B' --style list --language de
  bulktap handout RUN --language de --language ar --call 'room 014'
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", type=options.RUN)
@options.settings(
    declared.REPORTS,
    sign_in_declared.PROFILE,
    *handout_declared.HANDING_OUT,
    *declared.RUN_PASSPHRASE,
    *declared.SCREEN,
)
def handout(run: Path, chosen: Values) -> NoReturn:
    """Make a file for each group of RUN, with a slip for each person; the tenant is not asked.

    Each file opens with five words of its own. The run's folder gets a folder `handout` with these files,
    `passphrases.xlsx`, which opens with the run's passphrase and says who gets which file and what opens it, and
    `covers.pdf`, a sheet to sign for each group, without codes.
    """
    console = Console(options.screen_settings(chosen))
    source = options.passphrase_source(chosen, new=False)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.cli.handing_out import handout_lines, handout_members, sheet_settings
        from bulktap.operations.hand_out import hand_out

        settings = sheet_settings(chosen)
        with command_context(console, outcome, chosen, source) as at:
            done = hand_out(run, settings, at.context)
        outcome.files, outcome.exit_code = done.files, done.exit_code
        outcome.more.update(handout_members(done))
        for note in done.notes:
            console.warn(note)
        for line in handout_lines(done):
            console.data(line)

    run_command(console, action)
