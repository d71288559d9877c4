from __future__ import annotations

import asyncio
import base64
import gzip
import json
import socket
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bulktap.graph.batch import BatchStep
from bulktap.graph.client import (
    Answered,
    BatchReply,
    Doubtful,
    EnvelopeRefused,
    GraphClient,
    NotSent,
    Throttled,
    Unauthorized,
    Unavailable,
)
from bulktap.model.errors import UsageError
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from conftest import Certificate, Service

STEPS = [BatchStep("1", "POST", "/users/ada@contoso.com/authentication/temporaryAccessPassMethods", {})]
TOKEN = Secret("pretend-token")
PASSCODE = "+drkzqAD"


def talk(
    conversation: Callable[[GraphClient], Awaitable[None]],
    url: str,
    ca_bundle: Path,
    reply_timeout: float = 5.0,
    connect_timeout: float = 5.0,
    monotonic: Callable[[], float] | None = None,
) -> None:
    """Run a conversation with a client of its own."""

    async def run() -> None:
        clock = monotonic or asyncio.get_running_loop().time
        async with GraphClient(
            url,
            ca_bundle=ca_bundle,
            reply_timeout=reply_timeout,
            connect_timeout=connect_timeout,
            monotonic=clock,
        ) as client:
            await conversation(client)

    asyncio.run(run())


def post(url: str, ca_bundle: Path, reply_timeout: float = 5.0, connect_timeout: float = 5.0) -> BatchReply:
    """Post one batch with a client of its own."""
    replies: list[BatchReply] = []

    async def once(client: GraphClient) -> None:
        replies.append(await client.post_batch(STEPS, TOKEN, "request-1", creates=True))

    talk(once, url, ca_bundle, reply_timeout, connect_timeout)
    return replies[0]


def test_a_batch_is_posted_as_graph_wants_it(service: Service, certificate: Certificate) -> None:
    """Path, headers and body are those of the documentation, and the answer comes back by step id."""
    date = {"Date": "Wed, 01 Aug 2035 08:00:00 GMT", "request-id": "their-id"}
    service.behave(service.answer_batch(201, {"temporaryAccessPass": PASSCODE}, **date))
    reply = post(service.url, certificate.bundle)
    request = service.requests[0]
    assert (request.method, request.target) == ("POST", "/v1.0/$batch")
    assert request.headers["authorization"] == "Bearer pretend-token"
    assert request.headers["client-request-id"] == "request-1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("bulktap/")
    assert request.json() == {
        "requests": [
            {
                "id": "1",
                "method": "POST",
                "url": STEPS[0].url,
                "headers": {"Content-Type": "application/json"},
                "body": {},
            }
        ]
    }
    assert isinstance(reply, Answered)
    assert reply.answer.responses["1"].body == {"temporaryAccessPass": PASSCODE}
    assert reply.service_date == datetime(2035, 8, 1, 8, tzinfo=UTC)
    assert reply.response_id == "their-id"


def test_the_version_may_be_part_of_the_root(service: Service, certificate: Certificate) -> None:
    """A root that already names the version is not given it twice."""
    post(f"{service.url}/v1.0/", certificate.bundle)
    assert service.requests[0].target == "/v1.0/$batch"


def test_an_outer_429_says_how_long_to_wait(service: Service, certificate: Certificate) -> None:
    """Decimal seconds are read."""
    service.behave(service.reply(429, {}, {"Retry-After": "2.128"}))
    assert post(service.url, certificate.bundle) == Throttled(2.128)


def test_an_outer_503_says_how_long_to_wait(service: Service, certificate: Certificate) -> None:
    """A 503 is neither doubtful nor proved harmless."""
    service.behave(service.reply(503, b"<html>busy</html>", {"Retry-After": "7"}))
    assert post(service.url, certificate.bundle) == Unavailable(7.0)


def test_a_claims_challenge_is_decoded(service: Service, certificate: Certificate) -> None:
    """The claims come out as the JSON that the next sign-in needs."""
    claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
    encoded = base64.b64encode(claims.encode()).decode().rstrip("=")
    challenge = f'Bearer realm="", error="insufficient_claims", claims="{encoded}"'
    service.behave(service.reply(401, {}, {"WWW-Authenticate": challenge}))
    assert post(service.url, certificate.bundle) == Unauthorized(claims)


def test_a_401_without_a_challenge_has_no_claims(service: Service, certificate: Certificate) -> None:
    """An expired token is only rejected."""
    service.behave(service.reply(401, {}, {"WWW-Authenticate": 'Bearer error="invalid_token", claims="!"'}))
    assert post(service.url, certificate.bundle) == Unauthorized(None)


@pytest.mark.parametrize("status", [400, 403, 404, 413])
def test_a_refused_envelope_says_why(service: Service, certificate: Certificate, status: int) -> None:
    """Status, code and message come through."""
    error = {"error": {"code": "BadRequest", "message": "Invalid batch payload format."}}
    service.behave(service.reply(status, error))
    expected = EnvelopeRefused(status, "BadRequest", "Invalid batch payload format.")
    assert post(service.url, certificate.bundle) == expected


