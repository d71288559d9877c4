"""What a terminal shows after a program has written to it, and a picture (SVG) of that."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

_SEQUENCE: Final = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|([\r\n])|\x1b[78=>]|\x07")
_COLOURS: Final = {31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 34: "#79c0ff", 36: "#76e3ea"}
_LETTER, _LINE, _EDGE, _BAR = 8.4, 19, 14, 30
"""Width and height of a character, the edge around the text, and the height of the window's bar, in pixels."""
_FONT: Final = "'Cascadia Mono', Consolas, 'DejaVu Sans Mono', Menlo, monospace"


@dataclass(frozen=True)
class Look:
    """How a character looks."""

    bold: bool = False
    colour: str = ""


@dataclass(frozen=True)
class Cell:
    """One character of the screen."""

    letter: str
    look: Look


Line = list[Cell]


def lines_shown(written: str) -> list[Line]:
    """Return the lines that stand on a terminal once all this was written to it, from the first to the last.

    Knows what bulktap and tqdm use: the ends of lines, colours, erasing to the end, and going up.

    Raises:
        ValueError: something else was asked of the terminal.
    """
    lines: list[Line] = [[]]
    row = column = place = 0
    look = Look()
    while place < len(written):
        if not (found := _SEQUENCE.match(written, place)):
            _put(lines[row], column, Cell(written[place], look))
            column, place = column + 1, place + 1
            continue
        place = found.end()
        numbers, letter, end = found.groups()
        if end == "\r":
            column = 0
        elif end == "\n":
            row, column = row + 1, 0
            if row == len(lines):
                lines.append([])
        elif letter == "m":
            look = _changed(look, numbers)
        elif letter == "K":
            del lines[row][column:]
        elif letter == "A":
            row = max(0, row - int(numbers or 1))
        elif letter is not None:
            raise ValueError(f"This is no picture of a terminal that was asked for {found[0]!r}.")
    return lines


def _put(line: Line, column: int, cell: Cell) -> None:
    line += [Cell(" ", Look())] * (column - len(line))
    line[column : column + 1] = [cell]


def _changed(look: Look, numbers: str) -> Look:
    for number in map(int, (numbers or "0").split(";")):
        if number == 0:
            look = Look()
        elif number == 1:
            look = replace(look, bold=True)
        elif number in _COLOURS:
            look = replace(look, colour=_COLOURS[number])
    return look


def text_of(line: Line) -> str:
    """Return the text of a line."""
    return "".join(cell.letter for cell in line).rstrip()


def with_text(line: Line, text: str) -> Line:
    """Return a line that says something else; where a character stays in its place, so does its look."""
    plain = Look() if not line else line[-1].look
    return [Cell(letter, line[place].look if place < len(line) else plain) for place, letter in enumerate(text)]


def as_svg(lines: list[Line], title: str, columns: int) -> str:
    """Return a picture of these lines in a window; its text is text, for those who search, copy or listen."""
    width = round(columns * _LETTER + 2 * _EDGE)
    height = _BAR + len(lines) * _LINE + _EDGE
    told = html.escape(title)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        f"<title>{told}</title>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
        f'<path d="M0 {_BAR - 6}V8a8 8 0 0 1 8-8H{width - 8}a8 8 0 0 1 8 8V{_BAR - 6}z" fill="#30363d"/>',
        f'<text x="{_EDGE}" y="17" font-family="sans-serif" font-size="12" fill="#c9d1d9">{told}</text>',
        f'<g font-family="{_FONT}" font-size="14" fill="#e6edf3">',
        *(
            f'<text class="line" xml:space="preserve" x="{_EDGE}" y="{_BAR + (number + 1) * _LINE - 5}">'
            f"{''.join(_spans(line))}</text>"
            for number, line in enumerate(lines)
        ),
        "</g>",
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


def _spans(line: Line) -> list[str]:
    spans = []
    for look, cells in groupby(line, key=lambda cell: cell.look):
        text = html.escape("".join(cell.letter for cell in cells), quote=False)
        more = (' font-weight="bold"' if look.bold else "") + (f' fill="{look.colour}"' if look.colour else "")
        spans.append(f"<tspan{more}>{text}</tspan>" if more else text)
    return spans


def lines_of(svg: str) -> list[str]:
    """Return the lines of text of a picture that `as_svg` has drawn."""
    found = re.findall(r'<text class="line"[^>]*>(.*?)</text>', svg)
    return [html.unescape(re.sub(r"<[^>]+>", "", line)).rstrip() for line in found]
