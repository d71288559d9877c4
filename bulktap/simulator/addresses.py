"""A step's URL → what it addresses.

Relative to the version root, with or without a leading slash. Percent-encoding is undone once per segment; an unencoded
`#` ends the URL, as it does in any client. A user stands as `users/{id or name}` or `users('{name}')`, where a quote
inside is doubled; a name that begins with `$` works in the second form only. A segment that there is not is named in
the refusal, as the service does: of an absolute URL that is `https:`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from bulktap.simulator import refusals
from bulktap.simulator.queries import read_select

if TYPE_CHECKING:
    from bulktap.simulator.refusals import Refusal


class Resource(StrEnum):
    """What a client may ask about."""

    USER = "user"
    USERS = "users"
    USER_COUNT = "number of users"
    PASSES = "passes of a user"
    PASS = "one pass of a user"
    POLICY = "pass policy"
    METHODS_POLICY = "policy of all methods"
    METHOD_POLICIES = "policies of the methods"
    METHOD_POLICY = "policy of another method"
    ORGANIZATION = "organization"
    ONE_ORGANIZATION = "one organization"
    MEMBERSHIPS = "groups of a user"
    DIRECT_MEMBERSHIPS = "groups that name a user"
    METHODS = "sign-in methods of a user"
    GROUPS = "groups"
    GROUP_COUNT = "number of groups"
    GROUP = "group"
    GROUP_MEMBERS = "members of a group"
    DIRECT_MEMBERS = "members that a group names"
    UNITS = "administrative units"
    UNIT = "administrative unit"
    UNIT_MEMBERS = "members of an administrative unit"


GROUP_RESOURCES = frozenset(
    {
        Resource.GROUPS,
        Resource.GROUP_COUNT,
        Resource.GROUP,
        Resource.GROUP_MEMBERS,
        Resource.DIRECT_MEMBERS,
        Resource.UNITS,
        Resource.UNIT,
        Resource.UNIT_MEMBERS,
    }
)
"""What is about groups and administrative units."""
POLICY_RESOURCES = frozenset(
    {Resource.POLICY, Resource.METHODS_POLICY, Resource.METHOD_POLICIES, Resource.METHOD_POLICY}
)
"""What is about the policy of sign-in methods."""


@dataclass(frozen=True, slots=True)
class Address:
    """What a URL stands for."""

    resource: Resource
    user: str | None = None
    """Object id or user principal name; None with `me` for the caller."""
    pass_id: str | None = None
    select: tuple[str, ...] = ()
    """The properties of `$select`."""
    query: str = ""
    """Everything behind the question mark, as it came; only of lists and counts."""
    group: str | None = None
    """Object id of a group or an administrative unit."""
    name: str | None = None
    """The id of a method's policy, or of an organization."""


_OF_A_USER = {
    "": Resource.USER,
    "memberof": Resource.DIRECT_MEMBERSHIPS,
    "transitivememberof": Resource.MEMBERSHIPS,
    "authentication/methods": Resource.METHODS,
    "authentication/temporaryaccesspassmethods": Resource.PASSES,
    "authentication/temporaryaccesspassmethods/{pass_id}": Resource.PASS,
}
_METHODS_POLICY = "policies/authenticationmethodspolicy"
_PATHS = {
    "users": Resource.USERS,
    "users/$count": Resource.USER_COUNT,
    **{f"me/{rest}".rstrip("/"): resource for rest, resource in _OF_A_USER.items()},
    **{f"users/{{user}}/{rest}".rstrip("/"): resource for rest, resource in _OF_A_USER.items()},
    "organization": Resource.ORGANIZATION,
    "organization/{name}": Resource.ONE_ORGANIZATION,
    _METHODS_POLICY: Resource.METHODS_POLICY,
    f"{_METHODS_POLICY}/authenticationmethodconfigurations": Resource.METHOD_POLICIES,
    f"{_METHODS_POLICY}/authenticationmethodconfigurations/temporaryaccesspass": Resource.POLICY,
    f"{_METHODS_POLICY}/authenticationmethodconfigurations/{{name}}": Resource.METHOD_POLICY,
    "groups": Resource.GROUPS,
    "groups/$count": Resource.GROUP_COUNT,
    "groups/{group}": Resource.GROUP,
    "groups/{group}/members": Resource.DIRECT_MEMBERS,
    "groups/{group}/transitivemembers": Resource.GROUP_MEMBERS,
    "directory/administrativeunits": Resource.UNITS,
    "directory/administrativeunits/{group}": Resource.UNIT,
    "directory/administrativeunits/{group}/members": Resource.UNIT_MEMBERS,
}
_LISTS = frozenset(
    {
        Resource.USERS,
        Resource.USER_COUNT,
        Resource.GROUPS,
        Resource.GROUP_COUNT,
        Resource.GROUP_MEMBERS,
        Resource.DIRECT_MEMBERS,
        Resource.UNITS,
        Resource.UNIT_MEMBERS,
    }
)
_KEYED = re.compile(
    r"(users|groups|administrativeunits|organization|authenticationmethodconfigurations|temporaryaccesspassmethods)"
    r"\('(.*)'\)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class _Node:
    """What may follow a segment."""

    resource: Resource | None = None
    words: dict[str, _Node] = field(default_factory=dict)
    key: tuple[str, _Node] | None = None
    """What an id that stands here is the id of, and what may follow it."""


def _tree() -> _Node:
    root = _Node()
    for path, resource in _PATHS.items():
        node = root
        for segment in path.split("/"):
            if segment.startswith("{"):
                node.key = node.key or (segment[1:-1], _Node())
                node = node.key[1]
            else:
                node = node.words.setdefault(segment, _Node())
        node.resource = resource
    return root


_TREE = _tree()


def read_address(url: str) -> Address | Refusal:
    """Read a URL, or say what the service says to it."""
    path, _question, query = url.partition("#")[0].partition("?")
    segments = list(_segments(path))
    if len(segments) > 1 and segments[-1] == ("", False):
        segments.pop()  # a slash at the end
    node, keys = _TREE, dict[str, str]()
    for segment, keyed in segments:
        word = None if keyed else node.words.get(segment.lower())
        if word is not None:
            node = word
        elif node.key is None:
            return refusals.unknown_segment(segment)
        elif not keyed and (not segment or segment.startswith("$")):
            return refusals.QUERY_SYNTAX
        else:
            keys[node.key[0]], node = segment, node.key[1]
    if node.resource is None:
        return refusals.unknown_segment(segments[-1][0])
    listed = query if node.resource in _LISTS else ""
    pass_id = keys.get("pass_id")
    return Address(
        node.resource,
        keys.get("user"),
        pass_id.lower() if pass_id is not None else None,
        () if listed else _select(query),
        listed,
        keys.get("group"),
        keys.get("name"),
    )


def _segments(path: str) -> list[tuple[str, bool]]:
    """Return the segments of a path, and of each if it is an id in parentheses: `users('ann')` is two of them."""
    found: list[tuple[str, bool]] = []
    for segment in map(unquote, path.removeprefix("/").split("/")):
        keyed = _KEYED.fullmatch(segment)
        if keyed is None:
            found.append((segment, False))
        else:
            known_word = keyed[2].lower() == "temporaryaccesspass"
            found += [(keyed[1], False), (keyed[2].replace("''", "'"), not known_word)]
    return found


def _select(query: str) -> tuple[str, ...]:
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.lower() == "$select":
            return read_select(value)
    return ()
