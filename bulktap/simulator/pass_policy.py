"""The tenant's Temporary Access Pass policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.simulator.users import User

ALL_USERS = "all_users"
"""The pseudo-group that stands for everybody; a literal of the service."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom the policy includes or excludes."""

    id: str
    """Object id of a user or group, or `all_users`."""
    kind: str = "group"
    """`user` or `group`."""

    def covers(self, user: User) -> bool:
        """Tell whether the user is meant."""
        if self.kind == "user":
            return self.id.lower() == user.object_id
        return self.id == ALL_USERS or self.id in user.groups


@dataclass(frozen=True, slots=True)
class PassPolicy:
    """`temporaryAccessPassAuthenticationMethodConfiguration`, with Microsoft's defaults but enabled."""

    enabled: bool = True
    """`state`."""
    minimum_lifetime: int = 60
    """Minutes."""
    maximum_lifetime: int = 480
    """Minutes."""
    default_lifetime: int = 60
    """Minutes."""
    default_length: int = 8
    """Characters of a passcode, 8 to 48."""
    usable_once: bool = False
    """Whether every pass of the tenant is one-time."""
    include: tuple[Target, ...] = field(default=(Target(ALL_USERS),))
    exclude: tuple[Target, ...] = ()
    refuses_out_of_scope: bool = True
    """Whether a create for a user out of scope is refused, as seen since 2023, or answered 201 with a pass that is
    `DisabledByPolicy`, as Microsoft's article still says."""

    def covers(self, user: User) -> bool:
        """Tell whether the user is in scope."""
        if user.in_scope is not None:
            return user.in_scope
        if any(target.covers(user) for target in self.exclude):
            return False
        return any(target.covers(user) for target in self.include)

    def wire(self) -> dict[str, object]:
        """Return the policy as `GET` shows it."""
        return {
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#authenticationMethodConfigurations/$entity",
            "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",
            "id": "TemporaryAccessPass",
            "state": "enabled" if self.enabled else "disabled",
            "defaultLifetimeInMinutes": self.default_lifetime,
            "defaultLength": self.default_length,
            "minimumLifetimeInMinutes": self.minimum_lifetime,
            "maximumLifetimeInMinutes": self.maximum_lifetime,
            "isUsableOnce": self.usable_once,
            "excludeTargets": [{"id": target.id, "targetType": target.kind} for target in self.exclude],
            "includeTargets@odata.context": (
                "https://graph.microsoft.com/v1.0/$metadata#policies/authenticationMethodsPolicy/"
                "authenticationMethodConfigurations('TemporaryAccessPass')/"
                "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration/includeTargets"
            ),
            "includeTargets": [
                {"targetType": target.kind, "id": target.id, "isRegistrationRequired": False} for target in self.include
            ],
        }
