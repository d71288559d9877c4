"""How many codes are read rightly from pictures of printed pages: as an eye reads, by the shape of each character.

python tests/bench/bench_printed_codes.py [--codes 10000] [--style labels] [--seed 1]

At 300 dpi, and at 150 dpi through JPEG; half of the codes are of letters and digits that are easily confused.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from handout_sheets import ALPHABET, group, look
from page_reading import CodeReader, code_places, pictures

from bulktap.model.secret import Secret
from bulktap.results.handout.rendering import render_group
from bulktap.results.handout.sheets_model import HandoutGroup, Slip, Style

if TYPE_CHECKING:
    from page_reading import Picture

ALIKE = "".join(letter for letter in "0OoQD1lIi5S2Z8B6G9gqUVvuwWcCkKpPsxXz" if letter in ALPHABET)
EVERY = ALPHABET
A_FILE = 200
"""Codes in one file."""


def main() -> int:
    """Run the command; 0 if at least 99.9 % are read rightly."""
    asked = _arguments()
    draw = random.Random(asked.seed)  # noqa: S311 - the same codes for the same seed
    read = {dpi: [0, 0] for dpi in (300, 150)}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for dpi, jpeg in ((300, False), (150, True)):
            reader = CodeReader(dpi)
            _learn(reader, Path(folder), asked.style, dpi, jpeg=jpeg)
            for number in range(0, asked.codes, A_FILE):
                codes = [_code(draw, number + one) for one in range(min(A_FILE, asked.codes - number))]
                right = _right(reader, Path(folder), asked.style, codes, dpi, jpeg=jpeg)
                read[dpi][0] += right
                read[dpi][1] += len(codes)
    for dpi, (right, total) in read.items():
        print(f"{dpi} dpi: {right:,} of {total:,} codes read rightly ({right / total:.4%})")
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if all(right >= 0.999 * total for right, total in read.values()) else 1


def _code(draw: random.Random, number: int) -> str:
    return "".join(draw.choice(ALIKE if number % 2 else EVERY) for _ in range(8))


def _learn(reader: CodeReader, folder: Path, style: Style, dpi: int, *, jpeg: bool) -> None:
    turned = [EVERY[start:] + EVERY[:start] for start in range(len(EVERY))]
    known = [one[:8] for one in turned]  # each character in each place of a group
    path, pages = _printed(folder, style, known, dpi, jpeg=jpeg)
    for place in code_places(path):
        reader.learn(pages[place.page], place)


def _right(reader: CodeReader, folder: Path, style: Style, codes: list[str], dpi: int, *, jpeg: bool) -> int:
    path, pages = _printed(folder, style, codes, dpi, jpeg=jpeg)
    left = list(codes)
    for place in code_places(path):
        found = reader.read(pages[place.page], place)
        if found in left:
            left.remove(found)
    return len(codes) - len(left)


def _printed(folder: Path, style: Style, codes: list[str], dpi: int, *, jpeg: bool) -> tuple[Path, list[Picture]]:
    """Return the file in which the codes are printed, and its pages."""
    for old in folder.iterdir():
        old.unlink()
    (pattern,) = group(("Anna Berg",)).slips
    slips = tuple(
        Slip(f"Anna {number}", pattern.sign_in_name, "5b", Secret(text), pattern.starts, pattern.ends, once=True)
        for number, text in enumerate(codes)
    )
    path = folder / "codes.pdf"
    path.write_bytes(render_group(HandoutGroup("5b", "", slips), look(style)))
    return path, pictures(path, dpi, jpeg=jpeg)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--codes", type=int, default=10_000)
    parser.add_argument("--style", type=Style, default=Style.LABELS)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
