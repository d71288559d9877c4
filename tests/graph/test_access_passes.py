from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulktap.graph.access_passes import (
    Created,
    CreateDoubtful,
    CreateRefused,
    CreateThrottled,
    CreateUnauthorized,
    CreateUnavailable,
    Listed,
    ListRefused,
    ListRetry,
    create_step,
    judge_create,
    judge_list,
    limit_percentage,
    list_step,
)
from bulktap.graph.batch import StepResponse
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass, PassRequest, UserRef
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.secret import Secret

ADA = "ada@contoso.com"
REQUEST = PassRequest(UserRef(ADA), PassTerms(lifetime_minutes=30, usable_once=False))
NOW = datetime(2035, 8, 1, 8, tzinfo=UTC)
PUBLISHED = {
    "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
    "id": "6f1967b7-15e8-4935-ac26-d50770ed07a7",
    "temporaryAccessPass": "+drkzqAD",
    "createdDateTime": "2022-06-02T16:21:09.7651730Z",
    "startDateTime": "2022-06-05T00:00:00Z",
    "lifetimeInMinutes": 60,
    "isUsableOnce": False,
    "isUsable": False,
    "methodUsabilityReason": "NotYetValid",
}


def answer(status: int, body: object = None, **headers: str) -> StepResponse:
    """Return a step's answer; underscores in header names become hyphens."""
    return StepResponse("1", status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def test_a_create_sends_only_what_was_asked() -> None:
    """An empty body takes the policy's defaults and starts now."""
    step = create_step("7", ADA, PassRequest(UserRef(ADA)))
    assert (step.step_id, step.method, dict(step.body or {})) == ("7", "POST", {})
    assert step.url == "/users/ada@contoso.com/authentication/temporaryAccessPassMethods"


def test_a_create_sends_its_start_in_utc() -> None:
    """A local offset is read as a time in the past by the service."""
    start = datetime(2035, 8, 1, 10, 30, 5, 250_000, tzinfo=timezone(timedelta(hours=2)))
    step = create_step("1", ADA, PassRequest(UserRef(ADA), PassTerms(start, 480, usable_once=True)))
    assert step.body == {"startDateTime": "2035-08-01T08:30:05.250Z", "lifetimeInMinutes": 480, "isUsableOnce": True}


def test_listing_names_the_user() -> None:
    """Without a body or query options."""
    listing = list_step("1", "$a@b.com")
    assert (listing.method, listing.body) == ("GET", None)
    assert listing.url == "/users('$a@b.com')/authentication/temporaryAccessPassMethods"


def test_the_published_answer_is_a_pass() -> None:
    """Every property is read and unknown ones are ignored."""
    verdict = judge_create(answer(201, PUBLISHED), REQUEST, NOW)
    assert isinstance(verdict, Created)
    assert verdict.issued.value == Secret("+drkzqAD")
    assert verdict.issued.access_pass == AccessPass(
        pass_id="6f1967b7-15e8-4935-ac26-d50770ed07a7",
        created_at=datetime(2022, 6, 2, 16, 21, 9, 765173, tzinfo=UTC),
        starts_at=datetime(2022, 6, 5, tzinfo=UTC),
        lifetime_minutes=60,
        usable_once=False,
        is_usable=False,
        usability="NotYetValid",
    )


@pytest.mark.parametrize("passcode", [" lead and trail ", "=1+1", "MiXeD", "00123", "é!", "x" * 48])
def test_a_passcode_is_taken_as_it_comes(passcode: str) -> None:
    """Neither trimmed nor changed in case."""
    verdict = judge_create(answer(200, {"temporaryAccessPass": passcode, "id": "1"}), REQUEST, NOW)
    assert isinstance(verdict, Created)
    assert verdict.issued.value.reveal() == passcode


def test_a_passcode_without_anything_else_is_not_lost() -> None:
    """Members that make no sense are left out."""
    body = {"temporaryAccessPass": "x", "lifetimeInMinutes": True, "isUsable": "yes", "startDateTime": 5}
    verdict = judge_create(answer(201, body), REQUEST, NOW)
    assert isinstance(verdict, Created)
    assert verdict.issued.access_pass == AccessPass(pass_id="")


@pytest.mark.parametrize(
    "body",
    [
        None,
        "PGh0bWw+",
        {},
        {"temporaryAccessPass": None},
        {"temporaryAccessPass": ""},
        {"temporaryAccessPass": "\ud800"},
    ],
)
def test_a_success_without_a_passcode_is_doubtful(body: object) -> None:
    """A pass exists whose value nobody has."""
    assert judge_create(answer(201, body), REQUEST, NOW) == CreateDoubtful("HTTP 201 without a passcode")


def test_a_throttled_create_says_how_long_and_why() -> None:
    """Only the throttle headers go along."""
    verdict = judge_create(
        answer(429, None, retry_after="0.249", x_ms_throttle_scope="Tenant/Write/a/b", other="x"), REQUEST, NOW
    )
    assert verdict == CreateThrottled(0.249, {"x-ms-throttle-scope": "Tenant/Write/a/b"})


def test_a_503_is_not_proved_harmless() -> None:
    """It has a verdict of its own."""
    header = "Wed, 01 Aug 2035 08:00:04 GMT"
    assert judge_create(answer(503, retry_after=header), REQUEST, NOW) == CreateUnavailable(4.0)


def test_a_401_for_a_step_proves_that_nothing_was_done() -> None:
    """The token was rejected."""
    assert judge_create(answer(401), REQUEST, NOW) == CreateUnauthorized()


@pytest.mark.parametrize("status", [100, 302, 408, 409, 412, 421, 423, 424, 425, 500, 502, 504, 507, 509, 599])
def test_everything_else_is_doubtful(status: int) -> None:
    """Nobody knows whether the pass exists."""
    assert judge_create(answer(status, PUBLISHED), REQUEST, NOW) == CreateDoubtful(f"HTTP {status}")


@given(
    st.integers(100, 599),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["error", "innerError", "code", "message", "temporaryAccessPass", "id"]), inner
            )
        ),
        max_leaves=8,
    ),
)
def test_only_a_2xx_with_a_passcode_is_a_pass(status: int, body: object) -> None:
    """Whatever is answered, there is a verdict, and none but a success holds a passcode."""
    verdict = judge_create(answer(status, body), REQUEST, None)
    if isinstance(verdict, Created):
        assert 200 <= status < 300
        assert verdict.issued.value
    if isinstance(verdict, CreateRefused):
        assert 400 <= status < 500
        assert status not in {401, 429}
        assert verdict.error.refuses


