"""Users fifteen at a time: `GET /users` with `$filter` and `in`; step and findings; pure.

Such an answer only ever says who is there. Whoever it does not show may be missing, hidden, on another page, or spelled
in a way that a filter compares otherwise, so that nobody is called missing by it: `directory.user_step` asks about them
alone. It needs the permission that looking one user up needs, and no advanced query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bulktap.graph.batch import UNRESERVED, BatchStep
from bulktap.graph.directory import USER_MEMBERS, FoundUser, UserRetry, read_user
from bulktap.graph.error_detail import is_refusal, read_error
from bulktap.graph.wire_times import parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bulktap.graph.batch import StepResponse
    from bulktap.model.passes import UserRef

MOST_VALUES = 15
"""The most values of an `in` without an advanced query (Microsoft's page on the `$filter` query parameter)."""
_LONGEST_VALUE = 120
"""A longer value is a 400 (known issues of Microsoft Graph, query parameters)."""


@dataclass(frozen=True, slots=True)
class UsersShown:
    """Who of those asked about was shown."""

    users: Mapping[str, FoundUser]
    """By what was asked, folded."""


@dataclass(frozen=True, slots=True)
class UsersRefused:
    """The question was refused, or the service failed at it; it says nothing about any of the users."""

    forbidden: bool
    """True if the app may not ask."""


def can_be_filtered(user: UserRef) -> bool:
    """Return whether a filter takes the name."""
    return len(user.text) <= _LONGEST_VALUE


def users_step(step_id: str, users: Sequence[UserRef]) -> BatchStep:
    """Return the step that looks up to fifteen users up, all by object id or all by user principal name."""
    values = "%2C".join([f"%27{_encoded(user.text)}%27" for user in users])
    name = "id" if users[0].is_object_id else "userPrincipalName"
    condition = f"{name}%20in%20%28{values}%29"
    return BatchStep(step_id, "GET", f"/users?$filter={condition}&$select={USER_MEMBERS}&$top={MOST_VALUES}")


def _encoded(value: str) -> str:
    # OData doubles quotes inside a string; the rest is percent-encoded, or `#`, `&` and `+` would end or change it.
    return value if UNRESERVED.fullmatch(value) else quote(value.replace("'", "''"), safe="@")


def judge_users(
    response: StepResponse, asked: Sequence[UserRef], service_now: datetime | None = None
) -> UsersShown | UsersRefused | UserRetry:
    """Return who was shown of those who were asked about.

    A user is taken for the one who was asked about only by that very name or id, whatever its case.
    """
    if response.status != 200:
        if is_refusal(response.status, read_error(response.body)):
            return UsersRefused(forbidden=response.status == 403)
        wait = parse_retry_after(response.headers.get("retry-after"), service_now)
        return UserRetry(wait, throttled=response.status == 429)
    items = response.body.get("value") if isinstance(response.body, dict) else None
    if not isinstance(items, list):
        return UserRetry(None, throttled=False)
    shown: dict[str, list[FoundUser]] = {}
    for user in filter(None, map(read_user, items)):
        key = user.object_id if asked[0].is_object_id else user.upn
        shown.setdefault((key or "").lower(), []).append(user)
    by_asked = {user.folded: shown.get(user.text.lower(), []) for user in asked}
    # Two of one name cannot be; whoever is shown twice is asked about alone.
    return UsersShown({folded: users[0] for folded, users in by_asked.items() if len(users) == 1})
