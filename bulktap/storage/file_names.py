r"""File names made of other people's words, fit for Windows, macOS and Linux; pure.

Windows takes no name with `<>:"/\|?*` or a control character in it, none that ends in a dot or a blank, and none that
is a device's, whatever ending follows ("Naming Files, Paths, and Namespaces", Microsoft Learn). Windows and macOS take
two names that differ in case, or in how accents are composed, for one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from bulktap.model.late_patterns import LatePattern
from bulktap.model.run_names import DEVICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FORBIDDEN: Final = LatePattern(r'[<>:"/\\|?*]')
_CONTROL: Final = LatePattern(r"[\x00-\x1f]")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LONGEST: Final = 60
"""Characters; with the run's folder before it, a path has to stay below the 260 of older programs."""
_LONGEST_ON_WINDOWS: Final = 255
"""UTF-16 units of a name, on NTFS, exFAT and ReFS."""
_MOST_BYTES: Final = 180
"""In UTF-8; Linux takes 255, and an ending, a number and a mark of the file that is being written come to it."""
_NUMBERED: Final = LatePattern(r"(.*)-(\d+)\Z", re.DOTALL)


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


def unfit_for_windows(name: str) -> str | None:
    """Return why Windows has no file or folder of this name, a part of a path; None if it can have one.

    Its programs drop a dot or a blank at the end without a word, and take a device's name for the device, so that what
    is written would not be where it was meant to be.
    """
    if found := _FORBIDDEN.search(name) or _CONTROL.search(name):
        return f"no name on Windows has {found[0] if found[0].isprintable() else f'U+{ord(found[0]):04X}'} in it"
    if found := DEVICE.match(name):
        return f"Windows keeps the name {found[1].upper()} for a device, whatever follows it"
    if name != name.rstrip(" ."):
        return "no name on Windows ends in a dot or a blank"
    if len(name.encode("utf-16-le", "surrogatepass")) // 2 > _LONGEST_ON_WINDOWS:
        return f"no name on Windows is longer than {_LONGEST_ON_WINDOWS} letters"
    return None


def _is_numbered(name: str, *others: set[str]) -> bool:
    match = _NUMBERED.match(name)
    return match is not None and any(_folded(match[1]) in stems for stems in others)


def _fit(text: str) -> str:
    seen = "".join(" " if unicodedata.category(letter) in _UNSEEN else letter for letter in text)
    plain = " ".join(_FORBIDDEN.sub("-", unicodedata.normalize("NFC", seen)).split())
    stem = _cut(plain).strip(" .") or "_"
    return f"_{stem}" if DEVICE.match(stem) else stem


def _cut(text: str) -> str:
    """Return the beginning of a text that is short enough, without half a letter at its end."""
    kept = text[:LONGEST]
    while len(kept.encode("utf-8", "replace")) > _MOST_BYTES:
        kept = kept[:-1]
    end = len(kept)
    while 0 < end < len(text) and unicodedata.combining(text[end]):
        end -= 1
    return text[:end]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
