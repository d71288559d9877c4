"""What the client makes of the answers of Microsoft Graph, and what it sends."""

from __future__ import annotations

import base64
import gzip
import json
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from graph.conversation import STEPS, TOKEN, post, talk

from bulktap.graph.batch import BatchStep
from bulktap.graph.client import Answered, Doubtful, EnvelopeRefused, GraphClient, Throttled, Unauthorized, Unavailable
from bulktap.graph.trust import Network
from bulktap.model.errors import UsageError

if TYPE_CHECKING:
    import asyncio

    from conftest import Certificate, Service

PASSCODE = "+drkzqAD"


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


def test_a_timeout_of_nothing_is_refused(certificate: Certificate) -> None:
    """It would put every batch in doubt."""
    with pytest.raises(UsageError):
        GraphClient("https://localhost", network=Network(certificate.bundle), reply_timeout=0.0)


def test_a_full_batch_travels(service: Service, certificate: Certificate) -> None:
    """Twenty steps, the most there may be, come back matched."""
    service.behave(service.answer_batch(204))

    async def full(client: GraphClient) -> None:
        steps = [BatchStep(str(number), "GET", "/organization") for number in range(20)]
        reply = await client.post_batch(steps, TOKEN, "request-1", creates=False)
        assert isinstance(reply, Answered)
        assert len(reply.answer.responses) == len(json.loads(service.requests[0].body)["requests"]) == 20

    talk(full, service.url, certificate.bundle)
