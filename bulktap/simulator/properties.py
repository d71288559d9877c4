"""What a resource of the directory has: its properties, their types, and what a query may ask of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bulktap.simulator import refusals
from bulktap.simulator.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Edm(StrEnum):
    """The type of a property's values, as OData's errors name it."""

    STRING = "Edm.String"
    BOOLEAN = "Edm.Boolean"
    MOMENT = "Edm.DateTimeOffset"
    OBJECT = "microsoft.graph.complexType"


class Filtering(Enum):
    """Which queries may filter by a property."""

    NONE = 0
    ADVANCED = 1
    """Those with `ConsistencyLevel: eventual` and `$count=true`."""
    ANY = 2


@dataclass(frozen=True, slots=True)
class Property:
    """One property."""

    name: str
    read: Callable[[Any], object]
    """Returns its value, ready for JSON."""
    edm: Edm = Edm.STRING
    collection: bool = False
    """True if it holds a list of such values."""
    filtering: Filtering = Filtering.NONE
    sorting: Filtering = Filtering.NONE
    """Which queries may sort by it."""
    ends: bool = False
    """True if advanced queries may ask how its values end."""
    searched: bool = False
    """True if `$search` looks into it."""
    basic: bool = False
    """True if it is shown where `$select` names nothing."""


@dataclass(frozen=True)
class ResourceType:
    """One kind of resource."""

    name: str
    """As the directory's errors call it."""
    edm: str
    """Its name in the service's metadata."""
    properties: tuple[Property, ...]

    @cached_property
    def _by_name(self) -> dict[str, Property]:
        return {one.name.lower(): one for one in self.properties}

    @cached_property
    def basic(self) -> tuple[Property, ...]:
        """What is shown where `$select` names nothing."""
        return tuple(one for one in self.properties if one.basic)

    def find(self, name: str) -> Property | None:
        """Return the property of this name, whatever its case."""
        return self._by_name.get(name.lower())

    def chosen(self, names: Sequence[str]) -> tuple[Property, ...]:
        """Return the properties that a `$select` names, in its order; the basic ones where it names none.

        Raises:
            Refused: there is no such property.
        """
        if not names:
            return self.basic
        if "*" in names:
            return self.properties
        chosen: dict[str, Property] = {}
        for name in names:
            found = self.find(name)
            if found is None:
                raise Refused(refusals.unknown_property(name, self.edm))
            chosen[found.name] = found
        return tuple(chosen.values())


def shown(resource: object, chosen: Sequence[Property]) -> dict[str, object]:
    """Return the chosen properties of a resource, ready for JSON."""
    return {one.name: one.read(resource) for one in chosen}
