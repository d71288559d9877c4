"""What keeps this computer from the services, and what helps, as the program says it: one sample of each cause."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from typing import TYPE_CHECKING

from bulktap.graph.connection_failures import (
    PAGE_HINT,
    ConnectionFailure,
    explain_failure,
    network_hint,
    proxy_refused,
)
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = f"{Setting.GRAPH_URL} or {Setting.AUTHORITY_URL}"
_CERTIFICATES = (
    # OpenSSL's numbers and words of what is wrong with a certificate (openssl/x509_vfy.h).
    (20, "unable to get local issuer certificate"),
    (10, "certificate has expired"),
    (9, "certificate is not yet valid"),
    (62, "hostname mismatch"),
)
_ALONE = f"FILE, which {Setting.CA_BUNDLE} names"
_ON_THE_WAY: tuple[Exception, ...] = (
    socket.gaierror(socket.EAI_NONAME, ""),
    OSError(errno.ECONNREFUSED, ""),
    http.client.BadStatusLine(""),
    ConnectionResetError(),
)


def network_causes() -> list[tuple[str, str]]:
    """Return each cause with what helps; both still have the marks of settings."""
    told = [(one.words[:1].upper() + one.words[1:] + ".", one.hint) for one in _samples()]
    return [*dict.fromkeys(told)]


def _samples() -> Iterator[ConnectionFailure]:
    for number, words in _CERTIFICATES:
        error = ssl.SSLCertVerificationError(1, "")
        error.verify_code, error.verify_message = number, words
        yield explain_failure(error, _ADDRESS)
        yield explain_failure(error, _ADDRESS, trusted_alone=_ALONE)
    yield proxy_refused(407)
    yield proxy_refused(403)
    for one in _ON_THE_WAY:
        yield explain_failure(one, _ADDRESS)
        yield explain_failure(one, _ADDRESS, proxy=True)
    no_tls = ssl.SSLError(1, "")
    no_tls.reason = "WRONG_VERSION_NUMBER"
    yield explain_failure(no_tls, _ADDRESS)
    yield explain_failure(OSError(errno.ENETUNREACH, ""), _ADDRESS)
    yield ConnectionFailure(
        "nothing within SECONDS s, or no answer in time", permanent=False, hint=network_hint(_ADDRESS)
    )
    page = "it answered a web page, a redirect, or something else that is not Microsoft's"
    yield ConnectionFailure(page, permanent=True, hint=f"{PAGE_HINT}{_ADDRESS}.")
