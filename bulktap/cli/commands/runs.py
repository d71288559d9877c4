"""bulktap runs: which runs there are, and how they stand."""

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
    from bulktap.operations.list_runs import ListedRun
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap runs
  bulktap runs --reports D:\\passes --json
"""


@click.command(cls=GroupedCommand, epilog=EXAMPLES, short_help="List the runs there are.")
@options.settings(
    declared.REPORTS,
    *declared.SCREEN,
)
def runs(chosen: Values) -> NoReturn:
    """List the runs in the reports folder, oldest first, and how they stand; no passphrase is needed."""
    console = Console(options.screen_settings(chosen))
    reports = chosen.sure(declared.REPORTS)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.operations.list_runs import list_runs

        found = list_runs(reports)
        outcome.more["runs"] = [_members(one) for one in found]
        if not found:
            console.data(f"There are no runs in {reports}.")
            return
        lines = [
            (one.folder.run, one.state.value, _told(one.issued), _told(one.open_rows), one.roster_file, one.label)
            for one in found
        ]
        table = console.table(("Run", "State", "Issued", "Open", "Roster", "Tenant"), lines)
        console.data(*(table.split("\n") if console.fits(table) else (line for one in found for line in _block(one))))

        for one in found:
            if one.why:
                console.warn(f"{one.folder.run}: {one.why}")

    run_command(console, action)


def _members(run: ListedRun) -> dict[str, object]:
    """Return what `--json` says of a run; what is not known is absent."""
    tenant = {"tenant": run.tenant_id, "simulated": run.simulated} if run.tenant_id else {}
    counts = {"rows": run.rows, "issued": run.issued, "open": run.open_rows}
    return {
        "run": run.folder.run,
        "folder": str(run.folder.path),
        "state": run.state.value,
        **tenant,
        **({"roster": run.roster_file} if run.roster_file else {}),
        **{name: count for name, count in counts.items() if count is not None},
        **({"why": run.why} if run.why else {}),
    }


def _told(count: int | None) -> str:
    return "-" if count is None else str(count)


def _block(run: ListedRun) -> list[str]:
    """Return what the table says of a run, line by line, for a terminal that is too narrow for it."""
    return [
        run.folder.run,
        f"  {run.state.value}, {_told(run.issued)} issued, {_told(run.open_rows)} open, from {run.roster_file}",
        f"  tenant {run.label}",
    ]
