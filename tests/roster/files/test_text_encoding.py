"""Bytes become text, and a guess is reported as one."""

from __future__ import annotations

import codecs

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.model.errors import RosterError
from bulktap.roster.files.text_encoding import decode

TEXT = "User name,Name\r\nanna@contoso.com,Anna Müller\r\n"
JAPANESE = "ユーザー名,表示名\r\nyuki@contoso.com,田中ゆき\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be"),
    ],
)
def test_certain_encodings_are_silent(data: bytes, encoding: str) -> None:
    """UTF-8 and everything with a byte order mark is read without a word."""
    decoded = decode(data, "r.csv", None)
    assert (decoded.text, decoded.encoding, decoded.guessed, decoded.note) == (TEXT, encoding, False, None)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding: str) -> None:
    """UTF-16 without a byte order mark is recognised by its zeros, with a note."""
    decoded = decode(TEXT.encode(encoding), "r.csv", None)
    assert decoded.text == TEXT
    assert "UTF-16" in with_options(str(decoded.note))


@pytest.mark.parametrize(("text", "encoding"), [(TEXT, "cp1252"), (JAPANESE, "cp932")])
def test_legacy_encodings_are_guesses(text: str, encoding: str) -> None:
    """Single-byte and Japanese files are read, and the guess is on record."""
    decoded = decode(text.encode(encoding), "r.csv", None)
    assert (decoded.text, decoded.encoding, decoded.guessed) == (text, encoding, True)
    assert "--encoding" in with_options(str(decoded.note))


def test_one_broken_byte_does_not_change_the_encoding() -> None:
    """A UTF-8 file with one damaged place stays UTF-8; the place shows as U+FFFD."""
    data = "Müller,Köhler,Bär,Süß".encode().replace("ß".encode(), b"\xff")
    decoded = decode(data, "r.csv", None)
    assert decoded.text == "Müller,Köhler,Bär,Sü\ufffd"
    assert not decoded.guessed


def test_told_encoding_wins() -> None:
    """--encoding is obeyed, also where a guess would be another."""
    decoded = decode("Łukasz".encode("cp1250"), "r.csv", "cp1250")
    assert (decoded.text, decoded.guessed) == ("Łukasz", False)


@pytest.mark.parametrize("encoding", ["klingon", "hex", "ascii"])
def test_told_encoding_that_does_not_fit(encoding: str) -> None:
    """An encoding that is unknown, is none, or does not fit is refused with a sentence."""
    with pytest.raises(RosterError, match=r"encoding|does not exist in"):
        decode(TEXT.encode(), "r.csv", encoding)
