"""TokenSource: access tokens for Microsoft Graph; only `msal_apps` and this module import msal.

A run of thousands of rows outlives a token, which is good for 60 to 90 minutes (Microsoft's page on token lifetimes).
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from bulktap.graph.connection_failures import PAGE_HINT, ConnectionFailure
from bulktap.graph.sign_in.claims import told_tenant
from bulktap.graph.sign_in.credentials import FederatedCredentials, ManagedIdentityCredentials, who_signs_in
from bulktap.graph.sign_in.federation import LastToken
from bulktap.graph.sign_in.machine_refusals import explain_machine_file, explain_machine_refusal
from bulktap.graph.sign_in.msal_apps import MACHINE_TIMEOUTS, sign_in_app
from bulktap.graph.sign_in.sign_in_errors import SignInUnreachable, explain_refusal, explain_unknown_tenant
from bulktap.graph.trust import require_https
from bulktap.model.cloud import consent_link
from bulktap.model.errors import BulktapError, SignInFailed
from bulktap.model.passes import is_guid
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.graph.sign_in.credentials import Credentials, SignInEndpoint
    from bulktap.graph.sign_in.msal_apps import SignInApp


Answer = TypeVar("Answer")

_ADDRESS_SETTINGS = f"{Setting.AUTHORITY}, if you set one"
_MACHINE_SETTINGS = "IDENTITY_ENDPOINT and IDENTITY_HEADER"
_PAUSES = (2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between attempts to sign in at the start of a command: about a minute in all."""


