"""The tenant's policy of sign-in methods, but for the part about passes: `pass_policy`.

What is in it is kept and shown and changes nothing else: only passes are issued here.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bulktap.simulator import refusals
from bulktap.simulator.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Json = dict[str, Any]
_ALL = [{"targetType": "group", "id": "all_users", "isRegistrationRequired": False}]
_ROOT_TYPE = "microsoft.graph.authenticationMethodsPolicy"
_READ_ONLY = frozenset({"id", "displayName", "description", "lastModifiedDateTime", "policyVersion"})
_ONE_OF = {
    "state": {"enabled", "disabled"},
    "policyMigrationState": {"preMigration", "migrationInProgress", "migrationComplete"},
}
_CAMPAIGN_STATES = {"default", "enabled", "disabled"}
_CAMPAIGN: Json = {
    "snoozeDurationInDays": 1,
    "enforceRegistrationAfterAllowedSnoozes": True,
    "state": "default",
    "excludeTargets": [],
    "includeTargets": [
        {"id": "all_users", "targetType": "group", "targetedAuthenticationMethod": "microsoftAuthenticator"}
    ],
}


def _method(kind: str, *, enabled: bool, **more: object) -> Json:
    return {
        "@odata.type": f"#microsoft.graph.{kind}AuthenticationMethodConfiguration",
        "state": "enabled" if enabled else "disabled",
        "excludeTargets": [],
        **more,
        "includeTargets": copy.deepcopy(_ALL),
    }


def _methods() -> dict[str, Json]:
    return {
        "Fido2": _method("fido2", enabled=True, isSelfServiceRegistrationAllowed=True, isAttestationEnforced=False),
        "MicrosoftAuthenticator": _method("microsoftAuthenticator", enabled=True, isSoftwareOathEnabled=False),
        "Sms": _method("sms", enabled=False),
        "SoftwareOath": _method("softwareOath", enabled=False),
        "Voice": _method("voice", enabled=False, isOfficePhoneAllowed=False),
        "Email": _method("email", enabled=False, allowExternalIdToUseEmailOtp="default"),
        "X509Certificate": _method("x509Certificate", enabled=False),
    }


@dataclass(frozen=True, slots=True)
class MethodsPolicy:
    """`authenticationMethodsPolicy`, with Microsoft's defaults."""

    migration: str = "migrationComplete"
    """`policyMigrationState`."""
    reconfirmation: int | None = None
    """`reconfirmationInDays`."""
    campaign: Mapping[str, Any] = field(default_factory=lambda: copy.deepcopy(_CAMPAIGN))
    """`registrationEnforcement.authenticationMethodsRegistrationCampaign`."""
    methods: Mapping[str, Json] = field(default_factory=_methods)
    """The configuration of every other method, by its id."""

    def find(self, method_id: str) -> str:
        """Return the id of a method as the service spells it.

        Raises:
            Refused: there is no such method.
        """
        found = next((one for one in self.methods if one.lower() == method_id.lower()), None)
        if found is None:
            raise Refused(refusals.UNKNOWN_METHOD)
        return found

    def method_wire(self, method_id: str) -> Json:
        """Return a method's configuration as `GET` shows it."""
        kind, *rest = self.methods[method_id].items()
        return {kind[0]: kind[1], "id": method_id, **dict(rest)}

    def wire(self, passes: Mapping[str, object], modified_at: datetime) -> Json:
        """Return the whole policy as `GET` shows it, with the part about passes where the service has it."""
        methods = [self.method_wire(one) for one in self.methods]
        methods.insert(3, dict(passes))
        return {
            "id": "authenticationMethodsPolicy",
            "displayName": "Authentication Methods Policy",
            "description": "The tenant-wide policy that controls which authentication methods are allowed in the "
            "tenant, authentication method registration requirements, and self-service password reset settings",
            "lastModifiedDateTime": f"{modified_at:%Y-%m-%dT%H:%M:%S.%f}Z",
            "policyVersion": "1.5",
            "policyMigrationState": self.migration,
            "reconfirmationInDays": self.reconfirmation,
            "registrationEnforcement": {"authenticationMethodsRegistrationCampaign": dict(self.campaign)},
            "authenticationMethodConfigurations": methods,
        }

    def changed(self, body: object) -> MethodsPolicy:
        """Return the policy as `PATCH` of the whole of it leaves it; methods have addresses of their own.

        Raises:
            Refused: it cannot be changed so.
        """
        if not isinstance(body, dict):
            raise Refused(refusals.JSON_EXPECTED)
        known: Json = {
            "policyMigrationState": self.migration,
            "reconfirmationInDays": self.reconfirmation or 0,
            "registrationEnforcement": {"authenticationMethodsRegistrationCampaign": dict(self.campaign)},
        }
        written = {name: value for name, value in body.items() if name not in _READ_ONLY}
        if "authenticationMethodConfigurations" in written:
            raise Refused(refusals.malformed("authenticationMethodConfigurations"))
        after = merged(known, written, _ROOT_TYPE)
        campaign = after["registrationEnforcement"]["authenticationMethodsRegistrationCampaign"]
        if not 0 <= campaign["snoozeDurationInDays"] <= 14:
            raise Refused(refusals.policy_range("snoozeDurationInDays", 0, 14))
        return replace(
            self,
            migration=after["policyMigrationState"],
            reconfirmation=after["reconfirmationInDays"] if "reconfirmationInDays" in written else self.reconfirmation,
            campaign=campaign,
        )

    def changed_method(self, name: str, body: object) -> MethodsPolicy:
        """Return the policy as `PATCH` of one method leaves it.

        Raises:
            Refused: it cannot be changed so, or there is no such method.
        """
        method_id = self.find(name)
        after = merged_typed(self.methods[method_id], body, self.methods[method_id]["@odata.type"].removeprefix("#"))
        return replace(self, methods={**self.methods, method_id: after})


