"""TokenSource: access tokens for Microsoft Graph; only `credentials` and this module import msal.

A run of thousands of rows outlives a token, which is good for 60 to 90 minutes (Microsoft's page on token lifetimes).
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

from bulktap.graph.connection_failures import PAGE_HINT, ConnectionFailure, explain_failure, network_hint
from bulktap.graph.sign_in.credentials import msal_application
from bulktap.graph.sign_in.sign_in_errors import SignInUnreachable, explain_refusal, explain_unknown_tenant
from bulktap.graph.trust import require_https
from bulktap.model.passes import is_guid
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    import msal

    from bulktap.graph.sign_in.credentials import Credentials, SignInEndpoint
    from bulktap.model.errors import SignInFailed


Answer = TypeVar("Answer")

_ADDRESS_SETTINGS = f"{Setting.AUTHORITY}, if you set one"
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
        self._credentials = credentials
        self._endpoint = endpoint
        self._timeouts = (connect_timeout, reply_timeout)
        self._sleep = sleep
        self._lock = threading.Lock()
        self._app: msal.ConfidentialClientApplication | None = None

    def tenant_id(self) -> str:
        """Return the tenant's id, which the sign-in service tells where a domain names the tenant; may block.

        Its discovery document says it: the addresses in it hold the GUID, whatever name was asked for.

        Raises:
            SignInFailed: as for `sign_in`.
        """
        named = self._credentials.tenant_id
        return named if is_guid(named) else self._patiently(self._told_tenant, lambda _words: None)

    def sign_in(self, tell: Callable[[str], None] = lambda _words: None) -> None:
        """Sign in at the start of a command; what may pass is tried again for about a minute; blocks.

        During a run `token` fails at once instead: there it is the run that has the patience.

        Args:
            tell: hears, once, why it takes long.

        Raises:
            SignInFailed: as for `token`.
        """
        self._patiently(self.token, tell)

    def token(self) -> Secret:
        """Return a token that is good for five minutes at least, from MSAL's cache whenever there is one; blocks.

        Raises:
            SignInFailed: the identity platform refuses; `SignInUnreachable` when it does not answer.
        """
        # MSAL takes a token with less than five minutes left for expired (MSAL Python 1.39, application.py).
        return self._ask(lambda app: app.acquire_token_for_client(scopes=[self._endpoint.scope]))

    def refreshed(self, claims: str | None) -> Secret:
        """Return a token that is new, with the claims that the service demands; blocks.

        Raises:
            SignInFailed: as for `token`.
        """

        def renew(app: msal.ConfidentialClientApplication) -> Any:
            app.remove_tokens_for_client()
            return app.acquire_token_for_client(scopes=[self._endpoint.scope], claims_challenge=claims)

        return self._ask(renew)

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
            failure, told = self._attempt(lambda app: app.authority.tenant)
        if failure is not None:
            raise failure
        return told if isinstance(told, str) and is_guid(told) else self._credentials.tenant_id

    def _ask(self, question: Callable[[msal.ConfidentialClientApplication], Any]) -> Secret:
        with self._lock:
            failure, answer = self._attempt(question)
        # Raised out here, so that MSAL's and requests' exceptions, which hold whole requests, do not travel along.
        if failure is not None:
            raise failure
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            refusal = answer if isinstance(answer, dict) else {}
            if not isinstance(refusal.get("error"), str):  # a refusal has one (RFC 6749, section 5.2)
                raise _unreachable(self._host, _EMPTY)
            raise explain_refusal(refusal, self._credentials.client_id)
        return Secret(token)

    def _attempt(
        self, question: Callable[[msal.ConfidentialClientApplication], Any]
    ) -> tuple[SignInFailed | None, object]:
        import msal
        import requests

        host = self._host
        try:
            if self._app is None:
                self._app = msal_application(self._credentials, self._endpoint, self._timeouts)
            return None, question(self._app)
        except requests.RequestException as error:
            return _unreachable(host, _cause(error, self._timeouts)), None
        except msal.exceptions.MsalServiceError:
            return _unreachable(host, _unreadable("MsalServiceError")), None
        except ValueError:
            # MSAL says so when the tenant's discovery document is refused.
            return explain_unknown_tenant(self._credentials.tenant_id, host), None
        except (KeyError, TypeError, AttributeError, RuntimeError) as error:
            # A document that is JSON but not what MSAL takes it for.
            return _unreachable(host, _unreadable(type(error).__name__)), None


_EMPTY = ConnectionFailure(
    "its answer has neither a token nor an error", permanent=False, hint=f"{PAGE_HINT}{_ADDRESS_SETTINGS}."
)


def _unreachable(host: str, failure: ConnectionFailure) -> SignInUnreachable:
    return SignInUnreachable(
        f"Signing in at {host} did not work: {failure.words}.", hint=failure.hint, permanent=failure.permanent
    )


def _unreadable(kind: str) -> ConnectionFailure:
    return ConnectionFailure(
        f"the answer could not be read ({kind})", permanent=False, hint=f"{PAGE_HINT}{_ADDRESS_SETTINGS}."
    )


def _cause(error: Exception, timeouts: tuple[float, float]) -> ConnectionFailure:
    """Return why no answer came; requests' own text holds addresses with query and, at times, bodies."""
    import requests

    from bulktap.graph.sign_in.identity_session import UnusableAnswer

    hint = f"{network_hint(_ADDRESS_SETTINGS)} Then run the command again."
    match error:
        case UnusableAnswer(permanent=True):
            return ConnectionFailure(
                f"it answered {error.cause}", permanent=True, hint=f"{PAGE_HINT}{_ADDRESS_SETTINGS}."
            )
        case UnusableAnswer():
            later = "The sign-in service is busy or disturbed; run the command again in some minutes."
            return ConnectionFailure(f"it answered {error.cause}", permanent=False, hint=later)
        case requests.exceptions.ConnectTimeout():
            return ConnectionFailure(f"no connection within {timeouts[0]:g} s", permanent=False, hint=hint)
        case requests.exceptions.Timeout():
            return ConnectionFailure(f"no answer in time ({timeouts[1]:g} s)", permanent=False, hint=hint)
        case _:
            proxy = isinstance(error, requests.exceptions.ProxyError)
            return explain_failure(error, _ADDRESS_SETTINGS, proxy=proxy)
