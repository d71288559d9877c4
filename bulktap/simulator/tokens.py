"""Access tokens: issued, looked up, counted and refused.

A token is what the real one is, a JSON web token with its claims, signed by the cloud's key. What was issued here is
known by its text; of anything else it is found out what is wrong with it. A token dies at its time, after so many
batches when the weather says so, or when `revoke_all` is called. An end before its time is told by a claims challenge
to clients that declared that they understand one; its own end never is.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.simulator import refusals
from bulktap.simulator.claims import Grant, Proof, access_claims
from bulktap.simulator.scopes import is_graph
from bulktap.simulator.signing_key import signing_key
from bulktap.simulator.web_tokens import read_web_token

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.simulator.answers import Caller
    from bulktap.simulator.refusals import Refusal
    from bulktap.simulator.tenant import Tenant


@dataclass(slots=True)
class IssuedToken:
    """What is known about one token."""

    grant: Grant
    expires_at: float
    """Seconds since 1970."""
    uses: int = 0
    """Batches and calls that it was good for."""
    revoked_at: datetime | None = None


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

    def issue(
        self, caller: Caller, *, takes_challenges: bool = False, audience: str = "", proof: Proof = Proof.SECRET
    ) -> str:
        """Return a new token; without an audience it is for Microsoft Graph."""
        audience = audience or self.tenant.registration.cloud.graph_root
        grant = Grant(caller, audience, proof, takes_challenges, self.lifetime)
        token = signing_key().sign(access_claims(self.tenant, grant))
        self._tokens[token] = IssuedToken(grant, self.tenant.clock().timestamp() + self.lifetime)
        return token

    def check(self, authorization: str | None) -> Caller | TokenProblem:
        """Let a request in by its `Authorization` header, or say why not."""
        scheme, _space, text = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            return self._problem(refusals.TOKEN_EMPTY)
        token = self._tokens.get(text.strip())
        if token is None:
            return self._problem(self._stranger(text.strip()))
        if not is_graph(token.grant.audience, self.tenant.registration.cloud):
            return self._problem(refusals.TOKEN_AUDIENCE)
        now = self.tenant.clock()
        if token.revoked_at is None and 0 < self.batches_per_token <= token.uses:
            token.revoked_at = now
        if token.revoked_at is not None and token.grant.takes_challenges and now.timestamp() < token.expires_at:
            return self._problem(refusals.TOKEN_REVOKED, token.revoked_at)
        if token.revoked_at is not None or now.timestamp() >= token.expires_at:
            return self._problem(refusals.TOKEN_EXPIRED)
        token.uses += 1
        return token.grant.caller

    def revoke_all(self) -> None:
        """End every access token issued so far before its time."""
        now = self.tenant.clock()
        for token in self._tokens.values():
            token.revoked_at = token.revoked_at or now

    def _stranger(self, text: str) -> Refusal:
        """Return what is wrong with a token that was not issued here."""
        token, registration, key = read_web_token(text), self.tenant.registration, signing_key()
        if token is None:
            return refusals.TOKEN_MALFORMED
        if not key.names(token):
            return refusals.TOKEN_KEY
        if not key.signed(token):
            return refusals.TOKEN_SIGNATURE
        if not is_graph(token.text_of("aud"), registration.cloud):
            return refusals.TOKEN_AUDIENCE
        # Of this tenant's own, those that an earlier server of it issued are left; they ended with it.
        return refusals.TOKEN_EXPIRED if token.text_of("tid") == registration.tenant_id else refusals.TOKEN_ISSUER

    def _problem(self, refusal: Refusal, revoked_at: datetime | None = None) -> TokenProblem:
        authority = self.tenant.registration.cloud.authority
        challenge = (
            f'Bearer realm="", authorization_uri="{authority}/common/oauth2/authorize", '
            'client_id="00000003-0000-0000-c000-000000000000"'
        )
        if revoked_at is not None:
            wanted = {"access_token": {"nbf": {"essential": True, "value": str(int(revoked_at.timestamp()))}}}
            claims = base64.b64encode(json.dumps(wanted).encode()).decode()
            challenge += f', error="insufficient_claims", claims="{claims}"'
        return TokenProblem(refusal, challenge)
