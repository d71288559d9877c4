"""What the directory answers about groups, administrative units and their members."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from bulktap.simulator import permissions, refusals
from bulktap.simulator.addresses import Address, Resource
from bulktap.simulator.answers import Answer
from bulktap.simulator.refusals import Refusal
from bulktap.simulator.user_search import next_link, page_of, read_search
from bulktap.simulator.users import ALL_PROPERTIES, BASIC_PROPERTIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.simulator.answers import Caller
    from bulktap.simulator.envelope import Step
    from bulktap.simulator.groups import Group
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

_UNITS = frozenset({Resource.UNITS, Resource.UNIT, Resource.UNIT_MEMBERS})
_NAMED = re.compile(
    r"\s*(?:displayName\s+eq\s+'(?P<name>(?:[^']|'')*)'|startswith\(\s*displayName\s*,\s*'(?P<prefix>(?:[^']|'')*)'\s*\))"
    r"\s*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GroupRoutes:
    """The groups of one tenant."""

    tenant: Tenant

    def answer(self, step: Step, address: Address, caller: Caller) -> Answer | Refusal:
        """Carry out one step."""
        unit = address.resource in _UNITS
        if not caller.may(permissions.READ_UNITS if unit else permissions.READ_GROUPS):
            return refusals.INSUFFICIENT_PRIVILEGES
        if step.method != "GET":
            return refusals.METHOD_NOT_ALLOWED
        if address.resource in {Resource.GROUPS, Resource.UNITS}:
            return self._search(address, units=unit)
        group = self.tenant.groups.find(address.group or "", unit=unit)
        if group is None:
            return refusals.directory_not_found(address.group or "")
        if address.resource in {Resource.GROUP, Resource.UNIT}:
            return Answer(200, group.wire(), {"x-ms-resource-unit": "1"})
        return self._members(group, address, caller)

    def _search(self, address: Address, *, units: bool) -> Answer | Refusal:
        options = {name.lower(): value for name, value in parse_qsl(address.query, keep_blank_values=True)}
        condition = options.get("$filter")
        match = _NAMED.match(condition) if condition is not None else None
        if condition is not None and match is None:
            return refusals.filter_syntax(condition, 0)
        found = [group for group in self.tenant.groups.all(units=units) if match is None or _is_named(group, match)]
        top = int(options.get("$top", "100"))
        return Answer(200, {"value": [group.wire() for group in found[:top]]}, {"x-ms-resource-unit": "1"})

    def _members(self, group: Group, address: Address, caller: Caller) -> Answer | Refusal:
        search = read_search(address.query)
        if isinstance(search, Refusal):
            return search
        unknown = {name.lower() for name in search.select} - {name.lower() for name in ALL_PROPERTIES}
        if unknown:
            return refusals.unknown_property(min(unknown))
        transitive = not group.unit
        users, groups = self.tenant.groups.inside(group, transitive=transitive)
        devices, contacts = self.tenant.groups.counted(group, transitive=transitive)
        items = [_user(self.tenant.users[one], search.select, caller) for one in users if one in self.tenant.users]
        items += [{"@odata.type": "#microsoft.graph.group", "id": one.object_id} for one in groups]
        for kind, count in (("device", devices), ("orgContact", contacts)):
            items += [
                {"@odata.type": f"#microsoft.graph.{kind}", "id": f"{kind}-{number}-of-{group.object_id}"}
                for number in range(count)
            ]
        page, next_at = page_of(items, search)
        where = "directory/administrativeUnits" if group.unit else "groups"
        path = f"{where}/{quote(group.object_id)}/{'members' if group.unit else 'transitiveMembers'}"
        body: dict[str, object] = {"@odata.context": f"{self.tenant.graph_root}$metadata#directoryObjects"}
        if (link := next_link(self.tenant.graph_root, path, address.query, next_at)) is not None:
            body["@odata.nextLink"] = link
        return Answer(200, body | {"value": list(page)}, {"x-ms-resource-unit": "3"})


def _is_named(group: Group, match: re.Match[str]) -> bool:
    name = group.name.casefold()
    if match["name"] is not None:
        return name == match["name"].replace("''", "'").casefold()
    return name.startswith(match["prefix"].replace("''", "'").casefold())


def _user(user: User, select: Sequence[str], caller: Caller) -> dict[str, object]:
    """Return a user as a member; of one whom the application may not read, type and id are shown all the same."""
    properties = user.properties()
    known = {name.lower(): name for name in ALL_PROPERTIES}
    chosen = [known[name.lower()] for name in select] or list(BASIC_PROPERTIES)
    readable = caller.may(permissions.READ_USERS)
    shown = {name: properties[name] if readable or name == "id" else None for name in chosen}
    return {"@odata.type": "#microsoft.graph.user", **shown}
