"""The tenant's name and the application registered in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.simulator.clouds import CLOUDS, Cloud
from bulktap.simulator.permissions import DEFAULT_OPERATOR_ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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
class TrustedSubject:
    """Certificates that are believed by their subject and by who issued them, however often they are renewed."""

    subject: str
    """As RFC 4514 writes it, such as `CN=bulktap`."""
    authority: str = field(repr=False)
    """PEM of the certificate that their chain leads to."""


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
    operator_roles: frozenset[str] = DEFAULT_OPERATOR_ROLES
    """Template ids of the directory roles that the operator holds."""
    scopes: frozenset[str] | None = None
    """What was consented to for people who sign in; None for the same as `permissions`, and `User.Read`."""
    app_name: str = "bulktap"
    """What the application is called."""
    trusted: tuple[TrustedSubject, ...] = ()
    """Certificates that need no upload."""
    secret_ends: datetime | None = None
    """When the secret expires, aware; None for never."""
    public: bool = True
    """Whether people may sign in without the application proving itself."""
    redirects: tuple[str, ...] = ("http://localhost",)
    """Where a browser may be sent back to."""
    cloud_name: str = "global"
    """One of `CLOUDS`."""
    refuses: Mapping[str, int] = field(default_factory=dict)
    """AADSTS numbers by the way of signing in that the tenant's rules refuse; see `tenant_rules`."""

    @property
    def cloud(self) -> Cloud:
        """The cloud that the tenant is in."""
        return CLOUDS[self.cloud_name]

    @property
    def consented(self) -> frozenset[str]:
        """What people's tokens may hold; every registration is made with `User.Read`."""
        return self.permissions | {"User.Read"} if self.scopes is None else self.scopes

    @property
    def principal_id(self) -> str:
        """Object id of the application's service principal."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.tenant_id}/{self.client_id}"))
