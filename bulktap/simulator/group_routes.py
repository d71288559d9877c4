"""What the directory answers about groups, administrative units and their members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bulktap.simulator import refusals
from bulktap.simulator.addresses import Address, Resource
from bulktap.simulator.answers import Answer
from bulktap.simulator.groups import GROUP, UNIT
from bulktap.simulator.permissions import READ_GROUPS, READ_UNITS, READ_USERS
from bulktap.simulator.properties import shown
from bulktap.simulator.queries import next_link, read_query
from bulktap.simulator.refusals import Refused
from bulktap.simulator.user_routes import plain_number
from bulktap.simulator.users import USER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.simulator.answers import Caller
    from bulktap.simulator.envelope import Step
    from bulktap.simulator.groups import Group
    from bulktap.simulator.properties import Property, ResourceType
    from bulktap.simulator.refusals import Refusal
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

_UNITS = frozenset({Resource.UNITS, Resource.UNIT, Resource.UNIT_MEMBERS})
_PATHS = {
    Resource.GROUP_MEMBERS: "groups/{}/transitiveMembers",
    Resource.DIRECT_MEMBERS: "groups/{}/members",
    Resource.UNIT_MEMBERS: "directory/administrativeUnits/{}/members",
}


@dataclass(frozen=True, slots=True)
class GroupRoutes:
    """The groups of one tenant."""

    tenant: Tenant

    def answer(self, step: Step, address: Address, caller: Caller) -> Answer | Refusal:
        """Carry out one step."""
        unit = address.resource in _UNITS
        if not caller.may(READ_UNITS if unit else READ_GROUPS):
            raise Refused(refusals.INSUFFICIENT_PRIVILEGES)
        if step.method != "GET":
            return refusals.METHOD_NOT_ALLOWED
        if address.resource in {Resource.GROUPS, Resource.UNITS}:
            return self._list(step, address, UNIT if unit else GROUP)
        if address.resource is Resource.GROUP_COUNT:
            return self._count(step, address)
        group = self.tenant.groups.find(address.group or "", unit=unit)
        if group is None:
            raise Refused(refusals.directory_not_found(address.group or ""))
        if address.resource in {Resource.GROUP, Resource.UNIT}:
            return self._one(group, address, UNIT if unit else GROUP)
        return self._members(step, group, address, caller)

    def _one(self, group: Group, address: Address, kind: ResourceType) -> Answer:
        context = f"{self.tenant.graph_root}$metadata#{_path(kind)}/$entity"
        body = {"@odata.context": context, **shown(group, kind.chosen(address.select))}
        return Answer(200, body, {"x-ms-resource-unit": "1"})

    def _list(self, step: Step, address: Address, kind: ResourceType) -> Answer:
        query = read_query(address.query, step.headers, kind)
        found = query.run(self.tenant.groups.all(units=kind is UNIT))
        page, next_at = query.page(found)
        body: dict[str, object] = {"@odata.context": f"{self.tenant.graph_root}$metadata#{_path(kind)}"}
        if query.count:
            body["@odata.count"] = len(found)
        if (link := next_link(self.tenant.graph_root, _path(kind), address.query, next_at)) is not None:
            body["@odata.nextLink"] = link
        body["value"] = [shown(group, query.select) for group in page]
        return Answer(200, body, {"x-ms-resource-unit": "1"})

    def _count(self, step: Step, address: Address) -> Answer | Refusal:
        if step.headers.get("consistencylevel", "").lower() != "eventual":
            return refusals.COUNT_NEEDS_HEADER
        query = read_query(f"{address.query}&$count=true", step.headers, GROUP)
        return plain_number(len(query.run(self.tenant.groups.all(units=False))))

    def _members(self, step: Step, group: Group, address: Address, caller: Caller) -> Answer:
        query = read_query(address.query, step.headers, USER)
        transitive = address.resource is Resource.GROUP_MEMBERS
        users, groups = self.tenant.groups.inside(group, transitive=transitive)
        devices, contacts = self.tenant.groups.counted(group, transitive=transitive)
        members = query.run([self.tenant.users[one] for one in users if one in self.tenant.users])
        items = [_user(one, query.select, caller) for one in members]
        # A condition on the properties of users is one that no group, device or contact fulfils.
        if query.condition is None and query.search is None:
            items += [{"@odata.type": "#microsoft.graph.group", "id": one.object_id} for one in groups]
            for kind, count in (("device", devices), ("orgContact", contacts)):
                items += [
                    {"@odata.type": f"#microsoft.graph.{kind}", "id": f"{kind}-{number}-of-{group.object_id}"}
                    for number in range(count)
                ]
        page, next_at = query.page(items)
        path = _PATHS[address.resource].format(quote(group.object_id))
        body: dict[str, object] = {"@odata.context": f"{self.tenant.graph_root}$metadata#directoryObjects"}
        if query.count:
            body["@odata.count"] = len(items)
        if (link := next_link(self.tenant.graph_root, path, address.query, next_at)) is not None:
            body["@odata.nextLink"] = link
        return Answer(200, body | {"value": list(page)}, {"x-ms-resource-unit": "3"})


def _path(kind: ResourceType) -> str:
    return "directory/administrativeUnits" if kind is UNIT else "groups"


def _user(user: User, chosen: Sequence[Property], caller: Caller) -> dict[str, object]:
    """Return a user as a member; of one whom the application may not read, type and id are shown all the same."""
    readable = caller.may(READ_USERS)
    seen = {one.name: one.read(user) if readable or one.name == "id" else None for one in chosen}
    return {"@odata.type": "#microsoft.graph.user", **seen}
