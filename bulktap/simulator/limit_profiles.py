"""Throttling profiles: which limits count which requests, how a refusal is worded, and who came back too early.

A profile is written as its name and options, separated by commas: `directory`, `reports,x2`, `moving,rows=1000`,
`bucket:600/30,retry-after=date`. Names (the numbers are Microsoft's published limits per application and tenant):

    none                no limits
    directory           3,000 writes / 150 s and 8,000 resource units / 10 s, both buckets
    reports             5 / 10 s for everything that touches authentication methods
    moving              a write bucket of 20/s; another program takes half for the middle third of `rows` (10,000)
                        accepted writes, or between `from` and `until` seconds after the first
    …-window            `directory` and `reports` with fixed windows in place of buckets
    bucket:N/S          a bucket of N writes that fills in S seconds;   window:N/S   N writes in every S seconds

Options: `xN` multiplies every amount by N; `reads` lets `bucket:` and `window:` count authentication method reads too;
`retry-after=decimal|integer|date|none|SECONDS` is what throttled answers say, SECONDS being the same on every answer
whatever is true; `charge=PART` is what a throttled request costs besides, in parts of an admitted one (0 to 1; 0 unless
it is told, because no figure is published); `hold=SECONDS` makes the first throttled answer close all for that long.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum

from bulktap.simulator.throttling_windows import FixedWindow, Limit, SharedBucket, TokenBucket


class RequestKind(StrEnum):
    """What a request costs."""

    METHOD_READ = "authentication method read"
    METHOD_WRITE = "authentication method write"
    DIRECTORY_READ = "directory read"


_METHODS = frozenset({RequestKind.METHOD_READ, RequestKind.METHOD_WRITE})
_WRITES = frozenset({RequestKind.METHOD_WRITE})
_MakeLimit = Callable[[float, float], Limit]


@dataclass(frozen=True, slots=True)
class Quota:
    """One limit and the requests that it counts, one unit each."""

    limit: Limit
    kinds: frozenset[RequestKind]
    scope: str
    """`Read`, `Write` or `ReadWrite`, for `x-ms-throttle-scope`."""
    information: str
    """For `x-ms-throttle-information`."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """The request was refused."""

    seconds: float
    """The wait that was told."""
    headers: dict[str, str]
    early: bool
    """Whether it had come back before its time."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """The request may go on."""

    headers: dict[str, str]
    """`x-ms-throttle-limit-percentage`, above 80 % of use."""


@dataclass(slots=True)
class Throttle:
    """All limits of one application in one tenant; remembers whom it told to wait."""

    quotas: tuple[Quota, ...]
    retry_after: str
    """How the wait is told; see the module's docstring."""
    owner: str
    """`<application id>/<tenant id>`, for `x-ms-throttle-scope`."""
    hold: float = 0.0
    """Seconds for which the first throttled answer closes everything."""
    charge: float = 0.0
    """What a throttled request costs, in parts of an admitted one."""
    _told: dict[str, tuple[float, float]] = field(default_factory=dict)
    _closed_until: float | None = None

    def judge(self, key: str, kind: RequestKind, now: float) -> Admitted | Throttled:
        """Admit a request or refuse it; `key` is the same whenever the same request comes back.

        A request that comes back before the time it was told is refused, its wait begins anew, and what it asked
        for is owed: requests are counted while they are throttled.
        """
        told = self._told.get(key)
        quotas = [quota for quota in self.quotas if kind in quota.kinds]
        if told is not None and now < told[0] - 1e-6:
            for quota in quotas:
                quota.limit.take(1, now)
            wait = max(told[1], *(quota.limit.wait(1, now) for quota in quotas)) if quotas else told[1]
            return self._refuse(key, quotas[0] if quotas else None, wait, now, early=True)
        self._told.pop(key, None)
        if self._closed_until is not None and now < self._closed_until:
            return self._refuse(key, quotas[0] if quotas else None, self._closed_until - now, now)
        waits = [(quota.limit.wait(1, now), quota) for quota in quotas]
        if any(wait > 0.0 for wait, _quota in waits):
            if self.charge > 0.0:
                for quota in quotas:
                    quota.limit.take(self.charge, now)
                waits = [(quota.limit.wait(1, now), quota) for quota in quotas]
            wait, quota = max(waits, key=lambda pair: pair[0])
            return self._refuse(key, quota, self._held(wait, now), now)
        for quota in quotas:
            quota.limit.take(1, now)
        usage = max((quota.limit.usage(now) for quota in quotas), default=0.0)
        return Admitted({"x-ms-throttle-limit-percentage": f"{usage:.2f}"} if usage > 0.8 else {})

    def refuse(self, key: str, seconds: float, now: float) -> Throttled:
        """Throttle a request for no reason of the limits'; the weather does."""
        return self._refuse(key, None, seconds, now)

    def _held(self, wait: float, now: float) -> float:
        if self.hold <= 0.0 or self._closed_until is not None:
            return wait
        self._closed_until = now + self.hold
        return self.hold

    def _refuse(self, key: str, quota: Quota | None, wait: float, now: float, *, early: bool = False) -> Throttled:
        text, seconds = _word(self.retry_after, wait, now)
        scope, information = (quota.scope, quota.information) if quota else ("ReadWrite", "CPULimitExceeded")
        headers = {
            "x-ms-throttle-scope": f"Tenant_Application/{scope}/{self.owner}",
            "x-ms-throttle-information": information,
        }
        if text is not None:
            headers["Retry-After"] = text
            self._told[key] = (now + seconds, seconds)
        return Throttled(seconds, headers, early)


