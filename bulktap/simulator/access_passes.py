"""One Temporary Access Pass: what was asked for, what is kept, and how the service shows it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bulktap.simulator import refusals

if TYPE_CHECKING:
    from bulktap.simulator.refusals import Refusal

SOMEBODY_ELSE = "somebody else"
"""The creator of passes that another administrator issued."""

_ODATA_TYPE = "#microsoft.graph.temporaryAccessPassAuthenticationMethod"
_OFFSET = re.compile(r"(Z|[+-]\d\d:\d\d)$", re.IGNORECASE)
_ORDER_MEMBERS = {"startDateTime", "lifetimeInMinutes", "isUsableOnce"}


@dataclass(frozen=True, slots=True)
class PassOrder:
    """The three things a create can ask for; None leaves it to the policy."""

    starts_at: datetime | None = None
    """Aware, in UTC."""
    lifetime_minutes: int | None = None
    usable_once: bool | None = None


@dataclass(frozen=True, slots=True)
class AccessPass:
    """A pass as the tenant keeps it: without its passcode."""

    pass_id: str
    """Its GUID."""
    digest: str
    """SHA-256 of the passcode, hexadecimal."""
    created_at: datetime
    starts_at: datetime
    lifetime_minutes: int
    usable_once: bool
    creator: str
    """The application's client id, or `somebody else`."""
    client_request_id: str = ""
    """The id that the create carried."""
    used: bool = False
    """Whether somebody signed in with it."""
    used_at: datetime | None = None
    """When; None too where it was used before anybody looked."""
    died_at: datetime | None = None
    """When it was replaced or deleted."""
    ended_by: str = ""
    """`replaced by <id>` or `deleted by <who>`."""
    late_effect: str = ""
    """The id of the late effect that created it; empty where it was created before the answer went out."""

    @property
    def expires_at(self) -> datetime:
        """The end of its lifetime, counted from its start."""
        return self.starts_at + timedelta(minutes=self.lifetime_minutes)

    def as_of(self, moment: datetime) -> AccessPass:
        """Return the pass as it was then."""
        if self.used_at is None or self.used_at <= moment:
            return self
        return replace(self, used=False, used_at=None)

    def usability(self, now: datetime, *, allowed: bool) -> str:
        """Return the `methodUsabilityReason`; `allowed` is what the policy says today."""
        if self.used and self.usable_once:
            return "OneTimeUsed"
        if now >= self.expires_at:
            return "Expired"
        if not allowed:
            return "DisabledByPolicy"
        return "NotYetValid" if now < self.starts_at else "EnabledByPolicy"

    def wire(self, usability: str, passcode: str | None = None) -> dict[str, object]:
        """Return the pass as an answer shows it; only the creating answer has the passcode."""
        return {
            "@odata.type": _ODATA_TYPE,
            "id": self.pass_id,
            "temporaryAccessPass": passcode,
            "createdDateTime": _seven_digits(self.created_at, int(self.pass_id[0], 16) % 10),
            "startDateTime": _shortest(self.starts_at),
            "lifetimeInMinutes": self.lifetime_minutes,
            "isUsableOnce": self.usable_once,
            "isUsable": usability == "EnabledByPolicy",
            "methodUsabilityReason": usability,
        }


@dataclass(frozen=True, slots=True)
class CreatedPass:
    """What the creating answer needs; the only value that holds a passcode."""

    access_pass: AccessPass
    usability: str
    passcode: str = field(repr=False)


def read_order(body: object) -> PassOrder | Refusal:
    """Read the body of a create; all members are optional, unknown ones are refused."""
    if not isinstance(body, dict):
        return refusals.JSON_EXPECTED if body is None else refusals.malformed("request body")
    unknown = [name for name in body if name not in _ORDER_MEMBERS and not name.startswith("@odata.")]
    if unknown:
        return refusals.malformed(str(unknown[0]))
    lifetime, once, start = (body.get(name) for name in ("lifetimeInMinutes", "isUsableOnce", "startDateTime"))
    if lifetime is not None and (not isinstance(lifetime, int) or isinstance(lifetime, bool)):
        return refusals.malformed("LifetimeInMinutes")
    if once is not None and not isinstance(once, bool):
        return refusals.malformed("IsUsableOnce")
    if start is None:
        return PassOrder(None, lifetime, once)
    moment = _read_moment(start)
    return refusals.malformed("StartDateTime") if moment is None else PassOrder(moment, lifetime, once)


def passcode_digest(passcode: str) -> str:
    """Return the digest under which a passcode is kept."""
    return hashlib.sha256(passcode.encode()).hexdigest()


def _read_moment(text: object) -> datetime | None:
    # OData's DateTimeOffset must name its offset; a local time is not one.
    if not isinstance(text, str) or not _OFFSET.search(text) or "T" not in text.upper():
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _seven_digits(moment: datetime, last: int) -> str:
    # The service counts in 100 ns; the digit that a datetime cannot hold is made up, but the same every time.
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}{last}Z"


def _shortest(moment: datetime) -> str:
    fraction = f".{moment.microsecond:06d}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"
