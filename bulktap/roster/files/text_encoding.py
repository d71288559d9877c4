"""Bytes → text: which encoding a text file is in, and how sure that is.

A wrong guess about a name is cosmetic, about an identity it is an incident: so a guess is reported as one, and
validation refuses identities that depend on it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

from bulktap.model.errors import QuestionOpen
from bulktap.model.late_patterns import LatePattern
from bulktap.model.plain_text import BYTE_ORDER_MARKS, in_number
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting

_NO_CHARACTER_SETS = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape",
     "mbcs", "oem"}
)  # fmt: skip
"""Codecs that Python counts among text encodings, and no file is written in; two exist on Windows only."""
_CODEC_NAME = LatePattern(r"[\w .:+-]{1,40}", re.ASCII)
_SAMPLE_BYTES = 1 << 16
_LANGUAGES = {
    "utf-8": "all languages",
    "cp1252": "Western European, Windows",
    "cp1250": "Central European, Windows",
    "cp1251": "Cyrillic, Windows",
    "cp1253": "Greek, Windows",
    "cp1254": "Turkish, Windows",
    "cp850": "Western European, DOS",
    "cp437": "American, DOS",
    "mac_roman": "Western European, older Macs",
    "cp932": "Japanese, Windows",
    "utf-16": "all languages, two bytes a letter",
}
_USUAL = tuple(_LANGUAGES)
_WIDE = "utf-16"
_MOST_OFFERED = 8
_NAMES_WRONG = f"use {Setting.ENCODING} if names look wrong"


class DecodedText(NamedTuple):
    """A text file as text."""

    text: str
    """Without a byte order mark; line ends as they are."""
    encoding: str
    """Python's name of the encoding."""
    guessed: bool = False
    """True if non-ASCII characters may be wrong."""
    note: str | None = None
    """What a reader should know about the encoding."""


def text_codec(name: str) -> str | None:
    """Return Python's name of an encoding that text files are written in; None if there is no such encoding."""
    if not _CODEC_NAME.fullmatch(name):  # Python overlooks what stands between letters and digits, line breaks too
        return None
    try:
        codec = codecs.lookup(name)
        # An encoding is one that turns these letters into bytes; hex, rot13 and the like do not.
        known = codec.name not in _NO_CHARACTER_SETS and isinstance("ab".encode(name), bytes)
    except (LookupError, ValueError):
        return None
    return codec.name if known else None


