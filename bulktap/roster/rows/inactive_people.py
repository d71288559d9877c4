"""People whom the roster itself calls inactive, blocked or deleted: counted and left out. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.roster.columns.aliases import Meaning, word_set
from bulktap.roster.columns.headings import meanings_of, normalise
from bulktap.roster.rows.left_out import Nobody, listed_rows
from bulktap.roster.rows.lifetimes import as_text, parse_yes_no

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue
    from bulktap.roster.model import Roster

_BLOCKS = re.compile(r"block|blockier|bloqu|blocc|blokker|ブロック")
_ENABLED = re.compile(r"enabled|aktiv|actif|actief|ativo|attivo")
_DELETED = "soft deletion"
_BRACKET = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_INACTIVE = word_set(
    "inactive disabled blocked deleted tobedeleted suspended left withdrawn inaktiv deaktiviert gesperrt ausgetreten"
    " inactif désactivé bloqué parti inactivo baja bloqueado deshabilitado inactief geblokkeerd uitgeschreven inativo"
    " desativado inattivo disattivato 無効 停止 退職 退学"
)


def inactive_people(roster: Roster, *, include: bool, devices: bool) -> Nobody:
    """Return the rows of people who are inactive by the roster's own word.

    In a list of devices such a column speaks of the device.
    """
    device_ids = any(Meaning.DEVICE_ID in meanings_of(heading) for heading in roster.headings)
    columns = [i for i, heading in enumerate(roster.headings) if Meaning.STATUS in meanings_of(heading)]
    if not columns or (devices and device_ids):
        return Nobody()
    inactive = [row for row in roster.rows if any(_says_no(roster.headings[i], row.cells[i]) for i in columns)]
    if not inactive:
        return Nobody()
    named = " or ".join(roster.headings[column] for column in columns)
    if include:
        return Nobody(notes=(f"{len(inactive)} people are inactive or blocked ({named}) and were included.",))
    note = (
        f"{len(inactive)} people are inactive or blocked ({named}) and were skipped: {listed_rows(inactive)}."
        ' To include them, write inactive = "include" under [roster] in bulktap.toml beside the file.'
    )
    return Nobody(frozenset((row.sheet, row.number) for row in inactive), (note,))


def _says_no(heading: str, cell: CellValue) -> bool:
    """Whether a cell says inactive; `Block sign in (Yes/No) [accountEnabled]` says it with a yes."""
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
