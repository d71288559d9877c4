"""Connection failures: why a connection could not be made or was cut, in words, with the setting that helps; pure.

aiohttp (for Microsoft Graph) and requests (for signing in) wrap the same errors of the system and of TLS in wrappers of
their own. What counts is inside: it is looked for in the whole chain, so that one cause has one wording for both.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

_CERT_HAS_EXPIRED = 10
"""OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED."""
_CERT_NOT_YET_VALID = 9
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID."""
_HOST_MISMATCH = frozenset({62, 64})
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH."""
_NAME_MAY_COME_BACK = frozenset({socket.EAI_AGAIN, 11002})
"""The resolver was not reached; 11002 is Windows' WSATRY_AGAIN."""
_REFUSED = frozenset({errno.ECONNREFUSED, 10061, 1225})
"""Nobody listens; 10061 is Windows' WSAECONNREFUSED, 1225 its ERROR_CONNECTION_REFUSED."""
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, 10050, 10051, 10065, 1231, 1232})
"""No network; the others are Windows' WSAENETDOWN, WSAENETUNREACH, WSAEHOSTUNREACH, ERROR_NETWORK_UNREACHABLE and
ERROR_HOST_UNREACHABLE."""
_CUT_KINDS = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
_CUT = frozenset({"ServerDisconnectedError"})
"""What aiohttp calls a connection that was cut before an answer; this module imports neither library."""
_NO_HTTP = frozenset({"BadStatusLine", "BadHttpMessage", "UnknownProtocol", "LineTooLong"})
"""What both libraries call an answer that is none of HTTP."""
_LONGEST_CHAIN = 30
_TUNNEL_STATUS = re.compile(r"Tunnel connection failed: (\d{3})", re.ASCII)

PAGE_HINT = (
    "Something on the way answers in place of Microsoft. Sign in to the network in a browser if it asks for that, set "
    "HTTPS_PROXY if you are behind a proxy, have the firewall let the address through, and check "
)

Found = TypeVar("Found", bound=BaseException)


@dataclass(frozen=True, slots=True)
class ConnectionFailure:
    """Why there is no connection."""

    words: str
    """What was seen, without the host and without any secret."""
    permanent: bool
    """True if waiting cannot heal it."""
    hint: str
    """What helps, with the name of the setting."""


def explain_failure(
    error: BaseException, address_setting: str, *, proxy: bool = False, trusted_alone: str = ""
) -> ConnectionFailure:
    """Return why a connection failed.

    Args:
        error: what aiohttp or requests raised.
        address_setting: the setting that holds the address, for the hint.
        proxy: whether it is the proxy that could not be reached.
        trusted_alone: the file whose authorities alone are trusted, with the setting that names it; empty if the
            system's store is.
    """
    if (untrusted := _find(error, ssl.SSLCertVerificationError)) is not None:
        return _certificate(untrusted, address_setting, trusted_alone)
    if (tunnel := _tunnel_status(error)) is not None:
        return proxy_refused(tunnel)
    if (unresolved := _find(error, socket.gaierror)) is not None:
        return ConnectionFailure(
            "the name of the proxy cannot be resolved" if proxy else "the name cannot be resolved",
            unresolved.errno not in _NAME_MAY_COME_BACK,
            f"Check the network and its DNS, and {'HTTPS_PROXY' if proxy else address_setting}; behind a proxy set "
            "HTTPS_PROXY.",
        )
    if _has_errno(error, _REFUSED):
        where = "the proxy" if proxy else "nothing listens there, or a firewall"
        setting = "HTTPS_PROXY" if proxy else f"{address_setting}, the firewall, and HTTPS_PROXY if you need a proxy"
        return ConnectionFailure(f"{where} refuses connections (port closed)", permanent=True, hint=f"Check {setting}.")
    return _transient_failure(error, address_setting, proxy=proxy)


def network_hint(address_setting: str) -> str:
    """Return what to check when no answer comes and nothing says why."""
    return f"Check the network, the firewall, HTTPS_PROXY if you are behind a proxy, and {address_setting}."


def proxy_refused(status: int) -> ConnectionFailure:
    """Return that the proxy answered the request for a tunnel with this HTTP status."""
    if status == 407:
        return ConnectionFailure(
            "the proxy demands a user name and password (HTTP 407)",
            permanent=True,
            hint="Put them into HTTPS_PROXY: http://user:password@proxy:port. If they stand there, they are wrong, or "
            "the proxy takes a Windows sign-in (NTLM, Kerberos) in their place: ask for an exception for these "
            "addresses, or put a local proxy between that signs in for you, such as px.",
        )
    return ConnectionFailure(
        f"the proxy refused with HTTP {status}",
        permanent=400 <= status < 500 and status not in {408, 429},
        hint="Have the proxy let this address through, or check HTTPS_PROXY and NO_PROXY.",
    )


