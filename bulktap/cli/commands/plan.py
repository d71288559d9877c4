"""bulktap plan: what would happen, without issuing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
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
  bulktap plan students.xlsx
  bulktap plan students.xlsx --offline --strict
  bulktap plan class-lists/ --simulate           every spreadsheet of a folder
  bulktap plan --group "Class 7A"
  bulktap plan devices.csv --lifetime 1d --start "2035-09-01 08:00"
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("roster", cls=options.Rosters, nargs=-1, metavar="ROSTER...", type=options.ROSTER)
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
    declared.OFFLINE,
    *declared.SENDING,
    declared.ASSUME,
    *declared.SCREEN,
)
def plan(roster: tuple[Path, ...], chosen: Values) -> NoReturn:
    """Check ROSTER, or a list of the tenant such as a --group, and say what would happen; nothing is issued."""
    dry_run(roster, chosen)


def dry_run(roster: tuple[Path, ...], chosen: Values) -> NoReturn:
    """Plan, show, and exit: also what `apply --dry-run` does."""
    console = Console(options.screen_settings(chosen))

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.cli.summary import dry_run_lines
        from bulktap.operations.plan_roster import plan_roster
        from bulktap.settings.slices import run_settings

        password = roster_password(chosen.of(roster_declared.ROSTER_PASSWORD_FILE))
        settings = run_settings(chosen, password, asks_for_password(console))
        with command_context(console, outcome, chosen) as at:
            planned = plan_roster(roster, settings, at.context)
        outcome.exit_code = planned.exit_code
        console.data(*dry_run_lines(planned))

    run_command(console, action)
