"""What is answered about the tenant itself: its organization, and the policy of its sign-in methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.simulator import refusals
from bulktap.simulator.addresses import POLICY_RESOURCES, Address, Resource
from bulktap.simulator.answers import Answer
from bulktap.simulator.organization import ORGANIZATION
from bulktap.simulator.pass_policy import PassPolicy
from bulktap.simulator.permissions import READ_ORGANIZATION, READ_POLICY, WRITE_POLICY
from bulktap.simulator.properties import shown

if TYPE_CHECKING:
    from bulktap.simulator.answers import Caller
    from bulktap.simulator.envelope import Step
    from bulktap.simulator.refusals import Refusal
    from bulktap.simulator.tenant import Tenant

TENANT_RESOURCES = POLICY_RESOURCES | {Resource.ORGANIZATION, Resource.ONE_ORGANIZATION}
"""What is about the tenant itself."""
_CONFIGURATIONS = "authenticationMethodConfigurations"
_CHANGEABLE = {
    Resource.POLICY: {"PATCH", "DELETE"},
    Resource.METHOD_POLICY: {"PATCH"},
    Resource.METHODS_POLICY: {"PATCH"},
}


@dataclass(frozen=True, slots=True)
class TenantRoutes:
    """One tenant, its organization and its policy."""

    tenant: Tenant

    def answer(self, step: Step, address: Address, caller: Caller) -> Answer | Refusal:
        """Carry out one step."""
        if address.resource not in POLICY_RESOURCES:
            return self._organization(step, address, caller)
        if not caller.may(READ_POLICY if step.method == "GET" else WRITE_POLICY):
            return refusals.NOT_AUTHORIZED
        if step.method == "GET":
            return self._shown(address)
        if step.method not in _CHANGEABLE.get(address.resource, ()):
            return refusals.METHOD_NOT_ALLOWED
        self._change(step, address)
        return Answer(204)

    def _organization(self, step: Step, address: Address, caller: Caller) -> Answer | Refusal:
        if not caller.may(READ_ORGANIZATION):
            return refusals.INSUFFICIENT_PRIVILEGES
        if step.method != "GET":
            return refusals.METHOD_NOT_ALLOWED
        chosen = ORGANIZATION.chosen(address.select)
        context = f"{self.tenant.graph_root}$metadata#organization"
        organization = shown(self.tenant, chosen)
        if address.resource is Resource.ORGANIZATION:
            body: dict[str, object] = {"@odata.context": context, "value": [organization]}
        elif (address.name or "").lower() == self.tenant.registration.tenant_id:
            body = {"@odata.context": f"{context}/$entity", **organization}
        else:
            return refusals.directory_not_found(address.name or "")
        return Answer(200, body, {"x-ms-resource-unit": "1"})

    def _shown(self, address: Address) -> Answer:
        passes, methods = self.tenant.policy.wire(), self.tenant.methods_policy
        root = f"{self.tenant.graph_root}$metadata#"
        if address.resource is Resource.POLICY:
            return Answer(200, passes)
        del passes["@odata.context"]
        whole = methods.wire(passes, self.tenant.policy_changed_at)
        if address.resource is Resource.METHODS_POLICY:
            return Answer(200, {"@odata.context": f"{root}policies/authenticationMethodsPolicy/$entity", **whole})
        if address.resource is Resource.METHOD_POLICIES:
            context = f"{root}policies/authenticationMethodsPolicy/{_CONFIGURATIONS}"
            return Answer(200, {"@odata.context": context, "value": whole[_CONFIGURATIONS]})
        method_id = methods.find(address.name or "")
        return Answer(200, {"@odata.context": f"{root}{_CONFIGURATIONS}/$entity", **methods.method_wire(method_id)})

    def _change(self, step: Step, address: Address) -> None:
        """Change the policy.

        Raises:
            Refused: it cannot be changed so.
        """
        tenant, methods = self.tenant, self.tenant.methods_policy
        if address.resource is Resource.POLICY:
            # Deleting it is what brings Microsoft's defaults back, of which one is that nobody gets a pass.
            tenant.change_policy(
                passes=PassPolicy(enabled=False) if step.method == "DELETE" else tenant.policy.changed(step.body)
            )
        elif address.resource is Resource.METHODS_POLICY:
            tenant.change_policy(methods=methods.changed(step.body))
        else:
            tenant.change_policy(methods=methods.changed_method(address.name or "", step.body))
