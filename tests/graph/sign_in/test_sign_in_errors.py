from __future__ import annotations

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.graph.sign_in.sign_in_errors import explain_refusal, explain_unknown_tenant, transient_error


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (7000215, "secret is wrong"),
        (7000222, "secret has expired"),
        (700016, "does not know this app"),
        (90002, "no such tenant"),
        (53003, "conditional access"),
        (500011, "Microsoft Graph"),
    ],
)
def test_common_failures_are_said_plainly(number: int, words: str) -> None:
    """With the platform's number for whoever searches, and a remedy."""
    failure = explain_refusal({"error": "x", "error_description": f"AADSTS{number}: Long words."}, "app app-1")
    assert words in failure.message
    assert f"AADSTS{number}" in failure.message
    assert failure.hint


def test_a_number_outside_the_text_chooses_the_words_too() -> None:
    """Some answers have it in `error_codes` alone."""
    failure = explain_refusal({"error": "invalid_client", "error_codes": [7000222]}, "app app-1")
    assert "secret has expired (AADSTS7000222)" in failure.message


def test_an_unknown_failure_is_passed_on_without_its_trailer() -> None:
    """Trace id and time stamp are noise to most readers."""
    text = "AADSTS999999: Something new. Trace ID: 1\r\nCorrelation ID: 2\r\nTimestamp: 2035-08-01"
    message = explain_refusal({"error": "odd", "error_description": text}, "app app-1").message
    assert message == "Signing in as app app-1 failed: AADSTS999999: Something new."


@pytest.mark.parametrize(
    ("answer", "words"),
    [({"error": "temporarily_unavailable"}, "temporarily_unavailable"), ({}, "no token"), ({"error": 5}, "no token")],
)
def test_an_answer_without_words_still_gets_a_sentence(answer: dict[str, object], words: str) -> None:
    """Nothing in it can be relied on."""
    assert words in explain_refusal(answer, "app app-1").message


def test_an_unknown_tenant_is_named() -> None:
    """So that a typing error is seen."""
    failure = explain_unknown_tenant("contoso.example", "login.microsoftonline.com")
    assert "contoso.example" in failure.message
    assert "AZURE_TENANT_ID" in with_options(failure.hint)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"error": "temporarily_unavailable"}, "temporarily_unavailable"),
        ({"error": "x", "error_description": "AADSTS90033: wait"}, "AADSTS90033"),
        ({"error": "x", "error_description": "AADSTS90055: wait"}, "AADSTS90055"),
        ({"error": "x", "error_description": "AADSTS50196: loop"}, "AADSTS50196"),
        ({"error": "invalid_request", "error_codes": [90033], "error_description": "Try again."}, "AADSTS90033"),
        ({"error": "invalid_request", "error_codes": ["50196"]}, "AADSTS50196"),
        ({"error": "invalid_request", "error_codes": 90055}, "AADSTS90055"),
        ({"error": "x", "error_description": "AADSTS50000: outer. AADSTS90033: inner"}, "AADSTS90033"),
        ({"error": "invalid_grant", "suberror": "temporarily_unavailable"}, "temporarily_unavailable"),
        ({"error": "TemporarilyUnavailable"}, "TemporarilyUnavailable"),
        ({"error": "service_unavailable"}, "service_unavailable"),
        ({"error": "slow_down"}, None),
        ({"error": "x", "error_codes": [True, None, "x", 10**12]}, None),
        ({"error": "invalid_client", "error_description": "AADSTS7000215: wrong"}, None),
        ({"error": "invalid_client", "error_description": "AADSTS900330: other"}, None),
        ({"error": ["temporarily_unavailable"], "error_description": 90033}, None),
        ({}, None),
        ([], None),
        (None, None),
    ],
)
def test_a_passing_trouble_is_told_from_a_refusal(answer: object, expected: str | None) -> None:
    """By OAuth's word or the platform's number; both travel as a 400."""
    found = transient_error(answer)
    assert (found is None) == (expected is None)
    assert (expected or "") in (found or "")
