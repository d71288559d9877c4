from __future__ import annotations

import pytest

from bulktap.graph.error_detail import GraphErrorDetail, read_error


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
