"""The commands in hints, as they have to be typed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from bulktap.cli.next_commands import to_be_typed
from bulktap.cli.outcome import CommandOutcome

if TYPE_CHECKING:
    from pathlib import Path

RUN = "2035-08-20T0715Z-students-3fa9"
PLACES = ["reports", "shared", "two words", "it's", "a/b/c", "$HOME;x"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("command", ["resume", "results RUN", "verify RUN", "resume RUN"])
def test_a_bare_command_is_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, command: str
) -> None:
    """With the run and, unless it is the usual one, its reports folder, quoted as a shell needs it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / place / RUN
    folder.mkdir(parents=True)
    (folder / "journal.db").touch()

    hint = to_be_typed(f"Grant it, then run `bulktap {command}`.", CommandOutcome(run=RUN, folder=folder))

    words = shlex.split(hint.partition("`")[2].partition("`")[0])
    where = [] if place == "reports" else ["--reports", place]
    assert words == ["bulktap", command.split(maxsplit=1)[0], RUN, *where]
    assert hint.startswith("Grant it, then run `")
    assert hint.endswith("`.")


@pytest.mark.parametrize(
    "hint",
    [
        "Run `bulktap resume 2035-08-20T0715Z-other-3fa9 --reports 'b c'`.",
        "`bulktap runs --reports x` lists all runs.",
        "To finish: bulktap resume 2035-08-20T0715Z-students-3fa9",
        "Run `bulktap apply` to issue them.",
        "",
    ],
)
@pytest.mark.parametrize("begun", [True, False])
def test_what_is_written_out_already_is_left_alone(tmp_path: Path, hint: str, begun: bool) -> None:
    """Commands of another run, and commands that need none."""
    folder = tmp_path / RUN
    folder.mkdir()
    if begun:
        (folder / "journal.db").touch()

    assert to_be_typed(hint, CommandOutcome(run=RUN, folder=folder)) == hint


@pytest.mark.parametrize(
    "hint",
    [
        "Grant it, then run {}.",
        "All is safe; run {} later to finish.",
        "Please report this; {} finishes the run.",
        "Let it finish, then {}.",
        "When that is put right, run {}.",
    ],
)
@pytest.mark.parametrize("planned", [True, False])
def test_before_anything_was_recorded_there_is_nothing_to_resume(tmp_path: Path, hint: str, planned: bool) -> None:
    """A command that stopped at planning is to be run again; `resume` would find no run."""
    outcome = CommandOutcome(run=RUN, folder=tmp_path) if planned else CommandOutcome()

    assert to_be_typed(hint.format("`bulktap resume`"), outcome) == hint.format("the same command again")
