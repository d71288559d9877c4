"""A school's or company's logo, checked before anything depends on it."""

from __future__ import annotations

import re
from typing import Final

from bulktap.model.errors import UsageError
from bulktap.results.handout.typesetting import typeset

MOST_BYTES: Final = 1_000_000
_MOST_PIXELS: Final = 4_000
"""A side: enough for a poster. A small file can unfold into gigabytes."""
_HINT: Final = "Take a PNG, JPEG or SVG picture of at most 1 MB and 4,000 by 4,000 pixels."
_SVG: Final = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!--|!DOCTYPE svg)")
_START_OF_FRAME: Final = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf].{3}(.{2})(.{2})", re.DOTALL)


def check_logo(picture: bytes) -> None:
    """Check that a picture can stand on every sheet.

    Raises:
        UsageError: it is too large, of another kind, or damaged.
    """
    if len(picture) > MOST_BYTES:
        raise UsageError(f"The logo has {len(picture):,} bytes, more than {MOST_BYTES:,}.", hint=_HINT)
    if max(_sides(picture), default=0) > _MOST_PIXELS:
        raise UsageError(f"The logo has more than {_MOST_PIXELS:,} pixels a side.", hint=_HINT)
    try:
        typeset("logo.typ", {}, {"logo": picture})
    except UsageError:
        raise UsageError("The logo is damaged, or refers to other files.", hint=_HINT) from None


def _sides(picture: bytes) -> tuple[int, ...]:
    """Return width and height of a picture of pixels; a drawing has none."""
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    if picture.startswith(b"\xff\xd8\xff"):
        return tuple(int.from_bytes(side) for frame in _START_OF_FRAME.findall(picture) for side in frame)
    if _SVG.match(picture) and b"<!ENTITY" not in picture:
        return ()
    raise UsageError("The logo is not a PNG, JPEG or SVG picture.", hint=_HINT)
