"""The simulator's truth, typed: what the tenant holds and what really happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class TruePass:
    """A pass that a user has or had."""

    pass_id: str
    digest: str
    """SHA-256 of the passcode, hexadecimal."""
    created: datetime
    expires: datetime
    creator: str
    """The application's client id, or `somebody else`."""
    used_up: bool = False
    """Whether it was one-time and is used."""
    late: bool = False
    """Whether it was created after its request had been answered."""
    client_request_id: str = ""
    """The id that its create carried."""
    died: datetime | None = None
    ended_by: str = ""
    """`replaced by <id>` or `deleted by <who>`."""


@dataclass(frozen=True, slots=True)
class TrueAttempt:
    """One create step as it reached the service."""

    user: str
    """Object id."""
    received: datetime
    finished: datetime | None
    """When the service was done with it; None where it still is not."""
    pass_id: str | None = None
    """The pass that it created, whatever was answered."""
    lands: datetime | None = None
    """When it was, or is still to be, carried out, where that is after its answer."""


@dataclass(frozen=True, slots=True)
class TrueListing:
    """One list step that was carried out."""

    user: str
    at: datetime
    delivered: bool
    """Whether the answer left in one piece."""
    lag: timedelta = timedelta()
    """How much older than `at` the moment is that it showed."""
    shown: str | None = None
    """The id of the pass in the answer."""


@dataclass(frozen=True, slots=True)
class TrueUser:
    """One user of the tenant."""

    object_id: str
    upn: str
    current_pass_id: str | None
    history: tuple[TruePass, ...] = ()
    """Every pass that the user ever had, oldest first."""

    @property
    def current(self) -> TruePass | None:
        """The pass that a list shows."""
        return next((one for one in self.history if one.pass_id == self.current_pass_id), None)


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything that the simulator knows."""

    client_id: str
    """Who we are to it."""
    now: datetime
    users: Mapping[str, TrueUser]
    """By object id."""
    attempts: tuple[TrueAttempt, ...] = ()
    listings: tuple[TrueListing, ...] = ()
    lands_by: datetime | None = None
    """When the last create lands that has still to; None where there is none."""


def read_truth(data: Mapping[str, Any]) -> Truth:
    """Read the JSON of `GET /_simulator/truth`."""
    return Truth(
        client_id=data["client_id"],
        now=datetime.fromisoformat(data["now"]),
        users={object_id: _user(object_id, item) for object_id, item in data["users"].items()},
        attempts=tuple(
            TrueAttempt(
                item["user"],
                datetime.fromisoformat(item["received"]),
                _moment(item["finished"]),
                item["pass_id"],
                _moment(item["lands"]),
            )
            for item in data["attempts"]
        ),
        listings=tuple(
            TrueListing(
                item["user"],
                datetime.fromisoformat(item["at"]),
                item["delivered"],
                datetime.fromisoformat(item["at"]) - datetime.fromisoformat(item["as_of"]),
                item["shown"],
            )
            for item in data["listings"]
        ),
        lands_by=max((datetime.fromisoformat(item["due"]) for item in data["late"]), default=None),
    )


def _user(object_id: str, item: Mapping[str, Any]) -> TrueUser:
    history = tuple(_pass(one) for one in item["history"])
    return TrueUser(object_id, item["upn"], item["current_pass_id"], history)


def _pass(item: Mapping[str, Any]) -> TruePass:
    return TruePass(
        pass_id=item["id"],
        digest=item["digest"],
        created=datetime.fromisoformat(item["created"]),
        expires=datetime.fromisoformat(item["starts"]) + timedelta(minutes=item["lifetime_minutes"]),
        creator=item["creator"],
        used_up=item["used"] and item["usable_once"],
        late=item["late"],
        client_request_id=item["client_request_id"],
        died=_moment(item["died"]),
        ended_by=item["ended_by"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
