"""How the program ends when no command has begun."""

from __future__ import annotations

import io
import sys

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
