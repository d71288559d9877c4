"""What really happens in the pretend tenant: passes, attempts and looks, by user; nobody but the rules reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.journals import Journal


class Proof(Enum):
    """What the answer to a create proves."""

    UNANSWERED = auto()
    NOTHING_DONE = auto()
    THROTTLED = auto()
    CREATED = auto()
    REFUSED = auto()
    UNPROVEN = auto()


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of a pass."""

    starts_at: datetime | None
    lifetime: int
    once: bool


@dataclass(eq=False, slots=True)
class TruePass:
    """A pass that a user has or had."""

    pass_id: str
    passcode: str
    request_id: str
    """The create that made it; somebody else's begin with `else`."""
    at: float
    """When it was created, in seconds of virtual time."""
    created_at: datetime
    starts_at: datetime
    lifetime: int
    once: bool
    body: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.body = {
            "id": self.pass_id,
            "createdDateTime": self.created_at.isoformat(),
            "startDateTime": self.starts_at.isoformat(),
            "lifetimeInMinutes": self.lifetime,
            "isUsableOnce": self.once,
            "isUsable": True,
            "methodUsabilityReason": "EnabledByPolicy",
        }

    def works_at(self, now: datetime) -> bool:
        """Return True if it works, or is going to."""
        return self.starts_at + timedelta(minutes=self.lifetime) > now

    def listed(self, now: datetime) -> dict[str, object]:
        """Return it as the service lists it."""
        if self.works_at(now):
            return self.body
        return {**self.body, "isUsable": False, "methodUsabilityReason": "Expired"}


@dataclass(eq=False, slots=True)
class Attempt:
    """One create that left."""

    user: int
    request_id: str
    sent: float
    terms: Terms
    process: str
    alive: list[bool]
    """Whether the process that waits for its answer is there; shared with it."""
    proof: Proof = Proof.UNANSWERED
    answered: float | None = None
    retry_after: float | None = None
    lands: float | None = None
    """When it takes effect, if it does."""
    made: TruePass | None = None

    def under_way(self, now: float) -> bool:
        """Return True as long as it has neither been answered nor, with nobody left to hear the answer, ended."""
        if self.proof is not Proof.UNANSWERED:
            return False
        return self.alive[0] or (self.lands is not None and self.lands > now)


@dataclass(eq=False, slots=True)
class Look:
    """One list that was answered."""

    asked: float
    as_of: float
    """The moment that the answer shows; earlier than it was asked where lists lag."""
    shown: TruePass | None
    process: str


@dataclass(eq=False, slots=True)
class User:
    """One user of the tenant."""

    number: int
    history: list[tuple[float, TruePass | None]] = field(default_factory=list)
    """Each pass, or none, from a moment on."""
    attempts: list[Attempt] = field(default_factory=list)
    foreign_acts: list[float] = field(default_factory=list)
    """When somebody who is no process of this seed created or deleted a pass."""
    odd: str = ""
    """What always fails for this user."""
    refused_lists: int = 0
    failed_lists: int = 0
    """Lists in a row that failed."""
    most_failed_lists: int = 0
    failing_since: float | None = None
    longest_failing: float = 0.0

    def at(self, seconds: float) -> TruePass | None:
        """Return the pass that the user had at a moment."""
        for since, made in reversed(self.history):
            if since <= seconds:
                return made
        return None

    def current(self) -> TruePass | None:
        """Return the pass that the user has."""
        return self.history[-1][1] if self.history else None

    def after(self, one: TruePass) -> tuple[float, TruePass | None] | None:
        """Return what took the place of a pass first, and when."""
        found = False
        for since, made in self.history:
            if found:
                return since, made
            found = made is one
        return None

    def made_by(self, journal: Journal) -> Iterator[TruePass]:
        """Yield the passes that creates on this journal's record have made."""
        mine = journal.requests.get(self.number, ())
        return (made for _, made in self.history if made is not None and made.request_id in mine)

    def list_failed(self, now: float) -> None:
        """Count a list that failed."""
        self.failing_since = now if self.failing_since is None else self.failing_since
        self.failed_lists += 1
        self.most_failed_lists = max(self.most_failed_lists, self.failed_lists)
        self.longest_failing = max(self.longest_failing, now - self.failing_since)

    def list_answered(self) -> None:
        """Begin to count anew."""
        self.failed_lists, self.failing_since = 0, None
