"""The text of a PDF that typst made, run by run as it is printed.

typst writes each run of text as one font, one size and the numbers of its glyphs; what a glyph stands for is in the
font's own table. General readers spend most of their time on finding out where words end, which is not needed here.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = re.compile(rb"(/ReversedChars BMC\s)?\s*0 Tr/(\S+) ([\d.]+) Tf [^\[(<]*\[")
_MARK = re.compile(rb"[\]<(]")
_PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
_RANGES = re.compile(rb"begin(bfchar|bfrange)\s(.*?)end(?:bfchar|bfrange)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TextRun:
    """Letters that stand beside one another in one font and size."""

    text: str
    """In the order in which it is read."""
    font: str
    """The font's name, without the mark of a subset."""
    size: float
    boxes: int
    """How many glyphs are the empty box of a font that has no picture of the letter."""


def text_runs(pdf: bytes) -> Iterator[list[TextRun]]:
    """Yield the runs of each page in the order in which they are drawn."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    known: dict[int, tuple[str, dict[str, str]]] = {}
    for page in reader.pages:
        fonts: dict[bytes, tuple[str, dict[str, str]]] = {}
        for name, reference in _fonts_of(page).items():
            number = reference.idnum
            if number not in known:
                known[number] = _font(reference.get_object())
            fonts[name[1:].encode()] = known[number]
        content = page.get_contents()
        yield list(_runs(content.get_data(), fonts)) if content is not None else []


def _fonts_of(page: Any) -> Any:
    return page["/Resources"].get("/Font", {})


def _runs(content: bytes, fonts: dict[bytes, tuple[str, dict[str, str]]]) -> Iterator[TextRun]:
    place = 0
    while start := _RUN.search(content, place):
        name, letters = fonts[start[2]]
        codes, place = _glyph_codes(content, start.end())
        glyphs = [codes[at : at + 2].hex() for at in range(0, len(codes), 2)]
        if start[1]:
            glyphs.reverse()
        text = "".join(letters.get(glyph, "") for glyph in glyphs)
        yield TextRun(text, name, float(start[3]), glyphs.count("0000"))


def _glyph_codes(content: bytes, place: int) -> tuple[bytes, int]:
    """Return the glyphs that one operator prints, and where it ends; strings stand between numbers that move them."""
    codes = bytearray()
    while mark := _MARK.search(content, place):
        if mark[0] == b"]":
            return bytes(codes), mark.end()
        if mark[0] == b"<":
            place = content.index(b">", mark.end())
            codes += bytes.fromhex(content[mark.end() : place].decode())
        else:
            place = _string_end(content, mark.end())
            codes += _ESCAPE.sub(_unescaped, content[mark.end() : place])
    return bytes(codes), len(content)


def _string_end(content: bytes, place: int) -> int:
    """Return where a string ends: at the parenthesis that closes it (those inside may stand in pairs)."""
    depth = 1
    for mark in _PARENTHESIS.finditer(content, place):
        depth += {b"(": 1, b")": -1}.get(mark[0], 0)
        if not depth:
            return mark.start()
    return len(content)


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1][:1].isdigit():
        return bytes([int(match[1], 8) & 0xFF])
    return _ESCAPED.get(match[1], match[1])


def _font(font: Any) -> tuple[str, dict[str, str]]:
    name = str(font["/BaseFont"]).split("+")[-1].lstrip("/")
    letters: dict[str, str] = {}
    table = font["/ToUnicode"].get_object().get_data() if "/ToUnicode" in font else b""
    for kind, body in _RANGES.findall(table):
        numbers = [part.decode().lower() for part in _HEX.findall(body)]
        step = 2 if kind == b"bfchar" else 3
        for place in range(0, len(numbers) - step + 1, step):
            letters |= _mapped(numbers[place : place + step])
    return name, letters


def _mapped(entry: list[str]) -> dict[str, str]:
    if len(entry) == 2:
        return {entry[0]: bytes.fromhex(entry[1]).decode("utf-16-be", "replace")}
    first, last, text = int(entry[0], 16), int(entry[1], 16), int(entry[2], 16)
    return {f"{first + step:04x}": chr(text + step) for step in range(last - first + 1)}
