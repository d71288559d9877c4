"""Groups and looks for the tests of hand-outs."""

from __future__ import annotations

import io
import random
import shutil
import string
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pytest

from bulktap.model.secret import Secret
from bulktap.results.handout.reasons import NoSlip
from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook, Paper, Purpose, Slip, Style, Unserved

ALPHABET = string.ascii_letters + string.digits
NAMES = (
    "Grete Hoß",
    "Jo",
    "Maximiliane Alexandra Freifrau von und zu Guttenberg-Sonnensc",
    "Łukasz Żółć",
    "Mia O'Brien",
    '#eval("1+1") *bold* _it_ $x$ @ref <label> \\ `raw` // #[',
    "محمد عبد الله",
)
"""Two letters and sixty, markup, and a name from right to left."""
NO_CODE = Unserved("Wei Chen", NoSlip.NO_SIGN_IN_NAME, "no sign-in name in the roster")


needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed, as on Windows")


def lines_of(pdf: bytes) -> list[str]:
    """Return the lines of a PDF as poppler reads them, each without blanks around it."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return [line.strip() for line in done.stdout.decode().splitlines()]


def words_from_left(pdf: bytes, page: int = 0) -> list[str]:
    """Return the words of a page as they stand from left to right, line by line."""
    found: list[tuple[float, float, str]] = []

    def visit(text: str, _: list[float], place: list[float], *__: object) -> None:
        if text.strip():
            found.append((-place[5], place[4], text.strip()))

    pypdf.PdfReader(io.BytesIO(pdf)).pages[page].extract_text(visitor_text=visit)
    return [text for _, _, text in sorted(found)]


def code(length: int, seed: object) -> str:
    """Return a code of letters and digits, always the same for a seed."""
    draw = random.Random(str(seed))  # noqa: S311 - a pretend code
    return "".join(draw.choice(ALPHABET) for _ in range(length))


def group(names: tuple[str, ...] = NAMES, *, length: int = 8, **changes: Any) -> HandoutGroup:
    """Return a group of these people."""
    starts = datetime(2026, 8, 31, 6, tzinfo=UTC)
    slips = tuple(
        Slip(
            name,
            f"user{number}@school.example",
            "5b",
            Secret(code(length, f"{number}{name}")),
            starts,
            starts + timedelta(hours=8),
            once=True,
            row_label=str(number),
        )
        for number, name in enumerate(names, 2)
    )
    made = HandoutGroup("5b", "Fr. Bäcker", slips, (NO_CODE,))
    return replace(made, slips=tuple(replace(slip, **changes) for slip in slips))


def look(style: Style = Style.SLIPS, *, languages: tuple[str, ...] = ("en",), **changes: Any) -> HandoutLook:
    """Return a look in which everything is told."""
    made = HandoutLook(style, Paper.A4, languages, None, None, ZoneInfo("Europe/Berlin"), "Room 014, ext. 117",
                       Purpose.SIGN_IN, organisation="Example School", reference="a3f9")  # fmt: skip
    return replace(made, **changes)
