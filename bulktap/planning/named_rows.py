"""What is said of words that choose rows and name none, or rows of several sheets; pure."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.model.row_ranges import place_names
from bulktap.model.setting_names import Setting
from bulktap.planning.patterns import folded
from bulktap.planning.selection import FORMS, ColumnValue, RowNumbers, RowWords, is_of, read_word, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import RosterColumns
    from bulktap.model.row_ranges import RowPlace
    from bulktap.roster.model import CheckedRow

_MOST_NAMED = 4
_MOST_COMPARED = 20_000
_LONGEST_NAMED = 40
_NOT = " !\u00ac\u2260"
"""What makes `=` mean the opposite, in front of it, in one language or another."""
_LISTED = re.compile(r"[,;|]")
_BARE = re.compile(r"[\w@.,:+=#-]+")


def require_clear(setting: Setting, words: Sequence[str], rows: Sequence[CheckedRow], columns: RosterColumns) -> None:
    """Make sure that each word of a setting means something, and each row number one row.

    Raises:
        RosterError: see `Selection.require_clear`.
    """
    meant = RowWords(words, columns)
    sheets: dict[str, dict[RowPlace, None]] = {}
    """By word, the sheets of the rows that it matches; a dictionary, because their order is that of the roster."""
    for row in rows:
        for word in meant.of(row):
            sheets.setdefault(word, {})[row.source.place] = None
    for word in words:
        if word not in sheets:
            raise _nothing(setting, word, rows, columns)
        found = read_word(word, columns)
        if isinstance(found, RowNumbers) and found.sheet is None and len(sheets[word]) > 1:
            what = "a row" if found.first == found.last else "rows"
            names = place_names(sheets[word]).values()
            kind = "sheet" if len({place.file for place in sheets[word]}) == 1 else "file"
            places = " or ".join(f"of {kind} {name}" for name in names)
            # In double quotes, shells of macOS and Linux take what follows the mark for a command typed before.
            options = " or ".join(setting.to(f"'{name}!{word}'") for name in names)
            hint = f"Run bulktap again with the {kind} too: {options}."
            raise RosterError(f"{setting.to(word)} could be {what} {places}.", hint=hint)


def _nothing(setting: Setting, word: str, rows: Sequence[CheckedRow], columns: RosterColumns) -> RosterError:
    """Return what is said of a word that names no row: what there is that is like it."""
    meant, said = read_word(word, columns), setting.to(_quoted(word))
    match meant:
        case RowNumbers(first, last) if first > last:
            return RosterError(f"{said} counts backwards.", hint=f"Write {setting.to(f'{last}-{first}')}.")
        case RowNumbers():
            return RosterError(f"{said} matches no row of the roster.", hint=_rows_there(meant, rows))
        case ColumnValue(column=None):
            return _no_column(setting, meant, said, rows, columns)
        case ColumnValue(column=column) if column is not None:
            values, heading = values_of(rows, column), columns.headings[column]
            there = f"{heading} has {_listed(values)}." if values else f"{heading} is empty in every row."
            like = _several(setting, heading, meant.value, values) or _like(
                setting, heading, _nearest(meant.value, values)
            )
            what = f"{heading} = {_cut(meant.value)}" if meant.value else "an empty cell there"
            return RosterError(
                f"{said} matches no row of the roster: no row has {what}.",
                hint=f"{like}{there}",
            )
        case _:
            people = [text for row in rows for text in (row.user.text if row.user else "", row.display_name) if text]
            nearest = _nearest(word, people[:_MOST_COMPARED])
            hint = f"The nearest in the roster: {', '.join(map(_cut, nearest))}." if nearest else FORMS
            return RosterError(f"{said} matches no row of the roster.", hint=hint)


def _rows_there(meant: RowNumbers, rows: Sequence[CheckedRow]) -> str:
    numbers = [row.source.number for row in rows if is_of(meant, row.source.place)]
    if not numbers:
        places = list(dict.fromkeys(row.source.place for row in rows))
        what = "files" if any(place.sheet is None for place in places) else "sheets"
        return f"The {what} are {', '.join(_cut(place.name) for place in places)}."
    return f"Rows of people are {min(numbers)} to {max(numbers)}, as the sheet numbers them."


def _no_column(
    setting: Setting, meant: ColumnValue, said: str, rows: Sequence[CheckedRow], columns: RosterColumns
) -> RosterError:
    headings = {folded(heading): heading for heading in columns.headings}
    named = folded(meant.named.rstrip(_NOT))
    close = get_close_matches(named, headings, n=1, cutoff=0.6)
    missing = f"{said} matches no row: there is no column {_cut(meant.named)}"
    if not close:
        names = ", ".join(_cut(heading) for heading in columns.headings)
        return RosterError(f"{missing}.", hint=f"The columns are {names}.")
    heading = headings[close[0]]
    values = values_of(rows, columns.headings.index(heading))
    exact = [value for value in values if folded(value) == folded(meant.value)]
    there = f"{missing}; there is {heading} ({_listed(values)})."
    if named != folded(meant.named):  # `!=` of other languages: the rows with that value are those that are not meant
        opposite = Setting.ONLY if setting is Setting.EXCEPT else Setting.EXCEPT
        word = opposite.to(_quoted(f"{heading}={_cut(exact[0] if exact else 'VALUE')}"))
        deed = "choose only these rows" if setting is Setting.EXCEPT else "leave these rows out"
        return RosterError(there, hint=f"To {deed}, write {word}.")
    return RosterError(
        there,
        hint=_like(setting, heading, exact or _nearest(meant.value, values)).strip() or FORMS,
    )


def _nearest(text: str, there: Sequence[str]) -> list[str]:
    by_folded = {folded(one): one for one in there}
    return [by_folded[one] for one in get_close_matches(folded(text)[:200], by_folded, n=3, cutoff=0.55)]


def _like(setting: Setting, heading: str, values: Sequence[str]) -> str:
    """Return the sentence that proposes what may have been meant, with a blank behind it; empty for nothing."""
    proposed = " or ".join(setting.to(_quoted(f"{heading}={_cut(value)}")) for value in values)
    return f"Did you mean {proposed}? " if values else ""


def _several(setting: Setting, heading: str, value: str, there: Sequence[str]) -> str:
    """Return how a list of values that are all there is written, with a blank behind it; empty for anything else."""
    by_folded = {folded(one): one for one in there}
    parts = [folded(part) for part in _LISTED.split(value)]
    if len(parts) < 2 or any(part not in by_folded for part in parts):
        return ""
    words = " ".join(setting.to(_quoted(f"{heading}={_cut(by_folded[part])}")) for part in parts)
    return f"For several values write {words}. "


def _listed(values: Sequence[str]) -> str:
    more = " \u2026" if len(values) > _MOST_NAMED else ""
    count = f"{len(values):,} {'value' if len(values) == 1 else 'values'}"
    return f"{count}: {', '.join(map(_cut, values[:_MOST_NAMED]))}{more}" if values else "no values"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAMED else f"{text[:_LONGEST_NAMED]}\u2026"


def _quoted(word: str) -> str:
    """Return a word as every shell takes it: bare, or in quotes that keep blanks, stars and exclamation marks."""
    cut = _cut(word)
    if _BARE.fullmatch(cut) or (cut.startswith("'") and cut.endswith("'")):
        return cut
    return f'"{cut}"' if "'" in cut else f"'{cut}'"
