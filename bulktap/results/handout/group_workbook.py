"""A group's passes as a workbook, for whoever hands them out at a screen or merges them into letters of their own.

Not yet encrypted: the caller does that in memory before it meets the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.results.handout.languages import texts_of
from bulktap.results.sheets import Column, ColumnKind, TableSheet, workbook_bytes

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook

_COLUMNS = (
    Column("Display name", width=30, wrap=True),
    Column("Temporary Access Pass", ColumnKind.PASSCODE, width=24, note="Upper and lower case count."),
    Column("Sign-in name", width=34, wrap=True),
    Column("Group", width=16, wrap=True),
    Column("Works from", ColumnKind.DATE_TIME, width=17, note="By the clocks of the roster's time zone."),
    Column("Until", ColumnKind.DATE_TIME, width=17, note="By the clocks of the roster's time zone."),
    Column("One-time", ColumnKind.YES_NO, width=10, note="Yes: works for one sign-in. No: works until it expires."),
    Column("Received", width=18, note="A line to sign."),
)
_NOTE = Column("Note", width=36, wrap=True)
_WITHOUT = (Column("Display name", width=30, wrap=True), Column("No pass because", wrap=True, width=70))


def group_workbook(group: HandoutGroup, look: HandoutLook, created: datetime) -> bytes:
    """Return the workbook of a group, not yet encrypted."""
    columns = (*_COLUMNS, *([_NOTE] if look.rehearsal else []))
    note = [texts_of("en").period["rehearsal"]] if look.rehearsal else []  # in the language of the headings
    lines = [
        [
            slip.name,
            slip.code,
            slip.sign_in_name or None,
            slip.group or None,
            slip.starts.astimezone(look.zone),
            slip.ends.astimezone(look.zone),
            slip.once,
            None,
            *note,
        ]
        for slip in group.slips
    ]
    sheets = [TableSheet("Passes", columns, lines, frozen_columns=1, printed_columns=len(columns))]
    if group.unserved:
        sheets.append(TableSheet("No pass", _WITHOUT, [[one.name, one.detail] for one in group.unserved]))
    return workbook_bytes(sheets, title=group.name, created=created)
