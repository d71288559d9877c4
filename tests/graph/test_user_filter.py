"""Users fifteen at a time: the address of the step, and what an answer shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest

from bulktap.graph.batch import StepResponse
from bulktap.graph.directory import UserRetry
from bulktap.graph.user_filter import UsersRefused, UsersShown, can_be_filtered, judge_users, users_step
from bulktap.model.passes import UserRef

ID = "AAAAAAAA-0000-4000-8000-000000000001"
ODD_NAMES = (
    "o'brien@contoso.com",
    "''@contoso.com",
    "a+b@contoso.com",
    "r&d@contoso.com",
    "x#EXT#@contoso.com",
    "100%@contoso.com",
    "ren\u00e9e@contoso.com",
    "\u674e\u660e@contoso.com",
    "$cash@contoso.com",
    "a,b@contoso.com",
    "a b@contoso.com",
    "q?=@contoso.com",
)


def _answer(*users: object, status: int = 200, **members: Any) -> StepResponse:
    body = {"value": list(users)} if status == 200 else {"error": {"code": "x", "message": "y"}}
    return StepResponse("1", status, {}, body | members)


def _user(upn: str | None, object_id: str = ID) -> dict[str, object]:
    return {"id": object_id, "userPrincipalName": upn}


def _refs(*names: str) -> list[UserRef]:
    return [UserRef(name) for name in names]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_every_name_arrives_as_it_is(name: str) -> None:
    """Quotes are doubled, and nothing ends or changes the address."""
    step = users_step("1", _refs(name, "b@contoso.com"))
    path, _, query = step.url.partition("?")
    options = parse_qs(query, strict_parsing=True)
    doubled = name.replace("'", "''")
    assert (step.method, path) == ("GET", "/users")
    assert options["$filter"] == [f"userPrincipalName in ('{doubled}','b@contoso.com')"]
    assert options["$top"] == ["15"]
    assert "userPrincipalName" in options["$select"][0]
    assert step.url.isascii()
    assert "#" not in step.url


def test_ids_are_asked_for_by_id() -> None:
    """The directory compares them as it compares names, whatever their case."""
    assert parse_qs(users_step("1", _refs(ID)).url.partition("?")[2])["$filter"] == [f"id in ('{ID}')"]
    shown = judge_users(_answer(_user("a@contoso.com", ID.lower())), _refs(ID))
    assert isinstance(shown, UsersShown)
    assert list(shown.users) == [ID.casefold()]


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ([_user("A@Contoso.com")], {"a@contoso.com"}),
        ([_user("A@Contoso.com"), _user("b@contoso.com")], {"a@contoso.com", "b@contoso.com"}),
        ([_user("elsewhere@contoso.com")], set()),
        ([_user(None)], set()),
        ([{"userPrincipalName": "a@contoso.com"}], set()),
        (["a@contoso.com", None, 5], set()),
        ([_user("a@contoso.com"), _user("A@contoso.com", ID.replace("1", "2"))], set()),
        ([], set()),
    ],
)
def test_only_the_very_name_that_was_asked_for_is_taken(shown: list[object], found: set[str]) -> None:
    """Whatever the case; nobody else who is shown, nobody without an id, and nobody who is there twice."""
    verdict = judge_users(_answer(*shown), _refs("a@contoso.com", "B@contoso.com"))
    assert isinstance(verdict, UsersShown)
    assert verdict.users.keys() == found


def test_names_that_only_fold_alike_are_two() -> None:
    """A sharp s is not two of them where passes are concerned: whoever is not shown is asked about alone."""
    verdict = judge_users(_answer(_user("strasse@contoso.com")), _refs("stra\u00dfe@contoso.com"))
    assert verdict == UsersShown({})


def test_a_page_that_is_not_the_last_shows_whom_it_shows() -> None:
    """The rest is asked about alone, and not called missing."""
    page = _answer(_user("a@contoso.com"), **{"@odata.nextLink": "https://graph.microsoft.com/v1.0/users?x"})
    verdict = judge_users(page, _refs("a@contoso.com", "b@contoso.com"))
    assert isinstance(verdict, UsersShown)
    assert list(verdict.users) == ["a@contoso.com"]


@pytest.mark.parametrize(
    ("response", "verdict"),
    [
        (_answer(status=400), UsersRefused(forbidden=False)),
        (_answer(status=404), UsersRefused(forbidden=False)),
        (_answer(status=403), UsersRefused(forbidden=True)),
        (_answer(status=429), UserRetry(None, throttled=True)),
        (_answer(status=503), UserRetry(None, throttled=False)),
        (StepResponse("1", 403, {}, "<html>"), UserRetry(None, throttled=False)),
        (StepResponse("1", 200, {}, {"value": "x"}), UserRetry(None, throttled=False)),
        (StepResponse("1", 200, {}, None), UserRetry(None, throttled=False)),
    ],
)
def test_what_is_no_answer_says_nothing_about_anybody(response: StepResponse, verdict: object) -> None:
    """A refusal of Graph's is one; whatever else came is asked again."""
    assert judge_users(response, _refs("a@contoso.com", "b@contoso.com")) == verdict


def test_a_name_beyond_what_a_filter_compares_is_not_put_into_one() -> None:
    """120 characters; one more makes the whole filter a 400."""
    assert can_be_filtered(UserRef("x" * 120))
    assert not can_be_filtered(UserRef("x" * 121))
