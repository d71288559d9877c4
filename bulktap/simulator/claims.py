"""What tokens say: the claims that Microsoft's have, for applications, for people, and of who somebody is.

Names and values are those of published tokens. A token for Microsoft Graph is of version 1.0; one for the application
itself of version 2.0, where the application is called `azp`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bulktap.simulator.web_tokens import encode_bytes

if TYPE_CHECKING:
    from bulktap.simulator.answers import Caller
    from bulktap.simulator.registration import Registration
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

_APP_ONLY_ROLE = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"
"""The `wids` of every application's token; no role has this id."""
_EVERYBODYS_ROLE = "b79fbf4d-3ef9-4689-8143-76b194e85509"
"""The `wids` of everybody's token, besides those of the roles that they hold."""
_TENANT_MADE = 1_577_836_800
"""When the tenant was made, in seconds since 1970."""
_BACKDATED = 300
"""Seconds by which a token begins before it is issued, for clocks that differ."""


class Proof(StrEnum):
    """How the application proved itself: the claim `appidacr`."""

    NOTHING = "0"
    SECRET = "1"
    CERTIFICATE = "2"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token is issued for."""

    caller: Caller
    audience: str
    proof: Proof
    takes_challenges: bool
    """Whether the client declared that it understands claims challenges (`cp1`)."""
    lifetime: int
    """Seconds."""


def access_claims(tenant: Tenant, grant: Grant) -> dict[str, Any]:
    """Return the claims of an access token."""
    registration, now = tenant.registration, int(tenant.clock().timestamp())
    second = grant.audience == registration.client_id
    issuer = registration.cloud.issuer_2 if second else registration.cloud.issuer
    claims = {
        "aud": grant.audience,
        "iss": issuer(registration.tenant_id),
        "iat": now - _BACKDATED,
        "nbf": now - _BACKDATED,
        "exp": now + grant.lifetime,
        "aio": encode_bytes(secrets.token_bytes(24)),
        "app_displayname": registration.app_name,
        **({"azp": grant.caller.client_id} if second else {"appid": grant.caller.client_id}),
        "azpacr" if second else "appidacr": grant.proof.value,
        "rh": f"1.{encode_bytes(secrets.token_bytes(24))}.",
        "tenant_region_scope": registration.cloud.region,
        "tid": registration.tenant_id,
        "uti": encode_bytes(secrets.token_bytes(16)),
        "ver": "2.0" if second else "1.0",
        "xms_ftd": encode_bytes(secrets.token_bytes(32)),
        "xms_tcdt": _TENANT_MADE,
        "xms_tdbr": registration.cloud.region,
        **({"xms_cc": ["CP1"]} if grant.takes_challenges else {}),
    }
    user = tenant.users.get(grant.caller.user) if grant.caller.user else None
    more = _of_an_app(registration, grant) if user is None else _of_a_person(registration, grant, user)
    return dict(sorted((claims | more).items()))


def id_claims(tenant: Tenant, user: User, nonce: str) -> dict[str, Any]:
    """Return the claims that say who has signed in."""
    registration, now = tenant.registration, int(tenant.clock().timestamp())
    return {
        "aud": registration.client_id,
        "iss": registration.cloud.issuer_2(registration.tenant_id),
        "iat": now - _BACKDATED,
        "nbf": now - _BACKDATED,
        "exp": now + 3600,
        "name": user.display_name,
        **({"nonce": nonce} if nonce else {}),
        **({"email": user.mail} if user.mail else {}),
        "oid": user.object_id,
        "preferred_username": user.upn,
        "rh": f"1.{encode_bytes(secrets.token_bytes(24))}.",
        "sub": _pairwise(registration.client_id, user),
        "tid": registration.tenant_id,
        "uti": encode_bytes(secrets.token_bytes(16)),
        "ver": "2.0",
    }


def _of_an_app(registration: Registration, grant: Grant) -> dict[str, Any]:
    # Without a granted permission the claim is missing altogether.
    roles = sorted(grant.caller.permissions)
    return {
        "idp": registration.cloud.issuer(registration.tenant_id),
        "idtyp": "app",
        "oid": registration.principal_id,
        **({"roles": roles} if roles else {}),
        "sub": registration.principal_id,
        "wids": [_APP_ONLY_ROLE],
        "xms_idrel": "7 28",
    }


def _of_a_person(registration: Registration, grant: Grant, user: User) -> dict[str, Any]:
    names = {"family_name": user.surname, "given_name": user.given_name}
    return {
        "acct": int(user.user_type.lower() == "guest"),
        "acr": "1",
        "amr": ["pwd", "mfa"],
        "idtyp": "user",
        "ipaddr": "127.0.0.1",
        "name": user.display_name,
        **{name: value for name, value in names.items() if value},
        "oid": user.object_id,
        "platf": "3",
        "puid": sha256(user.object_id.encode()).hexdigest()[:16].upper(),
        "scp": " ".join(sorted(grant.caller.permissions)),
        "signin_state": ["kmsi"],
        "sub": _pairwise(grant.audience, user),
        "unique_name": user.upn,
        "upn": user.upn,
        "wids": [*sorted(grant.caller.roles), _EVERYBODYS_ROLE],
        "xms_idrel": "1 28",
        "xms_st": {"sub": _pairwise(registration.client_id, user)},
    }


def _pairwise(audience: str, user: User) -> str:
    """Return how a person is called towards one resource only."""
    return encode_bytes(sha256(f"{audience}/{user.object_id}".encode()).digest())
