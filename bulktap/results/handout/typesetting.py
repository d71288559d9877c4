"""Layout and data into PDF bytes; the only module that imports typst.

The layouts and the data travel as files in memory, so that neither is ever written to a disk. People's names and codes
are data (JSON) to the layouts and never a part of their source, so that nothing in a name is taken for markup.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulktap.model.errors import UsageError
from bulktap.model.secret import struck
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    import typst

_LAYOUTS = Path(__file__).with_name("layouts")

_NO_ROOM = "panicked with: no room"
"""What our layouts panic with, see `bulktap.typ`."""

_TEXT_FONTS = (
    "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial",
    "Noto Sans Arabic", "Geeza Pro", "Microsoft YaHei", "Noto Sans CJK SC", "Leelawadee UI", "Noto Sans Thai",
    "Segoe UI Emoji", "Apple Color Emoji", "Noto Color Emoji", "Libertinus Serif", "DejaVu Sans Mono",
)  # fmt: skip
"""In order of preference: what Windows, macOS and Linux bring, then scripts, then what typst brings itself."""


@cache
def fonts(folders: tuple[str, ...] = ()) -> typst.Fonts:
    """Return the fonts of the system, of typst and of these folders, found once for all groups.

    On Windows these are the fonts of the computer and those that the user installed for themselves.
    """
    import typst

    return typst.Fonts(font_paths=list(folders))


@cache
def text_fonts(folders: tuple[str, ...] = ()) -> list[str]:
    """Return the families for running text that are there, the preferred one first; others are fallen back on."""
    families = fonts(folders).families()
    return [family for family in _TEXT_FONTS if family in families]


def typeset(
    layout: str,
    data: Mapping[str, Any],
    content: Mapping[str, bytes],
    folders: tuple[str, ...] = (),
    root: str = str(_LAYOUTS),
) -> bytes:
    """Return the PDF that a layout makes of the data.

    Args:
        layout: the file that is typeset, one of the folder `layouts` or of the content.
        data: what the layout reads as `data.json`.
        content: further files that the layout may read, all of them text: drawings, a template of the user's own.
        folders: where further fonts are.
        root: the only folder of the disk that the layout can read, for pictures of pixels.

    Raises:
        UsageError: the layout is not right; those of ours always are, unless a picture cannot be drawn.
    """
    import typst

    files = {
        **_layouts(),
        **content,
        **_reserved(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(errors="replace"),
    }
    sources: Any = {"main.typ": files[layout]} | files  # the first one is typeset; the stub knows no dictionary
    try:
        pdf = typst.Compiler(input=sources, root=root, font_paths=fonts(folders)).compile(format="pdf", pdf_tags=False)
    except typst.TypstError as trouble:
        if _NO_ROOM in trouble.message:
            raise UsageError("Somebody's part of the sheets has no room for all that it is to say.",
                             hint=f"Shorten what is long, a name or {Setting.CALL}, or choose another {Setting.STYLE}."
                             ) from None  # fmt: skip
        # A template can quote what it read: `panic(data.slips)`.
        raise UsageError(f"The layout {layout} cannot be typeset: {struck(trouble.message.splitlines()[0])}.",
                         hint="Correct the template or the logo.") from None  # fmt: skip
    if not isinstance(pdf, bytes):
        raise TypeError("typst returns several files for pictures of pages only, and none for a file that it writes")
    return pdf


@cache
def _layouts() -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in _LAYOUTS.iterdir() if entry.suffix == ".typ"}


def _reserved() -> dict[str, bytes]:
    """Return what no template of a user's own replaces, so that codes always look as `proof_read` expects them."""
    return {name: _layouts()[name] for name in ("bulktap.typ", "directions.typ")}
