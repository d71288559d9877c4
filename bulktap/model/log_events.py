"""Log events: what stands in a line of `log.jsonl`, a frozen class for each kind, whose fields are the line's.

A field has a type that JSON can hold and that is no `Secret`; nothing else can be logged. Texts that quote others are
freed of secrets on their way into the file (`operations.run_log`). The schema of a line is published beside the writer,
`storage/log.schema.json`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LogValue: TypeAlias = "str | float | bool | Sequence[LogValue] | Mapping[str, LogValue] | None"
"""What JSON can hold."""

WIRE_NAME: Final = "name"
"""In a field's metadata: what it is called in the line, where that is no name in Python."""


OURS: Final = "ours"
"""In a field's metadata: true of a text that this program makes up, so that it quotes nobody."""


class Absent(Enum):
    """Stands in a field that the line does not have; None is a value, which JSON writes as `null`."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One line of the log, but for its time."""

    kind: ClassVar[str]
    """What the line names as its `event`."""


@dataclass(frozen=True, slots=True)
class PhaseBegun(LogEvent):
    """A phase of the work begins."""

    kind: ClassVar[str] = "phase"

    name: str
    """Of the phase."""
    total: int
    """Rows or users that it has to get through."""
    cpu_seconds: float
    """Processor time that this process has used so far: what a phase costs is the difference between two of these."""


@dataclass(frozen=True, slots=True)
class WarningShown(LogEvent):
    """The operator was told something."""

    kind: ClassVar[str] = "warning"

    message: str
    """The sentence, as it was shown."""


@dataclass(frozen=True, slots=True)
class SignInUnanswered(LogEvent):
    """No answer came from the sign-in service, so the batch that needed a token was not sent."""

    kind: ClassVar[str] = "sign-in"

    cause: str
    """In words."""
    permanent: bool
    """True if waiting cannot heal it."""


@dataclass(frozen=True, slots=True)
class TokenRefreshed(LogEvent):
    """An access token was rejected and another was asked for."""

    kind: ClassVar[str] = "token-refreshed"

    claims: bool
    """True if the service demanded claims (continuous access evaluation)."""


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step of a batch that was not a success."""

    row: int | Absent
    """The row of the roster that it was about, as the sheet numbers it."""
    status: int | None
    """Its HTTP status; null if it has no answer in the reply."""
    cause: str | Absent = ABSENT
    """Why it has no status, in words."""
    code: str | Absent = ABSENT
    """Graph's error code."""
    inner_code: str | Absent = ABSENT
    """The innermost error code, where it is another."""
    request_id: str | Absent = ABSENT
    """Microsoft's id for the step, which its support asks for."""
    wait: str | Absent = ABSENT
    """`Retry-After` as the service wrote it."""
    throttle_scope: str | Absent = field(default=ABSENT, metadata={WIRE_NAME: "x-ms-throttle-scope"})
    """What the limit that was met is for, as the service wrote it."""
    throttle_information: str | Absent = field(default=ABSENT, metadata={WIRE_NAME: "x-ms-throttle-information"})
    """Which limit was met, as the service wrote it."""
    throttle_percentage: str | Absent = field(default=ABSENT, metadata={WIRE_NAME: "x-ms-throttle-limit-percentage"})
    """How much of the limit is used, as the service wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReplied(LogEvent):
    """A batch went out, and this is how it ended."""

    kind: ClassVar[str] = "batch"

    client_request_id: str = field(metadata={OURS: True})
    """Our id for the batch, which Microsoft's support asks for."""
    steps: int
    """How many steps it had."""
    creates: bool
    """True if a step of it creates a pass."""
    seconds: float
    """From sending to the end of its reply."""
    reply: str = field(metadata={OURS: True})
    """How it ended, by the name of the class in `graph.replies`."""
    status: int | Absent = ABSENT
    """The HTTP status of the whole batch; absent if no reply came."""
    request_id: str | Absent = ABSENT
    """Microsoft's id for the batch, which its support asks for."""
    failed: tuple[StepFailed, ...] | Absent = ABSENT
    """The steps of an answered batch that were not a success."""
    cause: str | Absent = ABSENT
    """Why there is no readable reply, in words."""
    permanent: bool | Absent = ABSENT
    """True if waiting cannot heal the cause."""
    code: str | Absent = ABSENT
    """Graph's error code, where it rejected the whole batch."""
    wait: float | Absent | None = ABSENT
    """Seconds the service asks to wait, where it throttled the whole batch; null if it names none."""
    rows: tuple[int, ...] | Absent = ABSENT
    """The rows of the roster that a batch without answers was about, as the sheet numbers them."""


@dataclass(frozen=True, slots=True)
class CreatesNotSent(LogEvent):
    """A batch that creates passes did not leave this computer."""

    kind: ClassVar[str] = "not-sent"

    cause: str
    """In words."""


@dataclass(frozen=True, slots=True)
class PassRevoked(LogEvent):
    """A pass that was to be deleted has its outcome."""

    kind: ClassVar[str] = "revoked"

    row: int
    """The row of the roster that it was issued for, as the sheet numbers it."""
    pass_id: str
    """Graph's id of the pass."""
    outcome: str
    """`revoked`, or why not: `gone`, `replaced`, `used`, `expired`, `refused`, `failed`."""


@dataclass(frozen=True, slots=True)
class JournalBlocked(LogEvent):
    """The disk refuses the journal; nothing is sent until it takes it."""

    kind: ClassVar[str] = "journal-blocked"

    reason: str
    """What the disk said."""


@dataclass(frozen=True, slots=True)
class WorkEnded(LogEvent):
    """The work of this process on the run has ended, and everything is written."""

    kind: ClassVar[str] = "end"

    exit_code: int
    """With which the command ends."""
    throttled_steps: int
    """Steps that the service throttled."""


def log_line(event: LogEvent, said: Callable[[str], str] = str) -> dict[str, LogValue]:
    """Return the members of an event's line, but for its time.

    Args:
        event: what happened.
        said: makes of each text that may quote others what is written of it.
    """
    return {"event": event.kind, **_members(event, said)}


def _members(part: LogEvent | StepFailed, said: Callable[[str], str]) -> dict[str, LogValue]:
    held = ((name, getattr(part, field), ours) for name, field, ours in _named(part))
    return {name: value if ours else _value(value, said) for name, value, ours in held if value is not ABSENT}


_NAMED: Final[dict[type, tuple[tuple[str, str, bool], ...]]] = {}
"""By the class of an event; of batches there are thousands."""


def _named(part: LogEvent | StepFailed) -> tuple[tuple[str, str, bool], ...]:
    """Return what the members of a line are called, with the fields that they come from, and whether these are ours."""
    if (known := _NAMED.get(type(part))) is None:
        known = tuple(
            (one.metadata.get(WIRE_NAME, one.name), one.name, bool(one.metadata.get(OURS))) for one in fields(part)
        )
        _NAMED[type(part)] = known
    return known


def _value(value: object, said: Callable[[str], str]) -> LogValue:
    match value:
        case str():
            return said(value)
        case None | bool() | int() | float():
            return value
        case tuple():
            return [_value(one, said) for one in value]
        case StepFailed():
            return _members(value, said)
        case _:
            raise TypeError(f"{type(value).__name__} is nothing that a log line can hold")
