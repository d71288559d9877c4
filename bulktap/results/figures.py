"""The numbers behind the pictures of a report: so many of each kind; pure.

The planning page draws them, the planning workbook charts them, so that both tell the same.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.row_errors import Severity
from bulktap.results.wording import lifetime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from zoneinfo import ZoneInfo

    from bulktap.model.row_errors import RowError

MOST_BARS = 10
"""Kinds that bars are drawn for."""
MOST_LISTED = 200
"""Groups that are named where they are too many for bars."""
_MOST_COLUMNS = 24
_MOST_EXACT_STARTS = 6
_AT_ONCE = "At once"
_WITHOUT = "(none)"


class Mark(StrEnum):
    """What a colour stands for; pages and charts give each its own."""

    PASS = "pass"
    REPLACE = "replace"
    SHARE = "share"
    SKIP = "skip"
    FAULT = "fault"
    DOUBT = "doubt"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Bar:
    """So many of one kind."""

    label: str
    count: int
    mark: Mark = Mark.PASS


@dataclass(frozen=True, slots=True)
class Figure:
    """So many of each kind of something."""

    title: str
    bars: tuple[Bar, ...]
    over_time: bool = False
    """Whether the bars follow one another in time at equal steps."""
    rest: str = ""
    """The kinds that have no bar, in words; none if empty. Added up into one bar, many small ones would look like the
    largest of all."""

    @property
    def words(self) -> str:
        """All of it as a sentence, for those who do not see the picture."""
        told = [f"{bar.label}: {bar.count:,}" for bar in self.bars]
        return f"{self.title}. " + "; ".join([*told, self.rest] if self.rest else told) + "."

    @property
    def sentence(self) -> str:
        """What it says where a picture would say nothing, because all bars are equal; empty where one is worth it."""
        if not self.bars or len({(bar.count, bar.mark) for bar in self.bars}) > 1 or self.rest:
            return ""
        count, labels = self.bars[0].count, [bar.label for bar in self.bars]
        if len(labels) == 1:
            return f"{labels[0]}: all {count:,}" if count > 1 else labels[0]
        named = ", ".join(labels) if len(labels) <= MOST_BARS else f"{labels[0]} to {labels[-1]}"
        return f"{count:,} in each of {len(labels):,}: {named}"

    @property
    def is_list(self) -> bool:
        """Whether there are too many bars to compare them by looking."""
        return len(self.bars) > MOST_BARS and not self.over_time


def group_figure(groups: Iterable[str | None], heading: str) -> Figure:
    """Count passes by class, department or site, as people count: 5a, 5b, 10a; those without one come last."""
    counted = Counter(group or _WITHOUT for group in groups)
    ordered = sorted(counted.items(), key=lambda item: (item[0] == _WITHOUT, natural_order(item[0])))
    shown = tuple(Bar(label, count) for label, count in ordered[:MOST_LISTED])
    return Figure(f"Passes by {heading}", shown, rest=_rest([count for _, count in ordered[MOST_LISTED:]]))


def natural_order(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what names sort by in the order in which people count: numbers in them by their value, case aside."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text.casefold())
    return tuple((0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts)


def lifetime_figure(minutes: Iterable[int | None], default_minutes: int | None) -> Figure:
    """Count passes by lifetime, the shortest first; what is None takes the tenant's default."""
    lengths = [default_minutes if length is None else length for length in minutes]
    counted = Counter(length for length in lengths if length is not None)
    frequent = counted.most_common(MOST_BARS - (None in lengths))
    bars = [Bar(lifetime(length), count) for length, count in sorted(frequent)]
    by_default = lengths.count(None)
    if by_default:
        bars.append(Bar("Tenant's default", by_default))
    others = counted.keys() - dict(frequent).keys()
    return Figure("Passes by lifetime", tuple(bars), rest=_rest([counted[length] for length in others]))


