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
