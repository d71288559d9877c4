from __future__ import annotations

import base64
import os
import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.graph.trust import Network, is_loopback, is_loopback_url, proxy_for, require_https, tls_context
from bulktap.model.errors import UsageError
from bulktap.settings.environment import network

if TYPE_CHECKING:
    from conftest import Certificate

GRAPH = "https://graph.contoso.com"


def test_a_bundle_is_all_that_is_trusted(certificate: Certificate) -> None:
    """One authority goes in, one is there; names are checked and old protocols are off."""
    context = tls_context(network(certificate.bundle))
    assert len(context.get_ca_certs()) == 1
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environments_bundle_counts_when_none_is_given(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Both variables that administrators know."""
    monkeypatch.setenv(name, str(certificate.bundle))
    assert len(tls_context(network(None)).get_ca_certs()) == 1


def test_a_bundle_that_cannot_be_read_is_said_with_the_variable_at_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing file, and a file without a certificate."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for bundle in (tmp_path / "missing.pem", empty):
        with pytest.raises(UsageError) as caught:
            tls_context(network(bundle))
        assert "BULKTAP_CA_BUNDLE" in with_options(caught.value.hint)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(empty))
    with pytest.raises(UsageError) as caught:
        tls_context(network(None))
    assert "REQUESTS_CA_BUNDLE" in caught.value.hint


def test_a_folder_of_certificates_is_a_bundle_too(tmp_path: Path) -> None:
    """As requests allows it."""
    assert tls_context(network(tmp_path)).verify_mode is ssl.CERT_REQUIRED


def test_no_context_writes_session_keys(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Python's default context would; these do not."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    assert ssl.create_default_context().keylog_filename is not None
    for context in (tls_context(network(certificate.bundle)), tls_context(network(None))):
        assert getattr(context, "keylog_filename", None) is None


def test_a_proxys_credentials_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address appears in messages, they must not."""
    monkeypatch.setenv("HTTPS_PROXY", "http://ada:p%40ss@proxy.contoso.com:8080/")
    proxy = proxy_for(GRAPH, network(None))
    assert proxy is not None
    assert proxy.url == "http://proxy.contoso.com:8080"
    assert proxy.authorization is not None
    assert proxy.authorization.reveal() == "Basic " + base64.b64encode(b"ada:p@ss").decode()
    assert "p@ss" not in repr(proxy)


def test_a_proxy_without_a_scheme_is_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual way to write one."""
    monkeypatch.setenv("ALL_PROXY", "proxy.contoso.com:8080")
    proxy = proxy_for(GRAPH, network(None))
    assert proxy is not None
    assert (proxy.url, proxy.authorization) == ("http://proxy.contoso.com:8080", None)


@pytest.mark.parametrize("exception", ["graph.contoso.com", ".contoso.com", "*"])
def test_no_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch, exception: str) -> None:
    """In its usual forms."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.fabrikam.com:8080")
    assert proxy_for(GRAPH, network(None)) is not None
    monkeypatch.setenv("NO_PROXY", exception)
    assert proxy_for(GRAPH, network(None)) is None


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.8.9.1", "[::1]"])
def test_this_computer_is_reached_directly(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """A rehearsal's secrets never pass a proxy."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.contoso.com:8080")
    assert proxy_for(f"https://{host}:8443", network(None)) is None
    assert is_loopback(host.strip("[]"))
    assert not is_loopback("localhost.contoso.com")


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("https://localhost:8443", True),
        ("https://LOCALHOST.:8443/v1.0", True),
        ("https://127.8.9.1", True),
        ("https://[::1]:8443", True),
        ("https://graph.microsoft.com", False),
        ("https://localhost.contoso.com", False),
        ("https://10.0.0.1", False),
        ("", False),
    ],
)
def test_an_address_is_on_this_computer_or_not(url: str, here: bool) -> None:
    """A real Microsoft Graph never is, a pretend one always."""
    assert is_loopback_url(url) is here


def test_an_unsupported_proxy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than gone around."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://ada:secret@proxy.contoso.com:1080")
    with pytest.raises(UsageError, match="socks5") as caught:
        proxy_for(GRAPH, network(None))
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    "url",
    ["http://a", "a", "", "https://", "https://a:0", "https://a:99999", "https://u:p@a", "https://a?b", "https://a#b"],
)
def test_what_is_not_a_plain_https_address_is_refused(url: str) -> None:
    """And is not repeated in the message, for a secret may stand in it."""
    with pytest.raises(UsageError) as caught:
        require_https(url, "address to sign in at")
    assert "u:p" not in caught.value.message


def test_a_plain_https_address_comes_apart() -> None:
    """Also on this computer."""
    assert require_https("https://localhost:8443/v1.0", "address").netloc == "localhost:8443"


@pytest.mark.parametrize(
    ("address", "plain", "pair"),
    [
        ("http://ada:pa#ss@proxy.contoso.com:8080", "http://proxy.contoso.com:8080", "ada:pa#ss"),
        ("http://ada:pa/ss@proxy.contoso.com:8080", "http://proxy.contoso.com:8080", "ada:pa/ss"),
        ("https://ada:pa?s:s@proxy.contoso.com:8080/", "https://proxy.contoso.com:8080", "ada:pa?s:s"),
        ("http://CONTOSO\\ada:p@ss@proxy.contoso.com", "http://proxy.contoso.com", "CONTOSO\\ada:p@ss"),
        ("ada:50%off@proxy.contoso.com:8080", "http://proxy.contoso.com:8080", "ada:50%off"),
        ("http://ada:p://x@proxy.contoso.com:8080", "http://proxy.contoso.com:8080", "ada:p://x"),
        ("ada:p://x@proxy.contoso.com:8080", "http://proxy.contoso.com:8080", "ada:p://x"),
        ("http://ada@proxy.contoso.com:8080", "http://proxy.contoso.com:8080", "ada:"),
        (" HTTP://ada:pass@[::1]:3128 ", "http://[::1]:3128", "ada:pass"),
    ],
)
def test_whatever_a_proxys_password_holds_stays_apart_from_its_address(address: str, plain: str, pair: str) -> None:
    """People paste it as it is; no part of it becomes the host that messages show."""
    proxy = proxy_for(GRAPH, Network(proxy=address))
    assert proxy is not None
    assert proxy.url == plain
    assert proxy.authorization is not None
    assert base64.b64decode(proxy.authorization.reveal().removeprefix("Basic ")).decode() == pair


@pytest.mark.parametrize(
    "address",
    [
        "http://proxy.contoso.com:port",
        "http://proxy.contoso.com:99999",
        "http://:8080",
        "http://ada:secret@",
        "http://pro xy:1",
        "http=proxy:3128;https=proxy:3129",
        "socks5h://ada:secret@proxy.contoso.com",
        "http://[::1:3128",
    ],
)
def test_a_proxys_address_that_is_none_is_a_sentence(address: str) -> None:
    """Said before anything is sent, with an example, and without the password."""
    with pytest.raises(UsageError) as caught:
        proxy_for(GRAPH, Network(proxy=address))
    assert "HTTPS_PROXY" in caught.value.hint
    assert "secret" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("form", ["pem", "der", "pem and words", "der in a .pem"])
def test_an_authority_may_be_pem_or_der(tmp_path: Path, certificate: Certificate, form: str) -> None:
    """Windows exports DER unless it is asked for Base64, and names it .cer."""
    pem = certificate.bundle.read_text("ascii")
    file = tmp_path / ("authority.pem" if "pem" in form else "authority.cer")
    if "der" in form:
        file.write_bytes(ssl.PEM_cert_to_DER_cert(pem))
    else:
        file.write_text(f"Our authority\n{pem}" if "words" in form else pem, "ascii")
    assert tls_context(Network(file)).cert_store_stats()["x509"] == 1


@pytest.mark.parametrize("content", [b"", b"no certificate", b"\x30\x82\x00\x10broken", b"\xff\xfe-\x00"])
def test_a_bundle_without_certificates_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    """In whatever form it has none."""
    file = tmp_path / "authority.cer"
    file.write_bytes(content)
    with pytest.raises(UsageError, match="cannot be read"):
        tls_context(Network(file))


MARKED = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32")


@pytest.mark.parametrize("encoding", MARKED)
def test_certificates_that_windows_wrote_are_all_trusted(
    certificate: Certificate, tmp_path: Path, encoding: str
) -> None:
    """OpenSSL passes over what follows a byte order mark, or reads nothing; PowerShell puts one before a text."""
    text = certificate.bundle.read_text().replace("\n", "\r\n") + "Contoso\u2019s own authority\r\n"
    mark = "\ufeff" if encoding.endswith("-be") else ""
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes((mark + text).encode(encoding))

    assert len(tls_context(network(bundle)).get_ca_certs()) == 1


@pytest.mark.parametrize("content", [b"", b"<html>", b"no certificate", b"\x30\x82\x00\x10broken", b"\xff\xfe-\x00"])
def test_authorities_besides_that_are_none_are_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """Those that `SSL_CERT_FILE` names for all programs are read like a bundle of bulktap's own."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    extra = tmp_path / "more.pem"
    extra.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(extra))

    with pytest.raises(UsageError) as caught:
        tls_context(network(None))

    assert str(extra) in caught.value.message
    assert "_ssl.c" not in caught.value.message
    assert "SSL_CERT_FILE" in caught.value.hint


@pytest.mark.parametrize("encoding", MARKED)
def test_text_without_a_certificate_is_no_bundle(tmp_path: Path, encoding: str) -> None:
    """In any encoding."""
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes("no certificate".encode(encoding))

    with pytest.raises(UsageError, match="cannot be read"):
        tls_context(network(bundle))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither pipes nor devices among files")
@pytest.mark.parametrize("kind", ["a pipe", "/dev/zero", "/dev/null", "/dev/tty", "a link to a pipe"])
def test_a_bundle_that_is_no_file_is_told_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    """A bundle is read for each connection, which neither `<(command)` nor a device stands."""
    place = tmp_path / "ca.pem" if kind.startswith("a ") else Path(kind)
    match kind:
        case "a pipe":
            os.mkfifo(place)
        case "a link to a pipe":
            os.mkfifo(tmp_path / "pipe")
            place.symlink_to(tmp_path / "pipe")

    with pytest.raises(UsageError, match="cannot be read: it is no file"):
        tls_context(Network(ca_bundle=place))
