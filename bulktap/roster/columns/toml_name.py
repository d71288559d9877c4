"""What the file of settings is called, beside a roster and in the user's own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME: Final = "bulktap.toml"
"""The file's name; it lies in the folder of the roster."""
_MISNAMED: Final = tuple(
    f"{stem}.{ending}{more}"
    for more in ("", ".txt")
    for stem in ("bulktap", "Bulktap", "BULKTAP")
    for ending in ("toml", "TOML")
)
"""What Windows makes of the name where it hides extensions, and what only some file systems take for the same."""


def misnamed_in(folder: Path) -> Path | None:
    """Return a file in a folder that looks like a `bulktap.toml` and has another name; None if there is none."""
    return next((folder / name for name in _MISNAMED if (folder / name).is_file()), None)
