import ssl
import tempfile
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from bulktap.simulator.certificate import make_certificate


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> dict[str, Any] | None:
    """Carry out a TLS handshake in memory and return the certificate that the client saw."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    serving = server.wrap_bio(to_server, to_client, server_side=True)
    asking = client.wrap_bio(to_client, to_server, server_hostname=host)
    for _ in range(4):
        for side in (asking, serving):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return asking.getpeercert()


def test_clients_that_trust_the_authority_accept_every_loopback_name() -> None:
    """Even with the strict checks that newer Pythons make by default."""
    certificate = make_certificate()
    client = ssl.create_default_context(cadata=certificate.ca_pem)
    client.verify_flags |= ssl.VERIFY_X509_STRICT

    for host in ("localhost", "127.0.0.1", "::1"):
        assert shake_hands(certificate.context, client, host)


@pytest.mark.parametrize("host", ["graph.microsoft.com", "login.microsoftonline.com", "example.com"])
@pytest.mark.parametrize("named", [False, True])
def test_other_names_are_in_it_only_where_they_are_asked_for(host: str, named: bool) -> None:
    """Whoever trusts a plain one can be shown nobody else's pages by it."""
    certificate = make_certificate([host] if named else [])
    client = ssl.create_default_context(cadata=certificate.ca_pem)

    if named:
        assert shake_hands(certificate.context, client, host)
    else:
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            shake_hands(certificate.context, client, host)


def test_the_authority_is_public_and_its_own(tmp_path: Path, monkeypatch: Any) -> None:
    """What clients get is a certificate without a key, each time another, and no file stays behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    first, second = make_certificate(), make_certificate()

    assert first.ca_pem != second.ca_pem
    assert x509.load_pem_x509_certificate(first.ca_pem.encode()).extensions
    assert "PRIVATE" not in first.ca_pem
    assert list(tmp_path.iterdir()) == []
