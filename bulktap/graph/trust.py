"""Whom to trust and which proxy to use: the same for signing in and for Microsoft Graph.

What this machine says about both is a `Network`, which `settings.environment` reads. No context writes session keys:
`SSLKEYLOGFILE` is only obeyed by contexts that `ssl.create_default_context` or urllib3 make, and these are made here
instead.
"""

from __future__ import annotations

import base64
import errno
import ipaddress
import re
import ssl
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bulktap.model.errors import UsageError
from bulktap.model.plain_text import marked_encoding
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from urllib.parse import SplitResult


_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE | re.ASCII)  # RFC 3986, 3.1
_PROXY_HOST = re.compile(r"[\w.:%-]+")
"""Letters of any language, digits, and what addresses of IPv6 hold; urlsplit takes their brackets off."""


_DER_SEQUENCE = b"\x30\x82"
"""How a certificate begins in DER: a sequence of 256 to 65,535 bytes (X.690, 8.1.3)."""
_LARGEST_DER = 70_000
_CERTIFICATES = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----", re.ASCII)


def _to_none(host: str) -> bool:
    del host
    return False


@dataclass(frozen=True, slots=True)
class Network:
    """What decides how another computer is reached, and whether it is the right one."""

    ca_bundle: Path | None = None
    """Trust exactly the certificate authorities in this file or folder; None trusts the system's store."""
    bundle_setting: str = str(Setting.CA_BUNDLE)
    """What names the bundle, for a sentence about it."""
    extra_authorities: Path | None = None
    """Trusted as well as the system's store."""
    proxy: str = ""
    """The proxy for https addresses; empty for none."""
    is_reached_directly: Callable[[str], bool] = _to_none
    """Says of a host that the proxy is not for it."""

    @property
    def trusted_alone(self) -> str:
        """The file whose authorities alone are trusted, and what names it; empty if the system's store is trusted."""
        return "" if self.ca_bundle is None else f"{self.ca_bundle}, which {self.bundle_setting} names"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, its credentials kept apart from its address."""

    url: str
    """Without user name and password."""
    authorization: Secret | None
    """Value of `Proxy-Authorization`, where the address had credentials."""


def tls_context(network: Network) -> ssl.SSLContext:
    """Return a context that verifies certificate and host name.

    Raises:
        UsageError: a file of authorities cannot be read, or holds none.
    """
    if network.ca_bundle is None:
        return _system_context(network.extra_authorities)
    return _bundle_context(network.ca_bundle, network.bundle_setting)


def _system_context(extra: Path | None) -> ssl.SSLContext:
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if extra is not None and extra.is_file():
            # OpenSSL reads SSL_CERT_FILE by itself; the native verifiers of Windows and macOS go by the context.
            _trust_file(context, extra)
    except OSError as error:
        raise _unreadable(extra, "SSL_CERT_FILE", error) from None
    return context


def _bundle_context(bundle: Path, source: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if bundle.is_dir():
            context.load_verify_locations(capath=str(bundle))
        else:
            _trust_file(context, bundle)
    except OSError as error:
        raise _unreadable(bundle, source, error) from None
    return context


def _unreadable(bundle: Path | None, source: str, error: OSError) -> UsageError:
    # What a file without certificates raises is an OSError too, whose text is OpenSSL's own.
    empty = isinstance(error, ssl.SSLError) or not error.strerror
    return UsageError(
        f"The certificate bundle {bundle} cannot be read: {'it holds no certificate' if empty else error.strerror}.",
        hint=f"Point {source} at a PEM file with the certificate authorities to trust.",
    )


def _trust_file(context: ssl.SSLContext, path: Path) -> None:
    """Trust the authorities in a file: PEM, or one certificate in DER, as Windows exports it unless asked otherwise.

    Raises:
        OSError: it cannot be read, or holds none.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # such as a pipe: a shell's `<(command)` can be read once
        raise OSError(errno.EINVAL, "it is no file")
    with path.open("rb") as file:
        begin = file.read(4)
        data = begin + file.read(_LARGEST_DER) if begin.startswith(_DER_SEQUENCE) else b""
    if data:
        context.load_verify_locations(cadata=data)
    elif marked_encoding(begin) == "utf-8":
        context.load_verify_locations(cafile=str(path))
    else:
        # OpenSSL knows no byte order marks: it would pass over the first certificate, or over all of them.
        found = _CERTIFICATES.findall(path.read_text(marked_encoding(begin), "replace"))
        context.load_verify_locations(cadata="\n".join(found) or "-")


def require_https(url: str, what: str, setting: str = "") -> SplitResult:
    """Return the parts of an https URL; tokens and passcodes travel no other way.

    Args:
        url: the address.
        what: what it is the address of, for a sentence.
        setting: what sets it, for a hint.

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
            f"The {what} is not a plain https address.",
            hint=f"{f'Set {setting} to' if setting else 'Give it as'} https://host or https://host:port.",
        )
    return parts


def proxy_for(url: str, network: Network) -> Proxy | None:
    """Return the proxy for an https URL, if it is reached by one.

    This computer itself is always reached directly.

    Raises:
        UsageError: the proxy is of a kind that is not supported, or its address names no host.
    """
    host = urlsplit(url).hostname or ""
    address = network.proxy.strip()
    if not address or is_loopback(host) or network.is_reached_directly(host):
        return None
    # Not by `urlsplit`: a password may hold `#`, `/` and `?` as they are, and would become a part of what is shown.
    kind = _SCHEME.match(address)
    credentials, has_credentials, place = address[kind.end() if kind else 0 :].rpartition("@")
    plain = _plain_proxy(kind[1].casefold() if kind else "http", re.split(r"[/?#]", place)[0])
    if not has_credentials:
        return Proxy(plain, None)
    user, _, password = credentials.partition(":")
    pair = f"{unquote(user)}:{unquote(password)}".encode()
    return Proxy(plain, Secret("Basic " + base64.b64encode(pair).decode("ascii")))


def _plain_proxy(kind: str, place: str) -> str:
    """Return the address of a proxy without credentials.

    Raises:
        UsageError: it cannot be one.
    """
    hint = "Set HTTPS_PROXY to an http:// or https:// address, http://proxy:port, or NO_PROXY to go without."
    if kind not in {"http", "https"}:
        raise UsageError(f"A proxy of the kind {kind}:// is not supported.", hint=hint)
    try:
        found = urlsplit(f"{kind}://{place}")
        usable = bool(found.hostname and _PROXY_HOST.fullmatch(found.hostname)) and (
            found.port is None or found.port > 0
        )
    except ValueError:
        usable = False
    if not usable:
        raise UsageError("The proxy's address names no host, or no port that there is.", hint=hint)
    return f"{kind}://{place}"


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
