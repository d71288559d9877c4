"""A hand-out read back from its bytes and compared with what it is to say, before anybody gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import Misprint
from bulktap.results.handout.pdf_text import text_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.handout.sheets_model import Slip


def proof_read(pdf: bytes, slips: Sequence[Slip]) -> None:
    """Read a group's sheets back and compare them with the slips, name by name and code by code.

    Raises:
        Misprint: something else is printed than the slips say.
    """
    text = "".join(run.text for page in text_runs(pdf) for run in page)
    place = 0
    for slip in slips:
        for part in (slip.name, slip.code.reveal()):
            found = text.find(part, place)
            if found < 0:
                raise Misprint("A sheet of the hand-out does not read back as it was meant; it was not written.")
            place = found + len(part)
