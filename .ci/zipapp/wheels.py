"""The wheels that a program needs on a target, which need not be the machine that asks: pip downloads them."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections import deque
from dataclasses import dataclass
from email.parser import Parser
from typing import TYPE_CHECKING

# pip's own copy of `packaging`: whoever can download wheels has it.
from pip._vendor.packaging.markers import default_environment
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name, parse_wheel_filename

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pip._vendor.packaging.utils import NormalizedName

# What pip's platform tags end in, and what Python says of such machines: sys.platform, platform.system, os.name.
_SYSTEMS = {
    "win": ("win32", "Windows", "nt"),
    "linux": ("linux", "Linux", "posix"),
    "mac": ("darwin", "Darwin", "posix"),
}
_WINDOWS_MACHINES = {"amd64": "AMD64", "arm64": "ARM64", "win32": "x86"}


class NoWheels(Exception):
    """The wheels cannot be had; it says why."""


@dataclass(frozen=True)
class Target:
    """For which Python on which system a file is made."""

    python: str
    """Such as `3.12`."""
    tags: tuple[str, ...] = ()
    """pip's platform tags, such as `win_amd64` or `manylinux_2_28_x86_64`; none for this machine."""

    @property
    def name(self) -> str:
        """Return the target as `of_this_python` of the start spells it."""
        if not self.tags:
            from start.__main__ import of_this_python

            return f"CPython {self.python} on {of_this_python().rpartition(' ')[2]}"
        system, machine = self._system_and_machine()
        if system == "win":
            return f"CPython {self.python} on {self.tags[0].replace('_', '-')}"
        return f"CPython {self.python} on {_SYSTEMS[system][0]}-{machine}"

    def environment(self) -> dict[str, str]:
        """Return what environment markers are compared with there."""
        found = dict(default_environment())
        if self.tags:
            system, machine = self._system_and_machine()
            found["sys_platform"], found["platform_system"], found["os_name"] = _SYSTEMS[system]
            found["platform_machine"] = _WINDOWS_MACHINES[machine] if system == "win" else machine
            found["platform_release"] = found["platform_version"] = ""
        found["python_version"] = self.python
        if not found["python_full_version"].startswith(f"{self.python}."):
            found["python_full_version"] = f"{self.python}.0"
        return found | {"implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": ""}

    def asked_of_pip(self) -> list[str]:
        """Return the options by which pip downloads for this target."""
        asked = ["--python-version", self.python, "--implementation", "cp"]
        return asked + [word for tag in self.tags for word in ("--platform", tag)]

    def _system_and_machine(self) -> tuple[str, str]:
        found = re.fullmatch(
            r"(win)_(amd64|arm64)|()(win32)|(?:many)?(linux)\w*?_(x86_64|aarch64)|(mac)osx_\d+_\d+_(x86_64|arm64)",
            self.tags[0],
        )
        if found is None:
            raise NoWheels(f"{self.tags[0]} is no platform that is known here: win_amd64, manylinux_2_28_x86_64, ...")
        system, machine = (part for part in found.groups() if part is not None)
        return system or "win", machine


def wheels_for(wheel: Path, extras: Sequence[str], target: Target, folder: Path) -> list[Path]:
    """Download what a wheel needs on a target, and return all of it, the wheel too, by name.

    Raises:
        NoWheels: pip cannot have them.
    """
    asked = [f"{wheel}[{','.join(extras)}]"]
    while True:
        for old in folder.glob("*.whl"):
            old.unlink()
        pip("download", "-q", "--only-binary=:all:", "-d", str(folder), *target.asked_of_pip(), *asked)
        # pip reads markers for the machine that it runs on: ask again for what is wanted on the target only.
        reached, missing = _reached(folder, canonicalize_name(wheel.name.split("-")[0]), extras, target)
        if not missing:
            return sorted(reached, key=lambda one: one.name.lower())
        asked += sorted(missing)


def pip(*words: str) -> None:
    """Run pip.

    Raises:
        NoWheels: it failed, with its last words.
    """
    done = subprocess.run([sys.executable, "-m", "pip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoWheels("\n".join(done.stderr.strip().splitlines()[-3:]) or "pip failed and said nothing")


def _reached(folder: Path, first: NormalizedName, extras: Sequence[str], target: Target) -> tuple[set[Path], set[str]]:
    """Return the wheels that are needed on the target, and the requirements that no wheel here fulfils."""
    have = {parse_wheel_filename(path.name)[0]: path for path in folder.glob("*.whl")}
    environment = target.environment()
    reached: set[Path] = set()
    missing: set[str] = set()
    seen: set[tuple[NormalizedName, str]] = set()
    waiting = deque([(first, ""), *((first, extra) for extra in extras)])
    while waiting:
        name, extra = waiting.popleft()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        reached.add(have[name])
        for need in _needs(have[name]):
            if need.marker and not need.marker.evaluate(environment | {"extra": extra}):
                continue
            needed = canonicalize_name(need.name)
            if needed in have:
                waiting += [(needed, ""), *((needed, one) for one in need.extras)]
            else:
                missing.add(f"{need.name}{need.specifier}")
    return reached, missing


def _needs(wheel: Path) -> Iterator[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        told = Parser().parsestr(archive.read(metadata).decode("utf-8"))
    yield from map(Requirement, told.get_all("Requires-Dist") or [])
