"""The certificate of a profile is made once, kept while it is valid, and never overwritten."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sign_in_world import NOW as TODAY
from sign_in_world import Keypair

from bulktap.graph.sign_in.certificates import read_certificate
from bulktap.model.errors import DiskRefuses, UsageError
from bulktap.operations.own_certificate import certificate_in, certificate_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2035, 8, 20, 7, 15, tzinfo=UTC)


def test_it_is_kept_until_it_expires_and_then_another_is_made(tmp_path: Path) -> None:
    """The old one stays where it is."""
    first = certificate_in(tmp_path / "own", "school", NOW)
    kept = certificate_in(tmp_path / "own", "school", NOW + timedelta(days=300))
    before = first.file.read_bytes()
    later = certificate_in(tmp_path / "own", "school", NOW + timedelta(days=400))

    assert (first.is_new, kept.is_new, later.is_new) == (True, False, True)
    assert kept.thumbprint == first.thumbprint != later.thumbprint
    assert first.file.read_bytes() == before
    assert later.file.name.startswith("school-20360923")
    assert read_certificate(first.file, None, NOW).thumbprint == first.thumbprint


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes no path of that length")
@pytest.mark.parametrize("name", ["x" * 253 + ".p", "x" * 252 + ".pf", "x" * 255])
def test_a_name_that_the_public_part_cannot_have_is_said(tmp_path: Path, name: str) -> None:
    """It is longer than a name may be, and so is every other one: none is looked for without end."""
    pair, file = Keypair(), tmp_path / name
    file.write_text(pair.private() + pair.public)

    with pytest.raises(DiskRefuses):
        certificate_of(tmp_path / "own", file, None, TODAY)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody make such links or pipes by these calls")
@pytest.mark.parametrize("kind", ["a link to nothing", "a pipe"])
def test_what_is_no_file_stays_and_nobody_waits_for_it(tmp_path: Path, kind: str) -> None:
    """The public part gets another name."""
    pair, file, own = Keypair(), tmp_path / "app.pem", tmp_path / "own"
    file.write_text(pair.private() + pair.public)
    own.mkdir()
    if kind == "a pipe":
        os.mkfifo(own / "app.cer")
    else:
        (own / "app.cer").symlink_to(tmp_path / "nowhere")

    made = certificate_of(own, file, None, TODAY)

    assert made.public_file == own / "app-2.cer"
    assert made.public_file.read_text() == pair.public
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows protects files for a user by encrypting them")
def test_windows_encrypts_the_key(tmp_path: Path) -> None:
    """What lies on the disk is no key."""
    made = certificate_in(tmp_path / "own", "school", NOW)

    assert b"PRIVATE KEY" not in made.file.read_bytes()
    made.file.write_bytes(made.file.read_bytes()[:-9])
    with pytest.raises(UsageError, match="Windows does not open"):
        read_certificate(made.file, None, NOW)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows opens its own")
def test_what_windows_has_encrypted_is_refused_elsewhere(tmp_path: Path) -> None:
    """With what to do."""
    file = tmp_path / "school.pem.dpapi"
    file.write_bytes(b"\x01\x00\x00\x00")

    with pytest.raises(UsageError, match="no Windows"):
        read_certificate(file, None, NOW)


@pytest.mark.skipif(sys.platform == "win32", reason="its key is encrypted there, and so long a path has no file")
def test_a_name_that_leaves_no_room_for_another_is_told(tmp_path: Path) -> None:
    """Another certificate's public part has the only name that fits: a longer one is not looked for for ever."""
    long = tmp_path / f"{'x' * 251}.pem"
    certificate_in(tmp_path, "school", NOW).file.rename(long)
    long.with_suffix(".cer").write_bytes(b"another's")

    with pytest.raises(DiskRefuses):
        certificate_of(tmp_path, long, None, NOW)

    assert long.with_suffix(".cer").read_bytes() == b"another's"
