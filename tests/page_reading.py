"""Codes read from pictures of pages, as an eye would: by the shape of each character.

The picture of a page says nothing of its text, so that what is read is what is on paper. Where codes stand is taken
from poppler's boxes of words; what they say is decided by comparing pixels with a page whose codes are known.
"""

from __future__ import annotations

import html
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.float64]

ADVANCE = 0.60205
"""Width of a character of DejaVu Sans Mono, in its size."""
GAP = 0.09
"""Between two groups of four."""
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
_PAGE = re.compile(r"<page .*?</page>", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """Where a code stands, in points."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    length: int
    text: str
    """What the text of the file says; only to learn from."""


def code_places(pdf: Path, shortest: float = 20.0) -> list[Place]:
    """Return where codes stand: the words of at least that height."""
    text = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True).stdout.decode()
    places = []
    for number, page in enumerate(_PAGE.findall(text)):
        for left, top, right, bottom, word in _WORD.findall(page):
            box = [float(side) for side in (left, top, right, bottom)]
            if box[3] - box[1] >= shortest:
                code = html.unescape(word)
                places.append(Place(number, *box, len(code), code))
    return places


def pictures(pdf: Path, dpi: int, *, jpeg: bool) -> list[Picture]:
    """Return the pages as grey pictures, through a JPEG if wanted."""
    from PIL import Image

    kind = ["-jpeg"] if jpeg else ["-png"]
    stem = pdf.with_name(f"{pdf.stem}-{dpi}{kind[0]}")
    subprocess.run(["pdftoppm", *kind, "-r", str(dpi), pdf, stem], check=True)
    return [np.asarray(Image.open(path).convert("L"), float) for path in sorted(pdf.parent.glob(f"{stem.name}-*"))]


class CodeReader:
    """Reads characters by the shapes that it has learned."""

    def __init__(self, dpi: int) -> None:
        self._scale = dpi / 72
        self._shapes: dict[str, Picture] = {}

    def learn(self, page: Picture, place: Place) -> None:
        """Take the shapes of a code that is known."""
        for number, character in enumerate(place.text):
            shape = self._cut(page, place, number, 0, 0)
            self._shapes[character] = self._shapes.get(character, 0) + shape

    def read(self, page: Picture, place: Place) -> str:
        """Return the code that stands there."""
        return "".join(self._character(page, place, number) for number in range(place.length))

    def _character(self, page: Picture, place: Place, number: int) -> str:
        # A pixel to all sides, since no two places fall on the same raster.
        cuts = [self._cut(page, place, number, across, down) for across in (-1, 0, 1) for down in (-1, 0, 1)]
        shapes = np.array([shape / np.sqrt((shape**2).sum()) for shape in self._shapes.values()])
        alike = (shapes @ np.array(cuts).T).max(axis=1)
        return list(self._shapes)[int(alike.argmax())]

    def _cut(self, page: Picture, place: Place, number: int, across: int, down: int) -> Picture:
        groups = (place.length - 1) // 4
        size = (place.right - place.left) / (place.length * ADVANCE + groups * GAP)
        left = (place.left + size * (number * ADVANCE + number // 4 * GAP)) * self._scale
        width, height = round(size * ADVANCE * self._scale), round((place.bottom - place.top) * self._scale)
        x, y = round(left) + across, round(place.top * self._scale) + down
        cut = page[y : y + height, x : x + width]
        cut = cut - cut.mean()
        return (cut / (np.sqrt((cut**2).sum()) or 1)).ravel()
