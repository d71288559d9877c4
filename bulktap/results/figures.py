"""The numbers behind the pictures of a report: so many of each kind; pure.

The planning page draws them, the planning workbook charts them, so that both tell the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.model.row_errors import Severity
from bulktap.results.wording import lifetime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from bulktap.model.row_errors import RowError

MOST_BARS = 10
"""Kinds that a picture shows; the smallest go together into one bar."""
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

    @property
    def words(self) -> str:
        """All of it as a sentence, for those who do not see the picture."""
        return f"{self.title}. " + "; ".join(f"{bar.label}: {bar.count:,}" for bar in self.bars) + "."


def group_figure(groups: Iterable[str | None], heading: str) -> Figure:
    """Count passes by class, department or site, the largest first."""
    return Figure(f"Passes by {heading}", _largest(Counter(group or _WITHOUT for group in groups)))


def lifetime_figure(minutes: Iterable[int | None], default_minutes: int | None) -> Figure:
    """Count passes by lifetime, the shortest first; what is None takes the tenant's default."""
    lengths = [default_minutes if length is None else length for length in minutes]
    counted = Counter(length for length in lengths if length is not None)
    frequent = counted.most_common(MOST_BARS if len(counted) <= MOST_BARS else MOST_BARS - 1)
    bars = [Bar(lifetime(length), count) for length, count in sorted(frequent)]
    if len(counted) > len(frequent):
        rest = sum(counted.values()) - sum(count for _, count in frequent)
        bars.append(Bar(f"{len(counted) - len(frequent):,} others", rest))
    by_default = lengths.count(None)
    if by_default:
        bars.append(Bar("Tenant's default", by_default))
    return Figure("Passes by lifetime", tuple(bars))


def problems_figure(problems: Iterable[RowError]) -> Figure:
    """Count problems by kind: first what keeps rows from a pass, then what is only worth knowing."""
    counted = Counter((problem.severity, problem.code) for problem in problems)
    bars: list[Bar] = []
    for severity, mark in ((Severity.ERROR, Mark.FAULT), (Severity.WARNING, Mark.SKIP)):
        kinds = Counter({code.short_name: count for (kind, code), count in counted.items() if kind is severity})
        bars += _largest(kinds, mark)
    return Figure("Problems by kind", tuple(bars))


def starts_figure(starts: Sequence[datetime | None], zone: ZoneInfo) -> Figure:
    """Count passes by the time they become usable.

    A few starts are told apart to the minute; many are gathered by the smallest stretch of time (quarter of an hour
    to year) that keeps the picture legible.
    """
    title = "Passes by start time"
    known = [start for start in starts if start is not None]
    at_once = (Bar(_AT_ONCE, len(starts) - len(known)),) if len(known) < len(starts) else ()
    counted = Counter(start.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None) for start in known)
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
    years: Counter[str] = Counter()
    for start, count in counted.items():
        years[str(start.year)] += count
    return Figure(f"{title}, by year", (*at_once, *_largest(years)))


def _largest(counted: Mapping[str, int], mark: Mark = Mark.PASS) -> tuple[Bar, ...]:
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    if len(ordered) <= MOST_BARS:
        return tuple(Bar(label, count, mark) for label, count in ordered)
    shown, others = ordered[: MOST_BARS - 1], ordered[MOST_BARS - 1 :]
    rest = Bar(f"{len(others):,} others", sum(count for _, count in others), mark)
    return (*(Bar(label, count, mark) for label, count in shown), rest)


@dataclass(frozen=True, slots=True)
class _Stretch:
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
