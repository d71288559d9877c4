from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from typing import TYPE_CHECKING

import pytest
from harness.leaks import LeakSearch

from bulktap.model.secret import Secret
from bulktap.storage.office_encryption import WorkbookKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODE = "+Xk7uQp!"
OTHER = "mN4=tR8wZe"


def zipped(name: str, content: bytes) -> bytes:
    """Return a zip file with one member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def plain_workbook(text: str) -> bytes:
    """Return a workbook with the text in a cell, and enough around it to be encrypted."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number in range(200):
        sheet.append([f"person-{number}", "nothing"])
    sheet.append(["person", text])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def database(folder: Path, text: str) -> bytes:
    """Return an SQLite file whose text is spread over two pages."""
    path = folder / "planted.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE planted (other INTEGER, cell TEXT)")
    # Of a record of 489 + 2 * 4,092 bytes, 5 of them header, SQLite keeps 489 in the table's page
    # (sqlite.org/fileformat2, "Cell Payload Overflow Pages"); the text stands across that border.
    connection.execute("INSERT INTO planted VALUES (1, ?)", (f"{'-' * 480}{text}".ljust(484 + 2 * 4092, "-"),))
    connection.commit()
    connection.close()
    data = path.read_bytes()
    path.unlink()
    return data


PLANTS: dict[str, Callable[[Path, str], bytes]] = {
    "printed": lambda _, text: f"Issued {text} to adele@contoso.com\n".encode(),
    "log line": lambda _, text: b'{"event":"batch","body":"' + text.encode() + b'"}\n',
    "UTF-16, little end first": lambda _, text: f"Issued {text}".encode("utf-16-le"),
    "UTF-16, big end first": lambda _, text: b"x" + f"Issued {text}".encode("utf-16-be"),
    "plain workbook": lambda _, text: plain_workbook(text),
    "zip in a zip": lambda _, text: zipped("outer.bin", zipped("inner.txt", text.encode())),
    "stored in a zip": lambda _, text: zipped("a.txt", b"") + zipped("note", text.encode("utf-16-le")),
    "zip that was cut short": lambda _, text: zipped("inner.txt", (text + "abc" * 9000).encode())[:-60],
    "gzip": lambda _, text: gzip.compress(text.encode()),
    "cell of a database": database,
}


@pytest.mark.parametrize("kind", PLANTS)
def test_a_planted_leak_is_found(kind: str, tmp_path: Path) -> None:
    """One of each kind that a program can leave behind; the other secret is not reported."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "left behind").write_bytes(PLANTS[kind](tmp_path, CODE))

    leaks = LeakSearch([OTHER, CODE]).in_folder(tmp_path)

    assert {leak.number for leak in leaks} == {1}
    assert all("left behind" in leak.where for leak in leaks)


@pytest.mark.parametrize("kind", PLANTS)
def test_the_same_file_without_the_secret_is_clean(kind: str, tmp_path: Path) -> None:
    """A passcode that lacks its last character is not one."""
    (tmp_path / "file").write_bytes(PLANTS[kind](tmp_path, CODE[:-1]))

    assert LeakSearch([OTHER, CODE]).in_folder(tmp_path) == []


def test_wrapped_leaks_escape_a_search_of_the_bytes(tmp_path: Path) -> None:
    """Why everything is unpacked: the text is not in the bytes of these files."""
    for kind in ("plain workbook", "zip in a zip", "gzip", "cell of a database"):
        assert CODE.encode() not in PLANTS[kind](tmp_path, CODE)


def test_an_encrypted_workbook_is_clean() -> None:
    """What bulktap hands back; inside it the secret is there."""
    plain = plain_workbook(CODE)
    search = LeakSearch([CODE])

    assert search.in_bytes(plain, "plain")
    assert search.in_bytes(WorkbookKey(Secret("a passphrase"), spin_count=1000).encrypt(plain), "encrypted") == []


def test_a_stream_of_a_compound_file_is_searched() -> None:
    """A plain workbook in place of the encrypted one, in the container that Office encrypts into."""
    container = bytearray(WorkbookKey(Secret("a passphrase"), spin_count=1000).encrypt(plain_workbook("nothing")))
    place = container.index(b"<keyData", container.index(b"<?xml"))
    container[place : place + len(CODE)] = CODE.encode()

    leaks = LeakSearch([CODE]).in_bytes(bytes(container), "results.xlsx")

    assert "results.xlsx > EncryptionInfo" in {leak.where for leak in leaks}


def test_a_leak_in_a_name_is_found(tmp_path: Path) -> None:
    """Names are written to the disk as well."""
    (tmp_path / f"pass {CODE}.txt").touch()

    assert LeakSearch([CODE]).in_folder(tmp_path)


def test_a_leak_does_not_tell_the_secret(tmp_path: Path) -> None:
    """What a failing test prints ends up in other people's logs."""
    (tmp_path / "file").write_text(CODE)

    assert CODE not in repr(LeakSearch([CODE]).in_folder(tmp_path))


def test_damaged_containers_are_searched_as_far_as_they_can_be_read(tmp_path: Path) -> None:
    """Nothing that a crash leaves behind stops the search."""
    for kind, plant in PLANTS.items():
        data = plant(tmp_path, CODE)
        spoilt = bytes(len(data) // 3).join((data[: len(data) // 2], data[len(data) // 2 + 40 :]))
        assert isinstance(LeakSearch([OTHER]).in_bytes(spoilt, kind), list)


def test_a_search_without_secrets_is_refused() -> None:
    """It would find nothing, and say that all is well."""
    with pytest.raises(ValueError, match="needs secrets"):
        LeakSearch([])
    with pytest.raises(ValueError, match="so short"):
        LeakSearch(["abc"])
