"""What a `$search` looks for: `"displayName:wil" OR "mail:ann"`, with `AND` binding closer than `OR`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.simulator import refusals
from bulktap.simulator.refusals import Refused

if TYPE_CHECKING:
    from bulktap.simulator.properties import Property, ResourceType

_TERM = re.compile(r'\s*"(?P<name>\w+):(?P<words>(?:[^"\\]|\\.)+)"\s*')
_JOIN = re.compile(r"(?P<word>AND|OR)\b\s*")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Term:
    """One property, and how what is looked for begins."""

    property: Property
    words: str

    def holds(self, resource: object) -> bool:
        """Tell whether the property begins so, or of a display name some of its words do."""
        value = self.property.read(resource)
        if not isinstance(value, str):
            return False
        wanted, found = self.words.casefold(), value.casefold()
        if self.property.name not in {"displayName", "description"}:
            return found.startswith(wanted)
        words = _WORDS.findall(found)
        return all(any(word.startswith(part) for word in words) for part in _WORDS.findall(wanted))


Search = tuple[tuple[Term, ...], ...]
"""Alternatives, each of terms that must all hold."""


def read_search(text: str, of: ResourceType) -> Search:
    """Read what `$search` says, decoded.

    Raises:
        Refused: it cannot be read.
    """
    alternatives: list[list[Term]] = [[]]
    position = 0
    while True:
        match = _TERM.match(text, position)
        if match is None:
            raise Refused(refusals.search_syntax(text, position))
        found = of.find(match["name"])
        if found is None or not found.searched:
            raise Refused(refusals.unsearchable(match["name"], of.name))
        alternatives[-1].append(Term(found, re.sub(r"\\(.)", r"\1", match["words"])))
        position = match.end()
        if position == len(text):
            return tuple(map(tuple, alternatives))
        join = _JOIN.match(text, position)
        if join is None:
            raise Refused(refusals.search_syntax(text, position))
        if join["word"] == "OR":
            alternatives.append([])
        position = join.end()


def found_by(search: Search, resource: object) -> bool:
    """Tell whether a resource is what was looked for."""
    return any(all(term.holds(resource) for term in terms) for terms in search)
