"""bulktap plan: what would happen, without issuing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.passphrase import asks_for_password, roster_password
from bulktap.cli.running import run_command
from bulktap.settings import run_settings

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome

EXAMPLES = """\b
Examples:
  bulktap plan students.xlsx
  bulktap plan students.xlsx --offline --strict
  bulktap plan devices.csv --lifetime 1d --start "2035-09-01 08:00" --timezone Europe/Berlin
"""


@click.command(epilog=EXAMPLES, short_help="Say what would happen; nothing is issued.")
@click.argument("roster", type=options.ROSTER)
@options.where
@options.log
@options.tenant
@options.rehearsal
@options.reading
@options.passes
@options.care
@options.option("--offline", is_flag=True, help="Do not ask the tenant; such a plan cannot be carried out.")
@options.sending
@options.forecast
@options.screen
def plan(roster: Path, **given: Any) -> NoReturn:
    """Check ROSTER, look its users up, and say what would happen; nothing is issued."""
    dry_run(roster, given)


def dry_run(roster: Path, given: dict[str, Any]) -> NoReturn:
    """Plan, show, and exit: also what `apply --dry-run` does."""
    console = Console(options.screen_settings(given))

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.planned import conclude_dry_run, opened

        settings = run_settings(given, roster_password(given["roster_password_file"]), asks_for_password(console))
        with opened(roster, console, given, settings, outcome, issuing=False) as run:
            run.show()
            conclude_dry_run(run, strict=settings.care.strict or run.plan.settings.strict)

    run_command(console, action)
