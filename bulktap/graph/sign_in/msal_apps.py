"""MSAL's applications behind one interface; the only module that reveals a secret to MSAL."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol, assert_never
from urllib.parse import quote

from bulktap.graph.sign_in.credentials import (
    CertificateCredentials,
    ClientSecretCredentials,
    FederatedCredentials,
    ManagedIdentityCredentials,
    PersonCredentials,
)
from bulktap.graph.sign_in.token_cache import kept_tokens
from bulktap.graph.trust import proxy_for, tls_context
from bulktap.model.sign_in_ways import SignInWay

if TYPE_CHECKING:
    from collections.abc import Callable

    import msal

    from bulktap.graph.sign_in.certificates import ClientCertificate
    from bulktap.graph.sign_in.credentials import Credentials, SignInEndpoint

_CAPABILITIES = ["CP1"]
"""Says that we handle claims challenges, without which Graph never sends one (Microsoft's page on continuous access
evaluation)."""
MACHINE_TIMEOUTS = (3.0, 30.0)
"""Seconds for connecting to the machine's own identity service, which is next door or not there, and for its answer."""


class SignInApp(Protocol):
    """Asks for tokens in one way; each answer is MSAL's dictionary with a token, or with an error."""

    @property
    def tenant(self) -> object:
        """The tenant's id as the discovery document tells it; None where there is no such document."""

    def begun(self, tell: Callable[[str], None]) -> Any:
        """Return the answer at the start of a command, when a person may be asked."""

    def token(self) -> Any:
        """Return the answer from MSAL's cache if there is one; nobody is asked."""

    def renewed(self, claims: str | None) -> Any:
        """Return a new answer with the claims that the service demands; nobody is asked."""


def sign_in_app(credentials: Credentials, endpoint: SignInEndpoint, timeouts: tuple[float, float]) -> SignInApp:
    """Read the tenant's discovery document and return the application that asks for tokens; blocks.

    Args:
        credentials: who signs in.
        endpoint: where.
        timeouts: seconds for connecting, and for the answer.
    """
    match credentials:
        case ClientSecretCredentials():
            return _App(credentials, credentials.client_secret.reveal(), endpoint, timeouts)
        case CertificateCredentials():
            return _App(credentials, _proof(credentials.certificate), endpoint, timeouts)
        case FederatedCredentials(assertion=assertion):
            proof = {"client_assertion": lambda: assertion().reveal()}
            return _App(credentials, proof, endpoint, timeouts)
        case ManagedIdentityCredentials():
            return _Machine(credentials, endpoint)
        case PersonCredentials():
            return _Person(credentials, endpoint, timeouts)
        case _:
            assert_never(credentials)


def _proof(certificate: ClientCertificate) -> dict[str, str]:
    """Return what MSAL (1.39) signs with; it takes a chain only of a certificate that is named by SHA-1."""
    proof = {"private_key": certificate.private_key.reveal(), "public_certificate": "".join(certificate.chain)}
    return proof if len(certificate.chain) == 1 else {**proof, "thumbprint": certificate.thumbprint}


def _common(credentials: Credentials, endpoint: SignInEndpoint, timeouts: tuple[float, float]) -> dict[str, Any]:
    from bulktap.graph.sign_in.identity_session import IdentitySession

    network = endpoint.network
    return {
        "authority": f"{endpoint.authority_url.rstrip('/')}/{quote(credentials.tenant_id, safe='')}",
        "http_client": IdentitySession(tls_context(network), proxy_for(endpoint.authority_url, network), timeouts),
        # For hosts it does not know MSAL asks login.microsoftonline.com (authority.py). The authority is ours; asking
        # login.microsoftonline.com about it would send a rehearsal's traffic, or another cloud's, to the public cloud.
        "instance_discovery": False,
        "client_capabilities": _CAPABILITIES,
    }


class _App:
    """An app that proves itself."""

    def __init__(
        self, credentials: Credentials, proof: object, endpoint: SignInEndpoint, timeouts: tuple[float, float]
    ) -> None:
        import msal

        self._scopes = [endpoint.scope]
        common = _common(credentials, endpoint, timeouts)
        self._app = msal.ConfidentialClientApplication(credentials.client_id, client_credential=proof, **common)

    @property
    def tenant(self) -> object:
        """See the interface."""
        return self._app.authority.tenant

    def begun(self, tell: Callable[[str], None]) -> Any:
        """See the interface."""
        del tell
        return self.token()

    def token(self) -> Any:
        """See the interface; MSAL takes a token with less than five minutes left for expired (1.39, application.py)."""
        return self._app.acquire_token_for_client(scopes=self._scopes)

    def renewed(self, claims: str | None) -> Any:
        """See the interface."""
        self._app.remove_tokens_for_client()
        return self._app.acquire_token_for_client(scopes=self._scopes, claims_challenge=claims)


