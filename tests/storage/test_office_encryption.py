"""Encrypted workbooks, opened again by us and by msoffcrypto itself."""

from __future__ import annotations

import io
import os
import re
import unicodedata
import zipfile
from datetime import UTC, datetime

import msoffcrypto
import olefile
import pytest

from bulktap.model.errors import Locked, UsageError, WrongPassphrase
from bulktap.model.secret import Secret
from bulktap.results.sheets import Column, TableSheet, workbook_bytes
from bulktap.storage.office_encryption import (
    WorkbookKey,
    decrypt_workbook,
)
from bulktap.storage.passphrase_cost import SPIN_COUNT
from bulktap.storage.passphrase_rules import MAX_PASSPHRASE, check_passphrase

SMALLEST = workbook_bytes(
    [TableSheet("S", [Column("H")], [])], title="T", created=datetime(2035, 1, 1, tzinfo=UTC)
)  # fmt: skip
"""As small as a workbook of ours can be."""


def encrypt(data: bytes, text: str) -> bytes:
    """Encrypt cheaply."""
    return WorkbookKey(Secret(text), spin_count=1_000).encrypt(data)


def olefile_info(encrypted: bytes) -> bytes:
    """Return the stream that says how a file is encrypted."""
    with olefile.OleFileIO(io.BytesIO(encrypted)) as container:
        return bytes(container.openstream("EncryptionInfo").read())


def noise(size: int) -> bytes:
    """Return a zip of about this size that does not compress."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as parts:
        parts.writestr("noise", os.urandom(size))
    return target.getvalue()


@pytest.mark.parametrize(
    "text", ["Correct horse 7", " blanks at both ends ", "Grüße-αβγ-密码-😀", '"quoted" & <tagged>', "x" * 255]
)
def test_the_passphrase_opens_the_workbook(text: str) -> None:
    """What was typed opens it, by our own door and by the library's front door, and the content is the same."""
    encrypted = encrypt(SMALLEST, text)
    file = msoffcrypto.OfficeFile(io.BytesIO(encrypted))
    file.load_key(password=text, verify_password=True)
    content = io.BytesIO()
    file.decrypt(content, verify_integrity=True)

    assert content.getvalue() == SMALLEST
    assert decrypt_workbook(encrypted, Secret(text)) == SMALLEST


@pytest.mark.parametrize("size", [4_200, 100_000, 7_000_000, 7_150_000, 9_000_000])
def test_workbooks_of_every_size_come_back(size: int) -> None:
    """The container's tables grow around 7 MB of content; on both sides of that it holds what it was given."""
    data = noise(size)

    assert decrypt_workbook(encrypt(data, "p"), Secret("p")) == data


def test_what_is_no_workbook_is_not_encrypted() -> None:
    """Readers would not find so small a package in the container, so that it is refused and not lost."""
    with pytest.raises(ValueError, match="too small"):
        encrypt(noise(3_000), "p")


def test_the_file_says_how_it_is_encrypted() -> None:
    """Agile encryption, AES-256, SHA-512, and the number of rounds that was decided on."""
    encrypted = WorkbookKey(Secret("p")).encrypt(SMALLEST)
    with olefile.OleFileIO(io.BytesIO(encrypted)) as container:
        info = container.openstream("EncryptionInfo").read()

    assert info[:4] == b"\x04\x00\x04\x00"
    for words in (b'keyBits="256"', b'hashAlgorithm="SHA512"', f'spinCount="{SPIN_COUNT}"'.encode()):
        assert words in info


def test_two_encryptions_have_nothing_in_common() -> None:
    """Salts and keys are fresh each time."""
    first, second = (encrypt(noise(20_000), "p") for _ in range(2))

    assert first[-4_096:] != second[-4_096:]


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("text", ["Correct horse 7", "Grüße-αβγ-密码-😀", "x" * 255])
def test_one_key_locks_several_workbooks_each_for_itself(text: str, *, ahead: bool) -> None:
    """The passphrase opens each of them, also through the library's own door; no key of content is used twice."""
    key = WorkbookKey(Secret(text), spin_count=5_000)
    key = key.made_ahead() if ahead else key
    data = noise(20_000)
    files = [key.encrypt(data) for _ in range(3)]

    for encrypted in files:
        file = msoffcrypto.OfficeFile(io.BytesIO(encrypted))
        file.load_key(password=text, verify_password=True)
        content = io.BytesIO()
        file.decrypt(content, verify_integrity=True)
        assert content.getvalue() == data
        with pytest.raises(WrongPassphrase):
            decrypt_workbook(encrypted, Secret(text.swapcase() + "!"[: len(text) < 255]))
    assert len({encrypted[-4_096:] for encrypted in files}) == 3


