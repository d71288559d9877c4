"""What the directory answers about users: one, a list of them, how many there are, and the groups that one is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.simulator import refusals
from bulktap.simulator.addresses import Address, Resource
from bulktap.simulator.answers import Answer
from bulktap.simulator.permissions import READ_BASIC_USERS, READ_GROUPS, READ_ONESELF, READ_USERS
from bulktap.simulator.properties import shown
from bulktap.simulator.queries import next_link, read_query
from bulktap.simulator.refusals import Refusal
from bulktap.simulator.users import USER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.simulator.answers import Caller
    from bulktap.simulator.envelope import Step
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

USER_RESOURCES = frozenset(
    {
        Resource.USER,
        Resource.USERS,
        Resource.USER_COUNT,
        Resource.MEMBERSHIPS,
        Resource.DIRECT_MEMBERSHIPS,
    }
)
"""What is about users."""
_BASIC = frozenset(one.name for one in USER.basic)


@dataclass(frozen=True, slots=True)
class UserRoutes:
    """The users of one tenant."""

    tenant: Tenant

    def answer(self, step: Step, address: Address, caller: Caller) -> Answer | Refusal:
        """Carry out one step."""
        if address.resource is Resource.USERS:
            return self._list(step, address, caller)
        if address.resource is Resource.USER_COUNT:
            return self._count(step, address, caller)
        user = self.tenant.addressed(address.user, caller)
        if isinstance(user, Refusal):
            return user
        if address.resource is Resource.USER:
            return self._user(step, address, caller, user)
        return self._memberships(step, address, caller, user)

    def _user(self, step: Step, address: Address, caller: Caller, user: User | None) -> Answer | Refusal:
        oneself = user is not None and caller.user == user.object_id and caller.may(READ_ONESELF)
        if not oneself and not _may_read(caller):
            return refusals.INSUFFICIENT_PRIVILEGES
        if user is None:
            return refusals.directory_not_found(address.user or "")
        if step.method != "GET":
            return refusals.METHOD_NOT_ALLOWED
        chosen = USER.chosen(address.select)
        if not oneself and not _may_see(caller, (one.name for one in chosen)):
            return refusals.INSUFFICIENT_PRIVILEGES
        context = _context(self.tenant, "users", address.select, entity=True)
        return Answer(200, {"@odata.context": context, **shown(user, chosen)}, {"x-ms-resource-unit": "1"})

    def _list(self, step: Step, address: Address, caller: Caller) -> Answer | Refusal:
        if not _may_read(caller):
            return refusals.INSUFFICIENT_PRIVILEGES
        if step.method != "GET":
            return refusals.METHOD_NOT_ALLOWED
        query = read_query(address.query, step.headers, USER)
        names = [one.name for one in query.select]
        if not _may_see(caller, (*query.about, *names)):
            return refusals.INSUFFICIENT_PRIVILEGES
        found = query.run(self.tenant.users.values(), self.tenant.find)
        page, next_at = query.page(found)
        body: dict[str, object] = {
            "@odata.context": _context(self.tenant, "users", names if query.selects else ()),
        }
        if query.count:
            body["@odata.count"] = len(found)
        if (link := next_link(self.tenant.graph_root, "users", address.query, next_at)) is not None:
            body["@odata.nextLink"] = link
        body["value"] = [shown(user, query.select) for user in page]
        # Documented: `GET users` 2, with `$select` one less, with `$top` below 20 too, never below 1.
        units = max(1, 2 - query.selects - (query.top < 20))
        return Answer(200, body, {"x-ms-resource-unit": str(units)})

    def _count(self, step: Step, address: Address, caller: Caller) -> Answer | Refusal:
        if not _may_read(caller):
            return refusals.INSUFFICIENT_PRIVILEGES
        if step.method != "GET":
            return refusals.METHOD_NOT_ALLOWED
        if step.headers.get("consistencylevel", "").lower() != "eventual":
            return refusals.COUNT_NEEDS_HEADER
        query = read_query(f"{address.query}&$count=true", step.headers, USER)
        if not _may_see(caller, query.about):
            return refusals.INSUFFICIENT_PRIVILEGES
        return plain_number(len(query.run(self.tenant.users.values(), self.tenant.find)))

    def _memberships(self, step: Step, address: Address, caller: Caller, user: User | None) -> Answer | Refusal:
        if not caller.may(READ_USERS | READ_GROUPS):
            return refusals.INSUFFICIENT_PRIVILEGES
        if user is None:
            return refusals.directory_not_found(address.user or "")
        if step.method != "GET":
            return refusals.METHOD_NOT_ALLOWED
        direct = address.resource is Resource.DIRECT_MEMBERSHIPS
        ids = self.tenant.groups_naming(user) if direct else self.tenant.groups_of(user)
        # Of groups that the application may not read, type and id are shown all the same.
        groups = [{"@odata.type": "#microsoft.graph.group", "id": group} for group in ids]
        context = f"{self.tenant.graph_root}$metadata#directoryObjects"
        return Answer(200, {"@odata.context": context, "value": groups}, {"x-ms-resource-unit": "1"})


def plain_number(number: int) -> Answer:
    """Return the answer to `$count`, which is text; in a batch such text is base64."""
    return Answer(200, headers={"Content-Type": "text/plain", "x-ms-resource-unit": "1"}, text=str(number))


def _may_read(caller: Caller) -> bool:
    return caller.may(READ_USERS) or caller.may(READ_BASIC_USERS)


def _may_see(caller: Caller, names: Iterable[str]) -> bool:
    return caller.may(READ_USERS) or _BASIC.issuperset(names)


def _context(tenant: Tenant, what: str, names: Iterable[str], *, entity: bool = False) -> str:
    """Return the `@odata.context`, which names what `$select` chose."""
    selected = f"({','.join(names)})" if names else ""
    return f"{tenant.graph_root}$metadata#{what}{selected}{'/$entity' if entity else ''}"
