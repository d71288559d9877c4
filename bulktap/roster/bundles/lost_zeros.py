"""Ids that have lost the zeros in front of them, because a spreadsheet program took them for numbers. Pure.

`7` in one file and `0007` in the other are one id only where nothing else in either file has that number, and where one
of the two has no zeros at all, as such a program leaves it: `07` and `007` are two ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.plain_text import in_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd


def lost_zeros(keys: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Return the keys that are not among others as they are written → the one that has the same number."""
    ours, theirs = dict.fromkeys(keys), set(others)
    unmet = [key for key in ours if key not in theirs and _is_number(key)]
    if not unmet:
        return {}
    mine, found = _by_number(ours), _by_number(theirs)
    pairs = {}
    for key in unmet:
        number = key.lstrip("0")
        alike = found.get(number, [])
        if number and len(alike) == len(mine[number]) == 1 and number in {key, alike[0]}:
            pairs[key] = alike[0]
    return pairs


def _by_number(keys: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in keys:
        if _is_number(key):
            found.setdefault(key.lstrip("0"), []).append(key)
    return found


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal()


class IdMatcher:
    """Writes the ids of one file as another one does, and keeps which of them lacked zeros, or had too many."""

    def __init__(self) -> None:
        """Begin without any."""
        self._pairs: dict[tuple[str, str], None] = {}

    def pairs(self, ids: Iterable[str], others: Iterable[str]) -> dict[str, str]:
        """Return the ids that are not among others as they are written → the one that is meant."""
        found = lost_zeros(ids, others)
        self._pairs.update(dict.fromkeys(found.items()))
        return found

    def as_among(self, column: pd.Series[str], others: Iterable[str]) -> pd.Series[str]:
        """Return a column of ids as they are written among others."""
        return renamed(column, self.pairs(column.unique(), others))

    def notes(self) -> Iterator[str]:
        """Yield how many ids were joined by their number."""
        yield from zeros_note(list(self._pairs), len(self._pairs), "id", "ids")


def renamed(column: pd.Series[str], pairs: Mapping[str, str]) -> pd.Series[str]:
    """Return a column with some of its values written in another way."""
    return column.mask(column.isin(list(pairs)), column.map(pairs)) if pairs else column


def zeros_note(pairs: Sequence[tuple[str, str]], count: int, one: str, several: str) -> Iterator[str]:
    """Yield that so many of something were joined by their number, with the first example; nothing where none was."""
    if pairs:
        key, other = pairs[0]
        were = in_number(count, f"{one} was", f"{several} were")
        which = "zeros in front, which one of the files lacks"
        yield f"{were} joined by the number without its {which}: {key} was taken for {other}."
