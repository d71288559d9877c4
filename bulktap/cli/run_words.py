"""What a shell completes where a run, or a roster, is named; it is asked at every press of a key, so little is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from click.shell_completion import CompletionItem

from bulktap.cli.option_types import Place
from bulktap.model.run_names import LATEST
from bulktap.settings.declarations import REPORTS, USUAL_REPORTS

if TYPE_CHECKING:
    from click import Context, Parameter

_MOST: Final = 60
"""Words that are offered; the oldest runs are left out first."""


class Run(Place):
    """A run: its id, folder, name, a tail of its id, or `latest`."""

    name = "run"

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Return the words that name runs and begin like this; folders where there is none."""
        return _runs(ctx, incomplete) or [CompletionItem(incomplete, type="dir")]


class RosterOrRun(Place):
    """A roster's file, or a run."""

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Return files; of runs, those that begin like this where no file does."""
        files = [CompletionItem(incomplete, type="file")]
        if not incomplete or _begins_a_path(incomplete):
            return files
        return _runs(ctx, incomplete) or files


def _begins_a_path(incomplete: str) -> bool:
    typed = Path(incomplete)
    if typed.name != incomplete:
        return True
    return any(path.name.startswith(incomplete) for path in Path().iterdir())


def _runs(ctx: Context, incomplete: str) -> list[CompletionItem]:
    from bulktap.storage.run_names import spellings

    given = ctx.params.get(REPORTS.key)
    wanted = incomplete.casefold()
    found = spellings(given if isinstance(given, Path) else USUAL_REPORTS)
    items = [
        CompletionItem(word, help=None if word == run else run)
        for word, run in found.items()
        # A tail is of use to whoever has begun to type it; unasked it would hide the ids.
        if word.casefold().startswith(wanted) and (wanted or not run.endswith(word) or word == run)
    ]
    if found and LATEST.startswith(wanted):
        items.insert(0, CompletionItem(LATEST, help="the most recent run"))
    return items[:_MOST]
