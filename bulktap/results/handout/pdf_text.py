"""The text of a PDF that typst made, run by run as it is printed.

typst writes each run of text as one font, one size and the numbers of its glyphs; what a glyph stands for is in the
font's own table. General readers spend most of their time on finding out where words end, which is not needed here.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRING = rb"\((?:[^()\\]++|\\.)*+\)"
"""A string without parentheses of its own; those that have some are read by `_string_end`."""
# Each alternative begins with a letter as it is: then Python passes over what begins with none of them without trying.
_PIECE = re.compile(
    rb"/(?P<font>[^\s/\[(<]+)\s+(?P<size>[\d.]+)\s+Tf|/(?P<mark>\w+)\s+BMC|<(?P<open><)|E(?P<end>MC)"
    rb"|T(?P<prints>[Jj])|\[(?P<several>(?:[^][()<]++|" + _STRING + rb")*+)\]\s*TJ"
    rb"|<(?P<hex>[0-9A-Fa-f\s]*)>|\((?P<string>)|B(?P<properties>DC)",
    re.DOTALL,
)
_PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
_PLAIN = re.compile(rb"(?:[^()\\]++|\\.)*+\)", re.DOTALL)
_STRINGS = re.compile(_STRING, re.DOTALL)
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


@dataclass(frozen=True, slots=True)
class _Font:
    name: str
    width: int
    """Bytes a glyph."""
    letters: dict[str, str]
    read: dict[tuple[float, bytes], TextRun] = field(default_factory=dict)
    """What was read before, by its size and glyphs: most of a sheet says the same for everybody."""


def text_runs(pdf: bytes) -> Iterator[list[TextRun]]:
    """Yield the runs of each page in the order in which they are drawn."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    known: dict[int, _Font] = {}
    for page in reader.pages:
        fonts: dict[bytes, _Font] = {}
        for name, reference in _fonts_of(page).items():
            number = reference.idnum
            if number not in known:
                known[number] = _font(reference.get_object())
            fonts[name[1:].encode()] = known[number]
        content = page.get_contents()
        yield list(_runs(content.get_data(), fonts)) if content is not None else []


def _fonts_of(page: Any) -> Any:
    return page["/Resources"].get("/Font", {})


@dataclass(slots=True)
class _Span:
    """A marked part of a page's content."""

    reverse: bool = False
    """True if its glyphs stand from right to left."""
    instead: str | None = None
    """What the span stands for where its glyphs alone do not say; given to its first run, the others are empty."""


def _runs(content: bytes, fonts: dict[bytes, _Font]) -> Iterator[TextRun]:
    font, size, place, opened = _Font("", 2, {}), 0.0, 0, 0
    codes = bytearray()
    spans: list[_Span] = []
    while piece := _PIECE.search(content, place):
        place = piece.end()
        match piece.lastgroup:
            case "string" | "hex":
                more, place = _glyph_codes(content, piece)
                codes += more
                continue
            case "size":
                font, size = fonts[piece["font"]], float(piece["size"])
            case "several":
                yield _run_of(piece["several"], font, size, spans)
            case "prints":
                yield _run(bytes(codes), font, size, spans)
            case "mark" | "properties":
                spans.append(_span(piece, content[opened:place], codes))
            case "end":
                spans[-1:] = []
            case "open":
                opened = place
            case _:
                pass
        codes.clear()


def _glyph_codes(content: bytes, piece: re.Match[bytes]) -> tuple[bytes, int]:
    """Return what a string holds, and where it ends."""
    if piece.lastgroup == "hex":
        return bytes.fromhex(piece["hex"].decode()), piece.end()
    end = _string_end(content, piece.end())
    return _plain(content[piece.end() : end]), end


def _all_codes(strings: bytes) -> bytes:
    """Return what the strings between two brackets hold; the numbers between them only move the glyphs."""
    return b"".join([_plain(string[1:-1]) for string in _STRINGS.findall(strings)])


def _plain(text: bytes) -> bytes:
    """Return what a string stands for."""
    if b"\\" not in text:
        return text
    if b"\\(" in text or b"\\)" in text or b"\\\r" in text:
        return _ESCAPE.sub(_unescaped, text)
    return text.decode("unicode_escape").encode("latin-1")  # Python's escapes are the others of a PDF


def _span(piece: re.Match[bytes], properties: bytes, text: bytes | bytearray) -> _Span:
    if piece.lastgroup == "mark":
        return _Span(reverse=piece["mark"] == b"ReversedChars")
    return _Span(instead=_decoded(text) if b"/ActualText" in properties else None)


def _run_of(strings: bytes, font: _Font, size: float, spans: list[_Span]) -> TextRun:
    if spans:
        return _run(_all_codes(strings), font, size, spans)
    if (size, strings) not in font.read:
        font.read[size, strings] = _run(_all_codes(strings), font, size, spans)
    return font.read[size, strings]


def _run(codes: bytes, font: _Font, size: float, spans: list[_Span]) -> TextRun:
    glyphs = [codes[at : at + font.width].hex() for at in range(0, len(codes), font.width)]
    # Glyph 0 is the box; fonts that draw letters as pictures, in colour, count theirs from 0.
    boxes = glyphs.count("0000") if font.width == 2 else 0
    for span in spans:
        if span.instead is not None:
            text, span.instead = span.instead, ""
            return TextRun(text, font.name, size, boxes)
    if any(span.reverse for span in spans):
        glyphs.reverse()
    return TextRun("".join(font.letters.get(glyph, "") for glyph in glyphs), font.name, size, boxes)


def _decoded(text: bytes | bytearray) -> str:
    """Return a text string of a PDF: UTF-16 where it begins with a byte order mark."""
    return text[2:].decode("utf-16-be", "replace") if text.startswith(b"\xfe\xff") else text.decode("latin-1")


def _string_end(content: bytes, place: int) -> int:
    """Return where a string ends: at the parenthesis that closes it (those inside may stand in pairs)."""
    if plain := _PLAIN.match(content, place):
        return plain.end() - 1
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


def _font(font: Any) -> _Font:
    name = str(font.get("/BaseFont", "")).split("+")[-1].lstrip("/")
    width = 1 if font["/Subtype"] == "/Type3" else 2
    letters: dict[str, str] = {}
    table = font["/ToUnicode"].get_object().get_data() if "/ToUnicode" in font else b""
    for kind, body in _RANGES.findall(table):
        numbers = [part.decode().lower() for part in _HEX.findall(body)]
        step = 2 if kind == b"bfchar" else 3
        for place in range(0, len(numbers) - step + 1, step):
            letters |= _mapped(numbers[place : place + step])
    return _Font(name, width, letters)


def _mapped(entry: list[str]) -> dict[str, str]:
    if len(entry) == 2:
        return {entry[0]: bytes.fromhex(entry[1]).decode("utf-16-be", "replace")}
    first, last, text = int(entry[0], 16), int(entry[1], 16), int(entry[2], 16)
    return {f"{first + step:04x}": chr(text + step) for step in range(last - first + 1)}
