"""A roster of those who need another pass: what plan.json tells of them, under headings that the reader knows."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulktap.results.sheets import Column, ColumnKind, TableSheet, Tone, workbook_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

USER, NAME, GROUP, WHY = "User principal name", "Display name", "Class", "Why"
"""The headings; the group has the roster's own, where that is known."""
SUFFIXES: Final = (".xlsx", ".csv")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class UnservedPerson:
    """Somebody who needs another pass."""

    user: str
    """The sign-in name, or what the roster calls them."""
    name: str | None
    group: str | None
    why: str
    """In words: what became of their pass."""


def unserved_roster(
    people: Sequence[UnservedPerson], suffix: str, *, group: str | None, run: str, made_at: datetime
) -> bytes:
    """Return the roster as a workbook or as CSV.

    Args:
        people: who is in it.
        suffix: `.xlsx` or `.csv`.
        group: the heading that the group had in the roster, where it is known.
        run: the run's id.
        made_at: when, for the workbook's properties.
    """
    headings = (USER, NAME, group or GROUP, WHY)
    if suffix == ".csv":
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(headings)
        writer.writerows(
            (one.user, *(_no_formula(cell or "") for cell in (one.name, one.group, one.why))) for one in people
        )
        return text.getvalue().encode("utf-8-sig", "surrogatepass")
    columns = tuple(Column(heading, ColumnKind.AS_TYPED, tone=Tone.ROSTER) for heading in headings)
    rows = [[one.user, one.name, one.group, one.why] for one in people]
    return workbook_bytes([TableSheet("Not in yet", columns, rows)], title=f"Not in yet, {run}", created=made_at)


def _no_formula(text: str) -> str:
    """Return text that a spreadsheet program does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
