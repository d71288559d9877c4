"""IdentitySession: the HTTP session that MSAL uses.

A module of its own because a subclass of `requests.Session` needs requests when it is defined, which `bulktap --help`
must not load: import it where it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    import ssl

    from bulktap.graph.trust import Proxy


class NotJson(requests.RequestException):
    """The identity platform, or somebody in between, answered something other than JSON."""


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
            requests.RequestException: nothing that MSAL could use came back.
        """
        options.setdefault("timeout", self._timeouts)
        options["allow_redirects"] = False
        response = super().request(method, url, *args, **options)
        # MSAL writes a token reply that is not JSON to its log, whole; a truncated one holds a token.
        if response.status_code < 500 and not _is_json(response):
            raise NotJson(f"HTTP {response.status_code} without JSON")
        return response


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


def _is_json(response: requests.Response) -> bool:
    try:
        response.json()
    except requests.exceptions.JSONDecodeError:
        return False
    return True
