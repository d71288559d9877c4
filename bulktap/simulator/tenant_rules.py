"""What a tenant's own rules refuse: conditional access, a disabled application, consent that only some may give.

A tenant's file names them by AADSTS number for each way of signing in; the words are Microsoft's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.simulator.clouds import GRAPH_APP_ID
from bulktap.simulator.sign_in_errors import SignInError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.simulator.registration import Registration


class SignInKind(StrEnum):
    """A way to get a token, as tenant files spell it."""

    APPLICATION = "application"
    BROWSER = "browser"
    DEVICE_CODE = "deviceCode"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is answered where a rule refuses; the words have places for ids and names."""

    error: str
    words: str
    status: int = 400


_MFA = (
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must {what} "
    "multi-factor authentication to access '{{graph}}'."
)
_RULES: Mapping[int, _Rule] = {
    7000112: _Rule("unauthorized_client", "Application '{client}'({application}) is disabled."),
    7000229: _Rule(
        "invalid_client",
        "The client application {client} is missing service principal in the tenant {tenant}. See instructions here: "
        "https://go.microsoft.com/fwlink/?linkid=2225119",
        401,
    ),
    500014: _Rule(
        "invalid_resource",
        "The service principal for resource '{graph}' is disabled. This indicate that a subscription within the tenant "
        "has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from "
        "being issued for it.",
    ),
    53003: _Rule(
        "interaction_required",
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    ),
    530003: _Rule("interaction_required", "Your device is required to be managed to access this resource."),
    530084: _Rule(
        "invalid_grant",
        "Access has been blocked by conditional access token protection policy configured by this organization. To "
        "learn more, see https://aka.ms/TBCADocs.",
    ),  # seen: azure-dev 7704
    50076: _Rule("interaction_required", _MFA.format(what="use")),
    50079: _Rule("interaction_required", _MFA.format(what="enroll in")),
    50097: _Rule("interaction_required", "Device authentication is required."),
    50158: _Rule("interaction_required", "External security challenge was not satisfied."),
    50105: _Rule(
        "interaction_required",
        "Your administrator has configured the application {application} ('{client}') to block users unless they are "
        "specifically granted ('assigned') access to the application.",
    ),
    501051: _Rule(
        "invalid_grant",
        "Application '{client}'({application}) is not assigned to a role for the application '{graph}'(Microsoft "
        "Graph).",
    ),
    90094: _Rule("access_denied", "The grant requires admin permission."),
    90099: _Rule(
        "access_denied",
        "The application '{client}' ({application}) has not been authorized in the tenant '{tenant}'. Applications "
        "must be authorized to access the external tenant before partner delegated administrators can use them.",
    ),
    50173: _Rule(
        "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have "
        "changed or reset their password.",
    ),
}
RULES = frozenset(_RULES)
"""AADSTS numbers that a tenant's file may name."""


def rule_refusal(registration: Registration, kind: SignInKind) -> SignInError | None:
    """Return what the tenant's rules say to a way of signing in; None if they allow it."""
    number = registration.refuses.get(kind)
    if number is None:
        return None
    rule = _RULES[number]
    told = rule.words.format(
        client=registration.client_id,
        application=registration.app_name,
        tenant=registration.tenant_id,
        graph=GRAPH_APP_ID,
    )
    return SignInError(rule.status, rule.error, number, told)
