from __future__ import annotations

import json
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulktap.graph.batch import (
    BatchStep,
    StepResponse,
    UnreadableReply,
    decode_batch,
    encode_batch,
    user_path,
)
from bulktap.graph.batch_size import MAX_STEPS

PASSCODE = "TAPRocks!"


def steps(count: int) -> list[BatchStep]:
    """Return that many look-ups."""
    return [BatchStep(str(number), "GET", "/organization") for number in range(count)]


def reply(*items: object) -> bytes:
    """Return a batch reply with these items."""
    return json.dumps({"responses": items}).encode()


def test_a_step_with_a_body_names_its_content_type() -> None:
    """Graph refuses a write without it, and outer headers do not reach the steps."""
    document = json.loads(encode_batch([BatchStep("1", "POST", "/users/1", {}), BatchStep("2", "GET", "/users/2")]))
    assert document == {
        "requests": [
            {
                "id": "1",
                "method": "POST",
                "url": "/users/1",
                "headers": {"Content-Type": "application/json"},
                "body": {},
            },
            {"id": "2", "method": "GET", "url": "/users/2"},
        ]
    }


def test_twenty_steps_are_a_batch_and_twenty_one_are_not() -> None:
    """The edge that other clients get wrong."""
    assert len(json.loads(encode_batch(steps(MAX_STEPS)))["requests"]) == 20
    with pytest.raises(ValueError, match="not 21"):
        encode_batch(steps(21))
    with pytest.raises(ValueError, match="not 0"):
        encode_batch([])


def test_ids_are_unique_without_regard_to_case() -> None:
    """Graph compares them so, and would refuse the whole batch."""
    with pytest.raises(ValueError, match="same id"):
        encode_batch([BatchStep("a", "GET", "/x"), BatchStep("A", "GET", "/y")])


def test_answers_are_matched_by_id_in_any_order() -> None:
    """Order means nothing, and neither does the case of an id."""
    answer = decode_batch(reply({"id": "B", "status": 204}, {"id": "a", "status": 200, "body": {"x": 1}}), ["a", "b"])
    assert answer.responses["a"] == StepResponse("a", 200, {}, {"x": 1})
    assert answer.responses["b"] == StepResponse("b", 204, {}, None)


def test_header_names_come_out_in_lower_case() -> None:
    """Graph writes them in any case; a number is taken as its text."""
    answer = decode_batch(reply({"id": "1", "status": 429, "headers": {"Retry-After": 3, "X-Null": None}}), ["1"])
    assert answer.responses["1"].headers == {"retry-after": "3"}


def test_ids_that_were_never_sent_are_counted_and_ignored() -> None:
    """They belong to nobody."""
    answer = decode_batch(reply({"id": "9", "status": 201}, {"status": 201}, "nonsense"), ["1"])
    assert (answer.responses, answer.unknown) == ({}, 3)


@pytest.mark.parametrize("step_id", ["1", 1, 1.0, "12", 12, 12.0, 20])
@pytest.mark.parametrize("status", [200, 201, 403, 429, "503"])
def test_an_id_sent_as_a_number_is_the_id(step_id: str | float, status: int | str) -> None:
    """A gateway that turns ids into numbers must not make lost replies, and lost passcodes, of good ones."""
    answer = decode_batch(reply({"id": step_id, "status": status}), ["1", "2", "12", "20"])
    assert (set(answer.responses), answer.unknown) == ({str(int(step_id))}, 0)


def test_an_id_sent_as_text_and_as_a_number_is_one_step() -> None:
    """Two answers under it that differ settle nothing."""
    answer = decode_batch(reply({"id": "1", "status": 201}, {"id": 1, "status": 403}), ["1"])
    assert answer.responses == {}


def test_an_answer_given_twice_alike_counts_once() -> None:
    """A repeated item changes nothing."""
    item = {"id": "1", "status": 201, "body": {"temporaryAccessPass": PASSCODE}}
    answer = decode_batch(reply(item, item), ["1"])
    assert answer.responses["1"].status == 201
    assert answer.repeated == frozenset()


def test_an_answer_given_twice_differently_is_no_answer() -> None:
    """Nobody knows which of two passcodes is the live one, or whether a refusal or a success is true."""
    twice = [{"id": "1", "status": 201, "body": {"temporaryAccessPass": code}} for code in ("one", "two")]
    answer = decode_batch(reply(*twice, {"id": "2", "status": 201}, {"id": "2", "status": 400}), ["1", "2"])
    assert answer.responses == {}
    assert answer.repeated == {"1", "2"}


