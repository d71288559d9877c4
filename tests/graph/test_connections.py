"""The client's connections: which carry a batch, which carried nothing, and who may listen in."""

from __future__ import annotations

import asyncio
import base64
import socket
from typing import TYPE_CHECKING

import pytest
from graph.conversation import STEPS, TOKEN, post, talk

from bulktap.graph.client import Answered, Doubtful, GraphClient, NotSent
from bulktap.graph.trust import Network
from bulktap.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Certificate, Service


def test_a_refused_connection_is_not_sent(certificate: Certificate) -> None:
    """Where nobody listens nothing was done."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    reply = post(f"https://127.0.0.1:{port}", certificate.bundle)
    assert isinstance(reply, NotSent)
    assert f"127.0.0.1:{port}" in reply.cause


def test_a_host_that_never_says_hello_is_not_sent(certificate: Certificate) -> None:
    """A connection whose TLS handshake does not come about has carried nothing."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        reply = post(f"https://127.0.0.1:{mute.getsockname()[1]}", certificate.bundle, connect_timeout=0.3)
    assert isinstance(reply, NotSent)
    assert "0.3 s" in reply.cause


def test_a_reply_timeout_while_connecting_is_not_sent(certificate: Certificate) -> None:
    """The clock covers connecting too, and still nothing has left."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        reply = post(f"https://127.0.0.1:{mute.getsockname()[1]}", certificate.bundle, reply_timeout=0.2)
    assert isinstance(reply, NotSent)


def test_a_certificate_that_is_not_trusted_is_not_sent(
    service: Service, other_certificate: Certificate, monkeypatch: pytest.MonkeyPatch, certificate: Certificate
) -> None:
    """Exactly the given bundle counts, also when the environment would trust the service."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.bundle))
    reply = post(service.url, other_certificate.bundle)
    assert isinstance(reply, NotSent)
    assert "certificate" in reply.cause
    assert service.requests == []


def test_a_name_that_does_not_resolve_is_not_sent(certificate: Certificate) -> None:
    """No address, no connection."""
    reply = post("https://graph.invalid", certificate.bundle)
    assert isinstance(reply, NotSent)


def test_connections_are_reused(service: Service, certificate: Certificate) -> None:
    """Batches in a row travel over one connection."""
    service.behave(service.answer_batch())

    async def thrice(client: GraphClient) -> None:
        for _ in range(3):
            await client.post_batch(STEPS, TOKEN, "request-1", creates=True)

    talk(thrice, service.url, certificate.bundle)
    assert [request.connection for request in service.requests] == [1, 1, 1]


def test_batches_at_the_same_time_have_connections_of_their_own(service: Service, certificate: Certificate) -> None:
    """None waits for another."""
    service.behave(service.answer_batch())

    async def together(client: GraphClient) -> None:
        posts = [client.post_batch(STEPS, TOKEN, f"request-{number}", creates=True) for number in range(4)]
        assert all(isinstance(reply, Answered) for reply in await asyncio.gather(*posts))

    talk(together, service.url, certificate.bundle)
    assert {request.connection for request in service.requests} == {1, 2, 3, 4}


def test_a_dead_connection_is_not_tried_twice(service: Service, certificate: Certificate) -> None:
    """A create on a kept connection that dies is in doubt; aiohttp does not quietly repeat it."""
    service.behave(service.answer_batch(), service.reset())

    async def twice(client: GraphClient) -> None:
        await client.post_batch(STEPS, TOKEN, "request-1", creates=True)
        assert isinstance(await client.post_batch(STEPS, TOKEN, "request-2", creates=True), Doubtful)

    talk(twice, service.url, certificate.bundle)
    assert [request.connection for request in service.requests] == [1, 1]


