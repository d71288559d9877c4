"""One step → one answer, as the services behind Microsoft Graph would give it in fair weather without limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.simulator import permissions, refusals
from bulktap.simulator.access_passes import PassOrder, read_order
from bulktap.simulator.addresses import GROUP_RESOURCES, Address, Resource
from bulktap.simulator.answers import Answer, Caller
from bulktap.simulator.group_routes import GroupRoutes
from bulktap.simulator.methods import password_wire
from bulktap.simulator.oddities import failure, permission_refusal
from bulktap.simulator.refusals import Refusal, Refused
from bulktap.simulator.tenant_routes import TENANT_RESOURCES, TenantRoutes
from bulktap.simulator.user_routes import USER_RESOURCES, UserRoutes

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.simulator.envelope import Step
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

_METADATA = "https://graph.microsoft.com/v1.0/$metadata#"


class Routes:
    """The resources of one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._groups = GroupRoutes(tenant)
        self._users = UserRoutes(tenant)
        self._about_tenant = TenantRoutes(tenant)

    def answer(
        self, step: Step, address: Address, caller: Caller, client_request_id: str, as_of: datetime | None = None
    ) -> Answer | Refusal:
        """Carry out one step; passes are read as they were at `as_of`."""
        try:
            return self._answer(step, address, caller, client_request_id, as_of or self._tenant.clock())
        except Refused as refused:
            return refused.refusal

    def _answer(
        self, step: Step, address: Address, caller: Caller, client_request_id: str, as_of: datetime
    ) -> Answer | Refusal:
        if address.resource in {Resource.PASSES, Resource.PASS}:
            return self._passes(step, address, caller, client_request_id, as_of)
        if address.resource in GROUP_RESOURCES:
            return self._groups.answer(step, address, caller)
        if address.resource in USER_RESOURCES:
            return self._users.answer(step, address, caller)
        if address.resource in TENANT_RESOURCES:
            return self._about_tenant.answer(step, address, caller)
        return self._methods(step, address, caller)

    def accept(self, step: Step, address: Address, caller: Caller) -> tuple[User, PassOrder] | Refusal:
        """Return what a create asks for, without carrying it out."""
        user = self._target(step, address, caller)
        if isinstance(user, Refusal):
            return user
        order = _order(step, user, caller)
        return order if isinstance(order, Refusal) else (user, order)

    def _methods(self, step: Step, address: Address, caller: Caller) -> Answer | Refusal:
        user = self._tenant.addressed(address.user, caller)
        if isinstance(user, Refusal):
            return user
        if not caller.may(permissions.READ_METHODS):
            return refusals.NOT_AUTHORIZED
        if user is None or not self._tenant.knows_methods_of(user):
            return refusals.UNKNOWN_USER
        if user.protected and not permissions.is_above_administrators(caller):
            return refusals.NOT_AUTHORIZED
        if step.method != "GET":
            return refusals.METHOD_NOT_ALLOWED
        held = self._tenant.current(user)
        passes = [] if held is None else [held.wire(self._tenant.usability(user, held))]
        items = [password_wire(self._tenant.clock()), *passes, *(one.wire() for one in self._tenant.methods(user))]
        context = f"{_METADATA}users('{user.object_id}')/authentication/methods"
        return Answer(200, {"@odata.context": context, "value": items})

    def _passes(
        self, step: Step, address: Address, caller: Caller, client_request_id: str, as_of: datetime
    ) -> Answer | Refusal:
        user = self._target(step, address, caller)
        if isinstance(user, Refusal):
            return user
        if address.resource is Resource.PASS:
            return self._one_pass(step, user, address.pass_id or "", caller, as_of)
        if step.method == "POST":
            return self._create(step, user, caller, client_request_id)
        return self._list(user, as_of) if step.method == "GET" else refusals.METHOD_NOT_ALLOWED

    def _target(self, step: Step, address: Address, caller: Caller) -> User | Refusal:
        user = self._tenant.addressed(address.user, caller)
        if isinstance(user, Refusal):
            return user
        reads = step.method == "GET"
        right = permissions.READ_PASSES if reads else permissions.WRITE_PASSES
        own = permissions.READ_OWN_PASSES if reads else permissions.WRITE_OWN_PASSES
        oneself = user is not None and caller.user == user.object_id and caller.may(own)
        if self._tenant.permission_removed or not (oneself or caller.may(right)):
            return refusals.NOT_AUTHORIZED
        if user is None:
            return refusals.UNKNOWN_USER
        oddities = self._tenant.oddities(user)
        beyond = user.protected and not (oneself or permissions.is_above_administrators(caller))
        refusal = refusals.NOT_AUTHORIZED if beyond else permission_refusal(oddities, reads=reads)
        if refusal is not None:
            return refusal
        if not self._tenant.knows_methods_of(user):
            return refusals.UNKNOWN_USER
        return failure(oddities, step.method) or user

    def _one_pass(self, step: Step, user: User, pass_id: str, caller: Caller, as_of: datetime) -> Answer | Refusal:
        if step.method == "DELETE":
            return self._tenant.delete(user, pass_id, caller.client_id) or Answer(204)
        return self._get(user, pass_id, as_of) if step.method == "GET" else refusals.METHOD_NOT_ALLOWED

    def _list(self, user: User, as_of: datetime) -> Answer:
        access_pass = self._tenant.shown(user, as_of)
        items = [] if access_pass is None else [access_pass.wire(self._tenant.usability(user, access_pass))]
        for item in items:
            del item["@odata.type"]  # the published list, unlike create and get, does not name it
        context = f"{_METADATA}users('{user.object_id}')/authentication/temporaryAccessPassMethods"
        shown = access_pass.pass_id if access_pass else None
        return Answer(200, {"@odata.context": context, "value": items}, pass_id=shown)

    def _get(self, user: User, pass_id: str, as_of: datetime) -> Answer | Refusal:
        access_pass = self._tenant.shown(user, as_of)
        if access_pass is None or access_pass.pass_id != pass_id:
            return refusals.UNKNOWN_PASS
        context = f"{_METADATA}users('{user.object_id}')/authentication/temporaryAccessPassMethods/$entity"
        body = access_pass.wire(self._tenant.usability(user, access_pass))
        return Answer(200, {"@odata.context": context, **body})

    def _create(self, step: Step, user: User, caller: Caller, client_request_id: str) -> Answer | Refusal:
        order = _order(step, user, caller)
        if isinstance(order, Refusal):
            return order
        created = self._tenant.create(user, order, caller.client_id, client_request_id)
        if isinstance(created, Refusal):
            return created
        context = f"{_METADATA}users('{user.object_id}')/authentication/temporaryAccessPassMethods/$entity"
        body = created.access_pass.wire(created.usability, created.passcode)
        return Answer(201, {"@odata.context": context, **body}, pass_id=created.access_pass.pass_id)


def _order(step: Step, user: User, caller: Caller) -> PassOrder | Refusal:
    return refusals.self_service(user.object_id) if caller.user == user.object_id else read_order(step.body)
