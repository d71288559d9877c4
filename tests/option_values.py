"""Values of options and variables that nobody means, and what the program does with them.

    python tests/option_values.py

runs the program once for each, in a folder of its own. None may end in exit code 1 or a signal, take more than ten
seconds of processor time, or show a traceback; what is no value at all is refused with exit code 2.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LONG = "9" * 5_000
NUMBERS = (
    "inf",
    "-inf",
    "nan",
    "1e-300",
    "1e300",
    "0",
    "-1",
    "",
    " ",
    "1e",
    "0x10",
    LONG,
    "1_000",
    "٣",
    "\udc80",
    "1\n2",
)
TIMES = (*NUMBERS, "99999999999d", "0s", "-5s", "1e9s", "5 weeks", "PT8H", "99999999999999999999h")
NAMES = ("\x1b[31m", "a\nb", "\udcff", "x" * 300, "\u202e", "é" * 200, "/", "../..", "~", "-", "--help", "%s%n", "a\tb")
CODECS = (
    "undefined",
    "idna",
    "punycode",
    "hex",
    "rot13",
    "base64",
    "zlib",
    "uu",
    "unicode_escape",
    "raw_unicode_escape",
    "mbcs",
    "oem",
    "bz2",
    "",
    " ",
    "x" * 300,
    "utf-8-sig",
    "cp1252",
    "\udc80",
    "utf\n8",
    "no-such",
)
ZONES = (
    "Europe/Nowhere",
    "../../etc/passwd",
    "/etc/passwd",
    "x" * 5_000,
    "",
    "UTC\x1b",
    "\udc80",
    "Europe",
    ".",
    "UTC",
)
STARTS = (
    "now",
    "NOW",
    "yesterday",
    "2035-13-01",
    "2035-09-01",
    "2035-09-01 08:00+99:00",
    "9999-12-31 23:59",
    "1",
    LONG,
    "0001-01-01 00:00",
    "2035-09-01 08:00-23:59",
    "\udc80",
    "2035-09-01T08:00:00.000000000000Z",
)
WORDS = (
    "1-",
    "-1",
    "2-1",
    f"1-{LONG}",
    "=",
    "==",
    "User=",
    "=x",
    "User=*",
    "*",
    "?",
    "*" * 300,
    "!2",
    "x!2-1",
    "'",
    "''!1",
)
PATTERNS = ("*", "@", "*@", "@x", "a@b@c", "a" * 501, "*" * 400, "x\ty@z", LONG, *NAMES)
PLANNING = {
    "--max-rate": (*NUMBERS, "20/s", "3000/150s", "1/0s", f"{LONG}/s", "1/" + LONG + "s"),
    "--simulate-limits": ("20/s", "1/0s", f"{LONG}/s", "20", "plenty", "directory,x", "", "1/s,y=2"),
    "--concurrency": (*NUMBERS, "1000000000"),
    "--limit": (*NUMBERS, "1" + "0" * 30),
    "--header-row": (*NUMBERS, "1" + "0" * 30),
    "--reply-timeout": TIMES,
    "--settle-wait": TIMES,
    "--plan-valid-for": TIMES,
    "--lifetime": (*TIMES, "8h", "1e5", "8,5h", "1" * 309),
    "--start": STARTS,
    "--timezone": ZONES,
    "--encoding": CODECS,
    "--assume": ("plenty", "20/0", "0/s", "inf/s", "nan/s", "1e-300/s", f"{LONG}/s", "-5/s", "/", "\udc80"),
    "--column": ("user", "user=", "=x", "nope=User", *(f"user={name}" for name in NAMES)),
    "--sheet": NAMES,
    "--domain": NAMES,
    "--only": (*WORDS, *NAMES),
    "--except": (*WORDS, *NAMES),
    "--allow": PATTERNS,
    "--deny": PATTERNS,
    "--max-rows": (*NUMBERS, "1" + "0" * 30),
    "--stop-after-failures": (*NUMBERS, "5%", "0%", "101%", "1e2%", "%", f"{LONG}%"),
    "--confirm": NAMES[:3],
    "--type-from-rows": NUMBERS,
    "--type-from-lifetime": TIMES,
    "--type-from-replacements": NUMBERS[:5],
    "--ticket": (*NAMES, "x" * 100_000),
    "--reason": NAMES,
    "--date-order": NAMES[:3],
    "--existing": NAMES[:3],
    "--hidden-rows": NAMES[:3],
    "--reports": ("roster.csv", "x" * 300, "/dev/null/x", "", "a\nb", "\udcff"),
    "--log-file": (".", "x" * 300, "/dev/null/x", "", "/dev/full", "a\nb"),
    "--roster-password-file": (".", "x" * 300, "/dev/null", "/dev/zero", "missing"),
}


@dataclass(frozen=True)
class Trial:
    """One run with one odd value."""

    words: tuple[str, ...]
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Ended:
    """How it ended."""

    code: int
    seconds: float
    """Of processor time: how long it takes depends on what else the computer does."""
    said: str

    @property
    def fault(self) -> str:
        """What is wrong with that; empty where nothing is."""
        if self.code not in {0, 2, 3, 4, 6, 7, 8, 11, 12}:
            return f"exit {self.code}"
        if self.seconds > 10:
            return f"{self.seconds:.0f} s"
        return "a traceback" if "Traceback" in self.said or "Internal error" in self.said else ""


def trials() -> list[Trial]:
    """Return them all: each value as an option, and those that a variable can hold as a variable."""
    found = []
    for option, values in PLANNING.items():
        name = "BULKTAP_" + option.removeprefix("--").upper().replace("-", "_")
        found += [Trial(("plan", "roster.csv", "--offline", option, value)) for value in values]
        found += [Trial(("plan", "roster.csv", "--offline"), ((name, value),)) for value in values[:3]]
    found += [Trial((command, name)) for command in ("apply", "results", "resume", "plan") for name in (*NAMES, "")]
    found += [Trial((name,)) for name in NAMES]
    found += [Trial(("simulator", "--ca-file", "ca.pem", option, value)) for option, value in SIMULATOR]
    for name in (
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "BULKTAP_GRAPH_URL",
        "AZURE_AUTHORITY_HOST",
    ):
        for value in ("a\nb", "\x1b[31m", "a b", "https://[", "\udc80", "é"):
            nowhere = dict.fromkeys(("BULKTAP_GRAPH_URL", "BULKTAP_AUTHORITY_URL"), "https://127.0.0.1:1")
            complete = {
                "AZURE_TENANT_ID": "t",
                "AZURE_CLIENT_ID": "c",
                "AZURE_CLIENT_SECRET": "s",
                **nowhere,
                name: value,
            }
            found.append(Trial(("plan", "roster.csv"), tuple(complete.items())))
    return found


SIMULATOR = [
    *(
        (option, value)
        for option in ("--port", "--proxy-port", "--latency", "--seed", "--token-lifetime")
        for value in NUMBERS[:4]
    ),
    *(("--users-from", value) for value in ("missing.csv", "", "x" * 300, "a\nb", "\udcff", "/dev/null")),
]


def run(trial: Trial, folder: Path, environment: dict[str, str]) -> Ended:
    """Run the program once."""
    began = _spent()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bulktap", *(word.encode("utf-8", "surrogateescape") for word in trial.words)],
            cwd=folder,
            env={**environment, **dict(trial.variables)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ended(-1, _spent() - began, "")
    return Ended(done.returncode, _spent() - began, done.stdout.decode("utf-8", "replace"))


def _spent() -> float:
    """Return the processor time of the programs that have ended; where it is not told, the time of day."""
    if sys.platform == "win32":
        return time.monotonic()
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Try them all and print what went wrong."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("AZURE_", "BULKTAP_"))}
    environment = {**kept, "PYTHONPATH": str(Path(__file__).parents[1]), "BULKTAP_PASSPHRASE": "open sesame 7"}
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "roster.csv").write_text("User\nanna@contoso.com\n")
        for trial in trials():
            ended = run(trial, folder, environment)
            if ended.fault:
                faults += 1
                sys.stdout.write(f"{ended.fault}: {trial!r:.200}\n    {ended.said[-300:]!r}\n")
        sys.stdout.write(f"{len(trials())} tried, {faults} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