def test_a_refusal_carries_its_detail() -> None:
    """Microsoft's support asks for the request id."""
    body = {"error": {"code": "badRequest", "message": "No.", "innerError": {"request-id": "theirs"}}}
    verdict = judge_create(answer(400, body), REQUEST, NOW)
    assert isinstance(verdict, CreateRefused)
    assert verdict.error.code is RowErrorCode.REFUSED
    assert verdict.detail.request_id == "theirs"


def test_a_list_is_read_as_published() -> None:
    """The items lack the type, and the passcode is never shown again."""
    item = {**PUBLISHED, "temporaryAccessPass": None}
    verdict = judge_list(answer(200, {"@odata.context": "x", "value": [item]}))
    assert isinstance(verdict, Listed)
    assert [found.pass_id for found in verdict.passes] == [PUBLISHED["id"]]
    assert judge_list(answer(200, {"value": []})) == Listed(())


@pytest.mark.parametrize(
    "body", [None, "x", {}, {"value": None}, {"value": [1]}, {"value": [{"createdDateTime": "x"}]}]
)
def test_a_list_that_cannot_be_read_is_asked_for_again(body: object) -> None:
    """To take it for empty would replace somebody's pass."""
    assert judge_list(answer(200, body)) == ListRetry(None, throttled=False)


WORDED = {"error": {"code": "accessDenied", "message": "Request Authorization failed"}}


