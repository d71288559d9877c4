"""Whom to trust and which proxy to use: the same for signing in and for Microsoft Graph.

Trust, first match wins: the bundle given to bulktap, exactly that; `REQUESTS_CA_BUNDLE`, then `CURL_CA_BUNDLE`,
because an administrator behind an inspecting proxy has usually set one of them; the system's own store through
truststore, together with `SSL_CERT_FILE`. No context writes session keys: `SSLKEYLOGFILE` is only obeyed by contexts
that `ssl.create_default_context` or urllib3 make, and these are made here instead.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import ssl
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from bulktap.model.errors import UsageError
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from urllib.parse import SplitResult


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy from the environment, its credentials kept apart from its address."""

    url: str
    """Without user name and password."""
    authorization: Secret | None
    """Value of `Proxy-Authorization`, where the address had credentials."""


def tls_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """Return a context that verifies certificate and host name.

    Raises:
        UsageError: the bundle cannot be read.
    """
    bundle, source = ca_bundle, str(Setting.CA_BUNDLE)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if bundle is None and os.environ.get(name):
            bundle, source = Path(os.environ[name]), name
    return _system_context() if bundle is None else _bundle_context(bundle, source)


def _system_context() -> ssl.SSLContext:
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    extra = os.environ.get("SSL_CERT_FILE")
    if extra and Path(extra).is_file():
        # OpenSSL reads it by itself; the native verifiers of Windows and macOS take it from the context only.
        context.load_verify_locations(cafile=extra)
    return context


def _bundle_context(bundle: Path, source: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if bundle.is_dir():
            context.load_verify_locations(capath=str(bundle))
        else:
            context.load_verify_locations(cafile=str(bundle))
    except OSError as error:
        # ssl.SSLError, what a file without certificates raises, is an OSError too.
        raise UsageError(
            f"The certificate bundle {bundle} cannot be read: {error.strerror or 'it holds no certificate'}.",
            hint=f"Point {source} at a PEM file with the certificate authorities to trust.",
        ) from error
    return context


def require_https(url: str, what: str) -> SplitResult:
    """Return the parts of an https URL; tokens and passcodes travel no other way.

    Raises:
        UsageError: it is not an absolute https URL, or it holds credentials, a query or a fragment.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "https" and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable, parts = False, urlsplit("")
    if not usable or parts.username is not None or parts.query or parts.fragment:
        raise UsageError(
            f"The {what} is not a plain https address.", hint="Give it as https://host or https://host:port."
        )
    return parts


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy that `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` or the system's settings name for an https URL.

    This computer itself is always reached directly.

    Raises:
        UsageError: the proxy is of a kind that is not supported.
    """
    host = urlsplit(url).hostname or ""
    settings = urllib.request.getproxies()
    address = settings.get("https") or settings.get("all")
    if not address or is_loopback(host) or urllib.request.proxy_bypass(host):
        return None
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(
            f"A proxy of the kind {parts.scheme}:// is not supported.",
            hint="Set HTTPS_PROXY to an http:// or https:// address, or NO_PROXY to go without.",
        )
    plain = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", ""))
    if parts.username is None:
        return Proxy(plain, None)
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Proxy(plain, Secret("Basic " + base64.b64encode(credentials.encode()).decode("ascii")))


def is_loopback_url(url: str) -> bool:
    """Return True if an address is on this computer: a real Microsoft Graph never is, a pretend one always."""
    return is_loopback(urlsplit(url).hostname or "")


def is_loopback(host: str) -> bool:
    """Return True if a host name is this computer itself."""
    if host.casefold().rstrip(".") == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # An unspecified address reaches this computer too, and IPv6 has a way to write those of IPv4.
    inner = getattr(address, "ipv4_mapped", None) or address
    return bool(inner.is_loopback or inner.is_unspecified)
