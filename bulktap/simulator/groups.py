"""Groups and administrative units as the pretend directory holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from bulktap.simulator.properties import Edm, Filtering, Property, ResourceType

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Group:
    """One group, or one administrative unit."""

    object_id: str
    """Its GUID, in lower case."""
    name: str
    """What people call it."""
    members: tuple[str, ...] = ()
    """Object ids of users and groups that are in it themselves."""
    description: str | None = None
    devices: int = 0
    """How many devices are in it."""
    contacts: int = 0
    """How many contacts are in it."""
    dynamic: bool = False
    """Whether a rule decides who is in it."""
    unit: bool = False
    """Whether it is an administrative unit."""


def _always(name: str, value: object, edm: Edm = Edm.STRING, *, collection: bool = False) -> Property:
    """Return a property that is the same of all groups of a pretend tenant."""
    return Property(name, lambda _group: value, edm, collection, Filtering.ANY, basic=True)


_ID = Property("id", attrgetter("object_id"), filtering=Filtering.ANY, basic=True)
_NAME = Property(
    "displayName", attrgetter("name"), filtering=Filtering.ANY, sorting=Filtering.ANY, searched=True, basic=True
)
_DESCRIPTION = Property(
    "description", attrgetter("description"), filtering=Filtering.ADVANCED, searched=True, basic=True
)
_VISIBILITY = Property("visibility", lambda _group: None, basic=True)

GROUP = ResourceType(
    "Group",
    "microsoft.graph.group",
    (
        _ID,
        _always("createdDateTime", None, Edm.MOMENT),
        _DESCRIPTION,
        _NAME,
        Property(
            "groupTypes",
            lambda group: ["DynamicMembership"] if group.dynamic else [],
            collection=True,
            filtering=Filtering.ANY,
            basic=True,
        ),
        _always("mail", None),
        _always("mailEnabled", value=False, edm=Edm.BOOLEAN),
        Property("mailNickname", lambda group: re.sub(r"\W", "", group.name), filtering=Filtering.ANY, basic=True),
        _always("securityEnabled", value=True, edm=Edm.BOOLEAN),
        _always("onPremisesSyncEnabled", None, Edm.BOOLEAN),
        _VISIBILITY,
    ),
)
"""The properties of groups; every group of a pretend tenant is a security group."""
UNIT = ResourceType(
    "AdministrativeUnit",
    "microsoft.graph.administrativeUnit",
    (
        _ID,
        _DESCRIPTION,
        _NAME,
        _VISIBILITY,
        Property("membershipType", lambda group: "Dynamic" if group.dynamic else "Assigned", basic=True),
    ),
)
"""The properties of administrative units."""


class Groups:
    """All groups and administrative units of a tenant."""

    def __init__(self) -> None:
        self._by_id: dict[str, Group] = {}
        self._around: dict[str, list[str]] | None = None
        """By object id, the groups that somebody is in; None until it is asked for."""

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._by_id)

    def put(self, group: Group) -> None:
        """Add a group, or change it."""
        self._by_id[group.object_id] = group
        self._around = None

    def all(self, *, units: bool) -> list[Group]:
        """Return the groups, or the administrative units."""
        return [group for group in self._by_id.values() if group.unit is units]

    def find(self, object_id: str, *, unit: bool) -> Group | None:
        """Return the one with this id."""
        found = self._by_id.get(object_id.lower())
        return found if found is not None and found.unit is unit else None

    def inside(self, group: Group, *, transitive: bool) -> tuple[list[str], list[Group]]:
        """Return the ids of the users in a group, and the groups in it, each once."""
        walked = list(self._walk(group)) if transitive else [group]
        ids = dict.fromkeys(member for one in walked for member in one.members)
        groups = [self._by_id[one] for one in ids if one in self._by_id and one != group.object_id]
        return [one for one in ids if one not in self._by_id], groups

    def counted(self, group: Group, *, transitive: bool) -> tuple[int, int]:
        """Return how many devices and contacts are in a group."""
        walked = list(self._walk(group)) if transitive else [group]
        return sum(one.devices for one in walked), sum(one.contacts for one in walked)

    def around(self, object_id: str) -> list[str]:
        """Return the ids of the groups that somebody is in, through other groups too."""
        if self._around is None:
            self._around = {}
            for group in self.all(units=False):
                for member in self.inside(group, transitive=True)[0]:
                    self._around.setdefault(member, []).append(group.object_id)
        return self._around.get(object_id, [])

    def naming(self, object_id: str) -> list[str]:
        """Return the ids of the groups that name somebody themselves."""
        return [group.object_id for group in self.all(units=False) if object_id in group.members]

    def _walk(self, group: Group, seen: set[str] | None = None) -> Iterator[Group]:
        """Yield a group and all in it; groups may hold each other in a circle."""
        seen = set() if seen is None else seen
        seen.add(group.object_id)
        yield group
        for member in group.members:
            inner = self._by_id.get(member)
            if inner is not None and member not in seen:
                yield from self._walk(inner, seen)
