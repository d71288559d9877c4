"""The commands that hints name, as they have to be typed for the run at hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.cli.outcome import CommandOutcome

_BARE = re.compile(r"`bulktap (resume|results|verify)(?: RUN)?`")
"""A command as the rooms below name it, which know neither the run's folder nor where `--reports` points."""


def to_be_typed(hint: str, outcome: CommandOutcome) -> str:
    """Return a hint with its commands written out for the run that the command was about.

    Before anything of it was recorded there is nothing that `resume` could finish: then the same command is run again.
    """
    from bulktap.storage.run_folder import RunFolder

    if outcome.folder is not None and (outcome.folder / "journal.db").exists():
        to_type = RunFolder(Path(outcome.folder)).to_type
        return _BARE.sub(lambda found: f"`bulktap {found[1]} {to_type}`", hint)
    return hint.replace("`bulktap resume`", "the same command again")
