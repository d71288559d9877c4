"""Users as the pretend directory holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.simulator.oddities import NOTHING_ODD, Oddities

if TYPE_CHECKING:
    from datetime import datetime

BASIC_PROPERTIES = (
    "id",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "businessPhones",
)
"""What `GET /users/{id}` answers without `$select`, and all that `User.ReadBasic.All` may see."""

FILTERABLE_PROPERTIES = (
    "id",
    "userPrincipalName",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "jobTitle",
    "accountEnabled",
    "userType",
    "creationType",
)
"""What `$filter` on users takes without an advanced query."""

EMPTY_PROPERTIES = ("jobTitle", "mobilePhone", "officeLocation", "preferredLanguage")


@dataclass(frozen=True, slots=True)
class User:
    """One user object."""

    object_id: str
    """Its GUID, in lower case."""
    upn: str
    """The sign-in name."""
    display_name: str
    """What people call the user."""
    given_name: str | None = None
    """As `givenName` has it; many directories leave it empty."""
    surname: str | None = None
    """Likewise."""
    mail: str | None = None
    """The mail address, if there is one."""
    enabled: bool = True
    """`accountEnabled`."""
    user_type: str = "Member"
    """`Member` or `Guest`; internal guests exist, so this alone does not make anybody external."""
    external: bool = False
    """Whether the account signs in at another organisation; such a user can hold no pass."""
    groups: tuple[str, ...] = ()
    """Ids of the groups that the policy's targets may name."""
    in_scope: bool | None = None
    """Whether the pass policy covers the user; None leaves it to the policy's targets."""
    protected: bool = False
    """Whether the user is an administrator above the caller, whose passes answer 403."""
    unknown_attempts: int = 0
    """How often the authentication methods service still answers 404 for this new user."""
    unknown_seconds: float = 0.0
    """For how long, from the simulator's start, it does so."""
    oddities: Oddities = NOTHING_ODD
    """What is odd about the user, for ever."""
    department: str | None = None
    """As `department` has it."""
    created_at: datetime | None = None
    """When the account was made, aware, in UTC; a directory that does not say is one that was synchronised long ago."""
    domain: str = field(default="contoso.onmicrosoft.com")
    """The tenant's domain that issued the account."""

    def properties(self) -> dict[str, object]:
        """Return every property that a client can select, by its name on the wire."""
        empty: dict[str, object] = dict.fromkeys(EMPTY_PROPERTIES)
        return {
            "id": self.object_id,
            "userPrincipalName": self.upn,
            "displayName": self.display_name,
            "givenName": self.given_name,
            "surname": self.surname,
            "mail": self.mail,
            "accountEnabled": self.enabled,
            "userType": self.user_type,
            "identities": [self._identity()],
            "creationType": "Invitation" if self.external else None,
            "externalUserState": "Accepted" if self.external else None,
            "businessPhones": [],
            "department": self.department,
            "createdDateTime": f"{self.created_at:%Y-%m-%dT%H:%M:%SZ}" if self.created_at else None,
            **empty,
        }

    def _identity(self) -> dict[str, object]:
        if self.external:
            return {"signInType": "federated", "issuer": "ExternalAzureAD", "issuerAssignedId": None}
        return {"signInType": "userPrincipalName", "issuer": self.domain, "issuerAssignedId": self.upn}


ALL_PROPERTIES = tuple(User("", "", "").properties())
"""What `$select` may name."""
