"""Row numbers in words: `row 7`, `rows 4-17, 20 and 23`; the one place that writes many rows as ranges."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_RANGES = 6
"""Ranges that are written out; the rest is a count."""


class RowPlace(NamedTuple):
    """Where a row stands: its file, and its sheet if the file has sheets."""

    file: str
    sheet: str | None

    @property
    def name(self) -> str:
        """What messages call it where it stands alone."""
        return self.file if self.sheet is None else self.sheet

    @property
    def names(self) -> tuple[str, ...]:
        """What somebody may call it: the sheet, the file, or both."""
        return (self.file,) if self.sheet is None else (self.sheet, self.file, f"{self.file}, {self.sheet}")


def place_names(places: Iterable[RowPlace | str | None]) -> dict[RowPlace | str | None, str]:
    """Return what each of these places is called among them: its sheet in one file, its file among several."""
    every = list(dict.fromkeys(places))
    files = Counter(place.file for place in every if isinstance(place, RowPlace))
    names: dict[RowPlace | str | None, str] = {}
    for place in every:
        if not isinstance(place, RowPlace):
            names[place] = place or ""
        elif len(files) == 1:
            names[place] = place.sheet or (place.file if len(every) > 1 else "")
        else:
            names[place] = place.file if files[place.file] == 1 else f"{place.file}, {place.name}"
    return names


def row_ranges(
    places: Iterable[tuple[RowPlace | str | None, int]],
    most: int = MOST_RANGES,
    among: Iterable[RowPlace] = (),
) -> str:
    """Return rows in words, those that follow one another as a range: `rows 4-17, 20 and 23`.

    Args:
        places: sheet and number of each row, in any order; a row that is named twice counts once. The sheet is written
            only where there are several: `7A rows 2-9 and 12; 7B row 4`.
        most: ranges of a sheet that are written out.
        among: all places that there are; where they are several, a single one is written too.
    """
    by_sheet: dict[RowPlace | str | None, list[int]] = {}
    for sheet, number in places:
        by_sheet.setdefault(sheet, []).append(number)
    return ranges_by_place(by_sheet, most, among)


def ranges_by_place(
    numbers_by_place: Mapping[RowPlace | str | None, Sequence[int]],
    most: int = MOST_RANGES,
    among: Iterable[RowPlace] = (),
) -> str:
    """Return the same of rows that are sorted by where they stand."""
    by_sheet = {sheet: set(numbers) for sheet, numbers in numbers_by_place.items()}
    parts = [(sheet, _rows(sorted(numbers), most)) for sheet, numbers in by_sheet.items()]
    names = place_names([*among, *by_sheet])
    if len(names) == 1:
        return parts[0][1]
    shown = [f"{names[sheet]} {rows}" if names[sheet] else rows for sheet, rows in parts[:most]]
    left = sum(len(numbers) for numbers in list(by_sheet.values())[most:])
    return "; ".join([*shown, f"{left:,} more"] if left else shown)


def _rows(numbers: list[int], most: int) -> str:
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = spans[-1][0], number
        else:
            spans.append((number, number))
    texts = [part for span in spans[:most] for part in _span(*span)]
    left = sum(last - first + 1 for first, last in spans[most:])
    if left:
        texts.append(f"{left:,} more")
    listed = texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
    return f"{'row' if len(numbers) == 1 else 'rows'} {listed}"


def _span(first: int, last: int) -> list[str]:
    """Return a range in words; two neighbours are shorter by themselves."""
    if last - first > 1:
        return [f"{first}-{last}"]
    return [str(first)] if first == last else [str(first), str(last)]
