"""The identity platform: discovery, and tokens for a secret, a certificate, another service's token, or a person.

Pure but for the token store; `server` puts it behind HTTPS. Errors look like Microsoft's: `error`, `error_description`
with its AADSTS number, `error_codes`, and ids for support.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bulktap.simulator import sign_in_errors
from bulktap.simulator.answers import Caller
from bulktap.simulator.assertions import AssertionCheck
from bulktap.simulator.claims import Proof, id_claims
from bulktap.simulator.faults import SignInFault
from bulktap.simulator.people_sign_in import DEVICE_SECONDS, Landing, PeopleSignIns, SignedIn, takes_challenges
from bulktap.simulator.scopes import DEFAULT, is_graph, read_scope
from bulktap.simulator.sign_in_errors import SignInError
from bulktap.simulator.signing_key import signing_key
from bulktap.simulator.tenant_rules import SignInKind, rule_refusal
from bulktap.simulator.weather import Weather
from bulktap.simulator.web_tokens import encode_segment

if TYPE_CHECKING:
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.tokens import TokenService

_TRANSIENT = {
    SignInFault.TRANSIENT_400: sign_in_errors.TRANSIENT,
    SignInFault.TRANSIENT_503: sign_in_errors.TRANSIENT_503,
}
_ANY_TENANT = frozenset({"common", "organizations"})
_TENANT_NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:[a-z0-9-]+\.)+[a-z0-9-]+", re.IGNORECASE)

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
    _people: PeopleSignIns = field(init=False, repr=False)
    _salt: int = field(init=False)

    def __post_init__(self) -> None:
        self._people = PeopleSignIns(self.tenant)
        self._salt = self.tenant.changes

    def discovery(self, tenant: str, root: str) -> IdentityAnswer:
        """Return the OpenID configuration; `root` is the server's own URL."""
        problem = None if tenant.lower() in _ANY_TENANT else self._tenant_problem(tenant)
        if problem is not None:
            return self._refused(problem)
        registration = self.tenant.registration
        name = tenant.lower() if tenant.lower() in _ANY_TENANT else registration.tenant_id
        base = f"{root}/{name}"
        body = {
            "issuer": f"{root}/{'{tenantid}' if name in _ANY_TENANT else name}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "tenant_region_scope": registration.cloud.region,
            "cloud_instance_name": registration.cloud.authority.removeprefix("https://login."),
            "msgraph_host": registration.cloud.graph_host,
        }
        return IdentityAnswer(200, body)

    def instance(self, root: str) -> IdentityAnswer:
        """Tell a client that does not know this sign-in's address that it is one."""
        host, tenant_id = urlsplit(root).netloc, self.tenant.registration.tenant_id
        metadata = [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}]
        address = f"{root}/{tenant_id}/v2.0/.well-known/openid-configuration"
        return IdentityAnswer(200, {"tenant_discovery_endpoint": address, "api-version": "1.1", "metadata": metadata})

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
        problem = self._tenant_problem(tenant) or self._client_problem(form)
        grant = form.get("grant_type", "")
        if problem is None and not grant:
            problem = sign_in_errors.missing("grant_type")
        if problem is not None:
            return self._refused(problem)
        if grant == "client_credentials":
            return self._client_credentials(form, token_endpoint)
        of_people = {
            "urn:ietf:params:oauth:grant-type:device_code": self._people.by_device,
            "device_code": self._people.by_device,
            "authorization_code": self._people.by_code,
            "refresh_token": self._people.by_refresh,
        }.get(grant)
        if of_people is None:
            return self._refused(sign_in_errors.wrong_grant(grant))
        return self._people_token(of_people, form, token_endpoint)

    def _people_token(
        self, find: Callable[[Form], SignedIn | SignInError], form: Form, token_endpoint: str
    ) -> IdentityAnswer:
        proof = self._proof(form, token_endpoint)
        if proof is Proof.NOTHING and not self.tenant.registration.public:
            proof = sign_in_errors.NOT_PUBLIC
        if isinstance(proof, SignInError):
            return self._refused(proof)
        found = find(form)
        if isinstance(found, SignInError):
            return self._refused(found)
        return self._signed_in(found, proof, wants_info=form.get("client_info") == "1")

    def authorize(self, tenant: str, query: Form) -> IdentityAnswer | Landing:
        """Return where a browser goes, or a refusal that has no page to go to."""
        problem = self._tenant_problem(tenant) or self._client_problem(query)
        answer = problem or self._people.landing(query)
        return self._refused(answer) if isinstance(answer, SignInError) else answer

    def device_code(self, tenant: str, form: Form) -> IdentityAnswer:
        """Begin a device code sign-in."""
        problem = self._tenant_problem(tenant) or self._client_problem(form)
        device_code = problem or self._people.begin_device(form, self.device_pending)
        if isinstance(device_code, SignInError):
            return self._refused(device_code)
        user_code, page = secrets.token_hex(4).upper(), "https://microsoft.com/devicelogin"
        message = f"To sign in, use a web browser to open the page {page} and enter the code {user_code}."
        body = {
            "user_code": user_code,
            "device_code": device_code,
            "verification_uri": page,
            "expires_in": DEVICE_SECONDS,
            "interval": self.device_interval,
            "message": message,
        }
        return IdentityAnswer(200, body)

    def _tenant_problem(self, tenant: str) -> SignInError | None:
        """Return why a URL's tenant, an id or a domain, is not ours."""
        registration = self.tenant.registration
        if tenant.lower() in {registration.tenant_id.lower(), registration.domain.lower()}:
            return None
        if tenant.lower() in _ANY_TENANT:
            return sign_in_errors.ONE_TENANT
        known = _TENANT_NAME.fullmatch(tenant)
        return sign_in_errors.unknown_tenant(tenant) if known else sign_in_errors.not_a_tenant(tenant)

    def _client_problem(self, form: Form) -> SignInError | None:
        client_id, registration = form.get("client_id", ""), self.tenant.registration
        if not client_id:
            return sign_in_errors.missing("client_id")
        if client_id.lower() != registration.client_id.lower():
            return sign_in_errors.unknown_application(client_id, registration.name)
        return None

    def _client_credentials(self, form: Form, token_endpoint: str) -> IdentityAnswer:
        scope, registration = form.get("scope", ""), self.tenant.registration
        if not scope:
            return self._refused(sign_in_errors.missing("scope"))
        asked = read_scope(scope, registration)
        if isinstance(asked, SignInError):
            return self._refused(asked)
        if asked.names != {DEFAULT} or asked.openid:
            return self._refused(sign_in_errors.wrong_scope(scope))
        proof = self._proof(form, token_endpoint)
        if not isinstance(proof, SignInError):
            none = sign_in_errors.NO_CREDENTIAL if proof is Proof.NOTHING else None
            proof = none or rule_refusal(registration, SignInKind.APPLICATION) or proof
        if isinstance(proof, SignInError):
            return self._refused(proof)
        permissions = registration.permissions if is_graph(asked.audience, registration.cloud) else frozenset()
        token = self.tokens.issue(
            Caller(registration.client_id, permissions),
            takes_challenges=takes_challenges(form),
            audience=asked.audience,
            proof=proof,
        )
        lifetime = self.tokens.lifetime
        body = {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": token}
        return IdentityAnswer(200, body)

    def _proof(self, form: Form, token_endpoint: str) -> Proof | SignInError:
        """Return how the application proves itself, or why it does not."""
        registration = self.tenant.registration
        if "client_assertion" in form:
            check = AssertionCheck(registration, self.tenant.clock(), self._audiences(token_endpoint))
            return check.problem(form) or Proof.CERTIFICATE
        if "client_secret" not in form:
            return Proof.NOTHING
        if not hmac.compare_digest(form["client_secret"].encode(), registration.client_secret.encode()):
            return sign_in_errors.wrong_secret(registration.client_id)
        if registration.secret_ends is not None and self.tenant.clock() >= registration.secret_ends:
            return sign_in_errors.expired_secret(registration.client_id)
        return Proof.SECRET

    def _audiences(self, token_endpoint: str) -> frozenset[str]:
        """Return what an assertion may be for: this sign-in's addresses, under its own name and under the cloud's."""
        own, tenant_id = token_endpoint.removesuffix("/oauth2/v2.0/token"), self.tenant.registration.tenant_id
        bases = (own, f"{self.tenant.registration.cloud.authority}/{tenant_id}")
        return frozenset(f"{base}/{end}" for base in bases for end in ("oauth2/v2.0/token", "v2.0"))

    def _signed_in(self, found: SignedIn, proof: Proof, *, wants_info: bool) -> IdentityAnswer:
        registration, asked = self.tenant.registration, found.asked
        graph = is_graph(asked.audience, registration.cloud)
        granted, shown = registration.consented if graph else frozenset[str](), asked.openid - {"offline_access"}
        caller = Caller(registration.client_id, granted | shown, found.user.object_id, registration.operator_roles)
        lifetime = self.tokens.lifetime
        token = self.tokens.issue(caller, takes_challenges=found.takes_challenges, audience=asked.audience, proof=proof)
        # What was asked for is told in the client's own spelling: its cache looks for that.
        prefix = asked.prefix or (f"{registration.cloud.graph_root}/" if graph else "")
        told = {f"{asked.prefix}{name}" for name in asked.names} | {f"{prefix}{name}" for name in granted}
        body: dict[str, Any] = {
            "token_type": "Bearer",
            "scope": " ".join([*sorted(shown), *sorted(told)]),
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
            "access_token": token,
        }
        if "offline_access" in asked.openid:
            body["refresh_token"] = self._people.refresh_token(found)
        if "openid" in asked.openid:
            body["id_token"] = signing_key().sign(id_claims(self.tenant, found.user, found.nonce))
        if wants_info:
            body["client_info"] = encode_segment({"uid": found.user.object_id, "utid": registration.tenant_id})
        return IdentityAnswer(200, body)

    def _refused(self, error: SignInError) -> IdentityAnswer:
        return IdentityAnswer(error.status, error.body(self.tenant.clock()))
