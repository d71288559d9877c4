"""bulktap schema: the published schemas of what programs read."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.help import GroupedCommand
from bulktap.cli.json_schemas import NAMES, json_schema
from bulktap.cli.running import run_command

if TYPE_CHECKING:
    from bulktap.cli.outcome import CommandOutcome

EXAMPLES = f"""\b
Examples:
  bulktap schema plan > plan.schema.json   what bulktap plan --json prints
  bulktap schema run.json

\b
Names:
{textwrap.fill(", ".join(NAMES), 76, initial_indent="  ", subsequent_indent="  ")}
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("name", type=click.Choice(NAMES, case_sensitive=False), metavar="NAME")
def schema(name: str) -> NoReturn:
    """Print the schema (JSON Schema 2020-12) of the object that a command prints with --json, or of a file of a run.

    `failure` is what is printed where no command was understood; `log.jsonl` is the schema of one of its lines.
    """
    console = Console(ScreenSettings())

    def action(outcome: CommandOutcome) -> None:
        del outcome
        console.json(json_schema(name))

    run_command(console, action)