@pytest.mark.parametrize("status", [409, 412, 421, 423, 425, 408])
def test_a_conflict_proves_nothing_however_it_is_worded(status: int) -> None:
    """A gateway that repeats a POST is answered with the conflict that its own first POST has caused."""
    assert judge_create(answer(status, WORDED), REQUEST, NOW) == CreateDoubtful(f"HTTP {status}")


@pytest.mark.parametrize("body", [None, "<html>blocked</html>", {}, {"error": "forbidden"}, {"error": {}}, [1]])
@pytest.mark.parametrize("status", [400, 403, 404, 405, 407, 451])
def test_a_refusal_without_a_graph_error_is_the_networks(status: int, body: object) -> None:
    """A proxy's page is no permission and no proof, for a create and for a list."""
    assert judge_create(answer(status, body), REQUEST, NOW) == CreateDoubtful(f"HTTP {status}")
    assert judge_list(answer(status, body)) == ListRetry(None, throttled=False)


@pytest.mark.parametrize("code", ["ServiceUnavailable", "serviceUnavailable"])
def test_a_400_that_says_unavailable_is_a_503(code: str) -> None:
    """Graph has been seen to say so; nothing is refused by it."""
    body = {"error": {"code": code, "message": "try again"}}
    assert judge_create(answer(400, body, retry_after="3"), REQUEST, NOW) == CreateUnavailable(3.0)
    nested = {"error": {"code": "badRequest", "message": "x", "innerError": {"code": code}}}
    assert judge_create(answer(400, nested), REQUEST, NOW) == CreateUnavailable(None)
    assert judge_list(answer(400, body)) == ListRetry(None, throttled=False)


def test_a_missing_user_and_a_missing_permission_refuse_the_list() -> None:
    """Each with the code that scripts key on."""
    missing, forbidden = judge_list(answer(404, WORDED), ADA), judge_list(answer(403, WORDED), ADA)
    assert isinstance(missing, ListRefused)
    assert isinstance(forbidden, ListRefused)
    assert (missing.status, missing.error.code) == (404, RowErrorCode.USER_NOT_FOUND)
    assert (forbidden.status, forbidden.error.code) == (403, RowErrorCode.REFUSED_NOT_PERMITTED)
    assert ADA in missing.error.message


@pytest.mark.parametrize("status", [401, 408, 424, 500, 502, 503, 504])
def test_a_list_that_failed_is_asked_for_again(status: int) -> None:
    """Reading changes nothing."""
    assert judge_list(answer(status, retry_after="2")) == ListRetry(2.0, throttled=False)


def test_a_throttled_list_says_so() -> None:
    """The wait counts for everybody."""
    assert judge_list(answer(429, retry_after="2")) == ListRetry(2.0, throttled=True)


@pytest.mark.parametrize(("value", "share"), [("0.85", 0.85), ("1.8", 1.8), ("much", None)])
def test_the_share_of_the_limit_is_read(value: str, share: float | None) -> None:
    """It is a hint and may be nonsense."""
    assert limit_percentage(answer(201, None, x_ms_throttle_limit_percentage=value)) == share
    assert limit_percentage(answer(201)) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"startDateTime": "0001-01-01T00:00:00Z"},
        {"startDateTime": "9999-12-31T23:59:59.9999999Z"},
        {"lifetimeInMinutes": 10**12},
        {"lifetimeInMinutes": -1},
        {"lifetimeInMinutes": True},
        {"methodUsabilityReason": "\ud800"},
        {"id": "\ud800"},
    ],
)
def test_a_passcode_is_kept_whatever_stands_beside_it(odd: dict[str, object]) -> None:
    """What cannot be counted with or written counts as left out; the passcode is what must not be lost."""
    body = {"id": "p", "startDateTime": "2035-08-01T08:00:00Z", "lifetimeInMinutes": 60, "temporaryAccessPass": "code"}
    verdict = judge_create(answer(201, body | odd), REQUEST, NOW)
    assert isinstance(verdict, Created)
    assert verdict.issued.value.reveal() == "code"
    found = verdict.issued.access_pass
    assert f"{found.pass_id}{found.usability}".encode()
    assert (found.expires_at is None) == (not odd.keys() <= {"methodUsabilityReason", "id"})
