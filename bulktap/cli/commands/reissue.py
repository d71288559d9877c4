"""bulktap reissue: a new pass in the place of one that a run issued."""

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
    from bulktap.operations.context import OperationContext
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap reissue RUN --only "Anna Arendt"   hers was used
  bulktap reissue RUN --only "Class=7B" --print
  bulktap reissue RUN --only 7 --only 12-15 --dry-run
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", type=options.RUN)
@options.settings(
    declared.REPORTS,
    declared.LOG_FILE,
    *sign_in_declared.SIGNING_IN,
    *declared.REHEARSAL,
    declared.LIFETIME,
    declared.START,
    declared.ONLY,
    declared.EXCEPT,
    *declared.GUARDS,
    declared.YES,
    declared.DRY_RUN,
    handout_declared.HAND_OUT_NEW,
    handout_declared.BY,
    handout_declared.TO,
    handout_declared.STYLE,
    *handout_declared.LAYING_OUT,
    *declared.RUN_PASSPHRASE,
    *declared.SENDING,
    *declared.SCREEN,
)
def reissue(run: Path, chosen: Values) -> NoReturn:
    """Issue new passes to people of RUN whose pass was used, has expired, was misread or taken back.

    The new ones stand in the same workbook, on the terms of their rows; nobody else's pass changes. A pass that
    somebody else issued since is left alone. The slips with the earlier passes are dead, and the workbook's notes say
    so; with `--print` their new slips are made at once. What is stopped is finished by `bulktap resume`.
    """
    console = Console(options.screen_settings(chosen))
    source = options.passphrase_source(chosen, new=False)
    dry = chosen.is_set(declared.DRY_RUN)
    asks = not dry and not chosen.is_set(declared.YES)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.cli.reissue_block import members, outcome_lines
        from bulktap.model.exit_codes import ExitCode
        from bulktap.operations.reissue import reissue_passes
        from bulktap.results.wording import counted
        from bulktap.settings.slices import run_settings

        if asks:
            console.require_answers()
        with command_context(console, outcome, chosen, source, asks=asks) as at:
            done = reissue_passes(run, run_settings(chosen), at.context, dry=dry)
            outcome.more.update(members(done))
            if done.end is None:
                planned = counted(len(done.preview.reissued), "new pass", "new passes")
                console.data(f"{planned} would be issued. Nothing was issued.")
            else:
                at.terminal.conclude(done.end)
                console.data(*outcome_lines(done, every=console.screen.verbose))
                if done.new and chosen.is_set(handout_declared.HAND_OUT_NEW):
                    _hand_out(run, chosen, at.context, console, outcome)
        outcome.exit_code = ExitCode.DONE if done.complete else ExitCode.INCOMPLETE

    run_command(console, action)


def _hand_out(run: Path, chosen: Values, at: OperationContext, console: Console, outcome: CommandOutcome) -> None:
    """Hand out to those who were chosen: whoever got no new pass is named on the cover."""
    from bulktap.cli.handing_out import handout_lines, handout_members, sheet_settings
    from bulktap.operations.hand_out import hand_out

    done = hand_out(run, sheet_settings(chosen), at)
    outcome.files = [*outcome.files, *done.files]
    outcome.more["handout"] = handout_members(done)
    for note in done.notes:
        console.warn(note)
    console.data(*handout_lines(done))
