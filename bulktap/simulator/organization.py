"""The tenant's organization as the directory shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.simulator.properties import Edm, Property, ResourceType

if TYPE_CHECKING:
    from bulktap.simulator.tenant import Tenant


def _always(name: str, value: object, edm: Edm = Edm.STRING, *, collection: bool = False) -> Property:
    """Return a property that is the same of all pretend tenants."""
    return Property(name, lambda _tenant: value, edm, collection, basic=True)


def _domains(tenant: Tenant) -> list[dict[str, object]]:
    return [
        {
            "capabilities": "Email, OfficeCommunicationsOnline",
            "isDefault": number == 0,
            "isInitial": False,
            "name": domain,
            "type": "Managed",
        }
        for number, domain in enumerate(tenant.verified_domains())
    ]


ORGANIZATION = ResourceType(
    "Organization",
    "microsoft.graph.organization",
    (
        Property("id", lambda tenant: tenant.registration.tenant_id, basic=True),
        _always("deletedDateTime", None, Edm.MOMENT),
        _always("businessPhones", [], collection=True),
        _always("city", None),
        _always("country", None),
        _always("countryLetterCode", "US"),
        _always("createdDateTime", "2020-01-01T00:00:00Z", Edm.MOMENT),
        Property("displayName", lambda tenant: tenant.registration.name, basic=True),
        _always("marketingNotificationEmails", [], collection=True),
        _always("onPremisesLastSyncDateTime", None, Edm.MOMENT),
        _always("onPremisesSyncEnabled", None, Edm.BOOLEAN),
        _always("postalCode", None),
        _always("preferredLanguage", "en"),
        _always("securityComplianceNotificationMails", [], collection=True),
        _always("securityComplianceNotificationPhones", [], collection=True),
        _always("state", None),
        _always("street", None),
        _always("technicalNotificationMails", [], collection=True),
        _always("tenantType", "AAD"),
        _always("assignedPlans", [], Edm.OBJECT, collection=True),
        _always("provisionedPlans", [], Edm.OBJECT, collection=True),
        Property("verifiedDomains", _domains, Edm.OBJECT, collection=True, basic=True),
    ),
)
"""The properties of the organization."""
