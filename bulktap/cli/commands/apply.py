"""bulktap apply: issue the passes of a roster, after asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.commands.plan import dry_run
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.passphrase import asks_for_password, roster_password
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import roster_declarations as roster_declared
from bulktap.settings import sign_in_declarations as sign_in_declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap apply students.xlsx --simulate --generate-passphrase  a rehearsal
  bulktap apply students.xlsx --lifetime 8h --one-time
  bulktap apply students.xlsx --allow "*@students.contoso.com" --max-rows 99
  bulktap apply devices.csv --existing replace --yes
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("roster", cls=options.Rosters, nargs=-1, metavar="ROSTER...|RUN", type=options.ROSTER_OR_RUN)
@options.settings(
    declared.REPORTS,
    declared.NAME,
    declared.LOG_FILE,
    *sign_in_declared.SIGNING_IN,
    *declared.REHEARSAL,
    *roster_declared.READING,
    *roster_declared.LISTS,
    *declared.PASSES,
    *declared.CARE,
    *declared.PAGE,
    declared.FORGET_AFTER,
    declared.YES,
    declared.DRY_RUN,
    *declared.PASSPHRASE,
    *declared.SENDING,
    declared.ASSUME,
    *declared.SCREEN,
)
def apply(roster: tuple[Path, ...], chosen: Values) -> NoReturn:
    """Plan ROSTER, show what would happen, ask, and issue the passes; or carry out the saved plan of RUN."""
    if chosen.is_set(declared.DRY_RUN):
        dry_run(roster, chosen)
    console = Console(options.screen_settings(chosen))
    source = options.passphrase_source(chosen, new=True)
    asks = not chosen.is_set(declared.YES)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.operations.apply_plan import apply_plan
        from bulktap.settings.slices import run_settings

        if asks:
            console.require_answers()
        password = roster_password(chosen.of(roster_declared.ROSTER_PASSWORD_FILE))
        settings = run_settings(chosen, password, asks_for_password(console))
        with command_context(console, outcome, chosen, source, asks=asks) as at:
            at.terminal.conclude(apply_plan(roster, settings, at.context))

    run_command(console, action)
