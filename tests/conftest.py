"""What tests of whole runs share: the program as a process of its own."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from log_schema import faults_of_lines
from whole_run import PASSPHRASE, REPOSITORY, SETTINGS_OF_THIS_MACHINE, Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def base_environment(tmp_path: Path) -> dict[str, str]:
    """What the program inherits: no settings of this machine's, a home of its own, a passphrase."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(SETTINGS_OF_THIS_MACHINE)}
    home = tmp_path / "home"
    home.mkdir()
    return kept | {
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "LOCALAPPDATA": str(home / ".local" / "state"),  # what Windows has in their place
        "APPDATA": str(home / ".config"),
        "USERPROFILE": str(home),
        # The tests read UTF-8, and pipes have the machine's code page. Elsewhere a variable of Python's own would have
        # every command start from cold (`warm_program`).
        **({"PYTHONUTF8": "1"} if sys.platform == "win32" else {}),
        "BULKTAP_PASSPHRASE": PASSPHRASE,
        "BULKTAP_TIMEZONE": "Europe/Berlin",
        "PYTHONPATH": str(REPOSITORY),
    }


@pytest.fixture(autouse=True)
def no_home_of_this_machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing that runs in this process write what bulktap keeps for its user."""
    home = tmp_path_factory.mktemp("user")
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(home))


@pytest.fixture
def program(tmp_path: Path, base_environment: dict[str, str]) -> Iterator[Program]:
    """The program without a tenant, for rehearsals; every log that it leaves keeps to the published schema."""
    work = tmp_path / "work"
    work.mkdir()
    yield Program(work, base_environment)
    for log in work.rglob("log.jsonl"):
        assert faults_of_lines(log.read_text("utf-8")) == []
