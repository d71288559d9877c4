"""The tenant's Temporary Access Pass policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bulktap.simulator import refusals
from bulktap.simulator.methods_policy import merged_typed
from bulktap.simulator.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.simulator.users import User

ALL_USERS = "all_users"
"""The pseudo-group that stands for everybody; a literal of the service."""


PASS_POLICY_TYPE = "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"
_LIFETIMES = ("minimumLifetimeInMinutes", "maximumLifetimeInMinutes", "defaultLifetimeInMinutes")
_SHORTEST, _LONGEST = 10, 43_200
_SHORTEST_CODE, _LONGEST_CODE = 8, 48


@dataclass(frozen=True, slots=True)
class Target:
    """Whom the policy includes or excludes."""

    id: str
    """Object id of a user or group, or `all_users`."""
    kind: str = "group"
    """`user` or `group`."""
    registration_required: bool = False
    """`isRegistrationRequired`."""

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
            "@odata.type": f"#{PASS_POLICY_TYPE}",
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
                {"targetType": target.kind, "id": target.id, "isRegistrationRequired": target.registration_required}
                for target in self.include
            ],
        }

    def changed(self, body: object) -> PassPolicy:
        """Return the policy as `PATCH` leaves it.

        Raises:
            Refused: it cannot be changed so.
        """
        after = merged_typed(self.wire(), body, PASS_POLICY_TYPE)
        minimum, maximum = (after[name] for name in _LIFETIMES[:2])
        for name, low, high in (
            *((name, _SHORTEST, _LONGEST) for name in _LIFETIMES),
            ("minimumLifetimeInMinutes", _SHORTEST, maximum),
            ("defaultLifetimeInMinutes", minimum, maximum),
            ("defaultLength", _SHORTEST_CODE, _LONGEST_CODE),
        ):
            if not low <= after[name] <= high:
                raise Refused(refusals.policy_range(name, low, high))
        return read_policy({**after, "refusesOutOfScope": self.refuses_out_of_scope})


def read_policy(item: Mapping[str, Any]) -> PassPolicy:
    """Read a policy with the names of the wire; what it does not say is as Microsoft's default, but enabled."""
    standard = PassPolicy()
    return PassPolicy(
        enabled=item.get("state", "enabled") == "enabled",
        minimum_lifetime=int(item.get("minimumLifetimeInMinutes", standard.minimum_lifetime)),
        maximum_lifetime=int(item.get("maximumLifetimeInMinutes", standard.maximum_lifetime)),
        default_lifetime=int(item.get("defaultLifetimeInMinutes", standard.default_lifetime)),
        default_length=int(item.get("defaultLength", standard.default_length)),
        usable_once=bool(item.get("isUsableOnce", standard.usable_once)),
        include=_targets(item["includeTargets"]) if "includeTargets" in item else standard.include,
        exclude=_targets(item.get("excludeTargets", ())),
        refuses_out_of_scope=bool(item.get("refusesOutOfScope", True)),
    )


def _targets(items: Sequence[Mapping[str, Any]]) -> tuple[Target, ...]:
    return tuple(
        Target(item["id"], item.get("targetType", "group"), bool(item.get("isRegistrationRequired", False)))
        for item in items
    )
