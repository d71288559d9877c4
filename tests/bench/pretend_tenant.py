"""The pretend tenant of a benchmark: `bulktap simulator` in a process of its own, and what it says afterwards."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REPOSITORY = Path(__file__).parents[2]
_VARIABLES = 7
"""So many lines `bulktap simulator` prints before it serves."""


@dataclass(frozen=True)
class PretendTenant:
    """A simulator that serves."""

    environment: dict[str, str]
    """How to reach it, for the contenders; the rest of the environment included."""

    def truth(self) -> dict[str, Any]:
        """Return what the tenant holds and what happened; digests only."""
        return self._ask("truth")

    def statistics(self) -> dict[str, Any]:
        """Return its counts."""
        return self._ask("statistics")

    def _ask(self, what: str) -> dict[str, Any]:
        trust = ssl.create_default_context(cafile=self.environment["BULKTAP_CA_BUNDLE"])
        address = f"{self.environment['BULKTAP_GRAPH_URL']}/_simulator/{what}"
        with urllib.request.urlopen(address, context=trust) as answer:  # noqa: S310 - the address is our own simulator's
            found: dict[str, Any] = json.load(answer)
        return found


def users_of(rows: int) -> list[str]:
    """Return the sign-in names of that many students."""
    return [f"student{number:06d}@contoso.com" for number in range(1, rows + 1)]


@contextmanager
def serving(users: Sequence[str], folder: Path, *options: str) -> Iterator[PretendTenant]:
    """Serve a tenant with these users.

    Args:
        users: their sign-in names.
        folder: where its files go.
        options: of `bulktap simulator`.
    """
    tenant_file, ca_file = folder / "tenant.json", folder / "ca.pem"
    tenant_file.write_text(json.dumps({"users": [{"userPrincipalName": user} for user in users]}), "utf-8")
    command = [sys.executable, "-m", "bulktap", "simulator", "--tenant-file", tenant_file, "--ca-file", ca_file]
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(("AZURE_", "BULKTAP_"))}
    inherited["PYTHONPATH"] = str(REPOSITORY)
    with subprocess.Popen(
        [*command, *options], env=inherited, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline().strip() for _ in range(_VARIABLES)]
            if not all(lines):
                raise RuntimeError(f"the simulator does not start with {' '.join(options)}")
            yield PretendTenant({**inherited, **dict(line.split("=", 1) for line in lines)})
        finally:
            process.terminate()
