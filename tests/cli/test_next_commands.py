"""The commands in hints, as they have to be typed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from shell_words import shell_words

from bulktap.cli.next_commands import to_be_typed
from bulktap.cli.outcome import CommandOutcome
from bulktap.model.setting_names import Command

RUN = "2035-08-20T0715Z-students-3fa9"
OTHER = "2035-08-20T0715Z-other-3fa9"
QUOTED = "'b c'" if os.name != "nt" else '"b c"'
PLACES = ["reports", "shared", "two words", "it's", "a/b/c", "$HOME;x"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("command", [Command.RESUME, Command.RESULTS, Command.VERIFY])
def test_a_bare_command_is_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, command: Command
) -> None:
    """With the run and, unless it is the usual one, its reports folder, quoted as a shell needs it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / place / RUN
    folder.mkdir(parents=True)
    (folder / "journal.db").touch()

    hint = to_be_typed(f"Grant it, then run {command}.", CommandOutcome(run=RUN, folder=folder))

    words = shell_words(hint.partition("`")[2].partition("`")[0])
    where = [] if place == "reports" else ["--reports", str(Path(place))]
    assert words == ["bulktap", command.value, RUN, *where]
    assert hint.startswith("Grant it, then run `")
    assert hint.endswith("`.")


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        (f"Run {Command.RESUME.of(Path('b c') / OTHER)}.", f"Run `bulktap resume {OTHER} --reports {QUOTED}`."),
        (f"Save: {Command.RESULTS.of(Path('b') / OTHER)}", f"Save: `bulktap results {OTHER} --reports b`"),
        (f"{Command.RUNS.of(Path('x'))} lists all runs.", "`bulktap runs --reports x` lists all runs."),
        (f"Run {Command.APPLY} to issue them.", "Run `bulktap apply` to issue them."),
        (f"Make a new plan with {Command.PLAN}.", "Make a new plan with `bulktap plan`."),
        ("A plan named `bulktap resume`.", "A plan named `bulktap resume`."),
        ("", ""),
    ],
)
@pytest.mark.parametrize("begun", [True, False])
def test_what_is_about_another_run_or_none_is_not_about_this_one(
    tmp_path: Path, hint: str, said: str, begun: bool
) -> None:
    """Commands of another run, commands that need none, and text from outside."""
    folder = tmp_path / RUN
    folder.mkdir()
    if begun:
        (folder / "journal.db").touch()

    assert to_be_typed(hint, CommandOutcome(run=RUN, folder=folder)) == said


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

    assert to_be_typed(hint.format(Command.RESUME), outcome) == hint.format("the same command again")
