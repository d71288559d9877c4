"""The certificate of a profile: made in the user's own folder, its key readable by this user alone."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from bulktap.graph.sign_in.certificates import PROTECTED, read_certificate
from bulktap.graph.sign_in.new_certificate import make_certificate
from bulktap.graph.sign_in.token_cache import protected
from bulktap.model.errors import UsageError
from bulktap.storage import make_folder, write_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from bulktap.model.secret import Secret


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A certificate, and where its parts are."""

    file: Path
    """Certificate and private key."""
    public_file: Path
    """The certificate alone, to be uploaded."""
    thumbprint: str
    expires_at: datetime
    is_new: bool
    """True if it was made just now."""


def certificate_in(folder: Path, profile: str, now: datetime) -> OwnCertificate:
    """Return the certificate of a profile, made where there is none that is valid; none is ever overwritten.

    Raises:
        DiskRefuses: it cannot be written.
    """
    make_folder(folder)
    for file in _names(folder, profile, now):
        if not file.exists():
            made = make_certificate(f"bulktap {profile}", now)
            write_file(file, protected(made.private) if file.suffix == PROTECTED else made.private.reveal().encode())
            return _with_public_part(folder, file, None, now, is_new=True)
        try:
            return _with_public_part(folder, file, None, now, is_new=False)
        except UsageError:  # expired, or somebody else's: it stays where it is
            continue
    raise AssertionError("there is always another name")


def certificate_of(folder: Path, file: Path, password: Secret | None, now: datetime) -> OwnCertificate:
    """Return a certificate that somebody has already, its public part written into the folder.

    Raises:
        UsageError: it cannot be read, or is not valid now.
        DiskRefuses: the public part cannot be written.
    """
    make_folder(folder)
    return _with_public_part(folder, file, password, now, is_new=False)


def _with_public_part(
    folder: Path, file: Path, password: Secret | None, now: datetime, *, is_new: bool
) -> OwnCertificate:
    found = read_certificate(file, password, now)
    content = found.chain[0].encode("ascii")
    public = _public_place(folder, file.name.removesuffix(PROTECTED).rpartition(".")[0] or file.stem, content)
    write_file(public, content)
    return OwnCertificate(file, public, found.thumbprint, found.expires_at, is_new)


def _public_place(folder: Path, stem: str, content: bytes) -> Path:
    """Return where a certificate's public part is, or may be: another certificate's of that name stays as it is."""
    for number in count(1):
        place = folder / (f"{stem}.cer" if number == 1 else f"{stem}-{number}.cer")
        if not os.path.lexists(place):  # also where no file can be: writing it says why
            return place
        with suppress(OSError):  # another user's
            if place.is_file() and place.read_bytes() == content:  # a pipe would be waited for
                return place
    raise AssertionError("there is always another name")


def _names(folder: Path, profile: str, now: datetime) -> Iterator[Path]:
    """Yield where the certificate may be, the usual place first."""
    ending = f".pem{PROTECTED}" if sys.platform == "win32" else ".pem"
    yield folder / f"{profile}{ending}"
    stem = f"{profile}-{now:%Y%m%d}"
    yield folder / f"{stem}{ending}"
    number = 2
    while True:
        yield folder / f"{stem}-{number}{ending}"
        number += 1