def merged_typed(held: Json, body: object, kind: str) -> Json:
    """Return a method's configuration with the members of a body, which has to name its type, in place of its own.

    Raises:
        Refused: the body does not fit.
    """
    if not isinstance(body, dict):
        raise Refused(refusals.JSON_EXPECTED)
    told = body.get("@odata.type")
    if told is None:
        raise Refused(refusals.TYPE_MISSING)
    if str(told).removeprefix("#") != kind:
        raise Refused(refusals.unresolved_type(str(told).removeprefix("#")))
    return merged(held, {name: value for name, value in body.items() if name != "id"}, kind)


def merged(held: Json, body: Json, kind: str) -> Json:
    """Return what is held with the members of a body in place of its own, each of the same type.

    Raises:
        Refused: the body does not fit.
    """
    after = copy.deepcopy(held)
    for name, value in body.items():
        if "@" in name:
            continue  # an annotation
        if name not in held:
            raise Refused(refusals.undeclared(name, kind))
        if isinstance(held[name], dict) and isinstance(value, dict):
            after[name] = merged(held[name], value, kind)
            continue
        if type(value) is not type(held[name]):
            raise Refused(refusals.wrong_literal(value, _edm(held[name])))
        allowed = _CAMPAIGN_STATES if name == "state" and "snoozeDurationInDays" in held else _ONE_OF.get(name)
        if allowed is not None and value not in allowed:
            raise Refused(refusals.wrong_literal(value, f"microsoft.graph.{name}"))
        if name.endswith("Targets") and not all(map(is_target, value)):
            raise Refused(refusals.malformed(name))
        after[name] = value
    return after


def is_target(item: object) -> bool:
    """Tell whether an item of a body names a user or a group."""
    return (
        isinstance(item, dict)
        and isinstance(item.get("id"), str)
        and bool(item["id"])
        and item.get("targetType") in {"user", "group"}
    )


def _edm(value: object) -> str:
    return {bool: "Edm.Boolean", int: "Edm.Int32", str: "Edm.String", list: "Collection"}.get(
        type(value), "Edm.Untyped"
    )
