"""The identity platform: discovery, and tokens for a secret, a certificate, a device code or a refresh token.

Pure but for the token store; `server` puts it behind HTTPS. Errors look like Microsoft's: `error`, `error_description`
with its AADSTS number, `error_codes`, and ids for support.
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bulktap.simulator import sign_in_errors
from bulktap.simulator.answers import Caller
from bulktap.simulator.assertions import encode_segment, issuer_of, read_assertion, read_signed
from bulktap.simulator.faults import SignInFault
from bulktap.simulator.people_sign_in import BrowserSignIn, DeviceSignIn, PeopleSignIns, takes_challenges
from bulktap.simulator.weather import Weather

if TYPE_CHECKING:
    from bulktap.simulator.sign_in_errors import SignInError
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.tokens import TokenService
    from bulktap.simulator.users import User

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CLOCK_SKEW = 300
"""Seconds by which a client's clock may differ."""

_TRANSIENT = {
    SignInFault.TRANSIENT_400: sign_in_errors.TRANSIENT,
    SignInFault.TRANSIENT_503: sign_in_errors.TRANSIENT_503,
}

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class IdentityAnswer:
    """What the identity platform answers."""

    status: int
    body: dict[str, Any] = field(repr=False)


@dataclass(slots=True)
class Identity:
    """The identity platform of one tenant."""

    tenant: Tenant
    tokens: TokenService
    device_pending: int = 2
    """How often a device code sign-in is answered `authorization_pending` before it succeeds."""
    device_interval: int = 1
    """Seconds between two questions, as told to the client."""
    weather: Weather = field(default_factory=Weather)
    """The sign-in has its own faults."""
    token_requests: int = 0
    """Requests to the token endpoint."""
    faults: Counter[str] = field(default_factory=Counter)
    """Faults that requests for a token met."""
    _people: PeopleSignIns = field(default_factory=PeopleSignIns, repr=False)
    _salt: int = field(init=False)

    def __post_init__(self) -> None:
        self._salt = self.tenant.changes

    def knows(self, tenant: str) -> bool:
        """Tell whether a URL's tenant, an id or a domain, is ours."""
        registration = self.tenant.registration
        return tenant.lower() in {registration.tenant_id.lower(), registration.domain.lower()}

    def discovery(self, tenant: str, root: str) -> IdentityAnswer:
        """Return the OpenID configuration; `root` is the server's own URL."""
        if not self.knows(tenant):
            return self._refused(sign_in_errors.unknown_tenant(tenant))
        base = f"{root}/{self.tenant.registration.tenant_id}"
        body = {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "response_types_supported": ["code", "id_token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
        }
        return IdentityAnswer(200, body)

    def token(self, tenant: str, form: Form, token_endpoint: str) -> IdentityAnswer:
        """Answer the token endpoint."""
        self.token_requests += 1
        # A reopened tenant must not meet the weather of its first hour again.
        fault = self.weather.sign_in_fault(f"{self._salt}/{self.token_requests}")
        if fault is not SignInFault.NONE:
            self.faults[fault.value] += 1
            return self._refused(_TRANSIENT[fault])
        return self._token(tenant, form, token_endpoint)

    def _token(self, tenant: str, form: Form, token_endpoint: str) -> IdentityAnswer:
        if not self.knows(tenant):
            return self._refused(sign_in_errors.unknown_tenant(tenant))
        client_id = form.get("client_id", "")
        registration = self.tenant.registration
        if client_id.lower() != registration.client_id.lower():
            return self._refused(sign_in_errors.unknown_application(client_id, registration.name))
        grant = form.get("grant_type", "")
        if grant == "client_credentials":
            return self._client_credentials(form, token_endpoint)
        of_people = {
            "urn:ietf:params:oauth:grant-type:device_code": self._device_token,
            "device_code": self._device_token,
            "authorization_code": self._browser_token,
            "refresh_token": self._refresh,
        }.get(grant)
        return self._refused(sign_in_errors.wrong_grant(grant)) if of_people is None else of_people(form)

    def authorize(self, tenant: str, query: Form) -> IdentityAnswer | str:
        """Return the page that a browser gets, or a refusal that has no page to go to."""
        registration = self.tenant.registration
        if not self.knows(tenant):
            return self._refused(sign_in_errors.unknown_tenant(tenant))
        if query.get("client_id", "").lower() != registration.client_id.lower():
            return self._refused(sign_in_errors.unknown_application(query.get("client_id", ""), registration.name))
        refusal = None if self._operator() is not None else sign_in_errors.INVALID_GRANT
        return self._people.page(query, refusal) or self._refused(sign_in_errors.UNKNOWN_REDIRECT)

    def device_code(self, tenant: str, form: Form) -> IdentityAnswer:
        """Begin a device code sign-in."""
        if not self.knows(tenant):
            return self._refused(sign_in_errors.unknown_tenant(tenant))
        device_code, user_code = secrets.token_urlsafe(24), secrets.token_hex(4).upper()
        self._people.devices[device_code] = DeviceSignIn(self.device_pending, takes_challenges(form))
        page = "https://microsoft.com/devicelogin"
        message = f"To sign in, use a web browser to open the page {page} and enter the code {user_code}."
        body = {
            "user_code": user_code,
            "device_code": device_code,
            "verification_uri": page,
            "expires_in": 900,
            "interval": self.device_interval,
            "message": message,
        }
        return IdentityAnswer(200, body)

    def _client_credentials(self, form: Form, token_endpoint: str) -> IdentityAnswer:
        if not form.get("scope", "").endswith("/.default"):
            return self._refused(sign_in_errors.wrong_scope(form.get("scope", "")))
        problem = self._credential_problem(form, token_endpoint)
        if problem is not None:
            return self._refused(problem)
        registration = self.tenant.registration
        caller = Caller(registration.client_id, registration.permissions)
        token = self.tokens.issue(caller, takes_challenges=takes_challenges(form))
        lifetime = self.tokens.lifetime
        body = {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": token}
        return IdentityAnswer(200, body)

    def _credential_problem(self, form: Form, token_endpoint: str) -> SignInError | None:
        registration = self.tenant.registration
        if "client_assertion" in form:
            return self._assertion_problem(form, token_endpoint)
        if "client_secret" not in form:
            return sign_in_errors.NO_CREDENTIAL
        right = hmac.compare_digest(form["client_secret"].encode(), registration.client_secret.encode())
        return None if right else sign_in_errors.wrong_secret(registration.client_id)

    def _assertion_problem(self, form: Form, token_endpoint: str) -> SignInError | None:
        registration, assertion = self.tenant.registration, form["client_assertion"]
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            return sign_in_errors.UNKNOWN_CERTIFICATE
        if registration.federated and issuer_of(assertion) != registration.client_id:
            return self._federation_problem(assertion)
        claims = read_assertion(assertion, registration.certificates)
        if claims is None:
            return sign_in_errors.UNKNOWN_CERTIFICATE
        if claims.get("aud") != token_endpoint:
            return sign_in_errors.WRONG_AUDIENCE
        if claims.get("iss") != registration.client_id or claims.get("sub") != registration.client_id:
            return sign_in_errors.WRONG_SUBJECT
        return self._time_problem(claims)

    def _federation_problem(self, assertion: str) -> SignInError | None:
        """Return why another identity service's token does not stand for the app: issuer, audience, subject."""
        known = [one for one in self.tenant.registration.federated if one.issuer == issuer_of(assertion)]
        claims = next((found for one in known if (found := read_signed(assertion, one.public_key)) is not None), None)
        if claims is None:
            return sign_in_errors.NO_ISSUER
        told = claims.get("aud")
        known = [one for one in known if one.audience in (told if isinstance(told, list) else [told])]
        if not known:
            return sign_in_errors.NO_AUDIENCE
        if all(one.subject != claims.get("sub") for one in known):
            return sign_in_errors.NO_SUBJECT
        return self._time_problem(claims)

    def _time_problem(self, claims: Mapping[str, Any]) -> SignInError | None:
        now = self.tenant.clock().timestamp()
        in_time = claims.get("nbf", 0) - CLOCK_SKEW <= now < claims.get("exp", 0) + CLOCK_SKEW
        return None if in_time else sign_in_errors.WRONG_TIME

    def _device_token(self, form: Form) -> IdentityAnswer:
        device_code = form.get("device_code", "")
        device = self._people.devices.get(device_code)
        operator = self._operator()
        if device is None or operator is None:
            return self._refused(sign_in_errors.INVALID_GRANT)
        if device.pending > 0:
            device.pending -= 1
            return self._refused(sign_in_errors.PENDING)
        del self._people.devices[device_code]
        return self._signed_in(operator, takes_challenges=device.takes_challenges)

    def _browser_token(self, form: Form) -> IdentityAnswer:
        operator, found = self._operator(), self._people.redeemed(form)
        if not isinstance(found, BrowserSignIn) or operator is None:
            return self._refused(sign_in_errors.INVALID_GRANT if isinstance(found, BrowserSignIn) else found)
        return self._signed_in(operator, takes_challenges=found.takes_challenges, nonce=found.nonce)

    def _refresh(self, form: Form) -> IdentityAnswer:
        operator = self._operator()
        if form.get("refresh_token") not in self._people.refresh_tokens or operator is None:
            return self._refused(sign_in_errors.INVALID_GRANT)
        return self._signed_in(operator, takes_challenges=takes_challenges(form))

    def _signed_in(self, user: User, *, takes_challenges: bool, nonce: str = "") -> IdentityAnswer:
        registration = self.tenant.registration
        caller = Caller(registration.client_id, registration.permissions, user.object_id)
        refresh_token = self._people.refresh_token()
        now = int(self.tenant.clock().timestamp())
        id_claims = {
            "aud": registration.client_id,
            "iss": f"https://login.microsoftonline.com/{registration.tenant_id}/v2.0",
            "iat": now,
            "exp": now + 3600,
            "oid": user.object_id,
            "sub": user.object_id,
            "tid": registration.tenant_id,
            "name": user.display_name,
            "preferred_username": user.upn,
            **({"nonce": nonce} if nonce else {}),
        }
        body = {
            "token_type": "Bearer",
            "scope": " ".join(f"https://graph.microsoft.com/{name}" for name in sorted(caller.permissions)),
            "expires_in": self.tokens.lifetime,
            "access_token": self.tokens.issue(caller, takes_challenges=takes_challenges),
            "refresh_token": refresh_token,
            "id_token": f"{encode_segment({'typ': 'JWT', 'alg': 'none'})}.{encode_segment(id_claims)}.",
            "client_info": encode_segment({"uid": user.object_id, "utid": registration.tenant_id}),
        }
        return IdentityAnswer(200, body)

    def _operator(self) -> User | None:
        name = self.tenant.registration.operator
        return self.tenant.find(name) if name else None

    def _refused(self, error: SignInError) -> IdentityAnswer:
        return IdentityAnswer(error.status, error.body(self.tenant.clock()))
