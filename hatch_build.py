"""Writes into a wheel of which commit it was built; where nobody knows, the wheel says nothing."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface):
    """Adds `bulktap/commit.txt`, with `-dirty` behind the commit where files differ from it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Find the commit out, if this is a clone and git is there."""
        root = Path(self.root)
        if version == "editable" or not (root / ".git").exists():
            return
        # Without tags, which another clone may not have: the same commit gives the same wheel.
        asked = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
        try:
            told = subprocess.run(asked, cwd=root, capture_output=True, check=True, text=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return
        self._folder = tempfile.TemporaryDirectory()
        written = Path(self._folder.name) / "commit.txt"
        written.write_bytes(f"{told}\n".encode("ascii"))
        build_data["force_include"][str(written)] = "bulktap/commit.txt"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        del version, build_data, artifact_path
        if hasattr(self, "_folder"):
            self._folder.cleanup()
