"""What `GET /users` asks for, read from its query: `$filter`, `$select`, `$top`, `$count`, `$skiptoken`.

Of the filter language it knows what needs no advanced query: `eq`, `in` and `startswith` on the properties that can be
filtered by, `ge` on the day an account was made, and clauses joined by `or`. Fifteen values are the most, in one `in`
as in a chain of `or`; what is malformed is refused in the directory's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

from bulktap.simulator import refusals
from bulktap.simulator.refusals import Refusal
from bulktap.simulator.users import FILTERABLE_PROPERTIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

_Item = TypeVar("_Item")
MOST_VALUES = 15
"""Values that a filter may name in all, unless the query is an advanced one."""
_LONGEST_VALUE = 120
_PAGE, _LARGEST_PAGE = 100, 999
_OPTIONS = frozenset({"$filter", "$select", "$top", "$count", "$skiptoken", "$orderby"})
_LITERAL = r"(?:'(?:[^']|'')*'|true|false|null)"
_CLAUSE = re.compile(
    rf"\s*(?:startswith\(\s*(?P<prefixed>\w+)\s*,\s*(?P<prefix>{_LITERAL})\s*\)"
    rf"|(?P<dated>createdDateTime)\s+ge\s+(?P<since>\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
    rf"|(?P<property>\w+)\s+(?:eq\s+(?P<value>{_LITERAL})|in\s*\((?P<values>\s*{_LITERAL}(?:\s*,\s*{_LITERAL})*)\s*\)))"
    r"\s*(?P<end>or\s|$)",
    re.IGNORECASE,
)
_LITERALS = re.compile(_LITERAL, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition on one property."""

    name: str
    """Of the property, as users have it."""
    values: tuple[str | bool | None, ...]
    """Any of these, whatever their case."""
    prefix: bool = False
    """Whether it is enough that a value begins so."""
    since: datetime | None = None
    """The earliest moment that fulfils it; then it names no values."""

    def holds(self, user: User) -> bool:
        """Tell whether a user fulfils it."""
        if self.since is not None:
            return user.created_at is not None and user.created_at >= self.since
        found = _lower(user.properties()[self.name])
        wanted = [_lower(value) for value in self.values]
        if self.prefix:
            return isinstance(found, str) and any(found.startswith(str(value)) for value in wanted)
        return found in wanted


@dataclass(frozen=True, slots=True)
class UserSearch:
    """One question for users."""

    clauses: tuple[Clause, ...] = ()
    """Any of which is enough; none stands for everybody."""
    select: tuple[str, ...] = ()
    top: int = _PAGE
    """Users on a page."""
    skipped: int = 0
    """Users on the pages before."""
    count: bool = False
    """Whether the number of all of them is asked for."""

    def run(self, tenant: Tenant) -> list[User]:
        """Return whoever is asked for, of all pages."""
        if not self.clauses:
            return list(tenant.users.values())
        exact = [clause for clause in self.clauses if clause.name in {"id", "userPrincipalName"} and not clause.prefix]
        found = [tenant.find(str(value)) for clause in exact for value in clause.values]
        chosen = {user.object_id: user for user in found if user is not None and any(c.holds(user) for c in exact)}
        scanned = [clause for clause in self.clauses if clause not in exact]
        for user in tenant.users.values() if scanned else ():
            if any(clause.holds(user) for clause in scanned):
                chosen[user.object_id] = user
        return list(chosen.values())


def read_search(query: str, *, advanced: bool = False) -> UserSearch | Refusal:
    """Read the query of a URL.

    Args:
        query: percent-encoded.
        advanced: whether `ConsistencyLevel: eventual` came with it, which `$count` needs.
    """
    options = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
    unknown = next((name for name in options if name.startswith("$") and name not in _OPTIONS), None)
    if unknown is not None:
        return refusals.unknown_option(unknown)
    top = options.get("$top", str(_PAGE))
    if not top.isascii() or not top.isdecimal() or not 1 <= int(top) <= _LARGEST_PAGE:
        return refusals.page_size(top)
    skipped = options.get("$skiptoken", "0")
    if not skipped.isascii() or not skipped.isdecimal():
        return refusals.PAGE_TOKEN
    clauses = _read_filter(options["$filter"]) if "$filter" in options else ()
    if isinstance(clauses, Refusal):
        return clauses
    select = tuple(part.strip() for part in options.get("$select", "").split(",") if part.strip())
    return UserSearch(clauses, select, int(top), int(skipped), advanced and options.get("$count") == "true")


def _read_filter(text: str) -> tuple[Clause, ...] | Refusal:
    clauses: list[Clause] = []
    position = 0
    while position < len(text) or not clauses:
        match = _CLAUSE.match(text, position)
        if match is None or (match.end() == len(text) and match["end"]):
            return refusals.filter_syntax(text, position)
        clause = _clause(match)
        if isinstance(clause, Refusal):
            return clause
        clauses.append(clause)
        position = match.end()
    named = sum(len(clause.values) for clause in clauses)
    return refusals.too_many_clauses(named, MOST_VALUES) if named > MOST_VALUES else tuple(clauses)


def _clause(match: re.Match[str]) -> Clause | Refusal:
    if match["dated"]:
        return Clause("createdDateTime", (), since=datetime.fromisoformat(match["since"]))
    named = match["prefixed"] or match["property"]
    name = {name.lower(): name for name in FILTERABLE_PROPERTIES}.get(named.lower())
    if name is None:
        return refusals.unfilterable(named)
    literals = _LITERALS.findall(match["prefix"] or match["value"] or match["values"])
    if any(len(literal) - 2 > _LONGEST_VALUE for literal in literals):
        return refusals.unfilterable(name)
    return Clause(name, tuple(map(_value, literals)), prefix=match["prefixed"] is not None)


def _value(literal: str) -> str | bool | None:
    if literal.startswith("'"):
        return literal[1:-1].replace("''", "'")
    return {"true": True, "false": False}.get(literal.lower())


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def page_of(found: Sequence[_Item], search: UserSearch) -> tuple[Sequence[_Item], int | None]:
    """Return what is on the page that is asked for, and where the next one begins; None behind the last."""
    end = search.skipped + search.top
    return found[search.skipped : end], end if end < len(found) else None


def next_link(root: str, path: str, query: str, next_at: int | None) -> str | None:
    """Return the address of the next page; None behind the last."""
    if next_at is None:
        return None
    kept = [(name, value) for name, value in parse_qsl(query) if name.lower() != "$skiptoken"]
    return f"{root}{path}?{urlencode([*kept, ('$skiptoken', str(next_at))], quote_via=quote, safe='$')}"
