"""bulktap completion: the script with which a shell completes commands, options, runs and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli.completion import SHELLS, script
from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command

if TYPE_CHECKING:
    from bulktap.cli.outcome import CommandOutcome

EXAMPLES = """\b
Examples:
  PowerShell: write this line into the file that $PROFILE names
    bulktap completion powershell | Out-String | Invoke-Expression
  bash: write this line into ~/.bashrc
    eval "$(bulktap completion bash)"
  zsh: write this line into ~/.zshrc, behind compinit
    eval "$(bulktap completion zsh)"
  fish:
    bulktap completion fish > ~/.config/fish/completions/bulktap.fish
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("shell", type=click.Choice(tuple(SHELLS), case_sensitive=False), metavar="SHELL")
def completion(shell: str) -> NoReturn:
    """Print the script with which a SHELL completes commands, options, runs and the columns of a run's roster.

    Where RUN stands on the line, --by, --to and --sort complete the headings of its roster; no passphrase is needed.
    SHELL is powershell, bash, zsh or fish.
    """
    console = Console(ScreenSettings())

    def action(outcome: CommandOutcome) -> None:
        del outcome
        console.text(script(shell))

    run_command(console, action)