def test_a_424_envelope_with_answers_is_read(service: Service, certificate: Certificate) -> None:
    """The documentation says that a throttled batch answers 424; its body decides."""
    service.behave(service.reply(424, {"responses": [{"id": "1", "status": 429}]}))
    reply = post(service.url, certificate.bundle)
    assert isinstance(reply, Answered)
    assert reply.answer.responses["1"].status == 429


@pytest.mark.parametrize("status", [302, 307, 308, 408, 424, 500, 502, 504])
def test_other_answers_leave_the_batch_in_doubt(service: Service, certificate: Certificate, status: int) -> None:
    """Nobody knows what was done behind them, and none is followed or repeated."""
    elsewhere = {"Location": f"{service.url}/elsewhere"}
    service.behave(service.reply(status, f"<html>{PASSCODE}</html>".encode(), elsewhere))
    reply = post(service.url, certificate.bundle)
    assert isinstance(reply, Doubtful)
    assert str(status) in reply.cause
    assert PASSCODE not in reply.cause
    assert len(service.requests) == 1


def test_an_unreadable_reply_is_told_by_length_and_digest(service: Service, certificate: Certificate) -> None:
    """Nothing of its text appears."""
    payload = b'{"responses": [{"id": "1", "body": {"temporaryAccessPass": "%s"' % PASSCODE.encode()
    service.behave(service.reply(200, payload))
    reply = post(service.url, certificate.bundle)
    assert isinstance(reply, Doubtful)
    assert f"{len(payload)} bytes" in reply.cause
    assert PASSCODE not in repr(reply)


def test_a_connection_cut_instead_of_an_answer_is_doubtful(service: Service, certificate: Certificate) -> None:
    """The request was read, so the passes may exist."""
    service.behave(service.reset())
    assert isinstance(post(service.url, certificate.bundle), Doubtful)
    assert len(service.requests) == 1


def test_a_truncated_body_is_doubtful(service: Service, certificate: Certificate) -> None:
    """A reply that ends too early proves nothing."""
    service.behave(service.reply(200, {"responses": []}, length=5_000))
    assert isinstance(post(service.url, certificate.bundle), Doubtful)


def test_a_body_that_does_not_decompress_is_doubtful(service: Service, certificate: Certificate) -> None:
    """A gateway that mangles compression is not a crash."""
    broken = gzip.compress(b'{"responses": []}')[:-12] + b"nonsense...."
    service.behave(service.reply(200, broken, {"Content-Encoding": "gzip"}))
    assert isinstance(post(service.url, certificate.bundle), Doubtful)


def test_an_answer_that_is_not_http_is_doubtful(service: Service, certificate: Certificate) -> None:
    """Whatever speaks there has read the request."""

    async def babble(_request: object, writer: asyncio.StreamWriter) -> None:
        writer.write(b"EHLO contoso.com\r\n\r\n")

    service.behave(babble)
    assert isinstance(post(service.url, certificate.bundle), Doubtful)


def test_no_answer_in_time_is_doubtful(service: Service, certificate: Certificate) -> None:
    """The request may still be carried out after we stopped waiting."""
    service.behave(service.silence())
    assert post(service.url, certificate.bundle, reply_timeout=0.3) == Doubtful("no answer within 0.3 s")


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


def test_nothing_that_leaves_the_client_shows_the_token(service: Service, certificate: Certificate) -> None:
    """Replies of every kind print without it."""
    service.behave(service.reset(), service.reply(302, {}), service.answer_batch())
    for _ in range(3):
        assert "pretend-token" not in repr(post(service.url, certificate.bundle))


def test_a_batch_that_is_none_is_a_fault_of_the_caller(service: Service, certificate: Certificate) -> None:
    """No steps, no request, and the text of the exception is harmless."""

    async def nothing(client: GraphClient) -> None:
        with pytest.raises(ValueError, match="1 to 20") as caught:
            await client.post_batch([], TOKEN, "request-1", creates=True)
        assert "pretend-token" not in "".join(traceback.format_exception(caught.value))

    talk(nothing, service.url, certificate.bundle)
    assert service.requests == []


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
        GraphClient(url, ca_bundle=certificate.bundle, reply_timeout=1.0)


def test_a_timeout_of_nothing_is_refused(certificate: Certificate) -> None:
    """It would put every batch in doubt."""
    with pytest.raises(UsageError):
        GraphClient("https://localhost", ca_bundle=certificate.bundle, reply_timeout=0.0)


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


def test_a_full_batch_travels(service: Service, certificate: Certificate) -> None:
    """Twenty steps, the most there may be, come back matched."""
    service.behave(service.answer_batch(204))

    async def full(client: GraphClient) -> None:
        steps = [BatchStep(str(number), "GET", "/organization") for number in range(20)]
        reply = await client.post_batch(steps, TOKEN, "request-1", creates=False)
        assert isinstance(reply, Answered)
        assert len(reply.answer.responses) == len(json.loads(service.requests[0].body)["requests"]) == 20

    talk(full, service.url, certificate.bundle)
