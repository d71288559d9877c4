from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from harness.leaks import LeakSearch
from harness.traces import STRACE, read_trace, unescape

CODE = "Zk7uQp4R"

WRITER = """
import io, os, sqlite3, sys, threading, zipfile
code = sys.argv[1]

def plain():
    with open("gone.txt", "w") as file:
        file.write("before " + code[:4])
        file.flush()
        file.write(code[4:] + " after")
    os.unlink("gone.txt")

def wide():
    descriptor = os.open("wide", os.O_RDWR | os.O_CREAT)
    os.writev(descriptor, [b"\\x00\\x01\\"quoted\\\\", code.encode("utf-16-le"), b"\\n123"])

def placed():
    descriptor = os.open("placed", os.O_RDWR | os.O_CREAT)
    os.pwrite(descriptor, code[4:].encode(), 104)
    os.pwrite(descriptor, code[:4].encode(), 100)

def packed():
    with zipfile.ZipFile("packed.part", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", code)
    os.rename("packed.part", "packed")

thread = threading.Thread(target=globals()[sys.argv[2]])
thread.start()
thread.join()
"""


@pytest.fixture
def strace() -> str:
    """The program, if it is there and may trace."""
    path = shutil.which("strace")
    if path is None:
        pytest.skip("strace is not installed; Windows has none")
    if subprocess.run([path, "-o", "/dev/null", "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")
    return path


@pytest.mark.parametrize(
    ("deed", "file"), [("plain", "gone.txt"), ("wide", "wide"), ("placed", "placed"), ("packed", "packed.part")]
)
def test_what_a_program_writes_is_found(deed: str, file: str, strace: str, tmp_path: Path) -> None:
    """In pieces, by a thread, out of order, deflated, renamed, deleted: real programs under the real strace."""
    output = tmp_path / "trace"
    command = [strace, *STRACE[1:], "-o", str(output), sys.executable, "-c", WRITER, CODE, deed]
    subprocess.run(command, cwd=tmp_path, check=True)

    trace = read_trace(output)

    assert {Path(leak.where.split(" ")[0]).name for leak in trace.leaks(LeakSearch([CODE]))} == {file}
    assert trace.leaks(LeakSearch(["Zk7uQp4S"])) == []


def test_what_was_written_is_put_together_byte_by_byte(strace: str, tmp_path: Path) -> None:
    """Every value of a byte comes through, and a zip can be opened again."""
    output, buffer = tmp_path / "trace", io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", bytes(range(256)) * 50)
    (tmp_path / "source").write_bytes(bytes(range(256)) + b'\\"\\1234\\x41' + buffer.getvalue())
    copy = "data = open('source', 'rb').read(); open('copy', 'wb').write(data)"
    subprocess.run([strace, *STRACE[1:], "-o", str(output), sys.executable, "-c", copy], cwd=tmp_path, check=True)

    (copied,) = read_trace(output).written_to("/copy")

    assert copied.image() == (tmp_path / "source").read_bytes()


def test_calls_that_were_interrupted_sockets_and_new_openings(tmp_path: Path) -> None:
    """Unfinished calls count, sockets do not, and a file that is emptied begins again without being forgotten."""
    (tmp_path / "trace").write_bytes(
        b'7  write(3</a/b.txt>, "one", 3 <unfinished ...>\n'
        b'8  write(4<socket:[77]>, "secret", 6) = 6\n'
        b"7  <... write resumed>) = 3\n"
        b'7  openat(AT_FDCWD</a>, "b.txt", O_WRONLY|O_TRUNC) = 3</a/b.txt>\n'
        b'7  pwrite64(3</a/b.txt>, "t\\167o, 7", 6, 2 <unfinished ...>\n'
        b'7  pwrite64(3</a/b.txt>, "\\0\\0001", 3, 0) = 3\n'
    )

    first, second = read_trace(tmp_path / "trace").files

    assert first.image() == b"one"
    assert second.image() == b"\x00\x001wo, 7"[:2] + b"1" + b"wo, 7"
    assert second.in_order() == b"two, 7\x00\x001"


def test_a_string_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    """A search of half the bytes would prove nothing."""
    (tmp_path / "trace").write_bytes(b'write(1</dev/pts/0>, "abc"..., 500) = 500\n')

    with pytest.raises(ValueError, match="cut a string short"):
        read_trace(tmp_path / "trace")


def test_escapes_are_undone() -> None:
    """Letters, quotes, octal of one to three digits, hexadecimal."""
    expected = b'\n\t\r\x0b\x0c"\\\x00\x01\x1b7\xff'

    assert expected == unescape(rb"\n\t\r\v\f\"\\\0\1\0337\xff")
