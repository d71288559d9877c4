"""A group's slips, list, letters or labels as a PDF, and the covers of all groups; in memory, in clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.results.handout.proof_reading import check_covers
from bulktap.results.handout.sheet_data import cover_data, group_data, pictures_of
from bulktap.results.handout.typesetting import typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook


def render_group(group: HandoutGroup, look: HandoutLook) -> bytes:
    """Return the sheets of a group as a PDF with the codes in clear: it is never written to a disk as it is.

    Raises:
        UsageError: the user's own template cannot be typeset, or the logo cannot be drawn.
    """
    own = look.template
    if own is None:
        return typeset(f"{look.style}.typ", group_data(group, look), pictures_of(look))
    return typeset(own.main, group_data(group, look), {**own.files, **pictures_of(look)}, own.fonts, own.folder)


def render_covers(groups: Sequence[HandoutGroup], look: HandoutLook) -> bytes:
    """Return a sheet for each group that says who gets a slip and who does not, without any code.

    Raises:
        UsageError: the logo cannot be drawn.
        Misprint: a code would be on them, or an empty box in place of a letter.
    """
    folders = look.template.fonts if look.template else ()
    pdf = typeset("covers.typ", cover_data(groups, look), pictures_of(look), folders)
    check_covers(pdf, groups)
    return pdf
