"""Zip files: what may be opened at all, and the one spreadsheet in an archive. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import lzma
import posixpath
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.roster.files.size_limits import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAX_UNPACKED = 512 << 20
_MAX_RATIO = 150  # a sheet of nothing but styled empty cells reaches 30
_RATIO_MATTERS_FROM = 64 << 20
_MAX_MEMBERS = 10_000
_SPREADSHEETS = (".csv", ".tsv", ".psv", ".txt", ".dat", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ZIP_ERRORS = (
    zipfile.BadZipFile,  # a structure or a checksum that is wrong
    NotImplementedError,  # a version or a method of packing that zipfile does not know
    EOFError,  # a member that ends too early
    ValueError,  # an offset before the file's beginning, a name that is not UTF-8
    OSError,  # bzip2's word for data that it cannot unpack
    zlib.error,  # deflate's
    lzma.LZMAError,  # lzma's
)
"""What zipfile raises over damaged bytes: it documents only the first, and lets the unpackers' own errors through."""


@contextmanager
def open_archive(data: bytes, name: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip file that is not too large once it is unpacked.

    Raises:
        RosterError: it is damaged, or would unpack to more than any roster needs.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bomb(archive.infolist(), len(data), name)
            yield archive
    except ZIP_ERRORS as error:
        raise RosterError(f"{name} is not complete, or damaged.", hint="Copy or download it again.") from error
    except RuntimeError as error:  # zipfile's way to ask for a password
        hint = "Unpack it with its password and give the spreadsheet that lies in it."
        raise RosterError(f"{name} is an archive that is protected with a password.", hint=hint) from error


def part_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the members by names in small letters with ordinary slashes, as some programs write backslashes."""
    return {name.replace("\\", "/").lower().lstrip("/"): name for name in archive.namelist()}


def require_inside(paths: Iterable[str], name: str) -> None:
    """Make sure that the members of an archive lie inside of it.

    Raises:
        RosterError: one does not.
    """
    for one in paths:
        path = one.replace("\\", "/")
        if path.startswith("/") or ":" in path[:3] or ".." in path.split("/"):
            message = f"{name} holds a file outside of itself: {one[:60]!r}."
            raise RosterError(message, hint="Do not trust this archive.")


def is_spreadsheet(name: str) -> bool:
    """Return whether a file, by its name, can be a spreadsheet."""
    return name.lower().endswith(_SPREADSHEETS)


def belongs_to_the_system(path: str) -> bool:
    """Return whether a file was put there by an operating system or a program, for itself."""
    name = posixpath.basename(path.replace("\\", "/"))
    return path.startswith("__MACOSX/") or name.startswith(("._", "~$")) or name in {".DS_Store", "Thumbs.db"}


def _refuse_bomb(members: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    unpacked = sum(info.file_size for info in members)
    largest = max((info.file_size for info in members), default=0)
    dense = unpacked > _RATIO_MATTERS_FROM and unpacked > _MAX_RATIO * packed
    if unpacked > _MAX_UNPACKED or largest > MAX_BYTES or dense:
        message = (
            f"{name} would unpack to {unpacked >> 20:,} MiB from {packed / (1 << 20):,.1f}, which no roster needs."
        )
        raise RosterError(message, hint="If it is a roster, save its people as a CSV file and give that.")
    if len(members) > _MAX_MEMBERS:
        raise RosterError(f"{name} holds {len(members):,} files, which no roster needs.", hint="Do not trust it.")