class _Machine:
    """The managed identity of the machine."""

    def __init__(self, credentials: ManagedIdentityCredentials, endpoint: SignInEndpoint) -> None:
        import msal

        from bulktap.graph.sign_in.identity_session import MachineSession

        self._resource = endpoint.scope.removesuffix("/.default")
        own = msal.SystemAssignedManagedIdentity()
        named = msal.UserAssignedManagedIdentity(client_id=credentials.client_id) if credentials.client_id else own
        session = MachineSession(MACHINE_TIMEOUTS)
        self._app = msal.ManagedIdentityClient(named, http_client=session, client_capabilities=_CAPABILITIES)

    @property
    def tenant(self) -> object:
        """See the interface."""
        return None

    def begun(self, tell: Callable[[str], None]) -> Any:
        """See the interface."""
        del tell
        return self.token()

    def token(self) -> Any:
        """See the interface."""
        return self._app.acquire_token_for_client(resource=self._resource)

    def renewed(self, claims: str | None) -> Any:
        """See the interface; without claims the machine's service has nothing newer than what it keeps."""
        return self._app.acquire_token_for_client(resource=self._resource, claims_challenge=claims or "{}")


class _Person:
    """A person who has signed in, once in a command."""

    def __init__(self, credentials: PersonCredentials, endpoint: SignInEndpoint, timeouts: tuple[float, float]) -> None:
        import msal

        self._scopes = [endpoint.scope]
        self._credentials = credentials
        common = _common(credentials, endpoint, timeouts)
        cache = kept_tokens(credentials.cache)
        self._app: msal.PublicClientApplication = msal.PublicClientApplication(
            credentials.client_id, token_cache=cache, **common
        )

    @property
    def tenant(self) -> object:
        """See the interface."""
        return self._app.authority.tenant

    def begun(self, tell: Callable[[str], None]) -> Any:
        """See the interface."""
        answer = self._silently(None)
        if isinstance(answer, dict) and "access_token" in answer:
            return answer
        return self._by_device_code(tell) if self._credentials.way is SignInWay.DEVICE_CODE else self._in_browser(tell)

    def token(self) -> Any:
        """See the interface."""
        return self._silently(None) or _NOBODY

    def renewed(self, claims: str | None) -> Any:
        """See the interface."""
        return self._silently(claims, force=True) or _NOBODY

    def _silently(self, claims: str | None, *, force: bool = False) -> Any:
        for account in self._app.get_accounts():
            answer = self._app.acquire_token_silent_with_error(
                self._scopes, account, force_refresh=force, claims_challenge=claims
            )
            if answer:
                return answer
        return None

    def _in_browser(self, tell: Callable[[str], None]) -> Any:
        patience = self._credentials.patience
        tell(f"A browser opens for you to sign in; there are {patience / 60:g} minutes for it.")
        return self._app.acquire_token_interactive(
            self._scopes,
            prompt="select_account",
            timeout=patience,
            auth_uri_callback=lambda address: tell(f"No browser opens here. Open this address in one: {address}"),
            success_template="You are signed in to bulktap. You can close this window.",
            error_template="Signing in did not work: $error. You can close this window and look at bulktap.",
        )

    def _by_device_code(self, tell: Callable[[str], None]) -> Any:
        import requests

        flow = self._app.initiate_device_flow(self._scopes)
        if "user_code" not in flow:
            return flow
        tell(str(flow.get("message") or f"Open {flow['verification_uri']} and enter the code {flow['user_code']}."))
        while True:
            try:
                return self._app.acquire_token_by_device_flow(flow)
            except requests.RequestException as failure:
                # MSAL asks every few seconds for a quarter of an hour; one answer that is lost is no reason to send
                # whoever is entering the code for a new one.
                if getattr(failure, "permanent", False) or time.time() >= flow["expires_at"]:
                    raise
            time.sleep(flow["interval"])


_NOBODY = {
    "error": "interaction_required",
    "error_description": "The sign-in has run out, and a person has to sign in again.",
}
