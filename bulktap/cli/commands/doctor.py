"""bulktap doctor: is everything in place?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.setup_declarations import BUNDLE, PROBE, REPORTS_LOOKED_AT

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap doctor
  bulktap doctor students.xlsx          also the bulktap.toml beside it
  bulktap doctor --profile school-b
  bulktap doctor --probe ann@contoso.com
  bulktap doctor --bundle for-support.zip
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("roster", type=options.ROSTER, required=False)
@options.settings(
    PROBE, BUNDLE, REPORTS_LOOKED_AT, *sign_in_declared.SIGNING_IN, *declared.SCREEN, profiles=False
)  # fmt: skip
def doctor(roster: Path | None, chosen: Values) -> NoReturn:
    """Say what is set, whether signing in works, and which permission is missing, who may grant it, and for what.

    Each check is ok, warn or wrong, with what to do about it: settings and where each comes from, sign-in, token,
    permissions, tenant, policy, clock, proxy, trusted certificates, reports folder, versions. Nothing is written but
    the file that --bundle names, and nothing is changed. The settings are those of a run of ROSTER, where one is
    named; it is not read.
    """
    console = Console(options.screen_settings(chosen))

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.examination import examine

        examine(console, outcome, chosen, roster)

    run_command(console, action)
