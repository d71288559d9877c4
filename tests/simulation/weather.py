"""Weather: which faults a seed has, how often, and until when; drawn once, then asked for each step."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.dispatch.doubt_times import DoubtTimes

if TYPE_CHECKING:
    import random

CREATE_FAULTS = (
    "throttled", "throttled-late", "unavailable", "failed", "conflict", "said-unavailable", "page", "missing",
    "no-passcode", "unauthorized",
)  # fmt: skip
CREATE_BATCH_FAULTS = (
    "refused-connection", "throttled", "unavailable", "failed", "reset", "silence", "page", "unauthorized",
    "bad-request", "redirect", "conflict", "said-unavailable",
)  # fmt: skip
LIST_FAULTS = ("throttled", "unavailable", "failed", "missing", "garbled", "unauthorized")
LIST_BATCH_FAULTS = (
    "refused-connection", "throttled", "unavailable", "failed", "reset", "page", "unauthorized", "truncated",
    "bad-request",
)  # fmt: skip
ODDITIES = ("list-fails", "list-refused", "create-unavailable", "create-refused", "create-unknown", "list-garbled")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of virtual time, in seconds from the beginning."""

    begin: float
    end: float

    def covers(self, seconds: float) -> bool:
        """Return True if the moment lies in it."""
        return self.begin <= seconds < self.end


@dataclass(slots=True)
class Weather:
    """The faults of one seed."""

    times: DoubtTimes
    clears_at: float = 0.0
    """From then on nothing fails any more but odd users; lists still lag."""
    creates: list[tuple[float, str]] = field(default_factory=list)
    """Cumulative chances of the faults of a create."""
    create_batches: list[tuple[float, str]] = field(default_factory=list)
    lists: list[tuple[float, str]] = field(default_factory=list)
    list_batches: list[tuple[float, str]] = field(default_factory=list)
    late_share: float = 0.5
    """Of the creates that prove nothing and are carried out, how many take effect late."""
    done_share: float = 0.5
    """Of the creates that prove nothing, how many are carried out at all."""
    lag: float = 0.0
    """Seconds by which lists lag."""
    replicas: bool = False
    """Whether each list lags by a time of its own, up to that."""
    latency: tuple[float, float] = (0.05, 0.4)
    slow: float = 0.0
    """Chance of a reply that takes nearly as long as it may."""
    wrong_by: float = 0.0
    """How far the client's clock runs ahead, in seconds."""
    dates: str = "right"
    """Or `none`, `early` (of a reply that takes long), `wrong` (on single replies)."""
    date_error: float = 0.0
    throttling: list[Span] = field(default_factory=list)
    outages: list[Span] = field(default_factory=list)
    forbidden: list[Span] = field(default_factory=list)
    """While the permission is gone."""
    switched_off: list[Span] = field(default_factory=list)
    """While the policy allows no pass."""
    full_disks: list[Span] = field(default_factory=list)
    token_ends: list[float] = field(default_factory=list)
    """When the token in use is turned down from then on."""
    sign_in_fails: list[Span] = field(default_factory=list)

    def fault(self, table: list[tuple[float, str]], dice: random.Random, now: float) -> str:
        """Return what happens to a step or batch; empty for nothing."""
        if not table or now >= self.clears_at:
            return ""
        drawn = dice.random()
        for chance, name in table:
            if drawn < chance:
                return name
        return ""

    def lag_of(self, dice: random.Random) -> float:
        """Return by how much one list lags."""
        return dice.uniform(0.0, self.lag) if self.replicas else self.lag

    @property
    def clock_slack(self) -> float:
        """By how much the client may be wrong about the service's time."""
        return 3.5 + self.latency[1] + self.date_error + (abs(self.wrong_by) if self.dates == "none" else 0.0)


def draw_weather(dice: random.Random) -> Weather:
    """Return the faults of a seed: a few of the many kinds, each at a rate of its own."""
    times = DoubtTimes(*dice.choice([(100.0, 30.0)] * 4 + [(5.0, 10.0), (2.0, 3.0), (30.0, 30.0), (20.0, 60.0)]))
    weather = Weather(times, clears_at=math.exp(dice.uniform(math.log(5.0), math.log(3000.0))))
    badness = dice.choice([0.0, 0.3, 1.0, 1.0, 2.0])
    weather.creates = _chances(dice, CREATE_FAULTS, 0.25, badness * 0.35)
    weather.create_batches = _chances(dice, CREATE_BATCH_FAULTS, 0.15, badness * 0.2)
    weather.lists = _chances(dice, LIST_FAULTS, 0.15, badness * 0.2)
    weather.list_batches = _chances(dice, LIST_BATCH_FAULTS, 0.12, badness * 0.15)
    weather.late_share, weather.done_share = dice.choice([0.0, 0.5, 1.0]), dice.choice([0.3, 0.6, 1.0])
    if dice.random() < 0.35:
        weather.lag = dice.choice([0.5, dice.uniform(0, 10), dice.uniform(0, 60)])
        weather.replicas = dice.random() < 0.4
    if dice.random() < 0.15:
        weather.slow = dice.choice([0.02, 0.2])
        weather.latency = (0.05, dice.choice([0.4, 3.0]))
    _draw_clocks(weather, dice)
    _draw_spans(weather, dice)
    return weather


def _chances(dice: random.Random, names: tuple[str, ...], share: float, badness: float) -> list[tuple[float, str]]:
    """Return the cumulative chances of some of these faults."""
    if not badness:
        return []
    chosen = [name for name in names if dice.random() < share]
    total, table = 0.0, []
    for name in chosen:
        total += badness * dice.choice([0.1, 0.4, 1.0])
        table.append((min(total, 0.9), name))
    return table


def _draw_clocks(weather: Weather, dice: random.Random) -> None:
    if dice.random() < 0.12:
        weather.wrong_by = dice.choice([-3600.0, -400.0, -30.0, 30.0, 400.0, 3600.0])
    drawn = dice.random()
    if drawn < 0.05:
        weather.dates = "early"
    elif drawn < 0.07 and not weather.wrong_by:
        weather.dates = "none"
    elif drawn < 0.1:
        weather.dates, weather.date_error = "wrong", dice.choice([20.0, 300.0, 900.0])


def _draw_spans(weather: Weather, dice: random.Random) -> None:
    def spans(chance: float, longest: float) -> list[Span]:
        if dice.random() >= chance:
            return []
        begin = dice.choice([dice.uniform(0.0, 2.0), dice.uniform(0.0, 200.0)])
        end = begin + dice.uniform(0.1, longest)
        weather.clears_at = max(weather.clears_at, end)
        return [Span(begin, end)]

    weather.throttling = spans(0.12, 120.0)
    weather.outages = spans(0.06, 1500.0)
    weather.forbidden = spans(0.05, 400.0)
    weather.switched_off = spans(0.05, 400.0)
    weather.full_disks = spans(0.06, 300.0)
    weather.sign_in_fails = spans(0.03, 60.0)
    if dice.random() < 0.06:
        weather.token_ends = sorted(dice.uniform(0.0, 100.0) for _ in range(dice.randint(1, 3)))
