"""PassTerms: when a pass starts, how long it lives and how often it works; one value wherever a pass is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bulktap.model.utc_times import moment_of, utc_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class PassTerms:
    """What is asked of a pass; what is None is left to whoever fills it in: the options, or the tenant's policy."""

    starts_at: datetime | None = None
    """When it becomes usable, aware, in UTC; None starts now."""
    lifetime_minutes: int | None = None
    """Minutes from its start."""
    usable_once: bool | None = None
    """One-time or multi-use."""


@dataclass(frozen=True, slots=True)
class TermsCodec:
    """How a JSON file writes terms: under which names, a start in ISO 8601."""

    start: str
    lifetime: str
    one_time: str

    def write(self, terms: PassTerms | None) -> dict[str, object]:
        """Return the three members; all are null where nothing is known of the terms.

        Raises:
            ValueError: the start has no time zone.
        """
        terms = terms or PassTerms()
        return {
            self.start: utc_text(terms.starts_at),
            self.lifetime: terms.lifetime_minutes,
            self.one_time: terms.usable_once,
        }

    def read(self, members: Mapping[str, Any]) -> PassTerms:
        """Return the terms that the members state.

        Raises:
            KeyError, TypeError, ValueError: they are not what `write` returns.
        """
        return PassTerms(moment_of(members[self.start]), members[self.lifetime], members[self.one_time])
