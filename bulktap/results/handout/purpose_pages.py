"""The pages at which codes are typed in, and the QR codes that lead there."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Final

from bulktap.model.cloud import Cloud
from bulktap.results.handout.sheets_model import Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.results.handout.sheets_model import HandoutLook

PAGES: Mapping[Purpose, str | None] = {
    Purpose.SIGN_IN: "https://aka.ms/mysecurityinfo",
    Purpose.WINDOWS: None,  # the code is typed in on the computer that is being set up
    Purpose.PHONE: "https://aka.ms/authapp",
}
"""Microsoft's short addresses of the page with one's sign-in methods, and of Microsoft Authenticator in the stores."""

_IN_CLOUD: Mapping[tuple[str, Purpose], str] = {
    (Cloud.US_GOV, Purpose.SIGN_IN): "https://aka.ms/mysecurityinfo-us",
    (Cloud.US_DOD, Purpose.SIGN_IN): "https://aka.ms/mysecurityinfo-us",
}
"""Where a national cloud has a page of its own; this one is of Microsoft's pages on Authenticator, for both clouds."""
_PIXELS: Final = 8
"""A side, of each square of a QR code."""


def page_in_cloud(purpose: Purpose, cloud: str) -> str | None:
    """Return the address that takes the place of the usual one in a national cloud; None if the usual one holds."""
    return _IN_CLOUD.get((cloud, purpose))


def page_of(look: HandoutLook) -> str | None:
    """Return the address that people open; None if there is none."""
    return look.page or PAGES[look.purpose]


def in_print(address: str) -> str:
    """Return an address as people type it: aka.ms/mysecurityinfo."""
    return address.removeprefix("https://").rstrip("/")


@cache
def qr_code(address: str) -> bytes:
    """Return the QR code of an address as a PNG picture, with the white margin that cameras need."""
    import segno

    picture = io.BytesIO()
    # Readers of PDFs that smooth pictures blur an edge by a pixel.
    segno.make(address, error="m", micro=False).save(picture, kind="png", border=4, scale=_PIXELS)
    return picture.getvalue()
