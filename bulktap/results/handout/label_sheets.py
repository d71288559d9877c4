"""Standard sheets of adhesive labels, and which of them a group needs.

The choice goes by the length of the codes, the number of languages and the sentence on whom to call, never by a name,
so that all groups of a run take the same sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.results.handout.sheets_model import Paper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.results.handout.sheets_model import HandoutLook, Slip

_INCH = 25.4


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A sheet of equal labels; all measures in millimetres."""

    name: str
    """As shops sell it: "Avery L7163"; other makers name the same measures."""
    columns: int
    rows: int
    width: float
    height: float
    left: float
    """From the edge of the paper to the first label."""
    top: float
    gap: float
    """Between two columns; rows touch one another."""


LABEL_SHEETS: Mapping[Paper, tuple[LabelSheet, ...]] = {
    Paper.A4: (
        LabelSheet("Avery L7163", 2, 7, 99.1, 38.1, 4.65, 15.15, 2.5),
        LabelSheet("Avery L7165", 2, 4, 99.1, 67.7, 4.65, 13.1, 2.5),
        LabelSheet("Avery L7168", 1, 2, 199.6, 143.5, 5.2, 5.0, 0.0),
    ),
    Paper.LETTER: (
        LabelSheet("Avery 5162", 2, 7, 4 * _INCH, 4 / 3 * _INCH, 0.15625 * _INCH, 5 / 6 * _INCH, 0.1875 * _INCH),
        LabelSheet("Avery 5164", 2, 3, 4 * _INCH, 10 / 3 * _INCH, 0.15625 * _INCH, 0.5 * _INCH, 0.1875 * _INCH),
        LabelSheet("Avery 5126", 1, 2, 8.5 * _INCH, 5.5 * _INCH, 0.0, 0.0, 0.0),
    ),
}
"""By paper, from the smallest label to the largest."""

_ROOM = (12, 24)
"""How many characters of codes, times languages, a label of the first and the second sheet has room for."""
_ROOM_TO_CALL = (60, 240)
"""How many characters of whom to call, times languages, likewise."""


def label_sheet(slips: Sequence[Slip], look: HandoutLook) -> LabelSheet:
    """Return the sheet that labels for these slips are printed on."""
    needed = max((len(slip.code.reveal()) for slip in slips), default=0) * len(look.languages)
    to_call = len(look.call) * len(look.languages)
    step = max(_step(needed, _ROOM), _step(to_call, _ROOM_TO_CALL))
    return LABEL_SHEETS[look.paper][step]


def _step(needed: int, rooms: tuple[int, ...]) -> int:
    return sum(needed > room for room in rooms)
