"""What is asked for each row at the moment its batch leaves; pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.dispatch.reissuing import is_doubted, refusal
from bulktap.model.row_error_catalogue import about_guards, about_passes
from bulktap.model.run_events import Event, Noted, Sent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bulktap.dispatch.row_queues import RowWork
    from bulktap.model.pass_terms import PassTerms
    from bulktap.model.passes import PassPolicy, PassRequest
    from bulktap.model.row_errors import RowError

SOONEST_START = timedelta(seconds=60)
"""A start closer than this may be past when the request arrives, and the service refuses a start in the past."""

STARTS_NOW_NOTE = "The start was less than a minute ahead when the request left, so the pass starts at once."


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of a batch and what is asked for it."""

    work: RowWork
    request: PassRequest

    def sent(self, now: datetime, request_id: str) -> Sent:
        """Return the record of its leaving."""
        return Sent(self.work.row.number, now, self.request.terms, request_id)


@dataclass(frozen=True, slots=True)
class CreateTerms:
    """What holds for the creates of a run beside the rows' own wishes."""

    policy: PassPolicy | None = None
    """The tenant's, where it may be read; its default lifetime stands in for one that is not asked."""
    barred: Mapping[int, RowError] = field(default_factory=dict)
    """Rows for which no create leaves any more, by plan number."""


def what_is_asked(works: Sequence[RowWork], run: CreateTerms, now: datetime) -> tuple[dict[str, Asked], list[Event]]:
    """Return what to ask, by step id, and what is to be recorded; a start that is over or nearly so is dealt with.

    Args:
        works: the rows of one batch.
        run: what holds for all of them.
        now: the service's time.
    """
    asked: dict[str, Asked] = {}
    events: list[Event] = []
    for work in works:
        doubted = is_doubted(work.state)
        if (barred := run.barred.get(work.row.number)) is not None:
            barred = about_guards.barred_after_doubt(barred) if doubted else barred
            events.append(refusal(work.state, barred))
            continue
        request = work.row.request
        if request is None:  # planning gives every row that creates its request
            raise ValueError("a row that creates has no request")
        terms = request.terms
        if terms.starts_at is not None and terms.starts_at - now < SOONEST_START:
            if work.state.reissue is None and _is_over(terms, run.policy, now):
                error = about_passes.pass_would_be_over(terms.starts_at, work.zone)
                error = about_passes.refused_after_doubt(error) if doubted else error
                events.append(refusal(work.state, error))
                continue
            events.append(Noted(work.row.number, STARTS_NOW_NOTE))
            request = replace(request, terms=replace(terms, starts_at=None))
        asked[str(len(asked) + 1)] = Asked(work, request)
    return asked, events


def _is_over(terms: PassTerms, policy: PassPolicy | None, now: datetime) -> bool:
    lifetime = terms.lifetime_minutes or (policy.default_lifetime_minutes if policy else None)
    if terms.starts_at is None or lifetime is None:
        return False
    return terms.starts_at + timedelta(minutes=lifetime) <= now
