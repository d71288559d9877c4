"""Row failures: when the service fails at one subject for good, told from an outage for everybody; pure.

A subject at which the service fails again and again gets its outcome, and the others go on. In an outage the service
fails at everybody: then no failure is anybody's own. The two are told apart by what succeeds in between, see
`FAILURES_IN_A_ROW`.
"""

from __future__ import annotations

from collections import Counter

from bulktap.dispatch.giving_up import pause_after

FAILURES_OF_ONE = 10
"""After so many failures that count, a subject gets its outcome."""
_FAILURES_TO_TELL = 4
"""So often the service fails at one subject, within some seconds, before the operator hears of it."""
_SECONDS_OF_ONE = 600.0
"""A subject that fails for so long while others succeed gets it sooner."""
FAILURES_IN_A_ROW = 20
"""A failure counts if fewer than this many, at whatever subjects, came before it since the last success.

One odd user among others fails between their successes: each failure counts. When only odd ones are left to be asked
about, somebody who was answered before is asked about again, beside them: as long as that succeeds, their failures
count. Where nothing succeeds, the first twenty failures count, so that a single user has an outcome after ten; from the
twentieth on it is an outage, which uses up nobody's tries.
"""


class RowFailures:
    """Counts failures by subject."""

    def __init__(self, tries: int = FAILURES_OF_ONE) -> None:
        """Give a subject up after so many failures that count."""
        self._tries = tries
        self._in_a_row = 0
        self._told = False
        self._all: Counter[str] = Counter()
        self._counted: Counter[str] = Counter()
        self._since: dict[str, float] = {}
        self._causes: dict[str, str] = {}

    def succeeded(self) -> None:
        """Take note that the service answered about somebody."""
        self._in_a_row = 0

    def failed_somewhere(self) -> bool:
        """Take note of a failure that is no subject's own; say whether it would count."""
        counts = self._in_a_row < FAILURES_IN_A_ROW
        self._in_a_row += 1
        return counts

    def failed(self, subject: str, cause: str, now: float) -> None:
        """Take note of a failure at a subject."""
        self._all[subject] += 1
        self._causes[subject] = cause
        if self.failed_somewhere():
            self._counted[subject] += 1
            self._since.setdefault(subject, now)

    def is_troubled(self, subject: str) -> bool:
        """Whether the service failed at it before."""
        return self._all[subject] > 0

    def is_up(self, subject: str, now: float) -> bool:
        """Whether the subject gets its outcome."""
        counted = self._counted[subject]
        lasts = counted >= 2 and now - self._since[subject] >= _SECONDS_OF_ONE and self._in_a_row < FAILURES_IN_A_ROW
        return counted >= self._tries or lasts

    def is_worth_telling(self, subject: str) -> bool:
        """Whether the operator is to hear, once, that the service fails at a subject again and again."""
        telling = not self._told and self._all[subject] >= _FAILURES_TO_TELL
        self._told = self._told or telling
        return telling

    def pause(self, subject: str) -> float:
        """Return how long to wait until the subject is asked about again."""
        return pause_after(self._all[subject])

    def cause(self, subject: str) -> str:
        """Return what the last failure was, in words."""
        return self._causes.get(subject, "")

    def times(self, subject: str) -> int:
        """Return how often the service failed at it."""
        return self._all[subject]
