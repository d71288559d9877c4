"""Newcomers: users whom the directory shows and the authentication service does not know yet.

It learns of a new account some seconds to minutes later and answers 404 until then. An account older than a day is no
newcomer: there a second answer settles it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.dispatch.row_queues import UNKNOWN_USER_TRIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulktap.dispatch.observer import Observer

_TRIES_OF_OLD_ACCOUNT = 2
_OLD = timedelta(days=1)
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 30.0  # seconds; ten tries take about three minutes


class Newcomers:
    """Counts how often each of them was asked about."""

    def __init__(self, created: Mapping[str, datetime | None], observer: Observer) -> None:
        """Take the users whom the directory has shown, and when each account was created, where that is known."""
        self._created = created
        self._observer = observer
        self._asked: Counter[str] = Counter()
        self._told = False

    def __contains__(self, subject: str) -> bool:
        return subject in self._created

    def pause(self, subject: str, service_now: datetime) -> float | None:
        """Return how long to wait before the user is asked about again; None if that was often enough."""
        self._asked[subject] += 1
        asked, created = self._asked[subject], self._created.get(subject)
        old = created is not None and service_now - created > _OLD
        if asked >= (_TRIES_OF_OLD_ACCOUNT if old else UNKNOWN_USER_TRIES):
            return None
        if asked == _TRIES_OF_OLD_ACCOUNT and not self._told:
            self._told = True
            self._observer.warn(
                "The authentication service does not know some users yet whom the directory shows; they are asked "
                "about again for about three minutes."
            )
        return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (asked - 1))
