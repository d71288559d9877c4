import json
from collections.abc import Callable
from typing import Any

import pytest

Step = dict[str, Any]


def refused(reply: Any) -> str:
    """Return the words of a refused envelope."""
    assert reply.status == 400
    error = json.loads(reply.payload)["error"]
    assert error["code"] == "BadRequest"
    assert {"date", "request-id", "client-request-id"} <= error["innerError"].keys()
    message: str = error["message"]
    return message


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"requests": []}',
        b'{"requests": {}}',
        b'{"requests": [1]}',
        b'{"requests": [{"id": 1, "method": "GET", "url": "/organization"}]}',
        b'{"requests": [{"id": "1", "url": "/organization"}]}',
        b'{"requests": [{"id": "1", "method": "GET"}]}',
        b'{"requests": [{"id": "1", "method": "GET", "url": "/organization", "dependsOn": ["2"]}]}',
    ],
)
def test_what_is_not_a_batch_is_refused(make_bench: Callable[..., Any], raw: bytes) -> None:
    """Anything but an object with a list of whole requests is an invalid payload."""
    assert refused(make_bench().post(raw)) == "Invalid batch payload format."


def test_twenty_steps_are_accepted_and_twenty_one_are_not(
    make_bench: Callable[..., Any], listing: Callable[..., Step]
) -> None:
    """The limit is twenty."""
    bench = make_bench()
    steps = [listing("alex@contoso.com", str(number)) for number in range(21)]

    assert len(bench.steps(*steps[:20])) == 20
    assert refused(bench.post({"requests": steps})) == "Number of requests inside batch exceed the limit."


def test_ids_are_unique_whatever_their_case(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """A repeated id refuses the whole envelope, and nothing in it is done."""
    bench = make_bench()
    steps = [create("alex@contoso.com", "a"), create("joni@contoso.com", "A")]

    assert refused(bench.post({"requests": steps})) == "Request Id A has to be unique in a batch."
    assert bench.tenant.changes == 0


@pytest.mark.parametrize("missing", ["headers", "body"])
def test_a_write_needs_a_body_and_its_type(
    make_bench: Callable[..., Any], create: Callable[..., Step], missing: str
) -> None:
    """A create without body or Content-Type refuses the whole envelope."""
    step = {key: value for key, value in create("alex@contoso.com").items() if key != missing}

    words = refused(make_bench().post({"requests": [step]}))

    assert words == "Write request id : 1 does not contain Content-Type header or body."


def test_an_empty_body_asks_for_the_defaults(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """`{}` is a body."""
    assert make_bench().step(create("alex@contoso.com"))["status"] == 201


def test_every_step_has_its_own_status(
    make_bench: Callable[..., Any], create: Callable[..., Step], listing: Callable[..., Step]
) -> None:
    """The envelope answers 200 whatever becomes of its steps."""
    answers = make_bench().steps(
        create("alex@contoso.com", "ok"),
        create("nobody@contoso.com", "unknown"),
        create("joni@contoso.com", "short", lifetimeInMinutes=1),
        listing("alex@contoso.com", "list"),
    )

    assert {key: item["status"] for key, item in answers.items()} == {
        "ok": 201,
        "unknown": 404,
        "short": 400,
        "list": 200,
    }


def test_steps_that_depend_on_a_failed_one_fail(
    make_bench: Callable[..., Any], create: Callable[..., Step], listing: Callable[..., Step]
) -> None:
    """Dependents run after what they depend on, and answer 424 when it failed."""
    answers = make_bench().steps(
        {**listing("alex@contoso.com", "last"), "dependsOn": ["First"]},
        {**listing("joni@contoso.com", "never"), "dependsOn": ["bad"]},
        create("alex@contoso.com", "first"),
        create("nobody@contoso.com", "bad"),
    )

    assert len(answers["last"]["body"]["value"]) == 1
    assert answers["never"]["status"] == 424


@pytest.mark.parametrize(
    "url", ["/nowhere", "https://graph.microsoft.com/v1.0/organization", "/$batch", "/userz", "/users//manager"]
)
def test_an_unknown_path_fails_its_step_only(make_bench: Callable[..., Any], url: str) -> None:
    """The recorded answer: 404, `UnknownError`, no message, in an envelope that answers 200."""
    answer = make_bench().step({"id": "1", "method": "GET", "url": url})

    assert answer["status"] == 404
    assert (answer["body"]["error"]["code"], answer["body"]["error"]["message"]) == ("UnknownError", "")


def test_outer_headers_do_not_reach_the_steps_but_the_request_id_does(
    make_bench: Callable[..., Any], create: Callable[..., Step]
) -> None:
    """An error echoes the step's own client-request-id, or else the envelope's."""
    own = create("nobody@contoso.com", "own")
    own["headers"]["client-request-id"] = "mine"

    answers = make_bench().steps(own, create("nobody@contoso.com", "outer"))

    echoed = {key: item["body"]["error"]["innerError"]["client-request-id"] for key, item in answers.items()}
    assert echoed == {"own": "mine", "outer": "run-1"}
