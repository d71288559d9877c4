"""Which columns hold names of people by their cells alone, and whether addresses are those of the people beside them.

For headings in a language that no dictionary has. A name is a few words of letters, and hardly two people have the
same; an address is somebody's own where all that it says is in their name, as `anna.berg` is in `Anna` and `Berg`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.model.plain_text import without_accents
from bulktap.roster.cell_values import as_text
from bulktap.roster.columns.headings import meanings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.model.plan import RosterRow
    from bulktap.roster.model import Roster

_NAME = LatePattern(r"[A-Za-z\u00c0-\u024f]+(?:[ .,'’·-]{1,2}[A-Za-z\u00c0-\u024f]+){0,4}\.?")
"""In Latin letters: addresses are, and names in others say nothing that could be found in them."""
_LETTERS = LatePattern(r"[^\W\d_]+")
_LONGEST = 60
_MOST_WORDS = 6
_LOOKED_AT = 100  # rows, spread over all of them
_MOSTLY = 0.8
_DISTINCT = 0.5
"""Part of the filled cells from which a column is not one of classes, sites or states."""
_PLAIN = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ä": "ae", "ö": "oe", "ü": "ue"}
)


def name_columns(roster: Roster, users: int) -> list[int]:
    """Return the columns with unknown headings whose cells look like names of people, other than that of users."""
    spread = _spread(roster)
    return [
        column
        for column, heading in enumerate(roster.headings)
        if column != users
        and heading
        and not meanings_of(heading)
        and column not in roster.added
        and column != roster.sheet_column
        and _holds_names(spread, column)
    ]


def _spread(roster: Roster) -> Sequence[RosterRow]:
    return roster.rows[:: len(roster.rows) // _LOOKED_AT + 1]


def _holds_names(rows: Iterable[RosterRow], column: int) -> bool:
    texts = [text for row in rows if (text := as_text(row.cells[column]))]
    named = sum(len(text) <= _LONGEST and _NAME.fullmatch(text) is not None for text in texts)
    distinct = len({text.casefold() for text in texts})
    return len(texts) > 1 and named >= _MOSTLY * len(texts) and distinct >= max(2, _DISTINCT * len(texts))


def resemble_names(roster: Roster, users: int, names: Sequence[int]) -> bool:
    """Return true if most addresses say nothing that is not in the names beside them; no names are no doubt."""
    judged = [
        _is_own(address, " ".join(as_text(row.cells[column]) for column in names))
        for row in _spread(roster)
        if (address := as_text(row.cells[users]))
    ]
    return not names or sum(judged) >= _MOSTLY * len(judged)


def _is_own(address: str, name: str) -> bool:
    """Return true if each part of an address is put together of words of the name, or of their beginnings."""
    words = [form for form in map(_words, (name, name.casefold().translate(_PLAIN))) if form]
    parts = _words(address.partition("@")[0])
    return bool(parts) and any(all(_made_of(part, form) for part in parts) for form in words)


def _words(text: str) -> list[str]:
    return _LETTERS.findall(without_accents(text[:_LONGEST].casefold()))[:_MOST_WORDS]


def _made_of(part: str, words: Sequence[str]) -> bool:
    """Return true if a part can be cut into beginnings of words, each of them used once: `aberg`, `bergann`."""
    begun: set[tuple[int, frozenset[int]]] = {(0, frozenset())}
    seen = set(begun)
    while begun:
        at, used = begun.pop()
        for place, word in enumerate(words):
            if place in used:
                continue
            for length in range(1, len(word) + 1):
                if not part.startswith(word[:length], at):
                    break
                if at + length == len(part):
                    return True
                state = (at + length, used | {place})
                if state not in seen:
                    seen.add(state)
                    begun.add(state)
    return False
