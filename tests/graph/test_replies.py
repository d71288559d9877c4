from __future__ import annotations

import json

import pytest

from bulktap.graph.replies import (
    Answered,
    Doubtful,
    EnvelopeRefused,
    RawReply,
    Throttled,
    Unauthorized,
    Unavailable,
    read_reply,
)

GRAPH = json.dumps({"error": {"code": "accessDenied", "message": "no"}}).encode()
BUSY = json.dumps({"error": {"code": "ServiceUnavailable", "message": "later"}}).encode()
PAGE = b"<html><body>Blocked by the proxy. Sign in.</body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def kind(status: int, payload: bytes = b"", headers: dict[str, str] | None = None) -> type:
    """Return which kind of ending the reply is."""
    return type(read_reply(RawReply(status, headers or {}, payload), {"1"}, 0.1))


@pytest.mark.parametrize(
    ("status", "payload", "expected"),
    [
        (400, GRAPH, EnvelopeRefused),
        (403, GRAPH, EnvelopeRefused),
        (404, GRAPH, EnvelopeRefused),
        (405, GRAPH, EnvelopeRefused),
        (413, GRAPH, EnvelopeRefused),
        (400, BUSY, Unavailable),
        (429, b"", Throttled),
        (429, PAGE, Throttled),
        (401, GRAPH, Unauthorized),
        (503, PAGE, Unavailable),
        (500, GRAPH, Doubtful),
        (502, PAGE, Doubtful),
        (504, b"", Doubtful),
        (507, GRAPH, Doubtful),
        (509, GRAPH, Doubtful),
        (408, GRAPH, Doubtful),
        (409, GRAPH, Doubtful),
        (412, GRAPH, Doubtful),
        (421, GRAPH, Doubtful),
        (423, GRAPH, Doubtful),
        (425, GRAPH, Doubtful),
        (302, PAGE, Doubtful),
        (200, b'{"responses": []}', Answered),
        (424, b'{"responses": []}', Answered),
    ],
)
def test_what_an_envelope_proves(status: int, payload: bytes, expected: type) -> None:
    """Only a refusal in Graph's own words, a 401 and a 429 prove that nothing was done."""
    assert kind(status, payload) is expected


@pytest.mark.parametrize("status", [400, 403, 404, 407, 410, 451])
@pytest.mark.parametrize("payload", [PAGE, b"", b"no", b'{"error": "forbidden"}', b"[" * 100_000])
def test_a_refusal_that_graph_did_not_word_comes_from_the_way(status: int, payload: bytes) -> None:
    """A proxy's page in place of Graph's answer is in doubt, and known to be foreign."""
    reply = read_reply(RawReply(status, HTML, payload), {"1"}, 0.1)
    assert isinstance(reply, Doubtful)
    assert reply.foreign


@pytest.mark.parametrize(
    ("status", "headers", "payload", "foreign"),
    [
        (200, HTML, PAGE, True),
        (302, {"Location": "https://login.contoso.com/"}, b"", True),
        (307, {}, b"", True),
        (200, {"Content-Type": "application/json"}, b'{"responses": [', False),
        (200, {"Content-Type": "application/json"}, b'{"hello": 1}', True),
        (200, {"Content-Type": "application/json"}, b'{"responses": {}}', True),
        (200, {"Content-Type": "text/plain"}, b"", True),
        (200, {"Content-Type": "text/plain"}, b"OK", True),
        (200, {}, b"[1]", True),
        (200, {}, b' {"responses": [{"id": "1", "body": {"tem', False),
        (500, {}, GRAPH, False),
        (409, {}, GRAPH, False),
        (401, HTML, PAGE, True),
        (401, {"WWW-Authenticate": 'Basic realm="proxy"'}, b"", True),
        (401, {"WWW-Authenticate": "Negotiate, NTLM"}, PAGE, True),
        (401, {}, b'{"error": "no"}', True),
        (401, {"WWW-Authenticate": 'Digest realm="Bearer"'}, b"", True),
        (511, HTML, PAGE, True),
        (511, {}, b"", True),
    ],
)
def test_what_did_not_come_from_graph_is_told_from_what_did(
    status: int, headers: dict[str, str], payload: bytes, foreign: bool
) -> None:
    """A login page or a redirect will not heal by waiting; a broken answer or a 500 may."""
    reply = read_reply(RawReply(status, headers, payload), {"1"}, 0.1)
    assert isinstance(reply, Doubtful)
    assert reply.foreign is foreign
    assert "Blocked" not in reply.cause


@pytest.mark.parametrize(
    ("headers", "payload"),
    [
        ({}, GRAPH),
        ({"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'}, b""),
        ({"WWW-Authenticate": "bearer"}, PAGE),
        ({"WWW-Authenticate": 'Basic realm="x", Bearer realm="y"'}, b""),
        (HTML, json.dumps({"error": {"code": "InvalidAuthenticationToken", "message": "no"}}).encode()),
    ],
)
def test_a_401_about_the_token_is_graphs(headers: dict[str, str], payload: bytes) -> None:
    """It speaks of a token, in the header or in Graph's words."""
    assert kind(401, payload, headers) is Unauthorized