@pytest.mark.parametrize(
    ("rest", "creates", "connection"),
    [(11.0, True, 1), (16.0, True, 2), (16.0, False, 1), (100.0, False, 2)],
)
def test_a_connection_that_rested_long_carries_no_creates(
    service: Service, certificate: Certificate, rest: float, creates: bool, connection: int
) -> None:
    """The other side may have dropped it; look-ups, which are simply asked again, may use it longer."""
    service.behave(service.answer_batch())
    time = [1_000.0]

    async def with_a_rest(client: GraphClient) -> None:
        await client.post_batch(STEPS, TOKEN, "request-1", creates=True)
        time[0] += rest
        await client.post_batch(STEPS, TOKEN, "request-2", creates=creates)

    talk(with_a_rest, service.url, certificate.bundle, monotonic=lambda: time[0])
    assert service.requests[1].connection == connection


def test_a_connection_that_answered_503_is_not_used_again(service: Service, certificate: Certificate) -> None:
    """Neither after an envelope's 503 nor after a step's."""
    service.behave(service.reply(503, {}), service.answer_batch(503), service.answer_batch(201))

    async def thrice(client: GraphClient) -> None:
        for _ in range(3):
            await client.post_batch(STEPS, TOKEN, "request-1", creates=True)

    talk(thrice, service.url, certificate.bundle)
    assert [request.connection for request in service.requests] == [1, 2, 3]


def test_the_proxy_of_the_environment_is_used(
    service: Service, proxy: Service, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tunnel is asked for with its credentials, and the token never shows outside it."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:p%40ss@127.0.0.1:{proxy.port}")
    service.behave(service.answer_batch())
    reply = post("https://graph.contoso.com", certificate.bundle)
    assert isinstance(reply, Answered)
    assert proxy.requests[0].target == "graph.contoso.com:443"
    expected = base64.b64encode(b"ada:p@ss").decode()
    assert proxy.requests[0].headers["proxy-authorization"] == f"Basic {expected}"
    assert "authorization" not in proxy.requests[0].headers
    assert "proxy-authorization" not in service.requests[0].headers


def test_a_proxy_that_refuses_means_not_sent(
    proxy: Service, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing reached Microsoft Graph."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:secret@127.0.0.1:{proxy.port}")
    proxy.tunnel_to = None
    proxy.behave(proxy.reply(407, {}))
    reply = post("https://graph.contoso.com", certificate.bundle)
    assert isinstance(reply, NotSent)
    assert reply.permanent
    assert "graph.contoso.com:443: the proxy demands a user name and password (HTTP 407)" in reply.cause
    assert "HTTPS_PROXY" in reply.hint


def test_a_proxy_that_cuts_the_tunnel_means_not_sent(
    proxy: Service, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is whether the batch left, not what kind of failure it was."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    proxy.tunnel_to = None
    proxy.behave(proxy.reset())
    assert isinstance(post("https://graph.contoso.com", certificate.bundle), NotSent)


def test_no_session_keys_are_written(
    service: Service, certificate: Certificate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`SSLKEYLOGFILE` would let whoever reads it decrypt passcodes."""
    key_log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(key_log))
    service.behave(service.answer_batch())
    assert isinstance(post(service.url, certificate.bundle), Answered)
    assert not key_log.exists() or b"SECRET" not in key_log.read_bytes()


@pytest.mark.parametrize("url", ["http://localhost:1", "graph.contoso.com", "https://", "https://a@graph.contoso.com"])
def test_only_https_is_taken(certificate: Certificate, url: str) -> None:
    """A token in the clear would be a pass for everybody."""
    with pytest.raises(UsageError):
        GraphClient(url, network=Network(certificate.bundle), reply_timeout=1.0)


def test_cancelling_lets_the_cancellation_through(service: Service, certificate: Certificate) -> None:
    """A second Ctrl-C must end the wait at once, and the connection is not used again."""
    service.behave(service.silence(), service.answer_batch())

    async def stopped(client: GraphClient) -> None:
        waiting = asyncio.create_task(client.post_batch(STEPS, TOKEN, "request-1", creates=True))
        while not service.requests:  # noqa: ASYNC110 - the service lives in another thread
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await client.post_batch(STEPS, TOKEN, "request-2", creates=True)

    talk(stopped, service.url, certificate.bundle)
    assert [request.connection for request in service.requests] == [1, 2]
