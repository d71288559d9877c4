"""Rows that ask for no pass and are no mistake: shared devices, remarks, people who are inactive. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.plan import Field, RowsLeftOut
from bulktap.roster.cell_values import as_text, parse_yes_no, word_set
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.headings import meanings_of, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.model.plan import CellValue, RosterColumns, RosterRow
    from bulktap.roster.model import Roster, RowKey

_FOOTER = re.compile(
    r"(?:(?:grand |sub)?totals?|summe|gesamt|anzahl|somme|totale|totaal)\b"
    r"|(?:created on|printed|generated|exported|erstellt)\b"
    r"|(?:count|report|stand|note|source|page|seite)\b(?:\s*[:.]|.*\d)",  # these are surnames as well
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[*(\u00a9\u2013\u2014-]|.*[.:!]\Z|(?:\S+\s+){3,}\S", re.DOTALL)
_DIGIT = re.compile(r"\d")
_BLOCKS = re.compile(r"block|blockier|bloqu|blocc|blokker|ブロック")
_ENABLED = re.compile(r"enabled|aktiv|actif|actief|ativo|attivo")
_DELETED = "soft deletion"
_BRACKET = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_INACTIVE = word_set(
    "inactive disabled blocked deleted tobedeleted suspended left withdrawn inaktiv deaktiviert gesperrt ausgetreten"
    " inactif désactivé bloqué parti inactivo baja bloqueado deshabilitado inactief geblokkeerd uitgeschreven inativo"
    " desativado inattivo disattivato 無効 停止 退職 退学"
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are left out, and what is said about them."""

    keys: frozenset[RowKey] = frozenset()
    notes: tuple[str, ...] = ()
    people: tuple[RowsLeftOut, ...] = ()
    """Those among them that stand for somebody or something, and not for a remark."""


def rows_without_user(roster: Roster, columns: RosterColumns, *, devices: bool) -> LeftOut:
    """Return the rows without a user that are shared devices, and the remarks below the last person."""
    user = columns.fields[Field.USER][0]
    empty = [row for row in roster.rows if not as_text(row.cells[user]) and row.key not in roster.faults]
    if devices:
        if not empty:
            return LeftOut()
        note = f"{len(empty)} device(s) have no user and were skipped: {_listed_rows(empty)}."
        return LeftOut(frozenset(row.key for row in empty), (note,), _as_people("devices without a user", empty))
    last: dict[str | None, int] = {}
    for row in roster.rows:
        if as_text(row.cells[user]):
            last[row.sheet] = row.number
    remarks = [row for row in empty if row.number > last.get(row.sheet, 0) and _is_remark(row, roster)]
    if not remarks:
        return LeftOut()
    note = f"Remarks below the table were skipped: {_listed_rows(remarks)}."
    return LeftOut(frozenset(row.key for row in remarks), (note,))


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


def _listed_rows(rows: Iterable[RosterRow]) -> str:
    """Return the numbers of rows for a message."""
    numbers = [str(row.number) for row in rows]
    return ("row " if len(numbers) == 1 else "rows ") + ", ".join(numbers[:10]) + (", …" if len(numbers) > 10 else "")


def inactive_people(roster: Roster, *, include: bool, devices: bool) -> LeftOut:
    """Return the rows of people who are inactive by the roster's own word.

    In a list of devices such a column speaks of the device.
    """
    device_ids = any(Meaning.DEVICE_ID in meanings_of(heading) for heading in roster.headings)
    columns = [i for i, heading in enumerate(roster.headings) if Meaning.STATUS in meanings_of(heading)]
    if not columns or (devices and device_ids):
        return LeftOut()
    inactive = [row for row in roster.rows if any(_says_no(roster.headings[i], row.cells[i]) for i in columns)]
    if not inactive:
        return LeftOut()
    named = " or ".join(roster.headings[column] for column in columns)
    if include:
        return LeftOut(notes=(f"{len(inactive)} people are inactive or blocked ({named}) and were included.",))
    note = (
        f"{len(inactive)} people are inactive or blocked ({named}) and were skipped: {_listed_rows(inactive)}."
        ' To include them, write inactive = "include" under [roster] in bulktap.toml beside the file.'
    )
    people = _as_people(f"inactive or blocked ({named})", inactive)
    return LeftOut(frozenset(row.key for row in inactive), (note,), people)


def _as_people(reason: str, rows: Iterable[RosterRow]) -> tuple[RowsLeftOut, ...]:
    return (RowsLeftOut(reason, tuple(row.key for row in rows)),)


def _says_no(heading: str, cell: CellValue) -> bool:
    """Return true if a cell says inactive; `Block sign in (Yes/No) [accountEnabled]` says it with a yes."""
    text = as_text(cell).casefold()
    if not text:
        return False
    words = normalise(_BRACKET.sub(" ", heading)) or normalise(heading)
    if words.startswith(_DELETED):
        return True
    if _BLOCKS.search(words):
        return parse_yes_no(cell) is True
    if _ENABLED.search(words) and parse_yes_no(cell) is False:
        return True
    return text in _INACTIVE
