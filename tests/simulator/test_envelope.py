import base64
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
        b'{"requests": [{"id": "1", "method": null, "url": "/organization"}]}',
        b'{"requests": [{"id": "", "method": "GET", "url": "/organization"}]}',
        b'{"requests": [{"id": "1", "method": "GET", "url": "/organization", "dependsOn": "2"}]}',
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


def _asks(*dependencies: str) -> list[Step]:
    """Return reads with the ids a, b, c ..., and what each depends on."""
    return [
        {"id": "abcdef"[number], "method": "GET", "url": "/organization", "dependsOn": list(ids)}
        for number, ids in enumerate(dependencies)
    ]


@pytest.mark.parametrize(
    ("dependencies", "blamed"),
    [
        (("b", ""), "a"),
        (("", "z"), "b"),
        (("", "b"), "b"),
        (("a",), "a"),
        (("", "a", "ad", ""), "c"),
        (("", "a", "b", "e", "d"), "d"),
    ],
)
def test_a_step_depends_on_earlier_ones_only(
    make_bench: Callable[..., Any], dependencies: tuple[str, ...], blamed: str
) -> None:
    """A later one, one that there is not, and itself refuse the whole envelope, and the step is named."""
    words = refused(make_bench().post({"requests": _asks(*dependencies)}))
    assert words == f"Invalid dependency for request Id {blamed}."


@pytest.mark.parametrize(
    ("dependencies", "accepted"),
    [
        (("", "", ""), True),
        (("", "A", "b", "c"), True),
        (("", "a", "a", "a"), True),
        (("", "a", "ab", "abc"), True),
        (("", "", "a"), False),
        (("", "a", "", "b"), False),
        (("", "a", "a", "c"), False),
    ],
)
def test_a_batch_is_serial_or_parallel_or_hangs_on_its_first_step(
    make_bench: Callable[..., Any], dependencies: tuple[str, ...], accepted: bool
) -> None:
    """Any other order is refused as a whole, in the service's words."""
    reply = make_bench().post({"requests": _asks(*dependencies)})
    if accepted:
        assert [item["status"] for item in json.loads(reply.payload)["responses"]] == [200] * len(dependencies)
    else:
        assert refused(reply) == "Batch should be either fully sequential or fully parallel."


def test_steps_that_depend_on_a_failed_one_fail(
    make_bench: Callable[..., Any], create: Callable[..., Step], listing: Callable[..., Step]
) -> None:
    """They answer 424 and so does what depends on them; what depends on a success is carried out."""
    good = make_bench().steps(
        create("alex@contoso.com", "first"), {**listing("alex@contoso.com", "last"), "dependsOn": ["First"]}
    )
    bad = make_bench().steps(
        create("nobody@contoso.com", "bad"),
        {**listing("joni@contoso.com", "never"), "dependsOn": ["bad"]},
        {**listing("joni@contoso.com", "neither"), "dependsOn": ["never"]},
    )

    assert len(good["last"]["body"]["value"]) == 1
    assert [bad[one]["status"] for one in ("never", "neither")] == [424, 424]
    assert bad["never"]["body"]["error"]["code"] == "FailedDependency"


@pytest.mark.parametrize(
    ("url", "segment"),
    [
        ("/nowhere", "nowhere"),
        ("https://graph.microsoft.com/v1.0/organization", "https:"),
        ("http://127.0.0.1/v1.0/organization", "http:"),
        ("/$batch", "$batch"),
        ("/userz?$top=1", "userz"),
        ("users/alex@contoso.com/authentication/temporaryAccessPass", "temporaryAccessPass"),
        ("/policies/authenticationMethodPolicy", "authenticationMethodPolicy"),
        ("/me/authentication/methods/x", "x"),
        ("", ""),
    ],
)
def test_a_segment_that_there_is_not_is_named(make_bench: Callable[..., Any], url: str, segment: str) -> None:
    """With 400, `BadRequest`, in that step only; in an absolute URL it is the scheme."""
    steps = [{"id": "good", "method": "GET", "url": "/organization"}, {"id": "1", "method": "GET", "url": url or "/"}]
    answers = make_bench().steps(*steps)

    assert answers["good"]["status"] == 200
    assert answers["1"]["status"] == 400
    error = answers["1"]["body"]["error"]
    assert (error["code"], error["message"]) == ("BadRequest", f"Resource not found for the segment '{segment}'.")


def test_what_is_no_json_is_base64_in_a_batch(make_bench: Callable[..., Any]) -> None:
    """A number of users is plain text."""
    bench = make_bench()
    step = {"id": "1", "method": "GET", "url": "/users/$count", "headers": {"ConsistencyLevel": "eventual"}}

    answer = bench.step(step)

    assert answer["headers"]["Content-Type"] == "text/plain"
    assert int(base64.b64decode(answer["body"])) == len(bench.tenant.users)


def test_outer_headers_do_not_reach_the_steps_but_the_request_id_does(
    make_bench: Callable[..., Any], create: Callable[..., Step]
) -> None:
    """An error echoes the step's own client-request-id, or else the envelope's."""
    own = create("nobody@contoso.com", "own")
    own["headers"]["client-request-id"] = "mine"

    answers = make_bench().steps(own, create("nobody@contoso.com", "outer"))

    echoed = {key: item["body"]["error"]["innerError"]["client-request-id"] for key, item in answers.items()}
    assert echoed == {"own": "mine", "outer": "run-1"}
