"""Permissions of Microsoft Graph that bulktap uses: their names and ids, what each is for, and what else is enough.

The ids are those of Microsoft's permissions reference: the same in every tenant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph's own application id."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission of Microsoft Graph."""

    name: str
    application_id: str
    """Id of the app role, for an app on its own."""
    delegated_id: str
    """Id of the scope, for an app at which a person signs in."""


@dataclass(frozen=True, slots=True)
class Need:
    """What bulktap needs a permission for."""

    permission: Permission
    """The least privileged one that is enough."""
    also: frozenset[str]
    """The names of others that are enough."""
    purpose: str
    """What it is for, as the end of a sentence."""
    without: str
    """What happens without it, a sentence."""
    required: bool = False
    """True if no pass can be issued without it."""
    seldom: bool = False
    """True if few miss it, so that nobody is warned."""

    def is_met(self, granted: Collection[str]) -> bool:
        """Return true if one of these permissions is enough."""
        return self.permission.name in granted or not self.also.isdisjoint(granted)


PASSES = Need(
    Permission(
        "UserAuthMethod-TAP.ReadWrite.All",
        "627169a8-8c15-451c-861a-5b80e383de5c",
        "05de4a66-e51a-4312-842a-30c8094698d2",
    ),
    frozenset({"UserAuthenticationMethod.ReadWrite.All"}),
    "issue, list and delete passes: plan, apply, resume, reissue, verify, revoke",
    "No pass can be issued or deleted.",
    required=True,
)
_USERS = Need(
    Permission("User.Read.All", "df021288-bdef-4463-88db-98f22de89214", "a154be20-db9c-4678-8ab7-66f6cc099a59"),
    frozenset({"User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}),
    "look users up before a pass is issued: plan, apply",
    "Names are not compared, and blocked accounts and guests are found out late.",
)
_POLICY = Need(
    Permission(
        "Policy.Read.AuthenticationMethod",
        "8e3bc81b-d2f3-4b7b-838c-32c88218d2f0",
        "a6ff13ac-1851-4993-8ca9-a671d70de2d5",
    ),
    frozenset({"Policy.ReadWrite.AuthenticationMethod", "Policy.Read.All"}),
    "read the tenant's policy for passes: plan, apply",
    "Lifetimes, and whom the policy covers, are not checked before passes are issued.",
)
_ORGANIZATION = Need(
    Permission("Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6", "4908d5b9-3fb2-4b1e-9336-1888b7937185"),
    frozenset({"Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}),
    "show the tenant's name, and check domains: plan, apply",
    "The tenant is named by its id alone.",
)
_METHODS = Need(
    Permission(
        "UserAuthenticationMethod.Read.All",
        "38d9df27-64da-44fd-b7c5-a6fbac20248f",
        "aec28ec7-4d02-4e8c-b864-50163aea77eb",
    ),
    frozenset({"UserAuthenticationMethod.ReadWrite.All"}),
    "tell who has registered a sign-in method since: verify",
    "Whether a pass that works many times was used is not told.",
    seldom=True,
)
_GROUPS = Need(
    Permission("GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6", "bc024368-1153-4739-b217-4326f2e966d0"),
    frozenset({"Group.Read.All", "GroupMember.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}),
    "take a group of the tenant instead of a roster: plan, apply",
    "A group cannot be named instead of a roster.",
    seldom=True,
)
_UNITS = Need(
    Permission(
        "AdministrativeUnit.Read.All",
        "134fd756-38ce-4afd-ba33-e9623dbe66c2",
        "3361d15d-be43-4de6-b441-3c746d05163d",
    ),
    frozenset({"AdministrativeUnit.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}),
    "take an administrative unit of the tenant instead of a roster: plan, apply",
    "An administrative unit cannot be named instead of a roster.",
    seldom=True,
)
NEEDS = (PASSES, _USERS, _POLICY, _ORGANIZATION, _METHODS, _GROUPS, _UNITS)
"""What bulktap needs, the required first."""
READ_PASSES = frozenset({"UserAuthMethod-TAP.Read.All", "UserAuthenticationMethod.Read.All"})
"""Permissions that show passes and change none."""
PASS_ADMINISTRATORS = frozenset(
    {
        "c4e39bd9-1100-46d3-8c65-fb160da0071f",  # Authentication Administrator
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",  # Privileged Authentication Administrator
        "62e90394-69f5-4237-9190-012177145e10",  # Global Administrator
    }
)
"""Template ids of the roles whose holders may issue passes to others (the claim `wids`)."""
