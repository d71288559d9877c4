"""A step's URL → what it addresses.

Relative to the version root, with or without a leading slash. Percent-encoding is undone once per segment; an unencoded
`#` ends the URL, as it does in any client. A user stands as `users/{id or name}` or `users('{name}')`, where a quote
inside is doubled; a name that begins with `$` works in the second form only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from bulktap.simulator import refusals

if TYPE_CHECKING:
    from bulktap.simulator.refusals import Refusal


class Resource(StrEnum):
    """What a client may ask about."""

    USER = "user"
    USERS = "users"
    PASSES = "passes of a user"
    PASS = "one pass of a user"
    POLICY = "pass policy"
    ORGANIZATION = "organization"
    MEMBERSHIPS = "groups of a user"
    METHODS = "sign-in methods of a user"
    GROUPS = "groups"
    GROUP = "group"
    GROUP_MEMBERS = "members of a group"
    UNITS = "administrative units"
    UNIT = "administrative unit"
    UNIT_MEMBERS = "members of an administrative unit"


GROUP_RESOURCES = frozenset(
    {
        Resource.GROUPS,
        Resource.GROUP,
        Resource.GROUP_MEMBERS,
        Resource.UNITS,
        Resource.UNIT,
        Resource.UNIT_MEMBERS,
    }
)
"""What is about groups and administrative units."""


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
    """Everything behind the question mark, as it came; only of a search, and of lists of members."""
    group: str | None = None
    """Object id of a group or an administrative unit."""


_KEYED_USER = re.compile(r"users\('(.*)'\)", re.IGNORECASE | re.DOTALL)
_POLICIES = ("policies", "authenticationmethodspolicy")
_FIXED = {
    ("organization",): Resource.ORGANIZATION,
    (*_POLICIES, "authenticationmethodconfigurations", "temporaryaccesspass"): Resource.POLICY,
    (*_POLICIES, "authenticationmethodconfigurations('temporaryaccesspass')"): Resource.POLICY,
}
_GROUPS: dict[tuple[str, ...] | None, Resource] = {
    None: Resource.GROUPS,
    (): Resource.GROUP,
    ("transitivemembers",): Resource.GROUP_MEMBERS,
}
_UNITS: dict[tuple[str, ...] | None, Resource] = {
    None: Resource.UNITS,
    (): Resource.UNIT,
    ("members",): Resource.UNIT_MEMBERS,
}
"""By what follows the id; None where none does."""
_PASSES = ("authentication", "temporaryaccesspassmethods")


def read_address(url: str) -> Address | Refusal:
    """Read a URL, or say what the service says to it."""
    path, _question, query = url.partition("#")[0].partition("?")
    segments = [unquote(segment) for segment in path.removeprefix("/").split("/")]
    select = _select(query)
    lower = tuple(segment.lower() for segment in segments)
    if lower in _FIXED:
        return Address(_FIXED[lower], select=select)
    if lower in {("users",), ("users", "")}:
        return Address(Resource.USERS, query=query)
    if lower[0] == "me":
        return _of_user(None, segments[1:], select)
    if keyed := _KEYED_USER.fullmatch(segments[0]):
        return _of_user(keyed[1].replace("''", "'"), segments[1:], select)
    if lower[0] == "users" and len(segments) > 1:
        return refusals.QUERY_SYNTAX if segments[1].startswith("$") else _of_user(segments[1], segments[2:], select)
    return _of_group(segments, lower, query)


def _of_group(segments: list[str], lower: tuple[str, ...], query: str) -> Address | Refusal:
    in_directory = lower[:2] == ("directory", "administrativeunits")
    if not in_directory and lower[0] != "groups":
        return refusals.NO_SUCH_PATH
    rest = segments[2 if in_directory else 1 :]
    names = _UNITS if in_directory else _GROUPS
    resource = names.get(tuple(segment.lower() for segment in rest[1:])) if rest else names[None]
    if resource is None:
        return refusals.NO_SUCH_PATH
    return Address(resource, query=query, group=rest[0] if rest else None)


def _of_user(user: str | None, rest: list[str], select: tuple[str, ...]) -> Address | Refusal:
    lower = tuple(segment.lower() for segment in rest)
    if not lower:
        return Address(Resource.USER, user, select=select)
    if lower == ("transitivememberof",):
        return Address(Resource.MEMBERSHIPS, user, select=select)
    if lower == ("authentication", "methods"):
        return Address(Resource.METHODS, user, select=select)
    if lower == _PASSES:
        return Address(Resource.PASSES, user, select=select)
    if lower[:2] == _PASSES and len(lower) == 3 and lower[2]:
        return Address(Resource.PASS, user, lower[2], select)
    return refusals.NO_SUCH_PATH


def _select(query: str) -> tuple[str, ...]:
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.lower() == "$select":
            return tuple(part.strip() for part in value.split(",") if part.strip())
    return ()
