"""bulktap results: write workbook and error report again from the journal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.run_declarations import NEW_PASSPHRASES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap results 2035-08-20T0715Z-students-3fa9
  bulktap results RUN --workbook-passphrase-file other.txt
  bulktap results autumn-5a --new-passphrase
"""
_MOST_NAMED: Final = 5


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", type=options.RUN)
@options.settings(
    declared.REPORTS,
    sign_in_declared.PROFILE,
    *declared.RUN_PASSPHRASE,
    *NEW_PASSPHRASES,
    *declared.SCREEN,
)
def results(run: Path, chosen: Values) -> NoReturn:
    """Write the results workbook and the error report of RUN again; the tenant is not asked.

    With --new-passphrase the run gets another one, and the workbook is written with it; old copies of workbook and
    journal still open with the old one.
    """
    console = Console(options.screen_settings(chosen))
    source = options.passphrase_source(chosen, new=False)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.cli.summary import closing_lines
        from bulktap.operations.write_results import write_results

        fresh = options.new_passphrase_source(chosen)
        if fresh is not None:
            fresh.require_usable(console, simulated=False)
        new = None if fresh is None else partial(fresh.get, console)
        with command_context(console, outcome, chosen, source) as at:
            written = write_results(run, chosen.sure(declared.REPORTS), at.context, new)
        if fresh is not None:
            outcome.more["new_passphrase"] = True
        done = written.handed_back
        outcome.counts, outcome.files, outcome.exit_code = done.counts, done.files, done.exit_code
        outcome.more["unusable"] = len(done.unusable)
        for line in closing_lines(written.plan.tenant, done):
            console.data(line)
        for note in done.notes:
            console.warn(note)
        if written.older:
            console.warn(
                f"Opened by the old passphrase as before: {_named(written.older)}. Destroy what is not needed."
            )
        if written.failure is not None:
            raise written.failure

    run_command(console, action)


def _named(paths: Sequence[Path]) -> str:
    more = len(paths) - _MOST_NAMED
    names = [path.name for path in paths[:_MOST_NAMED]]
    return ", ".join([*names, *([f"{more:,} more"] if more > 0 else [])]) + ", and every copy made elsewhere"
