"""The tenant's name and the application registered in it."""

from __future__ import annotations

from dataclasses import dataclass, field

AUDIENCE = "api://AzureADTokenExchange"
"""What tokens of other identity services are issued for, unless a federated credential says otherwise."""
DEFAULT_PERMISSIONS = frozenset(
    {
        "UserAuthMethod-TAP.ReadWrite.All",
        "User.Read.All",
        "GroupMember.Read.All",
        "AdministrativeUnit.Read.All",
        "Policy.Read.AuthenticationMethod",
        "Organization.Read.All",
    }
)
"""The application permissions that a tenant grants unless its file says otherwise."""


@dataclass(frozen=True, slots=True)
class FederatedCredential:
    """Another identity service whose tokens stand for the application."""

    issuer: str
    subject: str
    public_key: str = field(repr=False)
    """PEM; with it that service's tokens are checked, whose keys the real platform fetches from the issuer."""
    audience: str = AUDIENCE


@dataclass(frozen=True, slots=True)
class Registration:
    """The tenant's name and the one application registered in it."""

    tenant_id: str
    """The tenant's GUID."""
    name: str
    """Its display name."""
    client_id: str
    """The application's GUID."""
    client_secret: str = field(repr=False)
    """The application's secret: a pretend one, good for this tenant only."""
    domain: str = "contoso.com"
    """The verified domain; the tenant can be addressed by it."""
    certificates: tuple[str, ...] = ()
    """PEM texts of the certificates that the application may sign in with."""
    federated: tuple[FederatedCredential, ...] = ()
    """The other identity services that vouch for the application."""
    permissions: frozenset[str] = DEFAULT_PERMISSIONS
    """What was granted to the application."""
    operator: str | None = None
    """The user principal name of whoever answers a sign-in by browser or device code."""