@pytest.mark.parametrize("text", ["", "x" * (MAX_PASSPHRASE + 1), "two\nlines", "half \ud83d", "nul\x00"])
def test_a_key_that_cannot_be_made_ahead_says_so_where_it_is_needed(text: str) -> None:
    """What the other thread met is raised where a workbook is to be written, each time."""
    key = WorkbookKey(Secret(text), spin_count=1_000).made_ahead()

    for _ in range(2):
        with pytest.raises(UsageError):
            key.encrypt(SMALLEST)


def test_each_key_has_a_salt_of_its_own() -> None:
    """Equal passphrases make different keys."""
    files = [WorkbookKey(Secret("Correct horse 7"), spin_count=1_000).encrypt(SMALLEST) for _ in range(3)]
    salts = [re.findall(rb'saltValue="([^"]+)"', olefile_info(encrypted)) for encrypted in files]

    assert len({salt for found in salts for salt in found}) == 6


@pytest.mark.parametrize("wrong", ["correct horse 7", "Correct horse 7 ", "x"])
def test_another_passphrase_does_not_open_it(wrong: str) -> None:
    """Case and blanks count."""
    encrypted = encrypt(SMALLEST, "Correct horse 7")

    with pytest.raises(WrongPassphrase):
        decrypt_workbook(encrypted, Secret(wrong))


def test_a_passphrase_written_in_another_way_is_the_same() -> None:
    """A letter with its accent is one character or two depending on where it was typed; both open the workbook."""
    composed, decomposed = (unicodedata.normalize(form, "Crème brûlée") for form in ("NFC", "NFD"))
    assert composed != decomposed

    assert decrypt_workbook(encrypt(SMALLEST, decomposed), Secret(composed)) == SMALLEST
    assert decrypt_workbook(encrypt(SMALLEST, composed), Secret(decomposed)) == SMALLEST


@pytest.mark.parametrize(
    "text", ["", "x" * (MAX_PASSPHRASE + 1), "😀" * 128, "two\nlines", "tab\there", "nul\x00", "half \ud83d"]
)
def test_a_passphrase_that_cannot_be_typed_in_excel_is_refused(text: str) -> None:
    """It is refused before anything is locked away for good, and the message does not repeat it."""
    for refuse in (lambda: encrypt(SMALLEST, text), lambda: check_passphrase(Secret(text))):
        with pytest.raises(UsageError) as refusal:
            refuse()
        assert not text or text not in str(refusal.value)
        assert refusal.value.__cause__ is None


@pytest.mark.parametrize("place", [0.3, 0.5, 0.9])
def test_a_changed_byte_in_the_content_is_noticed(place: float) -> None:
    """The integrity of the whole content is checked."""
    encrypted = bytearray(encrypt(noise(40_000), "p"))
    encrypted[int(len(encrypted) * place)] ^= 1

    with pytest.raises(Locked, match="damaged"):
        decrypt_workbook(bytes(encrypted), Secret("p"))


def test_a_changed_byte_never_gives_other_content() -> None:
    """Wherever it is, in the container's tables too, the content comes back whole or not at all."""
    data = noise(20_000)
    sound = encrypt(data, "p")
    noticed = 0
    for place in range(0, len(sound), 211):
        changed = bytearray(sound)
        changed[place] ^= 1
        try:
            assert decrypt_workbook(bytes(changed), Secret("p")) == data
        except Locked:
            noticed += 1
    assert noticed > 90  # of 120: the rest falls on bytes that nobody reads


@pytest.mark.parametrize("data", [b"", b"not a workbook", SMALLEST], ids=["nothing", "text", "plain workbook"])
def test_what_is_not_encrypted_is_not_decrypted(data: bytes) -> None:
    """Neither a wrong passphrase nor success is claimed."""
    with pytest.raises(Locked) as refusal:
        decrypt_workbook(data, Secret("p"))
    assert not isinstance(refusal.value, WrongPassphrase)
