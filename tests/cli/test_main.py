"""How the program ends when no command has begun."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from bulktap.cli.main import main


class Interrupted(io.StringIO):
    """Standard output of somebody who presses Ctrl-C while it is written."""

    def write(self, text: str, /) -> int:
        """Raise what Ctrl-C raises."""
        del text
        raise KeyboardInterrupt


def test_ctrl_c_outside_a_command_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 130, one word."""
    monkeypatch.setattr(sys, "argv", ["bulktap", "--help"])
    monkeypatch.setattr(sys, "stdout", Interrupted())

    with pytest.raises(SystemExit) as end:
        main()

    assert end.value.code == 130
    assert capsys.readouterr().err.strip() == "Stopped."


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["plan", "--help"], ["simulator", "-h"], ["apply", "--help"]]
)
def test_help_into_a_full_disk_is_a_sentence(words: list[str]) -> None:
    """Exit 1 and what is wrong, without a traceback, also when Python tidies up."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bulktap", *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert done.returncode == 1
    assert done.stderr.startswith("Error: Standard output cannot be written: No space left on device.\nHint: ")
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["completion"], "Missing argument 'SHELL'. Choose from: powershell, bash, zsh, fish."),
        (["completion", "tcsh"], "'tcsh' is not one of"),
        (["schema"], "Choose from: plan, apply"),
        (["schema", "tea"], "Invalid value for 'NAME'"),
        (["doctor", "--cloud", "mars"], "Invalid value for '--cloud'"),
        (["plan", "--limit", "x\ny", "a.csv"], "--limit"),
    ],
)
def test_words_that_are_not_understood_are_answered_on_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """With the choices there are, and what help calls the word; no sign of a line end is in it."""
    monkeypatch.setattr(sys, "argv", ["bulktap", *words])

    with pytest.raises(SystemExit) as end:
        main()

    lines = capsys.readouterr().err.splitlines()
    assert end.value.code == 2
    assert [line for line in lines if "<U+" in line] == []
    assert told in next(line for line in lines if line.startswith("Error:"))


@pytest.mark.parametrize("word", ["PowerShell", "BASH", "Zsh", "fish"])
def test_a_shell_is_known_in_capitals_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    """PowerShell writes itself so."""
    monkeypatch.setattr(sys, "argv", ["bulktap", "completion", word])

    with pytest.raises(SystemExit) as end:
        main()

    assert end.value.code == 0
    assert "bulktap" in capsys.readouterr().out
