"""What answers to a delete prove, and what lists of sign-in methods say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bulktap.graph.access_passes import Deleted, DeleteRefused, DeleteRetry, NotThere, delete_step, judge_delete
from bulktap.graph.batch import StepResponse
from bulktap.graph.registered_methods import (
    MethodsRefused,
    MethodsRetry,
    RegisteredMethods,
    judge_methods,
    methods_step,
)

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)


def answer(status: int, body: object = None, **headers: str) -> StepResponse:
    """Return the answer to a step."""
    return StepResponse("1", status, {name.replace("_", "-"): text for name, text in headers.items()}, body)


def error(code: str, message: str = "No.") -> dict[str, object]:
    """Return a Graph error."""
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    ("response", "verdict"),
    [
        (answer(204), Deleted()),
        (answer(404, error("resourceNotFound")), NotThere()),
        (answer(404, "<html>"), DeleteRetry(None, throttled=False, unproven=False)),
        (answer(404, error("UnknownError", "")), DeleteRefused),
        (answer(403, error("accessDenied")), DeleteRefused),
        (answer(400, error("badRequest")), DeleteRefused),
        (answer(400, error("serviceUnavailable")), DeleteRetry(None, throttled=False, unproven=True)),
        (answer(401), DeleteRetry(None, throttled=False, unproven=False)),
        (answer(429, error("x"), retry_after="7"), DeleteRetry(7.0, throttled=True, unproven=False)),
        (answer(503, error("x"), retry_after="9"), DeleteRetry(9.0, throttled=False, unproven=True)),
        (answer(500, error("x")), DeleteRetry(None, throttled=False, unproven=True)),
        (answer(409, error("x")), DeleteRetry(None, throttled=False, unproven=True)),
        (answer(200, {}), DeleteRetry(None, throttled=False, unproven=True)),
        (answer(202), DeleteRetry(None, throttled=False, unproven=True)),
    ],
)
def test_only_what_is_documented_proves_that_a_pass_is_deleted(response: StepResponse, verdict: Any) -> None:
    """Everything else is a refusal in Graph's words, or is asked again."""
    found = judge_delete(response, "adele@contoso.com", NOW)

    assert isinstance(found, verdict) if isinstance(verdict, type) else found == verdict


@pytest.mark.parametrize(("pass_id", "end"), [("1-2", "1-2"), ("../policies", "..%2Fpolicies"), ("a?b#c", "a%3Fb%23c")])
def test_a_pass_is_deleted_by_its_id_whatever_that_holds(pass_id: str, end: str) -> None:
    """A journal that somebody edited cannot lead it elsewhere."""
    step = delete_step("1", "adele@contoso.com", pass_id)

    assert (step.method, step.body) == ("DELETE", None)
    assert step.url.endswith(f"/authentication/temporaryAccessPassMethods/{end}")


def method(kind: str, created: str | None = "2035-09-01T08:00:00Z") -> dict[str, object]:
    """Return a method as Microsoft Graph shows it."""
    return {"@odata.type": f"#microsoft.graph.{kind}", "id": "x", "createdDateTime": created}


@pytest.mark.parametrize(
    ("items", "since"),
    [
        ([], ()),
        ([method("fido2AuthenticationMethod")], ("passkey",)),
        ([method("phoneAuthenticationMethod", "2035-09-01T07:59:59Z")], ()),
        ([method("microsoftAuthenticatorAuthenticationMethod", None)], ()),
        ([method("passwordAuthenticationMethod"), method("temporaryAccessPassAuthenticationMethod")], ()),
        ([method("hologramAuthenticationMethod")], ("another method",)),
        ([method("phoneAuthenticationMethod"), method("phoneAuthenticationMethod")], ("phone",)),
        ([{"id": "x"}], ()),
        ([method("windowsHelloForBusinessAuthenticationMethod", "yesterday")], ()),
    ],
)
def test_what_was_registered_since_counts(items: list[dict[str, object]], since: tuple[str, ...]) -> None:
    """A password is everybody's, the pass is what was issued, and an unknown moment says nothing."""
    found = judge_methods(answer(200, {"value": items}))

    assert isinstance(found, RegisteredMethods)
    assert found.since(NOW) == since
    assert found.since(NOW + timedelta(days=1)) == ()


@pytest.mark.parametrize(
    ("response", "verdict"),
    [
        (answer(403, error("accessDenied")), MethodsRefused(403)),
        (answer(404, error("resourceNotFound")), MethodsRefused(404)),
        (answer(429, error("x"), retry_after="3"), MethodsRetry(3.0, throttled=True)),
        (answer(503, "<html>"), MethodsRetry(None, throttled=False)),
        (answer(200, {"value": "none"}), MethodsRetry(None, throttled=False)),
        (answer(200, {"value": [1]}), MethodsRetry(None, throttled=False)),
        (answer(403, "<html>"), MethodsRetry(None, throttled=False)),
    ],
)
def test_methods_that_are_not_shown_are_not_taken_for_none(response: StepResponse, verdict: object) -> None:
    """A page of a proxy is no answer either."""
    assert judge_methods(response, NOW) == verdict


def test_methods_are_asked_for_under_their_user() -> None:
    """By the address of the documentation."""
    step = methods_step("1", "adele@contoso.com")

    assert (step.method, step.url) == ("GET", "/users/adele@contoso.com/authentication/methods")
