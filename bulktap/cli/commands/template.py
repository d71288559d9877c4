"""bulktap template: an empty roster workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import setup_declarations as setup_declared

if TYPE_CHECKING:
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap template                       writes roster.xlsx
  bulktap template liste.xlsx --language de
  bulktap template devices.xlsx --like intune
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("file", default=Path("roster.xlsx"), type=options.ROSTER)
@options.settings(setup_declared.LIKE, setup_declared.TEMPLATE_LANGUAGE, *declared.SCREEN)
def template(file: Path, chosen: Values) -> NoReturn:
    """Write an empty roster workbook, with headings, notes and drop-downs, to FILE (roster.xlsx).

    Filled in, it is read without any option. A file that is there already is not overwritten.
    """
    console = Console(options.screen_settings(chosen))

    def action(outcome: CommandOutcome) -> None:
        from bulktap.operations.write_template import write_template
        from bulktap.results.roster_template import TemplateLike

        like = chosen.of(setup_declared.LIKE)
        write_template(
            file, chosen.sure(setup_declared.TEMPLATE_LANGUAGE), None if like is None else TemplateLike(like)
        )
        outcome.more["file"] = str(file)
        console.data(f"{file} is ready to be filled in, a row for each person.")

    run_command(console, action)
