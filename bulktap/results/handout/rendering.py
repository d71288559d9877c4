"""A group's slips, list, letters or labels as a PDF, and the covers of all groups; in memory, in clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.results.handout.sheet_data import cover_data, group_data, pictures_of
from bulktap.results.handout.typesetting import typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook


def render_group(group: HandoutGroup, look: HandoutLook) -> bytes:
    """Return the sheets of a group as a PDF with the codes in clear: it is never written to a disk as it is."""
    layout = "own.typ" if look.template else f"{look.style}.typ"
    return typeset(layout, group_data(group, look), pictures=pictures_of(look))


def render_covers(groups: Sequence[HandoutGroup], look: HandoutLook) -> bytes:
    """Return a sheet for each group that says who gets a slip and who does not, without any code."""
    return typeset("covers.typ", cover_data(groups, look), pictures=pictures_of(look))