def read_profile(text: str, owner: str) -> Throttle:
    """Read a profile as it is written on the command line.

    Raises:
        ValueError: the text names no profile, or an option is unknown or out of range; the message says which.
    """
    name, *rest = (part.strip() for part in text.strip().lower().split(","))
    options = _options(rest)
    scale = options.pop("x", "1")
    settings = {
        key: options.pop(key, "") for key in ("retry-after", "hold", "charge", "rows", "from", "until", "reads")
    }
    if options:
        raise ValueError(f"unknown option of a limits profile: {next(iter(options))}")
    return Throttle(
        quotas=_quotas(name, _positive(scale, "x"), settings),
        retry_after=_retry_after(settings["retry-after"] or "decimal"),
        owner=owner,
        hold=_positive(settings["hold"], "hold") if settings["hold"] else 0.0,
        charge=_part(settings["charge"]),
    )


def _options(parts: list[str]) -> dict[str, str]:
    options = {}
    for part in parts:
        key, equals, value = part.partition("=")
        if not equals and (scaled := re.fullmatch(r"x([\d.]+)", part)):
            key, value = "x", scaled[1]
        options[key] = value if equals or key == "x" else key
    return options


def _quotas(name: str, scale: float, settings: dict[str, str]) -> tuple[Quota, ...]:
    base, _hyphen, form = name.partition("-")
    if form not in {"", "window"}:
        raise ValueError(f"unknown limits profile: {name}")
    make: _MakeLimit = FixedWindow if form else TokenBucket
    if base == "none":
        return ()
    if base == "directory":
        return (_writes(make(3000 * scale, 150)), *_units(make(8000 * scale, 10)))
    if base == "reports":
        quota = Quota(make(5 * scale, 10), _METHODS, "ReadWrite", "ResourceUnitLimitExceeded")
        return (quota, *_units(TokenBucket(8000 * scale, 10), frozenset({RequestKind.DIRECTORY_READ})))
    if base == "moving" and not form:
        return (_writes(_moving(scale, settings)),)
    custom = re.fullmatch(r"(bucket|window):([\d.]+)/([\d.]+)", name)
    if custom is None:
        raise ValueError(f"unknown limits profile: {name}")
    make = TokenBucket if custom[1] == "bucket" else FixedWindow
    limit = make(_positive(custom[2], custom[1]) * scale, _positive(custom[3], custom[1]))
    return (Quota(limit, _METHODS if settings["reads"] else _WRITES, "Write", "WriteLimitExceeded"),)


def _writes(limit: Limit) -> Quota:
    return Quota(limit, _WRITES, "Write", "WriteLimitExceeded")


def _units(limit: Limit, kinds: frozenset[RequestKind] = frozenset(RequestKind)) -> tuple[Quota]:
    return (Quota(limit, kinds, "ReadWrite", "ResourceUnitLimitExceeded"),)


def _moving(scale: float, settings: dict[str, str]) -> SharedBucket:
    capacity, seconds = 200 * scale, 10.0
    if settings["from"] or settings["until"]:
        start, end = (_positive(settings[key] or "0", key, least=0.0) for key in ("from", "until"))
        return SharedBucket(capacity, seconds, start, end, by_time=True)
    rows = _positive(settings["rows"] or "10000", "rows")
    return SharedBucket(capacity, seconds, rows / 3, rows * 2 / 3)


def _positive(text: str, option: str, least: float = 1e-9) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= least):
        raise ValueError(f"not a usable number for {option} in a limits profile: {text}")
    return number


def _part(text: str) -> float:
    part = _positive(text or "0", "charge", least=0.0)
    if part > 1.0:
        raise ValueError(f"not a usable number for charge in a limits profile: {text}")
    return part


def _retry_after(text: str) -> str:
    if text not in {"decimal", "integer", "date", "none"}:
        _positive(text, "retry-after", least=0.0)
    return text


def _word(form: str, wait: float, now: float) -> tuple[str | None, float]:
    """Return the header's text and the seconds that it amounts to."""
    if form == "none":
        return None, wait
    if form == "decimal":
        seconds = max(0.001, math.ceil(wait * 1000) / 1000)
        return f"{seconds:.3f}", seconds
    if form == "integer":
        whole = max(1, math.ceil(wait))
        return str(whole), float(whole)
    if form == "date":
        moment = math.ceil(now + wait)
        return format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True), moment - now
    return form, float(form)
