from __future__ import annotations

import pytest

from bulktap.graph.error_detail import GraphErrorDetail, is_refusal, read_error
from bulktap.model.plain_text import one_line


def test_an_authentication_methods_error_is_read_as_published() -> None:
    """Code, message and both request ids of the documented body."""
    message = "Invalid LifetimeInMinutes specified. The valid range between 60 and 480."
    body = {
        "error": {
            "code": "badRequest",
            "message": message,
            "innerError": {"message": message, "request-id": "theirs", "client-request-id": "ours"},
        }
    }
    assert read_error(body) == GraphErrorDetail("badRequest", message, "badRequest", "theirs", "ours")


def test_the_innermost_code_is_the_most_exact() -> None:
    """Both spellings of innerError lead inwards, and a message found inside serves when there is none outside."""
    body = {
        "error": {
            "code": "generalException",
            "message": "",
            "innererror": {"requestId": "theirs", "innerError": {"code": "deep", "message": "Deep down."}},
        }
    }
    assert read_error(body) == GraphErrorDetail("generalException", "Deep down.", "deep", "theirs", "")


@pytest.mark.parametrize("body", [None, "PGh0bWw+", [], {}, {"error": "x"}, {"error": {"code": 4, "innerError": 5}}])
def test_a_body_that_is_no_error_says_nothing(body: object) -> None:
    """Gateways answer whatever they like."""
    assert read_error(body) == GraphErrorDetail()


def test_an_error_that_contains_itself_ends() -> None:
    """Nesting is followed to a finite depth."""
    error: dict[str, object] = {"code": "loop"}
    error["innerError"] = error
    assert read_error({"error": error}).innermost_code == "loop"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Insufficient privileges.", "Insufficient privileges."),
        ("one\r\ntwo\tthree", "one two three"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("from the right: \u202eevil", "from the right: evil"),
        ("  wide\u00a0 \u3000gaps  ", "wide gaps"),
        ("\x00\x07", ""),
        ("Zoë says 你好", "Zoë says 你好"),
        ("x" * 50, "x" * 40),
    ],
)
def test_other_peoples_words_come_on_one_line(text: str, line: str) -> None:
    """Nothing in them steers a terminal or forges a line, and letters of every script stay."""
    assert one_line(text, 40) == line


@pytest.mark.parametrize(
    ("status", "code", "refused"),
    [
        (400, "badRequest", True),
        (403, "accessDenied", True),
        (404, "Request_ResourceNotFound", True),
        (451, "unavailableForLegalReasons", True),
        (403, "", False),
        (400, "ServiceUnavailable", False),
        (401, "InvalidAuthenticationToken", False),
        (409, "conflict", False),
        (424, "FailedDependency", False),
        (429, "TooManyRequests", False),
        (302, "found", False),
        (500, "InternalServerError", False),
    ],
)
def test_only_graphs_own_words_are_a_refusal(status: int, code: str, refused: bool) -> None:
    """And only where the status proves that nothing was done."""
    assert is_refusal(status, GraphErrorDetail(code)) is refused