@pytest.mark.parametrize(
    "item",
    [
        {"id": "1"},
        {"id": "1", "status": "Created"},
        {"id": "1", "status": "201 Created"},
        {"id": "1", "status": "2O1"},
        {"id": "1", "status": "٢٠١"},
        {"id": "1", "status": "-201"},
        {"id": "1", "status": "999"},
        {"id": "1", "status": True},
        {"id": "1", "status": 20},
        {"id": "1", "status": 201.5},
        {"id": "1", "status": float("nan")},
        {"id": "1", "status": float("inf")},
        {"id": "1", "status": None, "body": {"temporaryAccessPass": None}},
        {"id": "1", "status": None, "body": {"error": {"code": "x"}}},
        {"id": "1", "status": 9000},
        {"id": True, "status": 201},
        {"id": 1.5, "status": 201},
        {"id": float("nan"), "status": 201},
        {"id": float("inf"), "status": 201},
        {"id": None, "status": 201},
        {"id": [1], "status": 201},
        {"id": -1, "status": 201},
    ],
)
def test_an_item_that_makes_no_sense_is_missing(item: object) -> None:
    """What cannot be understood must not pass for a refusal."""
    assert decode_batch(reply(item), ["1"]).responses == {}


@pytest.mark.parametrize("status", [201, "201", 201.0, None, "Created", "201 Created", [201], True])
def test_an_answer_that_shows_a_passcode_is_never_missing(status: object) -> None:
    """Whatever rewrote its status on the way: nothing but a create that was carried out shows one."""
    item = {"id": "1", "status": status, "body": {"id": "x", "temporaryAccessPass": PASSCODE}}
    assert decode_batch(reply(item), ["1"]).responses["1"].status == 201


@pytest.mark.parametrize("status", [200, 204, 403, 429, 503])
def test_a_status_with_a_fraction_of_nothing_is_the_number(status: int) -> None:
    """What rewrites JSON on the way may write whole numbers as 429.0."""
    assert decode_batch(reply({"id": "1", "status": float(status)}), ["1"]).responses["1"].status == status


def test_a_readable_answer_beside_an_unreadable_one_is_in_doubt() -> None:
    """Half of a contradiction is no basis."""
    answer = decode_batch(reply({"id": "1", "status": 400}, {"id": "1"}), ["1"])
    assert answer.responses == {}
    assert answer.repeated == {"1"}


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<html>" + PASSCODE.encode(),
        b'{"responses": [{"body": {"temporaryAccessPass": "' + PASSCODE.encode(),
        b'{"error": {"message": "' + PASSCODE.encode() + b'"}}',
        b'["' + PASSCODE.encode() + b'"]',
        b'{"responses": {}}',
        b"\xff\xfe" + PASSCODE.encode(),
        b"[" * 100_000,
    ],
)
def test_an_unreadable_reply_raises_without_its_text(payload: bytes) -> None:
    """Neither message, nor cause, nor context of the exception holds anything of the reply."""
    with pytest.raises(UnreadableReply) as caught:
        decode_batch(payload, ["1"])
    error = caught.value
    assert error.length == len(payload)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert PASSCODE not in f"{error!r} {error.args} {vars(error)}"


def test_a_step_response_prints_without_its_body() -> None:
    """A passcode stands in it."""
    assert PASSCODE not in repr(StepResponse("1", 201, {}, {"temporaryAccessPass": PASSCODE}))


@pytest.mark.parametrize(
    ("user", "path"),
    [
        ("87d349ed-44d7-43e1-9a83-5f2406dee5bd", "/users/87d349ed-44d7-43e1-9a83-5f2406dee5bd"),
        ("ada@contoso.com", "/users/ada@contoso.com"),
        ("ada_fabrikam.com#EXT#@contoso.com", "/users/ada_fabrikam.com%23EXT%23@contoso.com"),
        ("o'neil+x&y%z@contoso.com", "/users/o%27neil%2Bx%26y%25z@contoso.com"),
        ("a/b?c@contoso.com", "/users/a%2Fb%3Fc@contoso.com"),
        ("$x@y.com", "/users('$x@y.com')"),
        ("$o'x#@y.com", "/users('$o''x%23@y.com')"),
        ("zoë@contoso.com", "/users/zo%C3%AB@contoso.com"),
    ],
)
def test_awkward_user_names_are_encoded(user: str, path: str) -> None:
    """As the documentation of the user resource demands."""
    assert user_path(user) == path


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_a_user_name_never_breaks_out_of_its_path(user: str) -> None:
    """Whatever the roster holds, the path names one user and comes back whole."""
    path = user_path(user)
    assert path.isascii()
    parts = urlsplit(path)
    assert (parts.query, parts.fragment) == ("", "")
    if user.startswith("$"):
        assert unquote(path.removeprefix("/users('").removesuffix("')")).replace("''", "'") == user
    else:
        assert unquote(path.removeprefix("/users/")) == user
        assert path.count("/") == 2


@pytest.mark.parametrize("status", ["200", "201", "403", "429", "503"])
def test_a_status_sent_as_text_is_read_as_the_number(status: str) -> None:
    """Plain digits can mean one thing only."""
    answer = decode_batch(reply({"id": "1", "status": status, "headers": {"Retry-After": "3"}}), ["1"])
    assert answer.responses["1"].status == int(status)
    assert answer.responses["1"].headers == {"retry-after": "3"}


def test_a_status_sent_twice_as_number_and_as_text_is_one_answer() -> None:
    """The same answer in two spellings is no contradiction."""
    answer = decode_batch(reply({"id": "1", "status": 201}, {"id": "1", "status": "201"}), ["1"])
    assert answer.responses["1"].status == 201
    assert answer.repeated == frozenset()
