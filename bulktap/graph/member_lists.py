"""The tenant's own lists of people: members of a group or an administrative unit, new accounts; steps and pages; pure.

Members come a page at a time, and `@odata.nextLink` says where the next one is. It is followed only within Microsoft
Graph as it is reached now: an address elsewhere would be handed a token that is not for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from bulktap.graph.directory import UserRetry
from bulktap.graph.error_detail import is_refusal, read_error
from bulktap.graph.wire_times import parse_moment, parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulktap.graph.batch import StepResponse

_PAGE = 999
"""The most that one page holds."""
_CANDIDATES = 50
_VERSION = "/v1.0"
_PROPERTIES = "id,userPrincipalName,displayName,givenName,surname,department,userType,createdDateTime"
_USER = "user"


class ListKind(StrEnum):
    """What has members."""

    GROUP = "group"
    UNIT = "administrative unit"

    @property
    def path(self) -> str:
        """Where all of them are."""
        return "/groups" if self is ListKind.GROUP else "/directory/administrativeUnits"

    @property
    def permission(self) -> str:
        """The least that an app needs for them and their members, besides `User.Read.All`."""
        return "GroupMember.Read.All" if self is ListKind.GROUP else "AdministrativeUnit.Read.All"


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page."""

    items: tuple[Mapping[str, object], ...]
    next_url: str | None = None
    """The next page's address, relative to the version root; None behind the last."""
    leads_away: bool = False
    """True if there is a next page that is not at this Microsoft Graph."""


@dataclass(frozen=True, slots=True)
class ListRefused:
    """There is no page."""

    status: int
    """HTTP status; 0 where the service gave no answer."""
    message: str
    """Why, in the service's words."""


@dataclass(frozen=True, slots=True)
class ListedUser:
    """A user as a list shows them; of one whom the app may not read, only the id."""

    object_id: str
    upn: str | None
    display_name: str | None
    given_name: str | None
    surname: str | None
    department: str | None
    guest: bool
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group or an administrative unit."""

    object_id: str
    name: str
    description: str
    dynamic: bool
    """True if a rule decides who is in it."""
    hides_members: bool
    """True if its members are shown to apps with a permission of their own only."""


def one_url(kind: ListKind, object_id: str) -> str:
    """Return the address of the one with this id."""
    return f"{kind.path}/{quote(object_id)}"


def named_url(kind: ListKind, name: str, *, begins: bool = False) -> str:
    """Return the address of those with this name, or with a name that begins so."""
    literal = "'" + name.replace("'", "''") + "'"
    condition = f"startswith(displayName,{literal})" if begins else f"displayName eq {literal}"
    return f"{kind.path}?$filter={quote(condition, safe='')}&$top={_CANDIDATES}"


def members_url(kind: ListKind, object_id: str) -> str:
    """Return the address of all members, of a group through the groups in it too."""
    members = "transitiveMembers" if kind is ListKind.GROUP else "members"
    return f"{one_url(kind, object_id)}/{members}?$select={_PROPERTIES}&$top={_PAGE}"


def created_since_url(moment: datetime) -> str:
    """Return the address of the users whose accounts were made then or later; the moment is in UTC."""
    condition = quote(f"createdDateTime ge {moment:%Y-%m-%dT%H:%M:%SZ}", safe="")
    return f"/users?$filter={condition}&$select={_PROPERTIES}&$top={_PAGE}"


def judge_page(
    response: StepResponse, graph_url: str, service_now: datetime | None = None
) -> ListPage | ListRefused | UserRetry:
    """Return a page of a list, or one object as a page; or why there is none."""
    if response.status == 200:
        return _read_page(response.body, graph_url)
    detail = read_error(response.body)
    if is_refusal(response.status, detail):
        return ListRefused(response.status, detail.message or detail.code)
    wait = parse_retry_after(response.headers.get("retry-after"), service_now)
    return UserRetry(wait, throttled=response.status == 429)


def _read_page(body: object, graph_url: str) -> ListPage | UserRetry:
    if not isinstance(body, dict):
        return UserRetry(None, throttled=False)
    if "value" not in body:
        return ListPage((body,)) if isinstance(body.get("id"), str) else UserRetry(None, throttled=False)
    values = body["value"]
    if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
        return UserRetry(None, throttled=False)
    link = body.get("@odata.nextLink")
    following = None if link is None else _relative(link, graph_url)
    return ListPage(tuple(values), following, leads_away=link is not None and following is None)


def _relative(link: object, graph_url: str) -> str | None:
    """Return an address as a step has it; None where it does not lead to this Microsoft Graph."""
    try:
        found, root = urlsplit(str(link)), urlsplit(graph_url)
        same = (found.hostname, found.port or 443) == (root.hostname, root.port or 443)
    except ValueError:  # a port that is none
        return None
    path = found.path.removeprefix(root.path.rstrip("/").removesuffix(_VERSION))
    if found.scheme != "https" or not same or found.username is not None or not path.startswith(f"{_VERSION}/"):
        return None
    return f"{path.removeprefix(_VERSION)}?{found.query}" if found.query else path.removeprefix(_VERSION)


def kind_of(item: Mapping[str, object]) -> str:
    """Return what an item of a list is: `user`, `group`, `device`, `orgContact`; where it does not say, a user."""
    said = item.get("@odata.type")
    return said.rpartition(".")[2] if isinstance(said, str) else _USER


def read_listed_user(item: Mapping[str, object]) -> ListedUser | None:
    """Return the user that an item is; None where it is something else."""
    object_id = _text(item, "id")
    if object_id is None or kind_of(item) != _USER:
        return None
    return ListedUser(
        object_id.casefold(),
        _text(item, "userPrincipalName"),
        _text(item, "displayName"),
        _text(item, "givenName"),
        _text(item, "surname"),
        _text(item, "department"),
        guest=(_text(item, "userType") or "").casefold() == "guest",
        created_at=parse_moment(item.get("createdDateTime")),
    )


def read_listed_group(item: Mapping[str, object]) -> ListedGroup | None:
    """Return the group or unit that an item is; None where it is none."""
    object_id = _text(item, "id")
    if object_id is None:
        return None
    types = item.get("groupTypes")
    by_rule = isinstance(types, list) and "DynamicMembership" in types
    return ListedGroup(
        object_id.casefold(),
        _text(item, "displayName") or object_id,
        _text(item, "description") or "",
        dynamic=by_rule or (_text(item, "membershipType") or "").casefold() == "dynamic",
        hides_members=(_text(item, "visibility") or "").casefold() == "hiddenmembership",
    )


def _text(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    return value if isinstance(value, str) and value else None
