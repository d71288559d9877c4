"""Judgements that need more than one cell: rows that are nobody's, starts that are over, uncertain user names. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.model.plan import Field
from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.roster.rows.lifetimes import as_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.plan import RosterColumns, RosterRow
    from bulktap.roster.model import Roster, RowKey
    from bulktap.roster.rows.starts import FoundStart

_FOOTER = re.compile(
    r"(?:(?:grand |sub)?totals?|summe|gesamt|anzahl|somme|totale|totaal)\b"
    r"|(?:created on|printed|generated|exported|erstellt)\b"
    r"|(?:count|report|stand|note|source|page|seite)\b(?:\s*[:.]|.*\d)",  # these are surnames as well
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[*(\u00a9\u2013\u2014-]|.*[.:!]\Z|(?:\S+\s+){3,}\S", re.DOTALL)
_DIGIT = re.compile(r"\d")
_WORDS = {
    Field.USER: "the user",
    Field.START: "the start",
    Field.LIFETIME: "the lifetime",
    Field.ONE_TIME: "one-time",
    Field.DISPLAY_NAME: "the name",
    Field.GROUP: "the group",
    Field.DEVICE: "the device",
}


@dataclass(frozen=True, slots=True)
class Nobody:
    """Rows that ask for no pass and are no mistake."""

    keys: frozenset[RowKey] = frozenset()
    notes: tuple[str, ...] = ()


def understood(columns: RosterColumns) -> str:
    """Return the sentence that says which column was taken for what."""
    parts = [
        f"{_WORDS[field]} from {' and '.join(columns.headings[column] for column in columns.fields[field])}"
        for field in Field
        if field in columns.fields
    ]
    return f"Columns: {', '.join(parts)}."


def rows_of_nobody(roster: Roster, columns: RosterColumns, *, devices: bool) -> Nobody:
    """Return the rows without a user that are shared devices, and the remarks below the last person."""
    user = columns.fields[Field.USER][0]
    empty = [
        row for row in roster.rows if not as_text(row.cells[user]) and (row.sheet, row.number) not in roster.faults
    ]
    if devices:
        if not empty:
            return Nobody()
        note = f"{len(empty)} device(s) have no user and were skipped: {listed_rows(empty)}."
        return Nobody(frozenset((row.sheet, row.number) for row in empty), (note,))
    last: dict[str | None, int] = {}
    for row in roster.rows:
        if as_text(row.cells[user]):
            last[row.sheet] = row.number
    remarks = [row for row in empty if row.number > last.get(row.sheet, 0) and _is_remark(row, roster)]
    if not remarks:
        return Nobody()
    note = f"Remarks below the table were skipped: {listed_rows(remarks)}."
    return Nobody(frozenset((row.sheet, row.number) for row in remarks), (note,))


def _is_remark(row: RosterRow, roster: Roster) -> bool:
    """Return whether a row without a user, below all people, is a remark: what could be part of a person is none."""
    filled = [
        (column, text)
        for column, cell in enumerate(row.cells)
        if column != roster.sheet_column and (text := as_text(cell))
    ]
    if not filled:
        return False
    (column, first), *others = filled
    if _FOOTER.match(first):
        return not others or any(_DIGIT.search(text) for _, text in others)
    return not others and (not roster.headings[column] or _SENTENCE.match(first) is not None)


def listed_rows(rows: Iterable[RosterRow]) -> str:
    """Return the numbers of rows for a message."""
    numbers = [str(row.number) for row in rows]
    return ("row " if len(numbers) == 1 else "rows ") + ", ".join(numbers[:10]) + (", …" if len(numbers) > 10 else "")


def judge_start(found: FoundStart, lifetime: int | None, now: datetime, zone: ZoneInfo) -> datetime | RowError:
    """Return the start, or what is to be said about one that has come.

    A pass whose lifetime is not over yet starts now and keeps its lifetime; a date without a time that is today means
    now as well. Both are warnings. A start that is over refuses the row.
    """
    if found.moment >= now:
        return found.moment
    local = f"{found.moment.astimezone(zone):%Y-%m-%d %H:%M}"
    if found.date_only and found.moment.astimezone(zone).date() == now.astimezone(zone).date():
        message = "The start is today, without a time of day; the pass starts now."
        return RowError(RowErrorCode.NOTE, message, "Write a time if that is wrong.", severity=Severity.WARNING)
    if lifetime is not None and found.moment + timedelta(minutes=lifetime) > now:
        message = f"The start {local} has just passed; the pass starts now."
        return RowError(RowErrorCode.NOTE, message, "Nothing needs to be done.", severity=Severity.WARNING)
    return RowError(
        RowErrorCode.START_IN_PAST,
        f"The start {local} lies in the past.",
        "Write a date and time in the future, as year-month-day hour:minute, such as 2035-09-01 08:00.",
    )


def refuse_uncertain_users(roster: Roster, user: int, heading: str) -> None:
    """Stop when a user name depends on a guess about the file's encoding.

    Raises:
        RosterError: it does; `--encoding` settles it.
    """
    if roster.guessed_encoding is None:
        return
    for row in roster.rows:
        text = as_text(row.cells[user])
        if not text.isascii():
            odd = next(char for char in text if not char.isascii())
            octets = " ".join(f"0x{byte:02X}" for byte in odd.encode(roster.guessed_encoding, "replace"))
            message = f"{roster.file}, row {row.number}, {heading}: {shown(text)} was read from byte {octets}, and the"
            raise RosterError(
                f"{message} encoding of the file is not certain.",
                hint=f"Run bulktap again with --encoding {roster.guessed_encoding} if that is right, or another.",
            )
