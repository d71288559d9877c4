"""The ledger: what really happened, for tests to compare with what the client believes.

Digests only; the ledger never sees a passcode.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bulktap.simulator.access_passes import SOMEBODY_ELSE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bulktap.simulator.access_passes import AccessPass
    from bulktap.simulator.changes import CreatePlanned
    from bulktap.simulator.tenant import Tenant


@dataclass(slots=True, eq=False)
class Attempt:
    """One create step, from the arrival of its batch to the end of it."""

    user: str
    """Object id; the address as it came, where there is no such user."""
    batch: int
    """Number of the batch, from 1; a single call counts as a batch."""
    client_request_id: str
    received_at: datetime
    """When the batch had arrived."""
    started_at: datetime | None = None
    """When the step was carried out; None where it was not."""
    finished_at: datetime | None = None
    """When the answer left or the connection was cut."""
    status: int = 0
    """What the step answered, whether or not the answer arrived; 0 where it was not reached."""
    pass_id: str | None = None
    """The pass that the step created, whatever it answered."""
    fault: str = ""
    """The weather that it met."""
    lands_at: datetime | None = None
    """When it is carried out, where that is after its answer; `pass_id` is known from then on."""


@dataclass(slots=True)
class Listing:
    """One list step that was carried out."""

    user: str
    batch: int
    at: datetime
    shown: str | None
    """The id of the pass in the answer."""
    as_of: datetime | None = None
    """The moment that it showed; earlier than `at` where the list lagged."""
    replica: int = 0
    """Which replica answered."""
    delivered: bool = False
    """Whether the answer left in one piece, as far as the simulator knows."""


@dataclass(slots=True)
class Statistics:
    """Counts since the start."""

    batches: int = 0
    single_calls: int = 0
    steps_received: int = 0
    steps_accepted: int = 0
    """Steps answered below 400."""
    creates_accepted: int = 0
    """Passes created for the client, whether or not it was told."""
    late_landings: int = 0
    """Passes created after the answer had gone out, for whomever."""
    steps_throttled: int = 0
    early_retries: int = 0
    token_requests: int = 0
    max_concurrent_creates_per_user: int = 0
    outer_statuses: Counter[int] = field(default_factory=Counter)
    """0 stands for a connection that was cut."""
    step_statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


class Ledger:
    """Attempts, listings and counts of one simulator."""

    def __init__(self) -> None:
        self.statistics = Statistics()
        self.attempts: list[Attempt] = []
        self.listings: list[Listing] = []
        self._late: dict[str, Attempt] = {}
        self._open: defaultdict[str, list[tuple[Attempt, Callable[[], bool]]]] = defaultdict(list)

    def begin(self, attempt: Attempt, hung_up: Callable[[], bool]) -> None:
        """Record that a create has arrived; `hung_up` tells whether its client has closed the connection since."""
        self.attempts.append(attempt)
        in_flight = self._open[attempt.user]
        # A client that hung up gave that attempt up; it may still land, but it is not one of two at a time.
        in_flight[:] = [(other, gone) for other, gone in in_flight if not gone()]
        in_flight.append((attempt, hung_up))
        statistics = self.statistics
        statistics.max_concurrent_creates_per_user = max(statistics.max_concurrent_creates_per_user, len(in_flight))

    def finish(self, attempts: list[Attempt], now: datetime) -> None:
        """Record that a batch's answer left."""
        for attempt in attempts:
            attempt.finished_at = now
            left = [pair for pair in self._open.pop(attempt.user, []) if pair[0] is not attempt]
            if left:
                self._open[attempt.user] = left

    def plan(self, attempt: Attempt, planned: CreatePlanned) -> None:
        """Record that an attempt lands later."""
        attempt.lands_at = planned.due
        self._late[planned.effect_id] = attempt

    def land(self, effect_id: str, access_pass: AccessPass) -> None:
        """Record that a late create landed."""
        self.statistics.late_landings += 1
        self.statistics.creates_accepted += access_pass.creator != SOMEBODY_ELSE
        # An attempt of the process before this one is in its ledger, not in ours.
        if attempt := self._late.pop(effect_id, None):
            attempt.pass_id = access_pass.pass_id

    def counts(self) -> dict[str, Any]:
        """Return the statistics, ready for JSON."""
        statistics = self.statistics
        plain = {name: getattr(statistics, name) for name in Statistics.__slots__}
        for name in ("outer_statuses", "step_statuses", "faults"):
            plain[name] = {str(key): count for key, count in sorted(plain[name].items())}
        return plain

    def truth(self, tenant: Tenant) -> dict[str, Any]:
        """Return what the tenant holds and what happened, ready for JSON."""
        return {
            "tenant_id": tenant.registration.tenant_id,
            "client_id": tenant.registration.client_id,
            "now": tenant.clock().isoformat(),
            "permission_removed": tenant.permission_removed,
            "policy": {
                "enabled": tenant.policy.enabled,
                "maximum_lifetime": tenant.policy.maximum_lifetime,
                "default_lifetime": tenant.policy.default_lifetime,
            },
            "users": {object_id: _user_truth(tenant, object_id) for object_id in tenant.users},
            "attempts": [_attempt_truth(attempt) for attempt in self.attempts],
            "listings": [_listing_truth(listing) for listing in self.listings],
            "late": [_late_truth(planned) for planned in tenant.late_creates()],
        }


def _user_truth(tenant: Tenant, object_id: str) -> dict[str, Any]:
    user = tenant.users[object_id]
    current = tenant.current(user)
    return {
        "upn": user.upn,
        "oddities": sorted(tenant.oddities(user)),
        "current_pass_id": current.pass_id if current else None,
        "digest": current.digest if current else None,
        "creator": current.creator if current else None,
        "usability": tenant.usability(user, current) if current else None,
        "history": [_pass_truth(access_pass) for access_pass in tenant.history(user)],
    }


def _pass_truth(access_pass: AccessPass) -> dict[str, Any]:
    return {
        "id": access_pass.pass_id,
        "digest": access_pass.digest,
        "created": access_pass.created_at.isoformat(),
        "starts": access_pass.starts_at.isoformat(),
        "lifetime_minutes": access_pass.lifetime_minutes,
        "usable_once": access_pass.usable_once,
        "used": access_pass.used,
        "creator": access_pass.creator,
        "died": _iso(access_pass.died_at),
        "ended_by": access_pass.ended_by,
        "client_request_id": access_pass.client_request_id,
        "late": bool(access_pass.late_effect),
    }


def _late_truth(planned: CreatePlanned) -> dict[str, Any]:
    return {
        "user": planned.user,
        "due": _iso(planned.due),
        "creator": planned.creator,
        "client_request_id": planned.client_request_id,
    }


def _attempt_truth(attempt: Attempt) -> dict[str, Any]:
    return {
        "user": attempt.user,
        "batch": attempt.batch,
        "client_request_id": attempt.client_request_id,
        "received": _iso(attempt.received_at),
        "started": _iso(attempt.started_at),
        "finished": _iso(attempt.finished_at),
        "status": attempt.status,
        "pass_id": attempt.pass_id,
        "fault": attempt.fault,
        "lands": _iso(attempt.lands_at),
    }


def _listing_truth(listing: Listing) -> dict[str, Any]:
    return {
        "user": listing.user,
        "batch": listing.batch,
        "at": _iso(listing.at),
        "as_of": _iso(listing.as_of or listing.at),
        "replica": listing.replica,
        "shown": listing.shown,
        "delivered": listing.delivered,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
