"""Keeping the computer awake."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bulktap.cli.awake import kept_awake


def test_a_run_goes_on_whether_or_not_the_platform_can_be_kept_awake() -> None:
    """Nothing depends on it, and nothing is left running afterwards."""
    with kept_awake() as agreed:
        assert agreed in {True, False}
    if sys.platform.startswith("linux"):
        children = subprocess.run(
            ["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True, check=False
        )
        assert "systemd-inhibit" not in children.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a call instead of a program")
def test_the_program_that_keeps_awake_ends_with_the_process_it_is_for() -> None:
    """It is told whose end to wait for, so that a killed run does not keep a laptop awake all night."""
    from bulktap.cli.awake import inhibitor

    command = inhibitor(4711)

    assert command is None or "4711" in " ".join(command)
