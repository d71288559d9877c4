"""Marks on a list of received slips: a row without one counts as received all the same, and that is said.

A cover that was typed up names everybody, and has a column in which those signed who came. Whoever is on the list keeps
the pass, so that none is deleted for an empty cell; but that of whoever did not come goes on working.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.planning.patterns import folded
from bulktap.results.handout.languages import LANGUAGES, texts_of
from bulktap.results.wording import counted
from bulktap.roster.cell_values import as_text, parse_yes_no

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.model.plan import RosterRow

_ENGLISH: Final = ("signed", "collected", "picked up", "handed out")
"""Headings that no cover of ours has."""
_SAMPLES: Final = 5


def unmarked_note(file: str, headings: Sequence[str], rows: Sequence[RosterRow]) -> str:
    """Return that some rows of a list are not marked as received, where others are; empty if there is nothing to say.

    Args:
        file: what the list is called.
        headings: of its columns.
        rows: those that name somebody of the run.
    """
    words = tuple(_words())
    for column, heading in enumerate(headings):
        if not any(word in folded(heading) for word in words):
            continue
        without = [row for row in rows if not _is_marked(row, column)]
        if 0 < len(without) < len(rows):
            count = counted(len(without), "row is", "rows are")
            named = ", ".join(str(row.number) for row in without[:_SAMPLES]) + ", ..." * (len(without) > _SAMPLES)
            return (
                f"Of {file}, {count} not marked in the column {heading} ({named}): "
                "whoever is on the list counts as having received the slip. Take those off it who have not."
            )
    return ""


def _words() -> Iterator[str]:
    yield from _ENGLISH
    for language in LANGUAGES:
        words = texts_of(language).words
        yield from (folded(str(words[key])) for key in ("received", "signature"))


def _is_marked(row: RosterRow, column: int) -> bool:
    cell = row.cells[column] if column < len(row.cells) else None
    return cell is not None and bool(as_text(cell).strip()) and parse_yes_no(cell) is not False
