"""When the passes of a plan begin and cease to work, as figures and in words; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.model.repeated_hours import which_of_two
from bulktap.model.zone_words import moment_in_words, zone_in_words
from bulktap.results.wording import counted, lifetime

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.plan import Plan, PlanRow

_OPEN = "the tenant's default lifetime, which could not be read"


@dataclass(frozen=True, slots=True)
class PassTimes:
    """The times of many passes."""

    now: datetime
    """When the plan would be carried out."""
    starts: tuple[datetime, ...]
    """The different starts that are stated, ascending."""
    ends: tuple[datetime, ...]
    """The different ends of passes with a stated start, ascending."""
    at_once: int
    """Passes that start as they are issued."""
    stated_lifetimes: tuple[int | None, ...]
    """The different lifetimes in minutes of passes with a stated start, ascending; None last, if one is not known."""
    open_lifetimes: tuple[int | None, ...]
    """Likewise of passes that start as they are issued."""

    @classmethod
    def of(cls, rows: Iterable[PlanRow], plan: Plan, now: datetime) -> PassTimes:
        """Return the times of the passes that these rows ask for."""
        default = plan.policy.default_lifetime_minutes if plan.policy else None
        terms = [row.request.terms for row in rows if row.request is not None]
        asked = {(one.starts_at, one.lifetime_minutes or default) for one in terms}
        stated = {(start, minutes) for start, minutes in asked if start is not None}
        return cls(
            now=now,
            starts=tuple(sorted({start for start, _ in stated})),
            ends=tuple(sorted({start + timedelta(minutes=minutes) for start, minutes in stated if minutes})),
            at_once=sum(one.starts_at is None for one in terms),
            stated_lifetimes=_ascending(minutes for _, minutes in stated),
            open_lifetimes=_ascending(minutes for start, minutes in asked if start is None),
        )

    @property
    def lifetimes(self) -> tuple[int, ...]:
        """The different lifetimes that are known, ascending."""
        known = {minutes for minutes in self.stated_lifetimes + self.open_lifetimes if minutes is not None}
        return tuple(sorted(known))

    @property
    def first_end(self) -> datetime | None:
        """When the first pass ends at the earliest, if that is known."""
        at_once = [self.now + timedelta(minutes=minutes) for minutes in self.open_lifetimes[:1] if minutes]
        return min([*self.ends[:1], *at_once], default=None)


def _ascending(minutes: Iterable[int | None]) -> tuple[int | None, ...]:
    different = set(minutes)
    known = sorted(one for one in different if one is not None)
    return (*known, None) if None in different else tuple(known)


def span_in_words(first: datetime, last: datetime, zone: ZoneInfo) -> str:
    """Return from when until when; the day is said once where both are of one day."""
    if first == last:
        return moment_in_words(first, zone)
    same_day = first.astimezone(zone).date() == last.astimezone(zone).date()
    until = f"{last.astimezone(zone):%H:%M}{which_of_two(last, zone)}" if same_day else moment_in_words(last, zone)
    return f"{moment_in_words(first, zone)} to {until}"


def in_words(times: PassTimes, zone: ZoneInfo) -> tuple[str, ...]:
    """Return when passes begin and cease to work: a line for those with a stated start, one for those without."""
    lines = []
    if times.starts:
        lines.append(_stated(times, zone))
    if times.at_once:
        lines.append(_at_once(times, zone))
    return tuple(lines)


def _stated(times: PassTimes, zone: ZoneInfo) -> str:
    city, lasting = zone_in_words(zone), _lifetimes(times.stated_lifetimes)
    first, last = times.starts[0], times.starts[-1]
    if not times.ends:
        return f"starts {span_in_words(first, last, zone)} {city}, for {lasting}"
    if first == last and times.ends[0] == times.ends[-1] and None not in times.stated_lifetimes:
        return f"{span_in_words(first, times.ends[0], zone)} {city}, {lasting}"
    starts = f"starts {span_in_words(first, last, zone)}"
    if len(times.starts) > 1:
        starts += f" ({len(times.starts):,} different)"
    return f"{starts}, ends {span_in_words(times.ends[0], times.ends[-1], zone)} {city}, {lasting}"


def _at_once(times: PassTimes, zone: ZoneInfo) -> str:
    who = f"{counted(times.at_once, 'pass', 'passes')} as soon as issued" if times.starts else "as soon as issued"
    known = [minutes for minutes in times.open_lifetimes if minutes is not None]
    text = f"{who}, for {_lifetimes(times.open_lifetimes)}"
    if not known:
        return text
    ends = [times.now + timedelta(minutes=minutes) for minutes in (known[0], known[-1])]
    return f"{text}: issued now, until {span_in_words(ends[0], ends[1], zone)} {zone_in_words(zone)}"


def _lifetimes(minutes: Sequence[int | None]) -> str:
    known = [one for one in minutes if one is not None]
    if not known:
        return _OPEN
    text = lifetime(known[0]) if len(known) == 1 else f"{lifetime(known[0])} to {lifetime(known[-1])}"
    return f"{text} (some for {_OPEN})" if len(known) < len(minutes) else text
