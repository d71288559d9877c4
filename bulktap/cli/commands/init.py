"""bulktap init: a profile for a tenant, a certificate, and the steps for whoever may register the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings.setup_declarations import SETTING_UP

if TYPE_CHECKING:
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap init
  bulktap init --tenant contoso.com --timezone Europe/Berlin --yes
  bulktap init --client-id 7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37
  bulktap init --profile school-b --cloud usgov --sign-in browser
  bulktap init --yes > steps-for-the-administrator.txt
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@options.settings(*SETTING_UP, *declared.SCREEN, profiles=False)
def init(chosen: Values) -> NoReturn:
    """Write a profile for a tenant, and print the steps for whoever may register the app.

    Asks for what is not given: tenant, cloud, the app's id if there is one, how to sign in, time zone. Makes a
    certificate unless another way is chosen: its key stays in your own configuration folder, and only its public part
    is uploaded. The profile goes into bulktap.toml there, whose other lines stay; one that is there already is changed
    only after asking. Nothing is sent anywhere. Once the app is registered, run it again with --client-id.
    """
    console = Console(options.screen_settings(chosen))

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.setting_up import set_up

        set_up(console, outcome, chosen)

    run_command(console, action)
