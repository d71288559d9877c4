"""Values about passes that several rooms share; no behaviour beyond their invariants."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bulktap.model.pass_terms import PassTerms

MIN_LIFETIME_MINUTES = 10
"""The shortest lifetime any tenant can allow (Graph: temporaryAccessPassAuthenticationMethod)."""
MAX_LIFETIME_MINUTES = 43_200
"""The longest lifetime any tenant can allow: 30 days."""

CLOCK_DOUBT = timedelta(seconds=5)
"""A pass whose end is no longer ago than that may still work: what time it is at the service is known from `Date`
headers, which have whole seconds (RFC 9110, 5.6.7), and from replies that took a while."""

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def is_guid(text: str) -> bool:
    """Whether the text is an id as the directory gives them to users and tenants, whole and without braces."""
    return _GUID.match(text) is not None


@dataclass(frozen=True, slots=True)
class UserRef:
    """A user as the roster names them: a user principal name or an object id."""

    text: str
    """Trimmed, otherwise as the roster has it; an object id without braces."""

    @property
    def is_object_id(self) -> bool:
        """Whether the text is the directory's GUID rather than a user principal name."""
        return is_guid(self.text)

    @property
    def folded(self) -> str:
        """The text as it is compared: Graph takes both kinds without regard to case."""
        return self.text.casefold()


@dataclass(frozen=True, slots=True)
class PassRequest:
    """The pass that is asked for one user."""

    user: UserRef
    """Whose pass it is."""
    terms: PassTerms = field(default_factory=PassTerms)
    """What is None in them is left to the tenant's policy."""


@dataclass(frozen=True, slots=True)
class AccessPass:
    """A pass as Graph describes it, without the passcode; what the service left out is None."""

    pass_id: str
    """Graph's id of this pass."""
    created_at: datetime | None = None
    """When it was created, by the service's clock."""
    starts_at: datetime | None = None
    """When it becomes usable."""
    lifetime_minutes: int | None = None
    """Minutes from its start."""
    usable_once: bool | None = None
    """One-time or multi-use."""
    is_usable: bool | None = None
    """Whether it worked at the time of the answer."""
    usability: str | None = None
    """Why, or why not: EnabledByPolicy, DisabledByPolicy, Expired, NotYetValid, OneTimeUsed, or a newer word."""

    @property
    def expires_at(self) -> datetime | None:
        """Its start plus its lifetime, where both are known."""
        if self.starts_at is None or self.lifetime_minutes is None:
            return None
        return self.starts_at + timedelta(minutes=self.lifetime_minutes)

    def is_live(self, now: datetime) -> bool:
        """Whether replacing it would take a working pass, or one that is going to work, from somebody."""
        if self.usability in {"Expired", "OneTimeUsed"}:
            return False
        expires_at = self.expires_at
        return expires_at is None or expires_at + CLOCK_DOUBT > now


class PolicyState(StrEnum):
    """Whether the tenant allows passes at all."""

    ENABLED = "enabled"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class PassPolicy:
    """The tenant's rules for passes (temporaryAccessPassAuthenticationMethodConfiguration)."""

    state: PolicyState
    """Off by default in a new tenant."""
    minimum_lifetime_minutes: int
    """Shortest lifetime this tenant accepts."""
    maximum_lifetime_minutes: int
    """Longest lifetime this tenant accepts."""
    default_lifetime_minutes: int
    """What a request without a lifetime gets."""
    default_length: int
    """Characters in a passcode."""
    forces_one_time: bool
    """Whether every pass of the tenant is one-time."""
