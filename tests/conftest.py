"""What tests of whole runs share: the program as a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from log_schema import faults_of_lines
from whole_run import Program, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def base_environment(tmp_path: Path) -> dict[str, str]:
    """What the program inherits: no settings of this machine's, a home of its own, a passphrase."""
    return clean_environment(tmp_path)


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
