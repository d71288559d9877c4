"""Access tokens: issued, looked up, counted and refused.

A token looks like the real one, a JSON web token with the claims that people read there, but is known by its text
alone. It dies at its time, after so many batches when the weather says so, or when `revoke_all` is called.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.simulator import refusals
from bulktap.simulator.assertions import encode_segment

if TYPE_CHECKING:
    from bulktap.simulator.answers import Caller
    from bulktap.simulator.refusals import Refusal
    from bulktap.simulator.tenant import Tenant

_CHALLENGE = (
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
    'client_id="00000003-0000-0000-c000-000000000000"'
)


@dataclass(slots=True)
class IssuedToken:
    """What is known about one token."""

    caller: Caller
    expires_at: float
    """Seconds since 1970."""
    takes_challenges: bool
    """Whether the client declared that it understands claims challenges (`cp1`)."""
    uses: int = 0
    """Batches and calls that it was good for."""
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class TokenProblem:
    """Why a request is not let in."""

    refusal: Refusal
    challenge: str
    """The `WWW-Authenticate` header."""


@dataclass(slots=True)
class TokenService:
    """All tokens of one tenant."""

    tenant: Tenant
    lifetime: int = 3599
    """Seconds."""
    batches_per_token: int = 0
    """After how many batches a token stops being accepted; 0 means never."""
    _tokens: dict[str, IssuedToken] = field(default_factory=dict, repr=False)

    def issue(self, caller: Caller, *, takes_challenges: bool = False) -> str:
        """Return a new token."""
        now = self.tenant.clock().timestamp()
        registration = self.tenant.registration
        rights: dict[str, object] = {"roles": sorted(caller.permissions), "idtyp": "app"}
        if caller.user:
            rights = {"scp": " ".join(sorted(caller.permissions)), "oid": caller.user, "idtyp": "user"}
        claims = {
            "aud": "https://graph.microsoft.com",
            "iss": f"https://sts.windows.net/{registration.tenant_id}/",
            "iat": int(now),
            "exp": int(now) + self.lifetime,
            "appid": caller.client_id,
            "tid": registration.tenant_id,
            **rights,
        }
        head = encode_segment({"typ": "JWT", "alg": "none"})
        token = f"{head}.{encode_segment(claims)}.{secrets.token_urlsafe(32)}"
        self._tokens[token] = IssuedToken(caller, now + self.lifetime, takes_challenges)
        return token

    def check(self, authorization: str | None) -> Caller | TokenProblem:
        """Let a request in by its `Authorization` header, or say why not."""
        scheme, _space, text = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            return TokenProblem(refusals.TOKEN_EMPTY, _CHALLENGE)
        token = self._tokens.get(text.strip())
        if token is None:
            return TokenProblem(refusals.TOKEN_MALFORMED, _CHALLENGE)
        now = self.tenant.clock().timestamp()
        worn_out = 0 < self.batches_per_token <= token.uses
        if token.revoked or worn_out or now >= token.expires_at:
            challenge = _claims_challenge(int(now)) if token.takes_challenges else _CHALLENGE
            return TokenProblem(refusals.TOKEN_EXPIRED, challenge)
        token.uses += 1
        return token.caller

    def revoke_all(self) -> None:
        """End every token issued so far before its time."""
        for token in self._tokens.values():
            token.revoked = True


def _claims_challenge(now: int) -> str:
    claims = {"access_token": {"nbf": {"essential": True, "value": str(now)}}}
    encoded = base64.b64encode(json.dumps(claims).encode()).decode()
    return f'{_CHALLENGE}, error="insufficient_claims", claims="{encoded}"'