class TokenSource:
    """Gives tokens of one app in one tenant; may be called from several threads, one of which signs in."""

    def __init__(
        self,
        credentials: Credentials,
        endpoint: SignInEndpoint,
        *,
        connect_timeout: float = 15.0,
        reply_timeout: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keep what is needed to sign in; nothing is sent before the first token is asked for.

        Args:
            credentials: who signs in.
            endpoint: where.
            connect_timeout: seconds for connecting.
            reply_timeout: seconds for the answer.
            sleep: waits between the attempts of `sign_in` and `tenant_id`.

        Raises:
            UsageError: the authority is not an https address.
        """
        self._host = require_https(endpoint.authority_url, "address to sign in at").netloc
        if isinstance(credentials, ManagedIdentityCredentials):
            self._host = "this machine's identity service"
        self._vouching: LastToken | None = None
        if isinstance(credentials, FederatedCredentials):
            self._vouching = LastToken(credentials.assertion)
            credentials = replace(credentials, assertion=self._vouching)
        self._credentials = credentials
        self._endpoint = endpoint
        self._timeouts = (connect_timeout, reply_timeout)
        self._sleep = sleep
        self._lock = threading.Lock()
        self._app: SignInApp | None = None
        self._answered: object = None

    @property
    def credentials(self) -> Credentials:
        """Who signs in."""
        return self._credentials

    @property
    def person(self) -> str:
        """The user name of the person who has signed in; empty where nobody has, or an app has."""
        claims = self._answered.get("id_token_claims") if isinstance(self._answered, dict) else None
        name = claims.get("preferred_username") if isinstance(claims, dict) else None
        return name if isinstance(name, str) else ""

    def tenant_id(self) -> str:
        """Return the tenant's id, which the sign-in service tells where a domain names the tenant; may block.

        Its discovery document says it: the addresses in it hold the GUID, whatever name was asked for. Of a managed
        identity, the token does.

        Raises:
            SignInFailed: as for `sign_in`.
        """
        named = self._credentials.tenant_id
        if is_guid(named):
            return named
        if isinstance(self._credentials, ManagedIdentityCredentials):
            return told_tenant(self._patiently(self.token, lambda _words: None)) or named
        return self._patiently(self._told_tenant, lambda _words: None)

    def sign_in(self, tell: Callable[[str], None] = lambda _words: None) -> None:
        """Sign in at the start of a command; what may pass is tried again for about a minute; blocks.

        During a run `token` fails at once instead: there it is the run that has the patience. A person is asked here
        and nowhere else.

        Args:
            tell: hears, once, why it takes long, and what a person is to do.

        Raises:
            SignInFailed: as for `token`.
        """
        self._patiently(lambda: self._ask(lambda app: app.begun(tell)), tell)

    def token(self) -> Secret:
        """Return a token that is good for five minutes at least, from MSAL's cache whenever there is one; blocks.

        Raises:
            SignInFailed: the identity platform refuses; `SignInUnreachable` when it does not answer.
        """
        return self._ask(lambda app: app.token())

    def refreshed(self, claims: str | None) -> Secret:
        """Return a token that is new, with the claims that the service demands; blocks.

        Raises:
            SignInFailed: as for `token`.
        """
        return self._ask(lambda app: app.renewed(claims))

    def _patiently(self, question: Callable[[], Answer], tell: Callable[[str], None]) -> Answer:
        for number, pause in enumerate((*_PAUSES, None)):
            try:
                return question()
            except SignInUnreachable as failure:
                if failure.permanent or pause is None:
                    raise
                if number == 1:
                    tell(f"{failure.message} Trying again for a minute.")
            self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _told_tenant(self) -> str:
        with self._lock:
            failure, told = self._attempt(lambda app: app.tenant)
        if failure is not None:
            raise failure
        return told if isinstance(told, str) and is_guid(told) else self._credentials.tenant_id

    def _ask(self, question: Callable[[SignInApp], Any]) -> Secret:
        with self._lock:
            failure, answer = self._attempt(question)
        # Raised out here, so that MSAL's and requests' exceptions, which hold whole requests, do not travel along.
        if failure is not None:
            raise failure
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            refusal = answer if isinstance(answer, dict) else {}
            by_machine = isinstance(self._credentials, ManagedIdentityCredentials)
            if not by_machine and not isinstance(refusal.get("error"), str):  # a refusal has one (RFC 6749, 5.2)
                raise _unreachable(self._host, _EMPTY)
            raise self._refused(refusal)
        if isinstance(answer, dict) and "id_token_claims" in answer:
            self._answered = {"id_token_claims": answer["id_token_claims"]}
        return Secret(token)

    def _attempt(self, question: Callable[[SignInApp], Any]) -> tuple[BulktapError | None, object]:
        import msal
        import requests

        try:
            if self._app is None:
                self._app = sign_in_app(self._credentials, self._endpoint, self._timeouts)
            return None, question(self._app)
        except BulktapError as failure:  # of what vouches for the app: a token file, GitHub
            return failure, None
        except (
            requests.RequestException,
            msal.exceptions.MsalServiceError,
            msal.managed_identity.ManagedIdentityError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RuntimeError,
            OSError,
        ) as error:
            return self._failure(error), None

    def _refused(self, answer: dict[str, Any]) -> SignInFailed:
        credentials, who = self._credentials, who_signs_in(self._credentials)
        if isinstance(credentials, ManagedIdentityCredentials):
            return explain_machine_refusal(answer, who, is_named=bool(credentials.client_id))
        page = consent_link(self._endpoint.authority_url, credentials.tenant_id, credentials.client_id)
        return explain_refusal(answer, who, page, self._vouching.told if self._vouching else "")

    def _failure(self, error: Exception) -> SignInFailed:
        """Return what an exception of MSAL, or of the session below it, means."""
        if isinstance(self._credentials, ManagedIdentityCredentials):
            return self._machine_failure(error)
        import requests
        from msal.oauth2cli.oauth2 import BrowserInteractionTimeoutError

        from bulktap.graph.sign_in.identity_session import no_answer

        match error:
            case requests.RequestException():
                alone = self._endpoint.network.trusted_alone
                return _unreachable(self._host, no_answer(error, self._timeouts, _ADDRESS_SETTINGS, alone))
            case OSError():
                return _unreadable_cache(error)
            case BrowserInteractionTimeoutError():
                return SignInFailed(
                    "Nobody signed in in the browser in time.", hint="Run the command again and sign in."
                )
            case ValueError():
                # MSAL says so when the tenant's discovery document is refused.
                return explain_unknown_tenant(self._credentials.tenant_id, self._host)
            case _:
                # A document that is JSON but not what MSAL takes it for.
                return _unreachable(self._host, _unreadable(type(error).__name__))

    def _machine_failure(self, error: Exception) -> SignInFailed:
        import msal
        import requests

        from bulktap.graph.sign_in.identity_session import no_answer

        match error:
            case requests.RequestException():
                return _no_identity_here(no_answer(error, MACHINE_TIMEOUTS, _MACHINE_SETTINGS))
            case msal.managed_identity.ManagedIdentityError():
                return self._refused({"error_description": str(error)})
            case OSError():
                return explain_machine_file(error, who_signs_in(self._credentials))
            case _:
                return _no_identity_here(_unreadable(type(error).__name__))


_EMPTY = ConnectionFailure(
    "its answer has neither a token nor an error", permanent=False, hint=f"{PAGE_HINT}{_ADDRESS_SETTINGS}."
)


def _no_identity_here(failure: ConnectionFailure) -> SignInUnreachable:
    return SignInUnreachable(
        f"This machine's identity service gives no token: {failure.words}.",
        hint="Only a machine in Azure, or one connected by Azure Arc, to which an identity was assigned, has one; "
        f"elsewhere name another way with {Setting.SIGN_IN}. Azure itself sets {_MACHINE_SETTINGS}: leave them as they "
        "are.",
        permanent=failure.permanent,
    )


def _unreadable_cache(error: OSError) -> SignInFailed:
    return SignInFailed(
        f"What is kept of earlier sign-ins cannot be read or written: {error.strerror or type(error).__name__}.",
        hint="Run this command again; if that does not help, drop what is kept with the command logout.",
    )


def _unreachable(host: str, failure: ConnectionFailure) -> SignInUnreachable:
    return SignInUnreachable(
        f"Signing in at {host} did not work: {failure.words}.", hint=failure.hint, permanent=failure.permanent
    )


def _unreadable(kind: str) -> ConnectionFailure:
    return ConnectionFailure(
        f"the answer could not be read ({kind})", permanent=False, hint=f"{PAGE_HINT}{_ADDRESS_SETTINGS}."
    )
