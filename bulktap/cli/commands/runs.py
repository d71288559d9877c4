"""bulktap runs: which runs there are, and how they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.moments import in_words
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.run_declarations import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.operations.listed_run import ListedRun
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap runs
  bulktap runs --all
  bulktap runs --reports D:\\passes --json
"""
_USUAL: Final = 10
"""Runs that are listed unless all are asked for."""
_HEADINGS: Final = (
    "When", "Run", "Name", "State", "Issued", "Open", "Live until", "By", "Roster", "Tenant", "Next",
)  # fmt: skip


@click.command(cls=GroupedCommand, epilog=EXAMPLES, short_help="List the runs there are.")
@options.settings(
    ALL,
    declared.REPORTS,
    sign_in_declared.PROFILE,
    *declared.SCREEN,
)
def runs(chosen: Values) -> NoReturn:
    """List the last ten runs in the reports folder, newest first, and how they stand; no passphrase is needed.

    With --json every run is listed, oldest first.
    """
    console = Console(options.screen_settings(chosen))
    reports = chosen.sure(declared.REPORTS)
    most = None if chosen.is_set(ALL) or chosen.is_set(declared.JSON) else _USUAL

    def action(outcome: CommandOutcome) -> None:
        from bulktap.operations.list_runs import newest_listed

        found, count = newest_listed(reports, most)
        now = datetime.now(UTC)
        outcome.more["runs"] = [_members(one, now) for one in reversed(found)]
        if not found:
            console.data(f"There are no runs in {reports}.")
            return
        table = console.table(_HEADINGS, [_cells(one, now) for one in found])
        console.data(*(table.split("\n") if console.fits(table) else _blocks(found, now)))
        for one in found:
            if one.why:
                console.warn(f"{one.folder.run}: {one.why}")
        due = [one for one in found if one.is_due(now)]
        if due:
            runs_due = "1 run is" if len(due) == 1 else f"{len(due)} runs are"
            console.warn(f"{runs_due} due to be forgotten: `bulktap forget --due`")
        if len(found) < count:
            console.say(f"The last {len(found)} of {count:,} runs; --all lists the others too.")

    run_command(console, action)


def _members(run: ListedRun, now: datetime) -> dict[str, object]:
    """Return what `--json` says of a run; what is not known is absent."""
    tenant = {"tenant": run.tenant_id, "simulated": run.simulated} if run.tenant_id else {}
    known = {
        "name": run.name,
        "roster": run.roster_file or None,
        "rows": run.rows,
        "issued": run.issued,
        "open": run.open_rows,
        "revoked": run.revoked or None,
        "to_revoke": run.to_revoke or None,
        "planned": _utc(run.planned_at),
        "began": _utc(run.began_at),
        "live_until": _utc(run.live_until),
        "forget_at": _utc(run.forget_at),
        "forgotten": _utc(run.forgotten_at),
        "who": run.who,
        "next": _next(run, now) or None,
        "why": run.why or None,
    }
    return {
        "run": run.folder.run,
        "folder": str(run.folder.path),
        "state": run.state.value,
        **tenant,
        **{name: value for name, value in known.items() if value is not None},
    }


def _cells(run: ListedRun, now: datetime) -> Sequence[str]:
    return (
        _when(run, now),
        run.folder.run,
        run.name or "-",
        run.state.value,
        _told(run.issued) + _so_far(run) + _revoked(run),
        _told(run.open_rows),
        _live(run, now),
        run.who or "-",
        run.roster_file or "-",
        run.label or "-",
        _next(run, now) or "-",
    )


def _blocks(found: Sequence[ListedRun], now: datetime) -> list[str]:
    """Return what the table says, line by line, for a terminal that is too narrow for it."""
    lines: list[str] = []
    for run in found:
        counts = f"{_told(run.issued)} issued{_so_far(run)}{_revoked(run)}, {_told(run.open_rows)} open"
        lines += [
            f"{run.folder.run}{f'  {run.name}' if run.name else ''}",
            f"  {_when(run, now)}, {run.state.value}: {counts}" + (f", by {run.who}" if run.who else ""),
            *([f"  roster {run.roster_file}, tenant {run.label or 'not asked'}"] if run.roster_file else []),
        ]
        steps = [f"live until {_live(run, now)}"] if run.live_until else []
        if run.forgotten_at is not None:
            steps.append(f"forgotten {in_words(run.forgotten_at, now)}")
        elif run.forget_at is not None:
            steps.append(f"to be forgotten {in_words(run.forget_at, now)}")
        lines += [f"  {'; '.join(steps)}"] if steps else []
        lines += [f"  next: {following}"] if (following := _next(run, now)) else []
    return lines


def _when(run: ListedRun, now: datetime) -> str:
    return "-" if run.at is None else in_words(run.at, now)


def _live(run: ListedRun, now: datetime) -> str:
    if run.live_until is None:
        return "-"
    return in_words(run.live_until, now) if run.live_until > now else f"{in_words(run.live_until, now)} (over)"


def _next(run: ListedRun, now: datetime) -> str:
    """Return the command that is sensibly run next, with the run's name where it has one."""
    step = run.next_step(now)
    if step is None:
        return ""
    typed = run.folder.to_type
    return f"bulktap {step.value} {typed.replace(run.folder.run, run.name, 1) if run.name else typed}"


def _so_far(run: ListedRun) -> str:
    return " so far" if run.state.value == "running" else ""


def _revoked(run: ListedRun) -> str:
    return f" ({run.revoked:,} revoked)" if run.revoked else ""


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _told(count: int | None) -> str:
    return "-" if count is None else str(count)
