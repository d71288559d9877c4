"""Small files that people name: read as far as is asked for, and not waited for for ever."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulktap.graph.sign_in.certificates import read_certificate
from bulktap.graph.sign_in.federation import TokenFile
from bulktap.model.clock import SystemClock
from bulktap.model.errors import UsageError
from bulktap.storage.named_files import start_of

if TYPE_CHECKING:
    from collections.abc import Callable

PIPES_OF_WINDOWS = Path(r"\\.\pipe")
needs_windows = pytest.mark.skipif(os.name != "nt", reason="only Windows keeps pipes in a place of their own")
needs_pipes = pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes with a name in a folder")


@pytest.mark.parametrize(("at_most", "expected"), [(3, b"abc"), (6, b"abcdef"), (100, b"abcdef")])
def test_a_file_is_read_as_far_as_is_asked_for(tmp_path: Path, at_most: int, expected: bytes) -> None:
    """All of it where it is not longer."""
    file = tmp_path / "file"
    file.write_bytes(b"abcdef")
    assert start_of(file, at_most) == expected


@needs_pipes
def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    """It is what a shell makes of a command's output."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"abc" * 50_000,))
    writer.start()
    assert start_of(pipe, 1_000_000) == b"abc" * 50_000
    writer.join()


def pipe_of_windows() -> tuple[Path, int]:
    """Make a pipe that somebody may read, and return where it is and what writes to it."""
    assert sys.platform == "win32"
    import _winapi
    import secrets

    path = PIPES_OF_WINDOWS / f"bulktap-{secrets.token_hex(8)}"
    return path, _winapi.CreateNamedPipe(str(path), _winapi.PIPE_ACCESS_DUPLEX, 0, 1, 65536, 65536, 0, 0)


@needs_windows
@pytest.mark.parametrize(("at_most", "expected"), [(3, b"abc"), (6, b"abcdef"), (100, b"abcdef")])
def test_a_pipe_of_windows_is_read_to_its_end(at_most: int, expected: bytes) -> None:
    """Windows cannot say of a pipe whether it has something to read."""
    assert sys.platform == "win32"
    import _winapi

    path, writing = pipe_of_windows()

    def write() -> None:
        with suppress(OSError):  # somebody reads it already
            _winapi.ConnectNamedPipe(writing)
        _winapi.WriteFile(writing, b"abcdef")
        _winapi.CloseHandle(writing)

    writer = threading.Thread(target=write)
    writer.start()
    assert start_of(path, at_most) == expected
    writer.join()


@needs_windows
def test_a_pipe_of_windows_is_not_waited_for_for_ever() -> None:
    """A program may keep it open and write nothing."""
    path, writing = pipe_of_windows()

    with pytest.raises(OSError, match="gave nothing"):
        start_of(path, 1000, 0.05)

    import _winapi

    _winapi.CloseHandle(writing)


@needs_pipes
@pytest.mark.parametrize("name", ["pipe", "/dev/zero"])
def test_nothing_is_waited_or_read_for_ever(tmp_path: Path, name: str) -> None:
    """A pipe that nobody writes to ends in an error, a device without an end where enough has been read."""
    os.mkfifo(tmp_path / "pipe")
    if name == "/dev/zero":
        assert start_of(tmp_path / name, 1000, 0.05) == bytes(1000)
        return
    with pytest.raises(OSError, match="gave nothing"):
        start_of(tmp_path / name, 1000, 0.05)


@needs_pipes
@pytest.mark.parametrize(
    "read",
    [
        lambda path: read_certificate(path, None, SystemClock().now(), 0.05),
        lambda path: TokenFile(path, 0.05)(),
    ],
    ids=["certificate", "federated token"],
)
def test_what_signs_in_is_not_waited_for_for_ever(tmp_path: Path, read: Callable[[Path], object]) -> None:
    """It ends with a sentence that has the file's name."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(UsageError) as caught:
        read(pipe)

    assert str(pipe) in caught.value.message
    assert "gave nothing" in caught.value.message