def _transient_failure(error: BaseException, address_setting: str, *, proxy: bool) -> ConnectionFailure:
    """Return a failure that waiting may heal, or one of TLS, which it does not."""
    hint = network_hint(address_setting)
    where = "the proxy" if proxy else "the other side"
    names = {type(found).__name__ for found in _chain(error)}
    if _NO_HTTP & names:
        return ConnectionFailure(
            f"{'the proxy' if proxy else 'what answers there, or the proxy,'} answers in something that is not HTTP",
            permanent=True,
            hint=f"Check {address_setting} and HTTPS_PROXY, with their ports.",
        )
    if _CUT & names or any(_find(error, kind) for kind in _CUT_KINDS):
        return ConnectionFailure(f"{where} cut the connection", permanent=False, hint=hint)
    tls = _find(error, ssl.SSLError)
    if tls is not None:
        reason = (getattr(tls, "reason", "") or type(tls).__name__).replace("_", " ").lower()
        return ConnectionFailure(
            f"TLS failed ({reason})",
            permanent=True,
            hint=f"What answers there may not speak HTTPS: check {address_setting} and its port, and HTTPS_PROXY.",
        )
    if _has_errno(error, _NO_ROUTE):
        return ConnectionFailure("the network cannot be reached", permanent=False, hint=hint)
    return ConnectionFailure(
        f"{where} did not complete the connection ({type(error).__name__})", permanent=False, hint=hint
    )


def _certificate(error: ssl.SSLCertVerificationError, address_setting: str, trusted_alone: str) -> ConnectionFailure:
    code = getattr(error, "verify_code", 0)
    words = getattr(error, "verify_message", "") or "it could not be verified"
    if code in {_CERT_HAS_EXPIRED, _CERT_NOT_YET_VALID}:
        state = "has expired" if code == _CERT_HAS_EXPIRED else "is not valid yet"
        hint = "Check this computer's clock; if it is right, whoever runs that server or proxy has to renew it."
        return ConnectionFailure(f"its certificate {state}", permanent=True, hint=hint)
    if code in _HOST_MISMATCH or "mismatch" in words.casefold():
        hint = f"Something else answers under this name: check {address_setting}, HTTPS_PROXY and the network."
        return ConnectionFailure(f"its certificate is for another host name ({words})", permanent=True, hint=hint)
    return ConnectionFailure(
        f"its certificate is not trusted ({words})",
        permanent=True,
        hint=_authority_hint(trusted_alone),
    )


def _authority_hint(trusted_alone: str) -> str:
    """Return how to trust one more authority; what inspects Microsoft Graph may pass by the sign-in service."""
    if trusted_alone:
        return (
            f"Only the authorities in {trusted_alone}, are trusted. If a proxy or firewall inspects TLS, add its "
            "certificate authority to that file; or unset it, and name the authority in SSL_CERT_FILE, which is "
            "trusted beside those of this computer."
        )
    return (
        "If a proxy or firewall inspects TLS, set SSL_CERT_FILE to a PEM file with its certificate authority, which is "
        f"then trusted beside those of this computer. ({Setting.CA_BUNDLE} names a file that is trusted alone: it has "
        "to hold the authorities of the sign-in service and of Microsoft Graph.)"
    )


def _tunnel_status(error: BaseException) -> int | None:
    """Return the proxy's status, which urllib3 has only in the text of an OSError."""
    for found in _chain(error):
        if isinstance(found, OSError) and (status := _TUNNEL_STATUS.match(str(found))):
            return int(status[1])
    return None


def _has_errno(error: BaseException, numbers: frozenset[int]) -> bool:
    # What asyncio raises on Windows has the system's own number, and for an errno the one of an invalid argument.
    return any(
        isinstance(found, OSError) and not numbers.isdisjoint((found.errno, getattr(found, "winerror", None)))
        for found in _chain(error)
    )


def _find(error: BaseException, kind: type[Found]) -> Found | None:
    """Return the innermost: aiohttp's wrappers are themselves of the kind that they wrap, without its details."""
    return next((found for found in reversed(list(_chain(error))) if isinstance(found, kind)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and all that it wraps, however: as argument, attribute, cause or context."""
    waiting, seen = deque([error]), {id(error)}
    while waiting and len(seen) <= _LONGEST_CHAIN:
        found = waiting.popleft()
        yield found
        inner = (
            *found.args,
            getattr(found, "os_error", None),
            getattr(found, "certificate_error", None),
            getattr(found, "reason", None),
            found.__cause__,
            found.__context__,
        )
        for one in inner:
            if isinstance(one, BaseException) and id(one) not in seen:
                seen.add(id(one))
                waiting.append(one)
