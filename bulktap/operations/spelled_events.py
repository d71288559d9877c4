"""Spelled events: what a run records names settings as whoever started it types them.

The journal keeps sentences for good, and workbook and reports quote them: they are spelled once, on their way in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.outcomes import InDoubt, Issued, Refused, Skipped
from bulktap.model.run_events import Noted, Settled
from bulktap.model.setting_names import spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.dispatch.recorder import EventStore
    from bulktap.model.outcomes import Outcome
    from bulktap.model.run_events import Event
    from bulktap.model.setting_names import Spelling


class SpellingStore:
    """A store in front of another, which gets its events spelled."""

    def __init__(self, store: EventStore, spelling: Spelling) -> None:
        self._store = store
        self._spelling = spelling

    def record(self, events: Sequence[Event]) -> None:
        """See the interface."""
        self._store.record(spelled_events(events, self._spelling))


def spelled_events(events: Sequence[Event], spelling: Spelling) -> list[Event]:
    """Return events with settings named in their sentences as this spelling has it."""
    return [_spelled(event, spelling) for event in events]


def _spelled(event: Event, spelling: Spelling) -> Event:
    match event:
        case Settled():
            outcome = _spelled_outcome(event.outcome, spelling)
            return event if outcome is event.outcome else replace(event, outcome=outcome)
        case Noted():
            return replace(event, note=spelled(event.note, spelling))
        case _:
            return event


def _spelled_outcome(outcome: Outcome, spelling: Spelling) -> Outcome:
    match outcome:
        case Refused() | Skipped() | InDoubt():
            return replace(outcome, error=outcome.error.spelled(spelling))
        case Issued():
            return replace(outcome, note=spelled(outcome.note, spelling)) if outcome.note else outcome
