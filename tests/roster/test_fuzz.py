"""Some of the damaged rosters that `fuzz.py` beside this makes in any number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).with_name("fuzz.py")
BUNDLES = Path(__file__).with_name("fuzz_bundles.py")


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_damaged_roster_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    """Within seconds, within the memory, and with a sentence."""
    command = [sys.executable, str(FUZZ), "--inputs", "1500", "--seed", str(seed), "--keep", str(tmp_path / "findings")]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("1,500 inputs")


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_a_damaged_export_is_read_or_refused_and_nobody_is_lost(tmp_path: Path, seed: int) -> None:
    """Whatever is missing, doubled or contradicts itself: every line of the people's file is a row."""
    command = [
        sys.executable,
        str(BUNDLES),
        "--inputs",
        "700",
        "--seed",
        str(seed),
        "--keep",
        str(tmp_path / "findings"),
    ]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
