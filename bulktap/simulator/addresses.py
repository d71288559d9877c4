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
    """Everything behind the question mark, as it came; only of a search for users."""


_KEYED_USER = re.compile(r"users\('(.*)'\)", re.IGNORECASE | re.DOTALL)
_POLICIES = ("policies", "authenticationmethodspolicy")
_FIXED = {
    ("organization",): Resource.ORGANIZATION,
    (*_POLICIES, "authenticationmethodconfigurations", "temporaryaccesspass"): Resource.POLICY,
    (*_POLICIES, "authenticationmethodconfigurations('temporaryaccesspass')"): Resource.POLICY,
}
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
    return refusals.NO_SUCH_PATH


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
