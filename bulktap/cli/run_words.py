"""What a shell completes where a run, or a roster, is named; it is asked at every press of a key, so little is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulktap.cli.option_types import Place
from bulktap.model.run_names import LATEST
from bulktap.settings.declarations import REPORTS, USUAL_REPORTS

if TYPE_CHECKING:
    from click import Context, Parameter
    from click.shell_completion import CompletionItem

_HEAD: Final = 1 << 20
"""Bytes of plan.json within which its rows begin, however many columns the roster has."""
_MOST: Final = 60
"""Words that are offered; the oldest runs are left out first."""


class Run(Place):
    """A run: its id, folder, a file in that, its name, a tail of its id, or `latest`."""

    name = "run"

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the words that name runs and begin like this; folders where there is none."""
        from click.shell_completion import CompletionItem

        del param
        return _runs(ctx, incomplete) or [CompletionItem(incomplete, type="dir")]


class RosterOrRun(Place):
    """A roster's file, or a run."""

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
        """Return files; of runs, those that begin like this where no file does."""
        from click.shell_completion import CompletionItem

        del param
        files = [CompletionItem(incomplete, type="file")]
        if not incomplete or _begins_a_path(incomplete):
            return files
        return _runs(ctx, incomplete) or files


def columns_of_run(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the headings of the roster of the run on the line that begin like this, capitals or not."""
    from click.shell_completion import CompletionItem

    del param
    # Where the line ends with the name of an option, click has not told arguments apart yet.
    given = ctx.params.get("run") or next(iter(ctx.args), None)
    if given is None:
        return []
    wanted = incomplete.casefold()
    return [CompletionItem(one) for one in _headings(ctx, str(given)) if one.casefold().startswith(wanted)]


def _headings(ctx: Context, word: str) -> list[str]:
    """Return the headings that the plan of a run names; none where it cannot be read, or several runs are meant."""
    from bulktap.model.errors import BulktapError
    from bulktap.results.plan_file.plan_json import json_head
    from bulktap.storage.run_names import PLAN_NAME, found_run, is_run, run_paths
    from bulktap.storage.trusted_files import read_start

    reports = _reports(ctx)
    try:
        if word.casefold() == LATEST:
            run = next(path for path in run_paths(reports) if is_run(path))
        else:
            run = found_run(reports, Path(word), None if _is_path(word) else word)
        found = json_head(read_start(run / PLAN_NAME, _HEAD)).get("roster")
    except (OSError, BulktapError, StopIteration):
        return []
    headings = found.get("headings") if isinstance(found, dict) else None
    return [one for one in headings if isinstance(one, str) and one.isprintable()] if isinstance(headings, list) else []


def _is_path(word: str) -> bool:
    return Path(word).name != word


def _reports(ctx: Context) -> Path:
    given = ctx.params.get(REPORTS.key)
    return given if isinstance(given, Path) else USUAL_REPORTS


def _begins_a_path(incomplete: str) -> bool:
    typed = Path(incomplete)
    if typed.name != incomplete:
        return True
    return any(path.name.startswith(incomplete) for path in Path().iterdir())


def _runs(ctx: Context, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from bulktap.storage.run_names import spellings

    wanted = incomplete.casefold()
    found = spellings(_reports(ctx))
    items = [
        CompletionItem(word, help=None if word == run else run)
        for word, run in found.items()
        # A tail is of use to whoever has begun to type it; unasked it would hide the ids.
        if word.casefold().startswith(wanted) and (wanted or not run.endswith(word) or word == run)
    ]
    if found and LATEST.startswith(wanted):
        items.insert(0, CompletionItem(LATEST, help="the most recent run"))
    return items[:_MOST]
