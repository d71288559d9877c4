"""The commands that hints name, as they have to be typed for the run at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.cli.setting_options import as_option
from bulktap.model.setting_names import Command, spelled

if TYPE_CHECKING:
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.model.setting_names import Named

_ABOUT_A_RUN = frozenset(
    {
        Command.FORGET,
        Command.REISSUE,
        Command.RESUME,
        Command.RESULTS,
        Command.REVOKE,
        Command.SHOW,
        Command.VERIFY,
        Command.HAND_OUT,
    }
)


def to_be_typed(hint: str, outcome: CommandOutcome) -> str:
    """Return a hint with its commands written out for the run that the command was about.

    The rooms below often know neither the run's folder nor where `--reports` points. Before anything of the run was
    recorded there is nothing that `resume` could finish: then the same command is run again.
    """
    folder = outcome.folder if outcome.folder is not None and (outcome.folder / "journal.db").exists() else None

    def typed(named: Named, value: str | None) -> str:
        if value is None and named in _ABOUT_A_RUN and folder is not None:
            return as_option(named, str(folder))
        if value is None and named is Command.RESUME:
            return "the same command again"
        return as_option(named, value)

    return spelled(hint, typed)
