"""A school's or company's logo, checked before anything depends on it."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bulktap.model.errors import UsageError
from bulktap.results.handout.typesetting import typeset

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES: Final = 1_000_000
_MOST_PIXELS: Final = 4_000
"""A side: enough for a poster. A small file can unfold into gigabytes."""
_HINT: Final = "Take a PNG, JPEG or SVG picture of at most 1 MB and 4,000 by 4,000 pixels."
_EMBEDDED: Final = re.compile(rb"""=\s*["']\s*data:([^"'<>]*)""", re.IGNORECASE)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SVG: Final = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!--|!DOCTYPE svg)")
_START_OF_FRAME: Final = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf].{3}(.{2})(.{2})", re.DOTALL)


def check_logo(picture: bytes, name: str = "") -> None:
    """Check that a picture can stand on every sheet.

    Args:
        picture: the file, or as much of it as shows that it is too large.
        name: what the file is called, for whoever has to find it: a profile may have named it long ago.

    Raises:
        UsageError: it is too large, of another kind, or damaged.
    """
    trouble = _trouble(picture)
    if trouble:
        raise UsageError(f"The logo {name} {trouble}." if name else f"The logo {trouble}.", hint=_HINT)


def _trouble(picture: bytes) -> str:
    """Return why a picture cannot stand on sheets, as the end of a sentence; empty if it can."""
    if not picture:
        return "is empty"
    if len(picture) > MOST_BYTES:
        return "is larger than 1 MB"
    try:
        largest = max(_all_sides(picture), default=0)
    except _NoPictureError as trouble:
        return str(trouble)
    if largest > _MOST_PIXELS:
        return f"has more than {_MOST_PIXELS:,} pixels a side"
    try:
        typeset("logo.typ", {"picture": list(picture)}, {})
    except UsageError:
        return "is damaged, or refers to other files"
    return ""


class _NoPictureError(Exception):
    """Something that is to be a picture is none; the text ends a sentence on the logo."""


@lru_cache(maxsize=4)
def as_drawing(picture: bytes) -> bytes:
    """Return a logo as SVG text, in which pixels are embedded: typst takes no other files from memory."""
    sides = _sides(picture)
    if not sides:
        return picture
    width, height = sides[:2]
    kind = "png" if picture.startswith(_PNG) else "jpeg"
    content = base64.b64encode(picture).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{content}"/></svg>'
    ).encode()


def _all_sides(picture: bytes) -> Iterator[int]:
    """Yield the sides of a picture, and of those that a drawing has in it, however deep.

    Raises:
        _NoPictureError: one of them is no picture.
    """
    sides = _sides(picture)
    yield from sides
    for embedded in () if sides else _EMBEDDED.findall(picture):
        content, written = embedded.partition(b",")[::2]
        if written and not content.endswith(b";base64"):
            raise _NoPictureError("has a picture in it that is not written as base64")
        try:
            yield from _all_sides(base64.b64decode(b"".join(written.split())))
        except ValueError:
            raise _NoPictureError("has a picture in it that is damaged") from None


def _sides(picture: bytes) -> tuple[int, ...]:
    """Return width and height of a picture of pixels; a drawing has none.

    Raises:
        _NoPictureError: it is neither.
    """
    if picture.startswith(_PNG):
        return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    if picture.startswith(b"\xff\xd8\xff"):
        frames = _START_OF_FRAME.findall(picture)  # a preview may stand before the picture itself
        if frames:
            return int.from_bytes(frames[-1][1]), int.from_bytes(frames[-1][0])
    if _SVG.match(picture) and b"<!ENTITY" not in picture:
        return ()
    raise _NoPictureError("is not a PNG, JPEG or SVG picture")
