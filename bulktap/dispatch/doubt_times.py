"""How long a request whose reply was lost may still take effect, and how long is waited before it is looked into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

REPLY_TIMEOUT = 100.0
"""Seconds to wait for a reply, unless `reply-timeout` says otherwise."""
SETTLE_WAIT = 30.0
"""Seconds to wait before a lost reply is looked into, unless `settle-wait` says otherwise."""
REHEARSED_REPLY_TIMEOUT = 8.0
"""The same of a rehearsal, whose pretend service is known: it answers at once or loses the reply."""
REHEARSED_SETTLE_WAIT = 2.0

_LONGEST_DELAY = 15.0
"""Seconds. A batch whose record, or token, took longer does not leave: what is on record of its sending is not true."""


@dataclass(frozen=True, slots=True)
class DoubtTimes:
    """How long an attempt may take to have its effect."""

    reply_timeout: float
    """Seconds that we wait for a reply."""
    settle_wait: float
    """Seconds that we wait before a lost reply is looked into."""

    @property
    def departure(self) -> timedelta:
        """How long after it was recorded an attempt may leave at the latest: a slow disk, or a token, comes between."""
        return timedelta(seconds=min(_LONGEST_DELAY, self.reply_timeout / 4))

    @property
    def attempt(self) -> timedelta:
        """From the moment of sending to the last moment at which the attempt may still land."""
        return timedelta(seconds=self.reply_timeout + self.settle_wait)

    @property
    def shown(self) -> timedelta:
        """From the moment of sending to when every list shows what the attempt did, for lists lag (graph.md)."""
        return self.attempt + self.lag

    @property
    def lag(self) -> timedelta:
        """By how much a list may lag at the worst; nobody documents it."""
        return timedelta(seconds=2 * self.settle_wait)

    @property
    def throttled(self) -> timedelta:
        """The same for one that was answered 429, which has no effect by all that is documented."""
        return timedelta(seconds=self.settle_wait)
