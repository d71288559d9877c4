"""What a list is asked for: `$filter`, `$search`, `$select`, `$orderby`, `$top`, `$count`, `$skiptoken`.

A query is an advanced one with the header `ConsistencyLevel: eventual` and `$count=true`; what only such a query may
ask is refused to others in the directory's words. `$count` alone is ignored without the header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

from bulktap.simulator import refusals
from bulktap.simulator.filter_reading import read_filter
from bulktap.simulator.filters import exact_values, holds, properties_of
from bulktap.simulator.properties import Filtering
from bulktap.simulator.refusals import Refused
from bulktap.simulator.searches import found_by, read_search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bulktap.simulator.filters import Condition
    from bulktap.simulator.properties import Property, ResourceType
    from bulktap.simulator.searches import Search

_Item = TypeVar("_Item")
_PAGE, _LARGEST_PAGE = 100, 999
_OPTIONS = frozenset({"$filter", "$select", "$top", "$count", "$skiptoken", "$orderby", "$search"})
_ORDER = re.compile(r"\s*(?P<name>\w+)(?:\s+(?P<way>asc|desc))?\s*", re.IGNORECASE)
_KEYS = frozenset({"id", "userPrincipalName"})
NO_ORDER: tuple[Property | None, bool] = (None, False)
"""How a list is sorted whose question says nothing about it: as the directory has it."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question for a list."""

    condition: Condition | None = None
    """None stands for everybody."""
    search: Search | None = None
    select: tuple[Property, ...] = ()
    """What is shown of each."""
    selects: bool = False
    """True if the question names what it wants to be shown."""
    order: Property | None = None
    descending: bool = False
    top: int = _PAGE
    """Items on a page."""
    skipped: int = 0
    """Items on the pages before."""
    count: bool = False
    """True if the number of all of them is asked for."""

    @property
    def about(self) -> set[str]:
        """The names of the properties that it compares or sorts by."""
        compared = properties_of(self.condition) if self.condition is not None else ()
        return {one.name for one in (*compared, *((self.order,) if self.order else ()))}

    def run(self, items: Iterable[_Item], find: Callable[[str], _Item | None] | None = None) -> Sequence[_Item]:
        """Return whatever is asked for, of all pages; `find` returns the one with an id or a name, which is quicker."""
        keys = exact_values(self.condition, _KEYS) if self.condition is not None and find is not None else None
        if keys is not None and find is not None:
            found = {id(item): item for item in map(find, keys) if item is not None}
            items = found.values()
        chosen = [
            item
            for item in items
            if (self.condition is None or holds(self.condition, item))
            and (self.search is None or found_by(self.search, item))
        ]
        if self.order is not None:
            read = self.order.read
            chosen.sort(key=lambda item: _sorted_by(read(item)), reverse=self.descending)
        return chosen

    def page(self, found: Sequence[_Item]) -> tuple[Sequence[_Item], int | None]:
        """Return what is on the page that is asked for, and where the next one begins; None behind the last."""
        end = self.skipped + self.top
        return found[self.skipped : end], end if end < len(found) else None


def read_query(query: str, headers: Mapping[str, str], of: ResourceType) -> Query:
    """Read the query of a URL.

    Args:
        query: percent-encoded.
        headers: those of the request, with names in lower case.
        of: what is listed.

    Raises:
        Refused: it cannot be read, or asks for more than such a query may.
    """
    options = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
    eventual = headers.get("consistencylevel", "").lower() == "eventual"
    top, skipped, counts = _numbers(options)
    if "$search" in options and not eventual:
        raise Refused(refusals.SEARCH_NEEDS_HEADER)
    search = read_search(options["$search"], of) if "$search" in options else None
    advanced = eventual and (counts or search is not None)
    condition = read_filter(options["$filter"], of, advanced=advanced) if "$filter" in options else None
    order, descending = _read_order(options["$orderby"], of, advanced=advanced) if "$orderby" in options else NO_ORDER
    if order is not None and (condition is not None or search is not None) and not advanced:
        raise Refused(refusals.SORT_WITH_FILTER)
    names = read_select(options.get("$select", ""))
    return Query(
        condition=condition,
        search=search,
        select=of.chosen(names),
        selects=bool(names),
        order=order,
        descending=descending,
        top=top,
        skipped=skipped,
        count=eventual and counts,
    )


def read_select(text: str) -> tuple[str, ...]:
    """Return the names in a `$select`."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _numbers(options: Mapping[str, str]) -> tuple[int, int, bool]:
    """Return the size of a page, how many items stand before it, and whether all are to be counted."""
    unknown = next((name for name in options if name.startswith("$") and name not in _OPTIONS), None)
    if unknown is not None:
        raise Refused(refusals.NO_SKIP if unknown == "$skip" else refusals.unknown_option(unknown))
    top, skipped, count = (options.get(name) for name in ("$top", "$skiptoken", "$count"))
    if top is not None and not (top.isascii() and top.isdecimal()):
        rule = "The $top query option requires a non-negative integer value."
        raise Refused(refusals.option_value("$top", top, rule))
    if top is not None and not 1 <= int(top[:9]) <= _LARGEST_PAGE:
        raise Refused(refusals.page_size(top))
    if skipped is not None and not (skipped.isascii() and skipped.isdecimal() and len(skipped) < 10):
        raise Refused(refusals.PAGE_TOKEN)
    if count is not None and count.lower() not in {"true", "false"}:
        raise Refused(refusals.option_value("$count", count, "Valid values are 'true' and 'false'."))
    return int(top or _PAGE), int(skipped or 0), (count or "").lower() == "true"


def _read_order(text: str, of: ResourceType, *, advanced: bool) -> tuple[Property, bool]:
    match = _ORDER.fullmatch(text)
    if match is None:
        raise Refused(refusals.order_syntax(text))
    found = of.find(match["name"])
    if found is None:
        raise Refused(refusals.unknown_ordered(match["name"], of.edm))
    if found.sorting is Filtering.NONE or (found.sorting is Filtering.ADVANCED and not advanced):
        raise Refused(refusals.unsortable(found.name, of.name))
    return found, (match["way"] or "").lower() == "desc"


def _sorted_by(value: object) -> tuple[bool, str]:
    return value is not None, str(value).casefold()


def next_link(root: str, path: str, query: str, next_at: int | None) -> str | None:
    """Return the address of the next page; None behind the last."""
    if next_at is None:
        return None
    kept = [(name, value) for name, value in parse_qsl(query) if name.lower() != "$skiptoken"]
    return f"{root}{path}?{urlencode([*kept, ('$skiptoken', str(next_at))], quote_via=quote, safe='$')}"
