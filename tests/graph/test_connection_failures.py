from __future__ import annotations

import asyncio
import errno
import http.client
import re
import socket
import ssl
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp.http_exceptions import BadHttpMessage, BadStatusLine

from bulktap.cli.setting_options import with_options
from bulktap.graph.batch import BatchStep
from bulktap.graph.client import BatchReply, Doubtful, GraphClient, NotSent
from bulktap.graph.connection_failures import explain_failure, proxy_refused
from bulktap.graph.sign_in import ClientSecretCredentials, SignInEndpoint, SignInUnreachable, TokenSource
from bulktap.model.secret import Secret
from bulktap.settings.environment import network

if TYPE_CHECKING:
    from conftest import Wrong

PERMANENT = [
    ("untrusted", "not trusted", "BULKTAP_CA_BUNDLE"),
    ("expired", "has expired", "clock"),
    ("not valid yet", "not valid yet", "clock"),
    ("other host", "another host name", "{address}"),
    ("closed port", "closed", "{address}"),
    ("no TLS", "TLS failed", "{address}"),
    ("proxy wants a password", "HTTP 407", "HTTPS_PROXY"),
    ("proxy forbids", "HTTP 403", "HTTPS_PROXY"),
    ("proxy closed", "the proxy refuses", "HTTPS_PROXY"),
    ("proxy that is none", "not HTTP", "HTTPS_PROXY"),
]
FOREIGN = [("login page", "HTTP 200"), ("blocked", "HTTP 403"), ("redirect", "HTTP 302")]
PASSING = ["cut", "proxy breaks down", "broken", "proxy cuts"]


def of_windows(number: int) -> OSError:
    """Return what asyncio raises on Windows: the system's number of a cause, with an errno that says nothing."""
    error = OSError(errno.EINVAL, "x")
    error.winerror = number
    return error


def post(way: Wrong) -> BatchReply:
    """Post one batch."""

    async def once() -> BatchReply:
        async with GraphClient(way.url, network=network(way.bundle), reply_timeout=5.0) as client:
            return await client.post_batch([BatchStep("1", "GET", "/me")], Secret("token"), "r", creates=False)

    return asyncio.run(once())


def sign_in_failure(way: Wrong) -> SignInUnreachable:
    """Return how signing in fails."""
    credentials = ClientSecretCredentials("contoso.com", "app-1", Secret("hush"))
    tokens = TokenSource(credentials, SignInEndpoint(way.url, "x/.default", network(way.bundle)), reply_timeout=5.0)
    with pytest.raises(SignInUnreachable) as caught:
        tokens.token()
    return caught.value


@pytest.mark.parametrize(("wrong_way", "words", "setting"), PERMANENT, indirect=["wrong_way"])
def test_what_waiting_cannot_heal_is_told_apart_by_graphs_client(wrong_way: Wrong, words: str, setting: str) -> None:
    """Nothing was sent, the cause and the address are named, and the hint names the setting that helps."""
    reply = post(wrong_way)
    assert isinstance(reply, NotSent)
    assert reply.permanent
    assert words in reply.cause
    assert wrong_way.url.removeprefix("https://") in reply.cause
    assert setting.format(address="BULKTAP_GRAPH_URL") in with_options(reply.hint)


@pytest.mark.parametrize(("wrong_way", "words", "setting"), PERMANENT, indirect=["wrong_way"])
def test_what_waiting_cannot_heal_is_told_apart_in_signing_in(wrong_way: Wrong, words: str, setting: str) -> None:
    """The same causes in the same words, with exit code 7."""
    failure = sign_in_failure(wrong_way)
    assert failure.permanent
    assert failure.exit_code == 7
    assert words in failure.message
    assert wrong_way.url.removeprefix("https://").split(":")[0] in failure.message
    assert setting.format(address="BULKTAP_AUTHORITY_URL") in with_options(failure.hint)


