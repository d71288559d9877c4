"""The simulator in a process of its own; it keeps the truth, whatever becomes of the program."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote
from urllib.request import Request, urlopen

from harness.processes import PROGRAM, REPOSITORY, wait_until
from harness.truth import Truth, read_truth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

_START_SECONDS: Final = 300.0
_LANDING_SECONDS: Final = 120.0
_GOODBYE_SECONDS: Final = 20.0


class TenantProcess:
    """`bulktap simulator` in a process of its own, as a context manager; it keeps the truth."""

    def __init__(self, folder: Path, users: Sequence[Mapping[str, object]], *options: str) -> None:
        """Prepare a tenant with these users; `options` are those of the command."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._options = options
        (folder / "tenant.json").write_text(json.dumps({"users": users}), "utf-8")
        self.access: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._trust: ssl.SSLContext | None = None

    def __enter__(self) -> Self:
        printed = self._folder / "out"
        command = [*PROGRAM, "simulator", "--tenant-file", "tenant.json", "--ca-file", "ca.pem", *self._options]
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
        with printed.open("wb") as out, (self._folder / "err").open("wb") as err:
            self._process = subprocess.Popen(command, cwd=self._folder, env=environment, stdout=out, stderr=err)
        try:
            wait_until(
                lambda: b"AZURE_CLIENT_SECRET=" in printed.read_bytes() or self._ended(), _START_SECONDS, "tenant"
            )
            assert not self._ended(), (self._folder / "err").read_text("utf-8")
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        lines = printed.read_text("utf-8").splitlines()
        self.access = dict(line.split("=", 1) for line in lines if "=" in line)
        self.access["BULKTAP_CA_BUNDLE"] = str(self._folder / "ca.pem")
        self._trust = ssl.create_default_context(cafile=str(self._folder / "ca.pem"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def truth(self) -> Truth:
        """Return what the tenant holds and what happened."""
        return read_truth(self._ask("truth"))

    def settled_truth(self) -> Truth:
        """Return the same once every create has landed that was answered before it was carried out."""
        wait_until(lambda: self.truth().lands_by is None, _LANDING_SECONDS, "the last late create")
        return self.truth()

    def statistics(self) -> dict[str, Any]:
        """Return the simulator's counts."""
        return self._ask("statistics")

    def somebody_else_issues(self, user: str) -> bool:
        """Let another administrator issue a pass to the user; tell whether they could."""
        return bool(self._ask(f"somebody-else?user={quote(user)}", method="POST")["done"])

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _ask(self, what: str, method: str = "GET") -> dict[str, Any]:
        request = Request(f"{self.access['BULKTAP_GRAPH_URL']}/_simulator/{what}", method=method)  # noqa: S310 - loopback
        with urlopen(request, context=self._trust, timeout=300) as answer:  # noqa: S310 - loopback
            told = json.loads(answer.read())
        assert isinstance(told, dict)
        return told
