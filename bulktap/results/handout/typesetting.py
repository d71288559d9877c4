"""Layout and data into PDF bytes; the only module that imports typst.

The layouts and the data travel as files in memory, so that neither is ever written to a disk. People's names and codes
are data (JSON) to the layouts and never a part of their source, so that nothing in a name is taken for markup.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import typst

_LAYOUTS = Path(__file__).with_name("layouts")
"""Also the only folder of the disk that a layout can read files from."""


@cache
def fonts(folders: tuple[str, ...] = ()) -> typst.Fonts:
    """Return the fonts of the system and of typst, found once for all groups."""
    import typst

    return typst.Fonts(font_paths=list(folders))


def typeset(
    layout: str,
    data: Mapping[str, Any],
    *,
    pictures: Mapping[str, bytes] | None = None,
    own: Mapping[str, bytes] | None = None,
    folders: tuple[str, ...] = (),
) -> bytes:
    """Return the PDF that a layout makes of the data."""
    import typst

    content = {
        **_layouts(),
        **(own or {}),
        **(pictures or {}),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }
    sources: Any = {"main.typ": content[layout]} | content  # the first one is typeset; the stub knows no dictionary
    compiler = typst.Compiler(input=sources, root=_LAYOUTS, font_paths=fonts(folders))
    pdf = compiler.compile(format="pdf", pdf_tags=False)
    assert isinstance(pdf, bytes)  # noqa: S101 - a list is returned for pictures of pages only
    return pdf


@cache
def _layouts() -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in _LAYOUTS.iterdir() if entry.suffix == ".typ"}
