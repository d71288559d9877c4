"""The `tenant` of a tenant's file: its name, the application registered in it, and who signs in there.

`id`, `name`, `domain` and `cloud` (`global`, `usgov`, `usgov-dod`, `china`); of the application `clientId`, `appName`,
`permissions` (granted to itself) and `scopes` (consented to for people; without them, as the permissions). It proves
itself by `clientSecret` (until `clientSecretEnds`, a time), by one of `certificates` (PEM), by a certificate with a
`subject` that an `authority` (PEM) has issued (`trustedSubjects`), or by another service's token (`federated`).
`operator` is the user who answers a sign-in by browser or device code, with `operatorRoles` (names or template ids);
`publicClient` says whether that works without proof, `redirectUris` where browsers may be sent back to. `refuses` says
which ways of signing in the tenant's rules refuse, and with which AADSTS number: `{"deviceCode": 53003}`; others are
`application`, `browser` and `refresh`.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Any

from bulktap.simulator.clouds import CLOUDS
from bulktap.simulator.permissions import DEFAULT_OPERATOR_ROLES, ROLES
from bulktap.simulator.registration import (
    AUDIENCE,
    DEFAULT_PERMISSIONS,
    FederatedCredential,
    Registration,
    TrustedSubject,
)
from bulktap.simulator.tenant_rules import RULES, SignInKind


def registration_from_json(about: dict[str, Any]) -> Registration:
    """Read the part of a tenant's file.

    Raises:
        ValueError: the cloud, a role, a rule or a time is none.
    """
    name, ends = about.get("name", "Contoso"), about.get("clientSecretEnds")
    cloud = about.get("cloud", "global")
    if cloud not in CLOUDS:
        raise ValueError(f"{cloud!r} is none of {', '.join(CLOUDS)}")
    return Registration(
        tenant_id=about.get("id", stable_id("tenant", name)).lower(),
        name=name,
        client_id=about.get("clientId", stable_id("application", name)).lower(),
        client_secret=about.get("clientSecret") or secrets.token_urlsafe(30),
        domain=about.get("domain", "contoso.com"),
        certificates=tuple(about.get("certificates", ())),
        federated=tuple(
            FederatedCredential(one["issuer"], one["subject"], one["publicKey"], one.get("audience", AUDIENCE))
            for one in about.get("federated", ())
        ),
        permissions=frozenset(about.get("permissions", DEFAULT_PERMISSIONS)),
        operator=about.get("operator"),
        operator_roles=frozenset(_role(one) for one in about.get("operatorRoles", DEFAULT_OPERATOR_ROLES)),
        scopes=None if about.get("scopes") is None else frozenset(about["scopes"]),
        app_name=about.get("appName", "bulktap"),
        trusted=tuple(TrustedSubject(one["subject"], one["authority"]) for one in about.get("trustedSubjects", ())),
        secret_ends=datetime.fromisoformat(ends) if ends else None,
        public=bool(about.get("publicClient", True)),
        redirects=tuple(about.get("redirectUris", ("http://localhost",))),
        cloud_name=cloud,
        refuses=_rules(about.get("refuses", {})),
    )


def registration_to_json(registration: Registration) -> dict[str, Any]:
    """Return what `registration_from_json` makes the same registration of."""
    return {
        "id": registration.tenant_id,
        "name": registration.name,
        "domain": registration.domain,
        "cloud": registration.cloud_name,
        "clientId": registration.client_id,
        "clientSecret": registration.client_secret,
        "clientSecretEnds": registration.secret_ends.isoformat() if registration.secret_ends else None,
        "appName": registration.app_name,
        "certificates": list(registration.certificates),
        "trustedSubjects": [{"subject": one.subject, "authority": one.authority} for one in registration.trusted],
        "federated": [
            {"issuer": one.issuer, "subject": one.subject, "publicKey": one.public_key, "audience": one.audience}
            for one in registration.federated
        ],
        "permissions": sorted(registration.permissions),
        "scopes": None if registration.scopes is None else sorted(registration.scopes),
        "operator": registration.operator,
        "operatorRoles": sorted(registration.operator_roles),
        "publicClient": registration.public,
        "redirectUris": list(registration.redirects),
        "refuses": dict(registration.refuses),
    }


def stable_id(kind: str, text: str) -> str:
    """Return an id that follows from a name: the same name gets the same id every time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://contoso.com/simulated/{kind}/{text.casefold()}"))


def _role(told: str) -> str:
    """Return a role's template id, by its name or as it is.

    Raises:
        ValueError: it is neither.
    """
    known = {name.casefold(): role for name, role in ROLES.items()}
    try:
        return known.get(told.casefold()) or str(uuid.UUID(told))
    except ValueError:
        raise ValueError(f"{told!r} is no role's template id, and none of {', '.join(ROLES)}") from None


def _rules(told: dict[str, int]) -> dict[str, int]:
    """Return what the tenant's rules refuse.

    Raises:
        ValueError: a way of signing in, or a number, is none.
    """
    for kind, number in told.items():
        if kind not in set(SignInKind):
            raise ValueError(f"{kind!r} is none of {', '.join(SignInKind)}")
        if number not in RULES:
            raise ValueError(f"{number!r} is none of {', '.join(map(str, sorted(RULES)))}")
    return dict(told)
