"""bulktap forget: destroy the passcodes of a run, and keep what is needed to verify and to revoke."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.moments import in_words
from bulktap.cli.running import run_command
from bulktap.model.errors import UsageError
from bulktap.model.plain_text import in_number, one_line
from bulktap.settings import declarations as declared
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.run_declarations import DUE, FORGET_YES, UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.operations.context import OperationContext
    from bulktap.operations.forget_run import Forgotten, ToForget
    from bulktap.settings.values import Values
    from bulktap.storage.run_folder import RunFolder

EXAMPLES = """\b
Examples:
  bulktap forget autumn-5a
  bulktap forget --due --yes
"""
_ELSEWHERE = (
    "copies elsewhere, which this does not reach: backups, synchronised folders, mail, what was printed or saved "
    "under another name"
)
_MOST_NAMED: Final = 5
_LONGEST_NAME: Final = 80


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", required=False, type=options.RUN)
@options.settings(
    DUE,
    UNFINISHED,
    FORGET_YES,
    declared.REPORTS,
    sign_in_declared.PROFILE,
    *declared.SCREEN,
)
def forget(run: Path | None, chosen: Values) -> NoReturn:
    """Destroy the passcodes of RUN: the key of its journal, its workbooks, its hand-outs.

    Who was given which pass, counts and reports are kept, so that `verify` and `revoke` work as before. No passphrase
    is needed, and nothing is changed in the tenant: passes that work go on working.
    """
    console = Console(options.screen_settings(chosen))
    reports, asks, due = chosen.sure(declared.REPORTS), not chosen.is_set(FORGET_YES), chosen.is_set(DUE)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context

        if due == (run is not None):
            raise UsageError("Name one run, or give --due.", hint="For example: `bulktap forget latest`")
        if asks:
            console.require_answers()
        with command_context(console, outcome, chosen) as at:
            if run is None:
                _forget_due(reports, console, outcome, at.context, asks=asks)
            else:
                _forget(run, reports, console, outcome, at.context, asks=asks, unfinished=chosen.is_set(UNFINISHED))

    run_command(console, action)


def _forget(
    run: Path,
    reports: Path,
    console: Console,
    outcome: CommandOutcome,
    at: OperationContext,
    *,
    asks: bool,
    unfinished: bool,
) -> None:
    from bulktap.operations.forget_run import forget_run

    def agrees(found: ToForget) -> bool:
        console.always(*_preview(found))
        return not asks or console.confirm("Destroy these passcodes for good?")

    done = forget_run(run, reports, at, agrees, unfinished=unfinished)
    outcome.more["forgotten"] = [_members(done)]
    console.data(_told(done))


def _forget_due(reports: Path, console: Console, outcome: CommandOutcome, at: OperationContext, *, asks: bool) -> None:
    from bulktap.operations.forget_run import forget_due

    def agrees(found: Sequence[ToForget]) -> bool:
        for one in found:
            console.always(*_preview(one))
        runs = "this run" if len(found) == 1 else f"these {len(found)} runs"
        return not asks or console.confirm(f"Destroy the passcodes of {runs} for good?")

    done, trouble = forget_due(reports, at, agrees)
    outcome.more["forgotten"] = [_members(one) for one in done]
    if not done and not trouble:
        console.data("No run is due to be forgotten.")
    console.data(*map(_told, done))
    for one in trouble[1:]:
        console.error(one.message, one.hint)
    if trouble:
        raise trouble[0]


def _preview(found: ToForget) -> list[str]:
    """Return what a yes agrees to."""
    folder, now = found.folder, datetime.now(UTC)
    name = f" ({folder.name})" if folder.name else ""
    key = [] if found.forgotten_at else [f"the key of {_counted(found.passes, 'passcode')}"]
    destroyed = [*key, *(path.name for path in found.workbooks)]
    destroyed += [f"handout ({_counted(len(found.handouts), 'file')})"] if found.handouts else []
    lines = [
        ("Destroys", ", ".join(destroyed)),
        ("Keeps", "who was given which pass and when, counts and reports; verify and revoke work as before"),
    ]
    if found.live:
        until = "" if found.live_until is None else f", until {in_words(found.live_until, now)}"
        works = "pass still works" if found.live == 1 else "passes still work"
        lines.append(("Warn", f"{found.live:,} {works}{until}: nobody can look up their codes any more"))
    if found.open_rows:
        lines.append(("Warn", f"{_counted(found.open_rows, 'row')} without an outcome: the run is never finished"))
    if found.strange:
        lines.append(("Leaves", f"{_left(folder, found.strange)}: not bulktap's files; they may hold passcodes"))
    lines.append(("Beyond", _ELSEWHERE))
    return [f"Forget {folder.run}{name}:", *(f"  {label:<11}{text}" for label, text in lines)]


def _left(folder: RunFolder, paths: Sequence[Path]) -> str:
    more = len(paths) - _MOST_NAMED
    names = ", ".join(one_line(str(path.relative_to(folder.path)), _LONGEST_NAME) for path in paths[:_MOST_NAMED])
    return f"{names} and {_counted(more, 'more file')}" if more > 0 else names


def _told(done: Forgotten) -> str:
    left = f" Left in its folder: {_left(done.folder, done.left)}; delete what holds passcodes." if done.left else ""
    files = f"and {_counted(done.files, 'file')} now" if done.files else "and no file was left to destroy"
    return (
        f"Forgotten: {done.folder.run}. The key of {_counted(done.passes, 'passcode')} was destroyed on "
        f"{done.at:%Y-%m-%d} at {done.at:%H:%M} UTC, {files}.{left}"
    )


def _members(done: Forgotten) -> dict[str, object]:
    name = done.folder.name
    return {
        "run": done.folder.run,
        **({} if name is None else {"name": name}),
        "at": f"{done.at:%Y-%m-%dT%H:%M:%SZ}",
        "passes": done.passes,
        "files": done.files,
    }


def _counted(count: int, what: str) -> str:
    return in_number(count, what, f"{what}s")
