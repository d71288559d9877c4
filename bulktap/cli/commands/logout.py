"""bulktap logout: drop the tokens that are kept of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared

if TYPE_CHECKING:
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap logout
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@options.settings(*declared.SCREEN)
def logout(chosen: Values) -> NoReturn:
    """Drop what is kept of a person's sign-in, so that the next command with a browser or a device code asks again.

    It concerns this user on this computer, and every tenant. Secrets and certificates of apps are not kept, and not
    touched. What the browser itself remembers stays.
    """
    console = Console(options.screen_settings(chosen))

    def action(outcome: CommandOutcome) -> None:
        from bulktap.graph.sign_in.token_cache import forget_tokens
        from bulktap.settings.environment import user_state_folder
        from bulktap.settings.sign_in_settings import CACHE_NAME

        folder = user_state_folder()
        dropped = folder is not None and forget_tokens(folder / CACHE_NAME)
        outcome.more["dropped"] = dropped
        console.data("The tokens that were kept are dropped." if dropped else "No tokens were kept.")
        if dropped:
            console.say("A token that a command still uses works until it ends, for up to 90 minutes.")

    run_command(console, action)
