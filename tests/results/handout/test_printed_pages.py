"""Pages as pictures: codes read from their pixels, QR codes by another program."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from handout_sheets import ALPHABET, group, look
from page_reading import CodeReader, code_places, pictures

from bulktap.model.secret import Secret
from bulktap.results.handout.rendering import render_group
from bulktap.results.handout.sheets_model import HandoutGroup, Purpose, Slip, Style

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler is not installed, as on Windows"),
]

CONFUSABLE = (
    "0O0OlI1l",
    "1lI1IlIl",
    "O0Q0OD0Q",
    "5S5S8B8B",
    "2Z2Zz2sS",
    "cCoOvVwW",
    "uUxXkKpP",
    "6bG6g9q9",
    "rnmrnmvV",
)


def known() -> HandoutGroup:
    """Return slips on which each character stands in each place of a group, to learn from."""
    turned = [ALPHABET[start:] + ALPHABET[:start] for start in range(len(ALPHABET))]
    return _of([one[:8] for one in turned])


def _of(codes: list[str]) -> HandoutGroup:
    (pattern,) = group(("Anna Berg",)).slips
    return HandoutGroup("5b", "", tuple(
        Slip(f"Anna {number}", pattern.sign_in_name, "5b", Secret(text), pattern.starts, pattern.ends, once=True)
        for number, text in enumerate(codes)
    ))  # fmt: skip


@pytest.mark.parametrize(("dpi", "jpeg"), [(300, False), (150, True)])
@pytest.mark.parametrize("style", [Style.LABELS])
def test_codes_are_read_from_the_printed_page(tmp_path: Path, dpi: int, jpeg: bool, style: Style) -> None:
    """Every code of a hundred, those of look-alikes included, by the shapes of its characters alone."""
    pytest.importorskip("PIL")
    reader = CodeReader(dpi)
    codes = [slip.code.reveal() for slip in group(tuple(f"n{number}" for number in range(80))).slips]
    for name, people in (("known", known()), ("asked", _of([*CONFUSABLE, *codes]))):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(render_group(people, look(style)))
        pages, places = pictures(path, dpi, jpeg=jpeg), code_places(path)
        assert len(places) == len(people.slips)
        if name == "known":
            for place in places:
                reader.learn(pages[place.page], place)
            continue
        read = sorted(reader.read(pages[place.page], place) for place in places)
        assert read == sorted(slip.code.reveal() for slip in people.slips)


@pytest.mark.parametrize(("style", "purpose"), [(Style.SLIPS, Purpose.SIGN_IN), (Style.LETTER, Purpose.PHONE)])
def test_qr_codes_lead_to_the_page_and_nowhere_else(tmp_path: Path, style: Style, purpose: Purpose) -> None:
    """Read by zxing from a picture at the resolution of a phone; the address alone is in them."""
    zxing = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    path = tmp_path / "slips.pdf"
    path.write_bytes(render_group(group(("Anna Berg", "Bo Chen")), look(style, purpose=purpose)))
    assert pictures(path, 100, jpeg=True)
    found = [one.text for page in sorted(tmp_path.glob("*.jpg")) for one in zxing.read_barcodes(image.open(page))]
    address = {Purpose.SIGN_IN: "https://aka.ms/mysecurityinfo", Purpose.PHONE: "https://aka.ms/authapp"}[purpose]
    assert found == [address, address]
