"""IdentitySession: the HTTP session that MSAL uses.

Three habits of requests are wrong for a client secret: `REQUESTS_CA_BUNDLE` overriding an explicit bundle, credentials
from `.netrc`, and following redirects.

A module of its own because a subclass of `requests.Session` needs requests when it is defined, which `bulktap --help`
must not load: import it where it is used.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter

from bulktap.graph.connection_failures import PAGE_HINT, ConnectionFailure, explain_failure, network_hint
from bulktap.graph.sign_in.sign_in_errors import transient_error

if TYPE_CHECKING:
    import ssl

    from bulktap.graph.trust import Proxy


class UnusableAnswer(requests.RequestException):
    """The identity platform, or something on the way, answered what MSAL must not see.

    MSAL writes a token reply that is not JSON to its log, whole, and a truncated one holds a token; it takes a 429 for
    an unknown tenant; and it keeps a 400 for a minute and gives it again, though the platform answers failures that
    pass with a 400 too (90033 with `temporarily_unavailable`).
    """

    def __init__(self, cause: str, *, permanent: bool) -> None:
        """Take what was answered, in words, and whether asking again cannot help."""
        super().__init__(cause)
        self.cause = cause
        self.permanent = permanent


class IdentitySession(requests.Session):
    """A session with the given trust and proxy; it reads no `.netrc`, follows no redirect and always times out."""

    def __init__(self, context: ssl.SSLContext, proxy: Proxy | None, timeouts: tuple[float, float]) -> None:
        super().__init__()
        self._timeouts = timeouts
        self.trust_env = False  # else REQUESTS_CA_BUNDLE and .netrc are read again for every request
        self.headers["Connection"] = "close"  # an hour passes between two tokens
        self.proxies = {} if proxy is None else {"https": proxy.url}
        self.adapters.clear()
        self.mount("https://", _ContextAdapter(context, proxy))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """Send one request.

        Raises:
            UnusableAnswer: what came back is not for MSAL.
            requests.RequestException: nothing came back.
        """
        options.setdefault("timeout", self._timeouts)
        options["allow_redirects"] = False
        response = super().request(method, url, *args, **options)
        unusable = _unusable(response)
        if unusable is not None:
            raise unusable
        return response


class MachineSession(requests.Session):
    """A session for the machine's own identity service, which speaks http and is reached by no proxy."""

    def __init__(self, timeouts: tuple[float, float]) -> None:
        super().__init__()
        self._timeouts = timeouts
        self.trust_env = False
        self.proxies = {}

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """Send one request.

        Raises:
            UnusableAnswer: the service is busy, or something else answers.
            requests.RequestException: nothing came back.
        """
        options.setdefault("timeout", self._timeouts)
        options["allow_redirects"] = False
        response = super().request(method, url, *args, **options)
        # A virtual machine's service answers 404 and 410 while it is updated (its page on error handling).
        if response.status_code >= 500 or response.status_code in _MACHINE_IS_BUSY:
            raise UnusableAnswer(f"HTTP {response.status_code}", permanent=False)
        unusable = _unusable_of_a_machine(response)
        if unusable is not None:
            raise unusable
        return response


_MACHINE_IS_BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class _ContextAdapter(HTTPAdapter):
    """An adapter that uses one TLS context and adds nothing to what it trusts."""

    def __init__(self, context: ssl.SSLContext, proxy: Proxy | None) -> None:
        self._context = context
        self._proxy = proxy
        super().__init__()

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:  # a pair of typed dictionaries that requests keeps private
        """Put our context where requests' documentation of this method asks for one."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {**pool, "ssl_context": self._context}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Demand a certificate, and keep requests from adding certifi's authorities to the context."""
        del url, verify, cert  # what requests would look its own authorities up by
        conn.cert_reqs = "CERT_REQUIRED"

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """Add the proxy's credentials, kept apart from its address so that no error message shows them."""
        headers = dict(super().proxy_headers(proxy))
        authorization = self._proxy.authorization if self._proxy else None
        return headers if authorization is None else {**headers, "Proxy-Authorization": authorization.reveal()}


def no_answer(
    error: Exception, timeouts: tuple[float, float], address_settings: str, trusted_alone: str = ""
) -> ConnectionFailure:
    """Return why no answer came; requests' own text holds addresses with query and, at times, bodies.

    Args:
        error: what requests raised.
        timeouts: the seconds for connecting and for the answer.
        address_settings: what holds the address, for the hint.
        trusted_alone: the file whose authorities alone are trusted, as `Network` tells it.
    """
    hint = f"{network_hint(address_settings)} Then run the command again."
    match error:
        case UnusableAnswer(permanent=True):
            return ConnectionFailure(
                f"it answered {error.cause}", permanent=True, hint=f"{PAGE_HINT}{address_settings}."
            )
        case UnusableAnswer():
            later = "The sign-in service is busy or disturbed; run the command again in some minutes."
            return ConnectionFailure(f"it answered {error.cause}", permanent=False, hint=later)
        case ValueError():  # of requests: no address, a port that is none, a header with a line end in it
            return ConnectionFailure(
                f"the address, or what is sent with it, is none that can be used ({type(error).__name__})",
                permanent=True,
                hint=f"Check {address_settings}.",
            )
        case requests.exceptions.ConnectTimeout():
            return ConnectionFailure(f"no connection within {timeouts[0]:g} s", permanent=False, hint=hint)
        case requests.exceptions.Timeout():
            return ConnectionFailure(f"no answer in time ({timeouts[1]:g} s)", permanent=False, hint=hint)
        case _:
            proxy = isinstance(error, requests.exceptions.ProxyError)
            return explain_failure(error, address_settings, proxy=proxy, trusted_alone=trusted_alone)


def _unusable_of_a_machine(response: requests.Response) -> UnusableAnswer | None:
    """Return why an answer is none of a machine's identity service; MSAL would ask again, or pass it on whole."""
    status = response.status_code
    if status == HTTPStatus.UNAUTHORIZED and "WWW-Authenticate" in response.headers:
        return None  # Azure Arc's challenge, whose body says nothing
    if 300 <= status < 400:
        return UnusableAnswer(f"HTTP {status}, a redirect, which is not followed", permanent=True)
    try:
        answer = response.json()
    except requests.exceptions.JSONDecodeError:
        return UnusableAnswer(f"HTTP {status}, {_other_than_json(response)}", permanent=True)
    return None if isinstance(answer, dict) else UnusableAnswer(f"HTTP {status}, no object of JSON", permanent=True)


def _is_page(response: requests.Response) -> bool:
    return "html" in response.headers.get("Content-Type", "").casefold()


def _other_than_json(response: requests.Response) -> str:
    return "a web page" if _is_page(response) else "which is not JSON"


def _unusable(response: requests.Response) -> UnusableAnswer | None:
    """Return why the answer is not for MSAL, if it is not; never with anything of its text."""
    status = response.status_code
    if status >= 500 or status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}:
        return UnusableAnswer(f"HTTP {status}", permanent=False)
    if 300 <= status < 400:
        return UnusableAnswer(f"HTTP {status}, a redirect, which is not followed", permanent=True)
    try:
        answer = response.json()
    except requests.exceptions.JSONDecodeError:
        return UnusableAnswer(f"HTTP {status}, {_other_than_json(response)}", permanent=_is_page(response))
    reason = transient_error(answer) if status >= 400 else None
    return None if reason is None else UnusableAnswer(f"HTTP {status}, {reason}", permanent=False)
