"""Who may do what: the permissions that Graph wants in a token, and the roles that a person needs besides.

An application on its own needs the permission alone. Of a person, the token's scopes say what the application may do in
their name, and a directory role that they may do it at all (Microsoft's pages on the authentication methods' APIs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.simulator.answers import Caller

ROLES: Mapping[str, str] = {
    "Authentication Administrator": "c4e39bd9-1100-46d3-8c65-fb160da0071f",
    "Privileged Authentication Administrator": "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
    "Authentication Policy Administrator": "0526716b-113d-4c15-b2c8-68e3c22b9f80",
    "Global Reader": "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
    "User Administrator": "fe930be7-5e62-47db-91af-98c3a49a38b1",
    "Helpdesk Administrator": "729827e3-9c14-49f7-bb1b-9608f156bbb8",
}
"""Template ids of directory roles, which a token has as `wids`."""
DEFAULT_OPERATOR_ROLES = frozenset({ROLES["Authentication Administrator"], ROLES["Global Reader"]})
"""What whoever signs in holds unless the tenant's file says otherwise: may issue passes, and read the policy."""


@dataclass(frozen=True, slots=True)
class Right:
    """What it takes to do something."""

    permissions: frozenset[str]
    """Each of which is enough."""
    roles: frozenset[str] = frozenset()
    """Template ids, one of which a person has to hold; anybody may if there are none."""

    def __or__(self, other: Right) -> Right:
        """Return what either of two that need no role will do for."""
        return Right(self.permissions | other.permissions)


def _roles(*names: str) -> frozenset[str]:
    return frozenset(ROLES[name] for name in names)


_DIRECTORY = frozenset({"Directory.Read.All", "Directory.ReadWrite.All"})
_WRITE_ALL = frozenset({"UserAuthMethod-TAP.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All"})
_READ_ALL = _WRITE_ALL | {"UserAuthMethod-TAP.Read.All", "UserAuthenticationMethod.Read.All"}
_WRITE_OWN = frozenset({"UserAuthMethod-TAP.ReadWrite", "UserAuthenticationMethod.ReadWrite"})
_ADMINISTRATORS = _roles(
    "Authentication Administrator", "Privileged Authentication Administrator", "Global Administrator"
)

WRITE_PASSES = Right(_WRITE_ALL, _ADMINISTRATORS)
READ_PASSES = Right(_READ_ALL, _ADMINISTRATORS | _roles("Global Reader"))
WRITE_OWN_PASSES = Right(_WRITE_OWN)
READ_OWN_PASSES = Right(_WRITE_OWN | {"UserAuthMethod-TAP.Read", "UserAuthenticationMethod.Read"})
READ_METHODS = Right(
    frozenset({"UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"}), READ_PASSES.roles
)
READ_POLICY = Right(
    frozenset({"Policy.Read.AuthenticationMethod", "Policy.ReadWrite.AuthenticationMethod", "Policy.Read.All"}),
    _roles("Authentication Policy Administrator", "Global Reader", "Global Administrator"),
)
WRITE_POLICY = Right(
    frozenset({"Policy.ReadWrite.AuthenticationMethod"}),
    _roles("Authentication Policy Administrator", "Global Administrator"),
)
READ_USERS = Right(frozenset({"User.Read.All", "User.ReadWrite.All"}) | _DIRECTORY)
READ_BASIC_USERS = Right(frozenset({"User.ReadBasic.All"}))
READ_ONESELF = Right(frozenset({"User.Read", "User.ReadWrite"}))
READ_ORGANIZATION = Right(frozenset({"Organization.Read.All", "Organization.ReadWrite.All"}) | _DIRECTORY)
READ_GROUPS = Right(frozenset({"GroupMember.Read.All", "Group.Read.All"}) | _DIRECTORY)
READ_UNITS = Right(frozenset({"AdministrativeUnit.Read.All", "AdministrativeUnit.ReadWrite.All"}) | _DIRECTORY)
_ABOVE_ADMINISTRATORS = _roles("Privileged Authentication Administrator", "Global Administrator")


def is_above_administrators(caller: Caller) -> bool:
    """Tell whether a person's role reaches administrators too; that an application's does is not documented."""
    return caller.user is not None and not _ABOVE_ADMINISTRATORS.isdisjoint(caller.roles)
