"""Whom the tenant's policy covers: its targets, and the groups of a user; steps and findings; pure.

`User.Read.All` is enough to list the memberships of any user (page of user: list transitiveMemberOf); of groups that
the app may not read, only their ids are shown, which is all that is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph.batch import BatchStep, user_path
from bulktap.graph.directory import UserRetry
from bulktap.graph.error_detail import is_refusal, read_error
from bulktap.graph.wire_times import parse_retry_after
from bulktap.model.pass_scope import Memberships, PassScope, PassTarget

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.graph.batch import StepResponse

_PAGE = 999
"""The most that one page holds."""


@dataclass(frozen=True, slots=True)
class MembershipsUnread:
    """The user's groups are not known."""

    forbidden: bool
    """True if the app may not read them."""


def memberships_step(step_id: str, user: str) -> BatchStep:
    """Return the step that lists the groups of a user, through other groups too."""
    return BatchStep(step_id, "GET", f"{user_path(user)}/transitiveMemberOf?$select=id&$top={_PAGE}")


def judge_memberships(
    response: StepResponse, service_now: datetime | None = None
) -> Memberships | MembershipsUnread | UserRetry:
    """Return the groups of a user, or why they are not known."""
    if response.status == 200:
        return _read(response.body)
    if is_refusal(response.status, read_error(response.body)):
        return MembershipsUnread(forbidden=response.status == 403)
    wait = parse_retry_after(response.headers.get("retry-after"), service_now)
    return UserRetry(wait, throttled=response.status == 429)


def read_scope(response: StepResponse) -> PassScope | None:
    """Return for whom the policy in this answer allows passes; None where it does not say so plainly."""
    body = response.body if response.status == 200 else None
    if not isinstance(body, dict):
        return None
    include, exclude = _targets(body.get("includeTargets")), _targets(body.get("excludeTargets", []))
    return None if include is None or exclude is None else PassScope(include, exclude)


def _targets(items: object) -> tuple[PassTarget, ...] | None:
    """Return the targets; None where one of them is of a kind that is not known."""
    if not isinstance(items, list):
        return None
    targets = []
    for item in items:
        target_id, kind = (item.get("id"), item.get("targetType")) if isinstance(item, dict) else (None, None)
        if not isinstance(target_id, str) or kind not in {"group", "user"}:
            return None
        targets.append(PassTarget(target_id.casefold(), is_group=kind == "group"))
    return tuple(targets)


def _read(body: object) -> Memberships | UserRetry:
    items = body.get("value") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(items, list):
        return UserRetry(None, throttled=False)
    ids = [item.get("id") for item in items if isinstance(item, dict)]
    groups = frozenset(one.casefold() for one in ids if isinstance(one, str))
    return Memberships(groups, complete="@odata.nextLink" not in body)