@pytest.mark.parametrize("wrong_way", ["untrusted"], indirect=True)
@pytest.mark.parametrize("named", ["BULKTAP_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", ""])
def test_inspection_of_some_addresses_alone_has_a_remedy_that_spoils_no_other(
    wrong_way: Wrong, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is trusted alone has to be added to, by its name; beside the system's store one more is put."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    alone = named not in {"SSL_CERT_FILE", ""}
    if named not in {"BULKTAP_CA_BUNDLE", ""}:
        monkeypatch.setenv(named, str(wrong_way.bundle))
        wrong_way = wrong_way._replace(bundle=None)
    elif not named:
        wrong_way = wrong_way._replace(bundle=None)

    reply = post(wrong_way)
    assert isinstance(reply, NotSent)
    for hint in (with_options(reply.hint), with_options(sign_in_failure(wrong_way).hint)):
        assert ("add its certificate authority to that file" in hint) == alone
        assert (named or "BULKTAP_CA_BUNDLE") in hint
        assert "SSL_CERT_FILE" in hint
        assert "beside" in hint


@pytest.mark.parametrize("wrong_way", ["no such name"], indirect=True)
def test_a_name_that_does_not_resolve_is_named_on_both_ways(wrong_way: Wrong) -> None:
    """Whether it may come back depends on what the resolver says."""
    reply = post(wrong_way)
    assert isinstance(reply, NotSent)
    for words in (reply.cause, sign_in_failure(wrong_way).message):
        assert "graph.contoso.invalid" in words
        assert "name cannot be resolved" in words


@pytest.mark.parametrize(("wrong_way", "words"), FOREIGN, indirect=["wrong_way"])
def test_a_foreign_answer_is_named_on_both_ways(wrong_way: Wrong, words: str) -> None:
    """A page or a redirect in place of Microsoft's answer, with the host that gave it."""
    reply = post(wrong_way)
    assert isinstance(reply, Doubtful)
    assert reply.foreign
    failure = sign_in_failure(wrong_way)
    assert failure.permanent
    for said in (reply.cause, failure.message):
        assert words in said
        assert wrong_way.url.removeprefix("https://") in said
        assert "guest network" not in said


@pytest.mark.parametrize("wrong_way", PASSING, indirect=True)
def test_what_may_heal_is_not_called_permanent(wrong_way: Wrong) -> None:
    """A reset, a breakdown of a proxy, an error of the service."""
    reply = post(wrong_way)
    assert not (isinstance(reply, NotSent) and reply.permanent)
    assert not (isinstance(reply, Doubtful) and reply.foreign)
    assert not sign_in_failure(wrong_way).permanent


@pytest.mark.parametrize("wrong_way", ["proxy cuts"], indirect=True)
def test_a_cut_is_called_so_on_both_ways(wrong_way: Wrong) -> None:
    """Each library has errors of its own for it, whose names say nothing to people."""
    for words in (post(wrong_way).cause, sign_in_failure(wrong_way).message):
        assert not re.search(r"[a-z]Error\b", words)


@pytest.mark.parametrize(
    ("error", "words", "permanent"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "name", True),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "name", False),
        (OSError(errno.EHOSTUNREACH, "x"), "network", False),
        (OSError(errno.ENETUNREACH, "x"), "network", False),
        (OSError(10061, "x"), "closed", True),
        (of_windows(1225), "closed", True),
        (of_windows(1231), "network", False),
        (of_windows(1232), "network", False),
        (of_windows(121), "did not complete", False),
        (ConnectionResetError(), "cut", False),
        (BrokenPipeError(), "cut", False),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] x"), "TLS", True),
        (ssl.SSLEOFError(8, "x"), "cut the connection", False),
        (ssl.SSLZeroReturnError(6, "x"), "cut the connection", False),
        (http.client.RemoteDisconnected("x"), "cut the connection", False),
        (aiohttp.ServerDisconnectedError(), "cut the connection", False),
        (http.client.BadStatusLine("SSH-2.0"), "not HTTP", True),
        (http.client.UnknownProtocol("HTTP/0"), "not HTTP", True),
        (BadStatusLine("SSH-2.0"), "not HTTP", True),
        (BadHttpMessage("x"), "not HTTP", True),
        (ValueError("token"), "did not complete", False),
    ],
)
def test_a_cause_is_found_however_deep_it_is_wrapped(error: Exception, words: str, permanent: bool) -> None:
    """As an argument, a cause, a context or an attribute of wrappers; the wrappers' texts are never shown."""
    wrapped = RuntimeError("https://host/?secret", RuntimeError(error))
    chained = RuntimeError("secret")
    chained.__cause__ = wrapped
    for one in (error, wrapped, chained):
        fault = explain_failure(one, "BULKTAP_GRAPH_URL")
        assert words in fault.words
        assert fault.permanent is permanent
        assert "secret" not in fault.words + fault.hint


@pytest.mark.parametrize(
    ("status", "permanent"), [(407, True), (403, True), (404, True), (408, False), (429, False), (502, False)]
)
def test_a_proxy_that_is_busy_is_told_from_one_that_forbids(status: int, permanent: bool) -> None:
    """By the status of its answer to the request for a tunnel."""
    fault = proxy_refused(status)
    assert fault.permanent is permanent
    assert str(status) in fault.words
