"""The program as a process of its own, and how to read what it hands back; for tests of whole runs."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import warm_program
from json_schemas import faults_of, faults_of_output

from bulktap.model.secret import Secret
from bulktap.storage.office_encryption import decrypt_workbook

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Mapping, Sequence

    from bulktap.simulator.embedded import EmbeddedSimulator

REPOSITORY = Path(__file__).parents[1]
SAMPLES = REPOSITORY / "samples"
PASSPHRASE = "correct horse battery staple"
USERS = tuple(f"student{number:02d}@contoso.com" for number in range(1, 13))
SETTINGS_OF_THIS_MACHINE = ("AZURE_", "BULKTAP_")


@dataclass(frozen=True)
class Finished:
    """A run of the program that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def folder(self) -> Path:
        """The run's folder, with `--json`."""
        return Path(self.json["folder"])


@dataclass(frozen=True)
class Program:
    """The program in a folder of its own."""

    cwd: Path
    environment: Mapping[str, str]

    def __call__(
        self, *arguments: str | Path, code: int | None = 0, piped: bytes | None = None, **more: str
    ) -> Finished:
        """Run it; `code` is the exit code that is expected, None if any; `piped` is what standard input brings."""
        return self._finished(warm_program.run, arguments, code, piped, more)

    def from_cold(
        self, *arguments: str | Path, code: int | None = 0, piped: bytes | None = None, **more: str
    ) -> Finished:
        """Run it as people start it: it loads its libraries, and passphrases have their real cost."""
        return self._finished(warm_program.run_from_cold, arguments, code, piped, more)

    def _finished(
        self,
        run: Callable[..., subprocess.CompletedProcess[bytes]],
        arguments: Sequence[str | Path],
        code: int | None,
        piped: bytes | None,
        more: Mapping[str, str],
    ) -> Finished:
        words = [str(argument) for argument in arguments]
        done = run(words, self.cwd, {**self.environment, **more}, piped or b"", seconds=600)
        finished = Finished(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert code is None or finished.code == code, f"exit {finished.code}\n{finished.out}\n{finished.err}"
        if "--json" in words:
            assert faults_of_output(words, finished.out) == []
            if words[0] in {"apply", "resume", "results"} and "run.json" in finished.json["files"]:
                assert faults_of("run.json", json.loads(Path(finished.json["files"]["run.json"]).read_bytes())) == []
        return finished

    def roster(self, rows: Sequence[Sequence[str]], name: str = "roster.csv") -> Path:
        """Write a CSV roster, headings first."""
        path = self.cwd / name
        path.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
        return path


def clean_environment(folder: Path) -> dict[str, str]:
    """Return what the program inherits: no settings of this machine's, a home in that folder, a passphrase."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(SETTINGS_OF_THIS_MACHINE)}
    home = folder / "home"
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


def environment_of(service: EmbeddedSimulator) -> dict[str, str]:
    """Return the variables with which the program finds that tenant."""
    return {
        "AZURE_TENANT_ID": service.tenant_id,
        "AZURE_CLIENT_ID": service.client_id,
        "AZURE_CLIENT_SECRET": service.client_secret,
        "BULKTAP_GRAPH_URL": service.graph_url,
        "BULKTAP_AUTHORITY_URL": service.authority_url,
        "BULKTAP_CA_BUNDLE": str(service.ca_file),
    }


def sheet(
    folder: Path, name: str = "Passes", passphrase: str = PASSPHRASE, file: str = "results.xlsx"
) -> list[dict[str, Any]]:
    """Return a sheet of a run's results workbook, or of another sealed one, a dictionary for each row."""
    data = decrypt_workbook((folder / file).read_bytes(), Secret(passphrase))
    rows = list(openpyxl.load_workbook(BytesIO(data))[name].iter_rows(values_only=True))
    headings = [str(heading) for heading in rows[0]]
    return [dict(zip(headings, row, strict=True)) for row in rows[1:]]


def report(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of a run's error report."""
    rows = list(openpyxl.load_workbook(folder / "errors.xlsx").worksheets[0].iter_rows(values_only=True))
    headings = [str(heading) for heading in rows[0]]
    return [dict(zip(headings, row, strict=True)) for row in rows[1:]]


def live_digests(service: EmbeddedSimulator) -> dict[str, str]:
    """Return, by user, the digest of the passcode that is live in the tenant."""
    users = service.truth()["users"]
    found = users.values() if isinstance(users, dict) else users
    return {user["upn"].casefold(): user["digest"] for user in found if user["digest"]}


def digest(passcode: str) -> str:
    """Return what the pretend tenant remembers of a passcode."""
    return hashlib.sha256(passcode.encode()).hexdigest()