def problems_figure(problems: Iterable[RowError]) -> Figure:
    """Count problems by kind: first what keeps rows from a pass, then what is only worth knowing."""
    counted = Counter((problem.severity, problem.code) for problem in problems)
    marks = ((Severity.ERROR, Mark.FAULT), (Severity.WARNING, Mark.SKIP))
    bars = [
        Bar(code.short_name, count, mark)
        for severity, mark in marks
        for (kind, code), count in sorted(counted.items(), key=lambda item: (-item[1], item[0][1].short_name))
        if kind is severity
    ]
    return Figure("Problems by kind", tuple(bars[:MOST_BARS]), rest=_rest([bar.count for bar in bars[MOST_BARS:]]))


def starts_figure(starts: Sequence[datetime | None], zone: ZoneInfo) -> Figure:
    """Count passes by the time they become usable.

    A few starts are told apart to the minute; many are gathered by the smallest stretch of time (quarter of an hour
    to year) that keeps the picture legible.
    """
    title = "Passes by start time"
    known = [start for start in starts if start is not None]
    at_once = (Bar(_AT_ONCE, len(starts) - len(known)),) if len(known) < len(starts) else ()
    counted = Counter[datetime]()
    for start, passes in Counter(known).items():  # a roster has few different starts
        counted[start.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)] += passes
    if len(counted) <= _MOST_EXACT_STARTS:
        exact = (Bar(f"{start:%Y-%m-%d %H:%M}", count) for start, count in sorted(counted.items()))
        return Figure(title, (*at_once, *exact))
    for stretch in _STRETCHES:
        edges = _edges(min(counted), max(counted), stretch)
        if edges is not None:
            gathered = Counter(dict.fromkeys(edges, 0))
            for start, count in counted.items():
                gathered[stretch.floor(start)] += count
            bars = tuple(Bar(stretch.label(edge), count) for edge, count in gathered.items())
            return Figure(f"{title}, {stretch.words}", (*at_once, *bars), over_time=True)
    years: Counter[int] = Counter()
    for start, count in counted.items():
        years[start.year] += count
    ordered = sorted(years.items())
    most = MOST_BARS - len(at_once)
    shown = (Bar(str(year), count) for year, count in ordered[:most])
    return Figure(f"{title}, by year", (*at_once, *shown), rest=_rest([count for _, count in ordered[most:]]))


def _rest(counts: Sequence[int]) -> str:
    """Return what has no bar, in words; empty if everything has one."""
    if len(counts) == 1:
        return f"1 other with {counts[0]:,}"
    return f"{len(counts):,} others with {sum(counts):,} together" if counts else ""


class _Stretch(NamedTuple):
    words: str
    floor: Callable[[datetime], datetime]
    after: Callable[[datetime], datetime]
    shape: str

    def label(self, edge: datetime) -> str:
        return edge.strftime(self.shape)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _stepping(**step: int) -> Callable[[datetime], datetime]:
    return lambda edge: edge + timedelta(**step)


_STRETCHES: Sequence[_Stretch] = (
    _Stretch(
        "by quarter of an hour",
        lambda moment: moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0),
        _stepping(minutes=15),
        "%Y-%m-%d %H:%M",
    ),
    _Stretch(
        "by hour",
        lambda moment: moment.replace(minute=0, second=0, microsecond=0),
        _stepping(hours=1),
        "%Y-%m-%d %H:%M",
    ),
    _Stretch("by day", _midnight, _stepping(days=1), "%Y-%m-%d"),
    _Stretch(
        "by week",
        lambda moment: _midnight(moment) - timedelta(days=moment.weekday()),
        _stepping(weeks=1),
        "%Y-%m-%d",
    ),
    _Stretch(
        "by month",
        lambda moment: _midnight(moment).replace(day=1),
        lambda edge: (edge + timedelta(days=31)).replace(day=1),
        "%Y-%m",
    ),
)


def _edges(first: datetime, last: datetime, stretch: _Stretch) -> list[datetime] | None:
    """Return where the stretches from the first moment to the last begin; None if they are too many."""
    edges = [stretch.floor(first)]
    end = stretch.floor(last)
    while edges[-1] < end:
        if len(edges) == _MOST_COLUMNS:
            return None
        edges.append(stretch.after(edges[-1]))
    return edges
