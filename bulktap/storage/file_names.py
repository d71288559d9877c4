r"""File names made of other people's words, fit for Windows, macOS and Linux; pure.

Windows takes no name with `<>:"/\|?*` or a control character in it, none that ends in a dot or a blank, and none that
is a device's, whatever ending follows ("Naming Files, Paths, and Namespaces", Microsoft Learn). Windows and macOS take
two names that differ in case, or in how accents are composed, for one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*]')
_DEVICE: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(\.|$)", re.IGNORECASE
)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST: Final = 60
"""Characters; with the run's folder before it, a path has to stay below the 260 of older programs."""
_MOST_BYTES: Final = 180
"""In UTF-8; Linux takes 255, and an ending, a number and a mark of the file that is being written come to it."""
_NUMBERED: Final = re.compile(r"(.*)-(\d+)\Z", re.DOTALL)


def file_stems(texts: Sequence[str], reserved: Iterable[str]) -> list[str]:
    """Return a file name without its ending for each text, no two of which are the same file anywhere.

    Names that this program numbers (`7a-2`, where `7a` could not be replaced) are given to nobody else.

    Args:
        texts: what the files are about, each different.
        reserved: stems that are other files'.
    """
    taken = {_folded(stem) for stem in reserved}
    plain = [_fit(text) for text in texts]
    bases = {_folded(stem) for stem in plain}
    stems = []
    for stem in plain:
        name, number = stem, 1
        while _folded(name) in taken or _is_numbered(name, bases, taken):
            number += 1
            name = f"{stem} ({number})"
        taken.add(_folded(name))
        stems.append(name)
    return stems


def _is_numbered(name: str, *others: set[str]) -> bool:
    match = _NUMBERED.match(name)
    return match is not None and any(_folded(match[1]) in stems for stems in others)


def _fit(text: str) -> str:
    seen = "".join(" " if unicodedata.category(letter) in _UNSEEN else letter for letter in text)
    plain = " ".join(_FORBIDDEN.sub("-", unicodedata.normalize("NFC", seen)).split())
    stem = _cut(plain).strip(" .") or "_"
    return f"_{stem}" if _DEVICE.match(stem) else stem


def _cut(text: str) -> str:
    """Return the beginning of a text that is short enough, without half a letter at its end."""
    kept = text[:_LONGEST]
    while len(kept.encode("utf-8", "replace")) > _MOST_BYTES:
        kept = kept[:-1]
    end = len(kept)
    while 0 < end < len(text) and unicodedata.combining(text[end]):
        end -= 1
    return text[:end]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
