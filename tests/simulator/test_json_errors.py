"""Requests that lead nowhere are answered in JSON, over real HTTPS."""

from __future__ import annotations

import json
import socket
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.simulator.tenant import Tenant

TENANT = "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37"
PASSES = "/v1.0/users/alex@contoso.com/authentication/temporaryAccessPassMethods"


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "words"),
    [
        ("GET", "/", 400, "BadRequest", "Invalid version: "),
        ("GET", "/beta/users", 400, "BadRequest", "Invalid version: beta"),
        ("POST", "/v2.0/$batch", 400, "BadRequest", "Invalid version: v2.0"),
        ("GET", "/v1.0", 400, "BadRequest", "Resource not found for the segment ''."),
        ("GET", "/v1.0/nowhere", 400, "BadRequest", "Resource not found for the segment 'nowhere'."),
        ("GET", "/v1.0/users/alex@contoso.com/shoes", 400, "BadRequest", "for the segment 'shoes'."),
        ("GET", "/v1.0/$batch", 405, "Request_BadRequest", "method is not allowed"),
        ("PUT", "/v1.0/$batch", 405, "Request_BadRequest", "method is not allowed"),
        ("OPTIONS", "/v1.0/users", 405, "Request_BadRequest", "method is not allowed"),
        ("PATCH", PASSES, 405, "Request_BadRequest", "method is not allowed"),
        ("DELETE", "/_simulator/truth", 405, "Request_BadRequest", "method is not allowed"),
    ],
)
def test_graph_answers_in_its_own_words(
    open_browser: Callable[..., Any], tenant: Tenant, method: str, path: str, status: int, code: str, words: str
) -> None:
    """Whatever the path and the method, with the ids that support asks for."""
    answer = open_browser(tenant).send(method, path, json={} if method in {"PATCH", "PUT", "POST"} else None)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert words in error["message"]
    assert {"date", "request-id", "client-request-id"} <= error["innerError"].keys()
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["x-simulated-tenant"] == "true"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/{TENANT}/oauth2/v2.0/token", 405),
        ("PUT", f"/{TENANT}/oauth2/v2.0/devicecode", 405),
        ("POST", f"/{TENANT}/v2.0/.well-known/openid-configuration", 405),
        ("GET", f"/{TENANT}/oauth2/v2.0/nowhere", 404),
        ("POST", f"/{TENANT}/discovery/v1/keys", 404),
    ],
)
def test_the_sign_in_answers_as_it_does_elsewhere(
    open_browser: Callable[..., Any], tenant: Tenant, method: str, path: str, status: int
) -> None:
    """With an OAuth error and its AADSTS number."""
    answer = open_browser(tenant).send(method, path)

    assert answer.status_code == status
    assert answer.json()["error"] == "invalid_request"
    assert answer.json()["error_description"].startswith("AADSTS")


@pytest.mark.parametrize(
    ("request_line", "status", "words"),
    [
        ("BREW /v1.0/users HTTP/1.1", 405, "method is not allowed"),
        ("get /v1.0/users HTTP/1.1", 405, "method is not allowed"),
        ("FETCH /v1.0/$batch HTTP/1.1", 405, "method is not allowed"),
        ("\x16\x03\x01 HTTP/1.1", 405, "method is not allowed"),
        ("GET /v1.0/users HTTP/9", 400, "could not be read"),
        (f"GET /v1.0/{'u' * 20_000} HTTP/1.1", 400, "could not be read"),
    ],
)
def test_what_is_no_request_is_answered_in_json_too(
    open_browser: Callable[..., Any], tenant: Tenant, request_line: str, status: int, words: str
) -> None:
    """A method that nobody knows, a line that is too long: no web server's own words, and the next one is served."""
    browser = open_browser(tenant)
    address = urlsplit(browser.simulator.graph_url)
    context = ssl.create_default_context(cafile=str(browser.simulator.ca_file))
    with (
        socket.create_connection((address.hostname, address.port), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname=address.hostname) as wire,
    ):
        wire.sendall(f"{request_line}\r\nHost: x\r\n\r\n".encode("latin-1"))
        head, _, body = b"".join(iter(lambda: wire.recv(65_536), b"")).partition(b"\r\n\r\n")

    assert head.split()[1] == str(status).encode()
    assert b"content-type: application/json" in head.lower()
    assert b"x-simulated-tenant: true" in head.lower()
    assert words in json.loads(body)["error"]["message"]
    assert browser.send("GET", "/v1.0/users").status_code == 200


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "Empty Payload. JSON content expected."),
        (b"{", "Unable to read JSON request payload."),
        (b"lifetimeInMinutes=60", "Unable to read JSON request payload."),
        (b"\xff\xfe", "Unable to read JSON request payload."),
        (b"[" * 100_000, "Unable to read JSON request payload."),
        (b"[1]", "Invalid request body specified."),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    open_browser: Callable[..., Any], tenant: Tenant, raw: bytes, words: str
) -> None:
    """With 400, and no pass."""
    browser = open_browser(tenant)
    answer = browser.send("POST", PASSES, data=raw, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]
    assert browser.send("GET", PASSES).json()["value"] == []


def test_a_body_beyond_all_bounds_is_refused_in_json(open_browser: Callable[..., Any], tenant: Tenant) -> None:
    """With 413."""
    answer = open_browser(tenant).send("POST", PASSES, data=b" " * (5 * 1024 * 1024))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "RequestEntityTooLarge")
