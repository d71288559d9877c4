"""Passwords inside cells: sentences of programs that reset them, and the columns that repeat what they say. Pure.

A column whose heading says that it holds passwords is dropped by that; here it is the cells that say so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.roster.model import GridRow

_SAYS_ONE = LatePattern(
    r"(?:pass(?:word|code|phrase)|passwort|kennwort|mot de passe|contraseña|wachtwoord|senha|palavra-passe|パスワード)"
    r"(?:\s+(?:for|für|pour|para|voor|per)\s+[^.:]{1,60})?"
    r"\s*(?:(?:was |has been )?(?:re)?(?:set|changed) to|is|was|ist|lautet|wurde|est|es|será|is nu|luidt|é|è|は|to|auf"
    r"|:|=|：)+"
    r"\s*+[:=\"'«]?\s*+"
    r"(?!set\b|required\b|not\b|true\b|false\b|yes\b|no\b)"
    r"([^\s\"'»]{6,})",
    re.IGNORECASE,
)
_WORD = LatePattern(r"pass|kennwort|contrase|wachtwoord|senha|パスワード", re.IGNORECASE)
_LOOKED_AT = 500  # rows, spread over the table
_SHARE = 0.5


def columns_with_passwords(rows: Sequence[GridRow], columns: Sequence[int]) -> tuple[int, ...]:
    """Return the columns of these whose cells tell passwords, or are those that another column of the row tells."""
    looked_at = [cells for _, cells in rows[:: len(rows) // _LOOKED_AT + 1]]
    telling: dict[int, list[set[str]]] = {}
    for place, cells in enumerate(looked_at):
        for column in columns:
            cell = cells[column] if column < len(cells) else None
            if isinstance(cell, str) and _WORD.search(cell) and (found := _SAYS_ONE.findall(cell)):
                telling.setdefault(column, [set() for _ in looked_at])[place] |= {one.rstrip(".,;") for one in found}
    if not telling:
        return ()
    told = [set[str]().union(*(texts[place] for texts in telling.values())) for place in range(len(looked_at))]
    repeating = [column for column in columns if column not in telling and _repeats(looked_at, column, told)]
    return tuple(sorted((*telling, *repeating)))


def _repeats(rows: Sequence[tuple[object, ...]], column: int, told: Sequence[set[str]]) -> bool:
    pairs = [
        (str(cells[column]).strip(), words) for cells, words in zip(rows, told, strict=True) if column < len(cells)
    ]
    having = [(text, words) for text, words in pairs if words]
    return bool(having) and sum(text in words for text, words in having) >= _SHARE * len(having)
