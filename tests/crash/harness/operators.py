"""Somebody who runs bulktap in a process of its own, with nothing of the surroundings but what they are given."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from harness.processes import PROGRAM, REPOSITORY, Ended, Running

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PASSPHRASE: Final = "correct horse battery staple"


@dataclass(slots=True)
class EventReader:
    """A log that is read while it is being written; only what is new is read again."""

    path: Path
    read: int = 0
    """Bytes of whole lines that were read."""
    seen: list[dict[str, Any]] = field(default_factory=list)

    def events(self) -> list[dict[str, Any]]:
        """Return every event so far; a line that a crash or a full disk cut short is none."""
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            file.seek(self.read)
            whole, _, _ = file.read().rpartition(b"\n")
        if whole:
            self.read += len(whole) + 1
            self.seen += [json.loads(line) for line in whole.split(b"\n") if line.endswith(b"}")]
        return self.seen


@dataclass(slots=True)
class Operator:
    """Somebody who runs bulktap, with a home, a temporary and a working folder of their own, and a screen."""

    root: Path
    access: Mapping[str, str]
    """Environment variables that lead to the tenant."""
    reports: Path = field(init=False)
    started: int = 0
    logs: dict[Path, EventReader] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("home", "tmp", "work", "screen"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.reports = self.root / "work" / "reports"

    def environment(self) -> dict[str, str]:
        """Return the whole environment of a command."""
        home, temporary = str(self.root / "home"), str(self.root / "tmp")
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": home,
            "TMPDIR": temporary,
            "XDG_CONFIG_HOME": f"{home}/.config",
            "XDG_CACHE_HOME": f"{home}/.cache",
            "XDG_DATA_HOME": f"{home}/.local/share",
            "XDG_STATE_HOME": f"{home}/.local/state",
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONDONTWRITEBYTECODE": "1",
            "BULKTAP_PASSPHRASE": PASSPHRASE,
            "BULKTAP_REPORTS": str(self.reports),
            **self.access,
        }

    def start(self, *arguments: str, prefix: Sequence[str] = (), **changes: str) -> Running:
        """Start a command; `changes` are environment variables, `prefix` a program that runs it."""
        self.started += 1
        screen = self.root / "screen" / f"{self.started:02d}-{arguments[0]}"
        with screen.with_suffix(".out").open("wb") as out, screen.with_suffix(".err").open("wb") as err:
            process = subprocess.Popen(
                [*prefix, *PROGRAM, *arguments],
                cwd=self.root / "work",
                env=self.environment() | changes,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        return Running(process, screen)

    def run(self, *arguments: str, prefix: Sequence[str] = (), seconds: float = 600.0, **changes: str) -> Ended:
        """Run a command to its end."""
        return self.start(*arguments, prefix=prefix, **changes).ends(seconds)

    def run_folders(self) -> list[Path]:
        """Return the folders of all runs, oldest first."""
        found = [path for path in self.reports.glob("2*") if path.is_dir()] if self.reports.is_dir() else []
        return sorted(found, key=lambda path: path.stat().st_ctime_ns)

    def events(self) -> list[dict[str, Any]]:
        """Return the lines of the newest run's log so far."""
        folders = self.run_folders()
        if not folders:
            return []
        log = folders[-1] / "log.jsonl"
        return self.logs.setdefault(log, EventReader(log)).events()

    def begun(self, phase: str, *, times: int = 1) -> bool:
        """Tell whether a phase of a run has begun, so many times in all."""
        return len([1 for event in self.events() if event["event"] == "phase" and event["name"] == phase]) >= times

    def creates_answered(self) -> int:
        """Return how many create steps were answered so far, in all processes of the newest run."""
        return sum(int(event["steps"]) for event in self.events() if event["event"] == "batch" and event["creates"])
