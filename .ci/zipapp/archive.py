"""The single file: the start, and within it a zip of the packages that the start unpacks."""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

START = Path(__file__).with_name("start")
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say: the same wheels make the same file
# More files than the whole program has, and never imported; and what Python compiles by itself.
_LEFT_OUT = re.compile(r"(?:numpy|pandas)/(?:.+/)?tests/|(?:.+/)?__pycache__/")
_LONGEST = 150  # Windows has 260 for the whole path, and 100 are kept for the folder


class BadWheels(Exception):
    """The wheels cannot be put into one folder; it says why."""


def write_archive(wheels: Sequence[Path], made_for: str, output: Path) -> None:
    """Write the file, or nothing.

    Args:
        wheels: all that is needed, the program's own among them.
        made_for: such as `CPython 3.12 on win-amd64`; no other Python is let in.
        output: the file.

    Raises:
        BadWheels: two wheels have a file of the same name, or a name is too long for Windows.
        OSError: it cannot be written.
    """
    files = _files_of(wheels)
    packed = {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in sorted(files.items())}
    told = json.dumps({"for": made_for, "files": packed})
    parts = {name: (START / name).read_bytes() for name in ("__main__.py", "unpacked.py")}
    parts |= {
        "access_lists.py": files["bulktap/storage/access_lists.py"],  # which needs nothing else of the program
        "packages.json": told.encode("utf-8"),
        "wheels.txt": "".join(_named(wheel) for wheel in wheels).encode("utf-8"),
        "packages.zip": _zipped(files),
    }
    unfinished = output.with_name(f"{output.name}.part")
    try:
        # Windows' launcher reads this line too, and takes the Python that it names.
        version = made_for.split(" ")[1]
        line = f"#!/usr/bin/env python{version}\n".encode("ascii")
        unfinished.write_bytes(_zipped(parts, line, stored="packages.zip"))
        unfinished.chmod(unfinished.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        unfinished.replace(output)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def _files_of(wheels: Sequence[Path]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for wheel in wheels:
        for name, content in _installed(wheel):
            if len(name) > _LONGEST:
                raise BadWheels(f"{name} in {wheel.name} is too long for Windows.")
            if files.setdefault(name, content) != content:
                raise BadWheels(f"{wheel.name} has another {name} than a wheel before it.")
    return files


def _installed(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what an installation of a wheel has beside each other; scripts and headers are left out."""
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            first, _, rest = entry.filename.partition("/")
            kind, _, below = rest.partition("/")
            name = entry.filename if not first.endswith(".data") else below if kind in {"purelib", "platlib"} else ""
            if name and not entry.is_dir() and not _LEFT_OUT.match(name):
                yield name, archive.read(entry)


def _named(wheel: Path) -> str:
    """Return a line that serves as a constraint for pip, where the same file is to be made again."""
    name, version = wheel.name.split("-")[:2]
    return f"{name.replace('_', '-')}=={version}  # {wheel.name} {hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def _zipped(files: dict[str, bytes], before: bytes = b"", stored: str = "") -> bytes:
    written = io.BytesIO()
    written.write(before)
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3  # the same on Windows
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return written.getvalue()
