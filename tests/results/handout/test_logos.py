"""Logos that can stand on a sheet, and others."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import replace

import pytest
from handout_sheets import group, lines_of, look, needs_poppler

from bulktap.model.errors import UsageError
from bulktap.results.handout.logos import check_logo
from bulktap.results.handout.proof_reading import proof_read
from bulktap.results.handout.rendering import render_covers, render_group
from bulktap.results.handout.sheets_model import Style

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10"/></svg>'

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8"
    "ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/"
    "wAARCAAEAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAA"
    "AAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCEAdYf/9k="
)


def png(width: int, height: int) -> bytes:
    """Return a grey picture of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress((b"\0" + b"\x80" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def holding(picture: bytes, begins: bytes = b"data:image/png;base64,") -> bytes:
    """Return a drawing with a picture in it."""
    image = b'<image width="9" height="9" href="' + begins + base64.b64encode(picture) + b'"/>'
    return SVG.replace(b"<rect", image + b"<rect")


def drawing(attributes: str) -> bytes:
    """Return an empty drawing of these measures."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><path d="M0 0h9"/></svg>'.encode()


@needs_poppler
@pytest.mark.parametrize(
    "banner",
    [
        png(3900, 10),
        png(1200, 30),
        drawing('viewBox="0 0 300 20"'),
        drawing('width="100%" height="100%" viewBox="0 0 900 40"'),
        drawing('width="2000" height="50"'),
        drawing('viewBox="0 0 100000 1"'),
    ],
)
def test_a_logo_as_wide_as_a_banner_leaves_room_for_the_heading(banner: bytes) -> None:
    """A heading of one word a line looks like an accident."""
    check_logo(banner)
    people = replace(group(("Anna Berg",)), name="Class 5b")
    listed = render_group(people, look(Style.LIST, logo=banner))
    for pdf, heading in ((listed, "Access codes · Class 5b"), (render_covers([people], look(logo=banner)), "Class 5b")):
        assert heading in lines_of(pdf)


@pytest.mark.parametrize(
    "picture",
    [JPEG, SVG, b'<?xml version="1.0"?>' + SVG, b"\xef\xbb\xbf" + SVG, png(40, 20), png(1, 1), holding(png(9, 9))],
)
def test_a_logo_stands_on_sheets_and_covers(picture: bytes) -> None:
    """PNG, JPEG and SVG; the codes beside it are read back as ever."""
    check_logo(picture)
    people = group(("Anna Berg",))
    for style in (Style.LIST, Style.LETTER):
        proof_read(render_group(people, look(style, logo=picture)), people.slips)
    assert render_covers([people], look(logo=picture)) != render_covers([people], look())


@pytest.mark.parametrize(
    "picture",
    [
        b"",
        b"GIF89a" + bytes(100),
        b"%PDF-1.7",
        png(40, 20)[:60],
        png(4_001, 1),
        SVG + b" " * 1_000_000,
        b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG,
        b"<svg xmlns='http://www.w3.org/2000/svg'><rect",
        b"\xff\xd8\xff\xe0" + bytes(50),
        b"<html></html>",
        holding(png(4_001, 1)),
        holding(holding(png(1, 4_001)), b"data:image/svg+xml;base64,"),
        holding(png(9_000, 9_000), b"DATA:image/png ;base64, "),
        holding(b"GIF89a" + bytes(100), b"data:image/gif;base64,"),
        SVG.replace(b"<rect", b"<image href='data:image/png,%89PNG'/><rect"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(picture: bytes) -> None:
    """Said before a pass is read, not in the middle of a hand-out."""
    with pytest.raises(UsageError):
        check_logo(picture)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1_000_000), "is larger than 1 MB"),
        (png(4_001, 1), "has more than 4,000 pixels a side"),
        (b"RIFF\x00\x00\x00\x00WEBP", "is not a PNG, JPEG or SVG picture"),
        (holding(b"GIF89a" + bytes(100), b"data:image/gif;base64,"), "is not a PNG, JPEG or SVG picture"),
        (png(40, 20)[:60], "is damaged, or refers to other files"),
    ],
)
def test_which_logo_is_wrong_is_said(picture: bytes, why: str) -> None:
    """A profile may have named it long ago; how large it is was not read to its end."""
    with pytest.raises(UsageError) as refused:
        check_logo(picture, "crest.png")
    assert refused.value.message == f"The logo crest.png {why}."
