"""A hand-out read back from its bytes and compared with what it is to say, before anybody gets it.

A sheet that says something else than the run is worse than none: people cannot sign in, or sign in as somebody else.
What is compared is what the glyphs of the finished file stand for, not what the layout was given.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from bulktap.model.errors import Misprint
from bulktap.results.handout.pdf_text import text_runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.results.handout.pdf_text import TextRun
    from bulktap.results.handout.sheets_model import HandoutGroup, Slip

CODE_FONT: Final = "DejaVuSansMono-Bold"
CODE_SIZE: Final = 22.0
"""Points, at least; nothing but codes is printed in this font and size."""

_MARKED: Final = 3
"""How often a letter may be read at most: once, and once for each of its marks."""
_NOT_RELEASED: Final = (
    "It was not written. A template of your own prints name and sign-in name and then the code, by #code(slip.code)."
)


def proof_read(pdf: bytes, slips: Sequence[Slip]) -> None:
    """Read a group's sheets back and compare them with the slips, name by name and code by code.

    Raises:
        Misprint: something else is printed than the slips say, or an empty box in place of a letter.
    """
    runs = _printed(pdf)
    printed = list(_people(runs))
    if len(printed) != len(slips):
        raise Misprint(f"The hand-out holds {len(printed)} codes in place of {len(slips)}.", hint=_NOT_RELEASED)
    for (before, code), slip in zip(printed, slips, strict=True):
        if code != slip.code.reveal():
            raise Misprint(f"The code printed for {slip.name} is not the one of this run.", hint=_NOT_RELEASED)
        if not _names(before, slip):
            raise Misprint(f"The code of {slip.name} is printed below something else than this name.",
                           hint=_NOT_RELEASED)  # fmt: skip


def check_covers(pdf: bytes, groups: Sequence[HandoutGroup]) -> None:
    """Check that the covers hold no code: they lie open on desks.

    Raises:
        Misprint: there is one on them, or an empty box in place of a letter.
    """
    text = "".join(run.text for run in _printed(pdf))
    if any(slip.code.reveal() in text for group in groups for slip in group.slips):
        raise Misprint("A code would be printed on a cover sheet; it was not written.",
                       hint="Look for it among the names and reasons of the roster.")  # fmt: skip


def _printed(pdf: bytes) -> list[TextRun]:
    runs = [run for page in text_runs(pdf) for run in page]
    if any(run.boxes for run in runs):
        raise Misprint("A letter of the hand-out would be printed as an empty box.",
                       hint="Install a font that has it; it was not written.")  # fmt: skip
    return runs


def _people(runs: Sequence[TextRun]) -> Iterator[tuple[list[str], str]]:
    """Yield each code that is printed, with the texts that stand between it and the one before."""
    before: list[str] = []
    code = ""
    for run in runs:
        if run.font == CODE_FONT and run.size >= CODE_SIZE:
            code += run.text
            continue
        if code:
            yield before, code
            before, code = [], ""
        before.append(_folded(run.text))
    if code:
        yield before, code


def _names(texts: Sequence[str], slip: Slip) -> bool:
    """Return True if the name is among the texts and the sign-in name after it, each as one or more whole texts."""
    rest: Sequence[str] | None = [text for text in texts if text]
    for wanted in filter(None, (_folded(slip.name), _folded(slip.sign_in_name))):
        rest = _after(rest or [], wanted)
    return rest is not None


def _after(texts: Sequence[str], wanted: str) -> Sequence[str] | None:
    """Return the texts after the first that are what is wanted, together; a line may be a text of its own."""
    same = _same_letters if any(map(_is_moved, wanted)) else str.__eq__
    for start in range(len(texts)):
        found = ""
        for end in range(start, len(texts)):
            found += texts[end]
            if same(found, wanted):
                return texts[end + 1 :]
            if len(found) > _MARKED * len(wanted):
                break
    return None


def _is_moved(letter: str) -> bool:
    """Return True for letters that are printed in another order than they are read, and for marks on letters."""
    return unicodedata.bidirectional(letter) in {"R", "AL", "NSM"} or unicodedata.category(letter)[0] == "M"


def _same_letters(found: str, wanted: str) -> bool:
    """Compare letters in any order; of a letter with marks, each part that is printed stands for all of it."""
    return set(found) == set(wanted) and Counter(found) >= Counter(wanted)


def _folded(text: str) -> str:
    """Return a text without what has no glyph of its own: spaces, and marks that only join or direct letters."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")
    composed = unicodedata.normalize("NFC", text)
    return "".join(one for one in composed if unicodedata.category(one) not in {"Zs", "Zl", "Zp", "Cf", "Cc"})