def decode(data: bytes, name: str, encoding: str | None) -> DecodedText:
    """Return the text of a file.

    Raises:
        RosterError: the encoding that was asked for is unknown or does not fit.
    """
    if encoding is not None:
        return _decode_as_told(data, name, encoding)
    for mark, found in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], name, found)
    if (wide := _unmarked_wide(data)) is not None:
        note = f"{name} was read as {wide[:6].upper()}, though it has no marker."
        return DecodedText(data.decode(wide, "replace"), wide, note=note)
    try:
        return DecodedText(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(data, name, error.start)


def _decode_as_told(data: bytes, name: str, encoding: str) -> DecodedText:
    codec = text_codec(encoding)
    if codec is None:
        told = f"{Setting.ENCODING.to(encoding)} is not a known text encoding."
        raise QuestionOpen([encoding_question(told, data)])
    try:
        return DecodedText(data.decode(codec).removeprefix("\ufeff"), codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        told = f"{name}, row {line}: byte 0x{data[error.start]:02X} does not exist in {encoding}."
        raise QuestionOpen([encoding_question(told, data)]) from None


def encoding_question(text: str, data: bytes, guess: str = "", *, shows: bool = False) -> Question:
    """Return the question which encoding a file is in.

    Args:
        text: what is the matter.
        data: bytes of the file; an encoding that does not know them is not offered.
        guess: the likeliest encoding, offered first.
        shows: whether they are a few that may be seen, such as a user's name: how each encoding reads them is shown.
    """
    choices: dict[str, Choice] = {}
    for encoding in dict.fromkeys((guess or _USUAL[0], *_USUAL)):
        try:
            read = codecs.getincrementaldecoder(encoding)().decode(data[:_SAMPLE_BYTES])
        except UnicodeError:  # which UTF-16 without its mark is
            continue
        if (encoding == _WIDE and b"\0" not in data) or (shows and not read.isprintable()):
            continue
        label = f"{encoding} ({_LANGUAGES[encoding]})" if encoding in _LANGUAGES else encoding
        # Two encodings that read the bytes alike are one answer.
        choices.setdefault(read if shows else encoding, Choice(encoding, f"{label}: {read}" if shows else label))
    offered = tuple(choices.values())[:_MOST_OFFERED]
    return Question(Setting.ENCODING, "encoding", text, choices=offered, example="cp1257")


def _decode_marked(data: bytes, name: str, encoding: str) -> DecodedText:
    text = data.decode(encoding, "replace")
    damaged = "\ufffd" in text and "\ufffd".encode(encoding) not in data
    note = f"{name} holds bytes that are not {encoding.upper()}; they are shown as U+FFFD." if damaged else None
    return DecodedText(text, encoding, note=note)


def _unmarked_wide(data: bytes) -> str | None:
    sample = data[:_SAMPLE_BYTES]
    pairs = len(sample) // 2
    if pairs < 4 or b"\0" not in sample:
        return None
    quarters = [sample[offset::4].count(0) / max(pairs // 2, 1) for offset in range(4)]
    if min(quarters[1:]) > 0.9 and quarters[0] < 0.1:
        return "utf-32-le"
    if min(quarters[:3]) > 0.9 and quarters[3] < 0.1:
        return "utf-32-be"
    zeros_even, zeros_odd = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if zeros_odd > 0.2 and zeros_even < 0.02:  # Chinese names among Latin addresses leave few zeros
        return "utf-16-le"
    if zeros_even > 0.2 and zeros_odd < 0.02:
        return "utf-16-be"
    return None


def _decode_legacy(data: bytes, name: str, first: int) -> DecodedText:
    damaged = data.decode("utf-8", "replace")
    broken = damaged.count("\ufffd")
    multibyte = len(re.findall(rb"[\xc3-\xf4][\x80-\xbf]", data))
    if multibyte > 2 * broken:
        line = len(re.findall(rb"\r\n|\r|\n", data[:first])) + 1
        where = f"the first is byte 0x{data[first]:02X} in row {line}"
        note = f"{name} is UTF-8 with {in_number(broken, 'damaged place', 'damaged places')}, shown as U+FFFD; {where}."
        return DecodedText(damaged, "utf-8", note=note)
    if (japanese := _as_japanese(data)) is not None:
        return DecodedText(japanese, "cp932", guessed=True, note=f"{name} was read as Shift_JIS; {_NAMES_WRONG}.")
    # Older Macs, and Excel's "Macintosh" CSV, end lines so; yet an unbroken blank of Windows is a dagger there.
    if b"\r" in data and b"\n" not in data and _readable(data, "mac_roman") >= _readable(data, "cp1252"):
        note = f"{name} is not UTF-8 and was read as MacRoman, as its line ends are a Mac's; {_NAMES_WRONG}."
        return DecodedText(data.decode("mac_roman"), "mac_roman", guessed=True, note=note)
    try:
        text, encoding = data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        text, encoding = data.decode("latin-1"), "latin-1"
    note = f"{name} is not UTF-8 and was read as Windows-1252; {_NAMES_WRONG}."
    return DecodedText(text, encoding, guessed=True, note=note)


def _readable(data: bytes, encoding: str) -> int:
    """Return how many of the characters that are not ASCII are letters or blanks in an encoding."""
    text = data.decode(encoding, "replace")
    return sum(not char.isascii() and (char.isalpha() or char.isspace()) for char in text)


def _as_japanese(data: bytes) -> str | None:
    """Return the text when it is convincing Japanese.

    Accented letters of cp1252 turn into half-width katakana or lone kanji; kana and runs of kanji do not arise so.
    """
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return None
    foreign = [char for char in text if ord(char) > 0x7F]
    full_width = sum("\u3000" <= char <= "\u9fff" or "\uff01" <= char <= "\uff5e" for char in foreign)
    kana = sum("\u3041" <= char <= "\u30ff" for char in foreign)
    runs = len(re.findall(r"[\u4e00-\u9fff]{2}", text))
    odd = any(unicodedata.category(char) in {"Cc", "Co"} for char in foreign)
    convincing = kana >= 2 or runs >= 2
    return text if convincing and not odd and full_width >= 0.9 * len(foreign) else None
