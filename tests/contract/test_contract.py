"""The check itself: what the contract has passes, and what it does not have is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from contract import batches
from contract.contract import Contract
from contract.exchange import OPERATIONS, Exchange, operation_of

CONTRACT = Contract.read()
_JSON = {"content-type": "application/json"}
_PASSES = "/users/ann@contoso.com/authentication/temporaryAccessPassMethods"
_PASS = {
    "id": "00000000-0000-4000-8000-000000000001",
    "createdDateTime": "2022-06-06T16:43:04.6438213Z",
    "startDateTime": "2022-06-05T00:00:00Z",
    "lifetimeInMinutes": 60,
    "isUsableOnce": False,
    "isUsable": False,
    "methodUsabilityReason": "NotYetValid",
    "temporaryAccessPass": None,
}
CREATE = Exchange("POST", _PASSES, 201, _JSON, {"lifetimeInMinutes": 60}, _JSON, {**_PASS, "temporaryAccessPass": "a"})
LIST = Exchange("GET", _PASSES, 200, {}, None, _JSON, {"value": [_PASS]})
SEARCH = Exchange("GET", "/users?$filter=id%20eq%20'1'&$top=15&$select=id,mail", 200, {}, None, _JSON, {"value": []})
DELETE = Exchange("DELETE", f"{_PASSES}/1", 204)
_ERROR = {"error": {"code": "badRequest", "message": "No.", "innerError": {"date": "2021-04-01T17:02:01"}}}
REFUSED = replace(CREATE, status=400, reply_body=_ERROR)


@pytest.mark.parametrize("exchange", [CREATE, LIST, SEARCH, DELETE, REFUSED])
def test_what_is_published_has_no_faults(exchange: Exchange) -> None:
    """The published examples, a search, a delete and an error."""
    assert CONTRACT.request_faults(exchange) == []
    assert CONTRACT.reply_faults(exchange) == []


@pytest.mark.parametrize(
    ("exchange", "changes", "fault"),
    [
        (CREATE, {"request_body": {"lifetimeInMinutes": 5}}, "5 is less than the minimum of 10"),
        (CREATE, {"request_body": {"lifetimeInMinutes": "60"}}, "'60' is not of type 'integer'"),
        (CREATE, {"request_body": {"isUsableOnce": None}}, "None is not of type 'boolean'"),
        (CREATE, {"request_body": {"startDateTime": "2022-06-05T00:00:00"}}, "is not a 'date-time'"),
        (CREATE, {"request_body": {"startDateTime": "2022-06-31T00:00:00Z"}}, "is not a 'date-time'"),
        (CREATE, {"request_body": {"lifetime": 60}}, "lifetime is no member of its body"),
        (CREATE, {"request_body": None}, "None is not of type 'object'"),
        (CREATE, {"request_headers": {"content-type": "text/plain"}}, "its content type is text/plain"),
        (CREATE, {"request_headers": {}}, "its content type is none"),
        (LIST, {"has_token": False}, "it carries no bearer token"),
        (LIST, {"request_body": {}}, "it has a body"),
        (LIST, {"url": f"{_PASSES}?$top=1"}, "$top is no query option of it"),
        (SEARCH, {"url": "/users?$top=1000"}, "1000 is greater than the maximum of 999"),
        (SEARCH, {"url": "/users?$top=many"}, "'many' is not of type 'integer'"),
        (SEARCH, {"url": "/users?$count=yes"}, "'yes' is not of type 'boolean'"),
        (SEARCH, {"url": "/users?$search=ann"}, "$search is no query option of it"),
    ],
)
def test_a_request_that_breaks_the_contract_is_named(exchange: Exchange, changes: dict[str, Any], fault: str) -> None:
    """With what is wrong with it, and only that."""
    (found,) = CONTRACT.request_faults(replace(exchange, **changes))

    assert fault in found


@pytest.mark.parametrize(
    ("exchange", "changes", "fault"),
    [
        (CREATE, {"status": 200}, "200 is no success of it"),
        (DELETE, {"status": 200}, "200 is no success of it"),
        (DELETE, {"reply_body": {}}, "it has a body"),
        (LIST, {"reply_body": {"values": []}}, "'value' is a required property"),
        (LIST, {"reply_body": {"value": _PASS}}, "is not of type 'array'"),
        (LIST, {"reply_body": {"value": [{**_PASS, "lifetimeInMinutes": 43201}]}}, "43201 is greater than"),
        (LIST, {"reply_body": {"value": [{**_PASS, "isUsable": "no"}]}}, "'no' is not of type 'boolean', 'null'"),
        (LIST, {"reply_body": {"value": [{**_PASS, "createdDateTime": "2022-06-06"}]}}, "is not a 'date-time'"),
        (LIST, {"reply_headers": {"content-type": "text/html"}}, "its content type is text/html"),
        (REFUSED, {"reply_body": {"error": "badRequest"}}, "is not of type 'object'"),
        (REFUSED, {"reply_body": {"error": {"code": "badRequest"}}}, "'message' is a required property"),
        (REFUSED, {"reply_body": b"<html>"}, "is not of type 'object'"),
    ],
)
def test_a_reply_that_breaks_the_contract_is_named(exchange: Exchange, changes: dict[str, Any], fault: str) -> None:
    """The same for what comes back."""
    (found,) = CONTRACT.reply_faults(replace(exchange, **changes))

    assert fault in found


@pytest.mark.parametrize(
    ("method", "url", "operation"),
    [
        ("GET", "/users", "GET /users"),
        ("GET", "users?$top=1", "GET /users"),
        ("GET", "/users/ann@contoso.com", "GET /users/{}"),
        ("GET", "/users('$cash@contoso.com')", "GET /users/{}"),
        ("GET", "/users('o''neill@contoso.com')/authentication/methods", "GET /users/{}/authentication/methods"),
        ("DELETE", f"{_PASSES}/1", "DELETE /users/{}/authentication/temporaryAccessPassMethods/{}"),
        ("GET", "/Groups/1/TransitiveMembers?$select=id", "GET /groups/{}/transitiveMembers"),
        ("POST", "/$batch", "POST /$batch"),
        ("GET", "/$batch", None),
        ("POST", "/users", None),
        ("GET", "/users/1/manager", None),
    ],
)
def test_a_url_is_known_by_its_operation(method: str, url: str, operation: str | None) -> None:
    """However it is written; anything else is no operation."""
    assert operation_of(method, url) == operation


def test_no_operation_stands_in_the_list_twice() -> None:
    """Each has one row of the report."""
    assert len(set(OPERATIONS)) == len(OPERATIONS)


_IS_JSON = {"Content-Type": "application/json"}
_STEPS = [
    {"id": "1", "method": "GET", "url": "/users/ann@contoso.com"},
    {"id": "2", "method": "POST", "url": _PASSES, "headers": _IS_JSON, "body": {}},
]
_REPLIES = [{"id": "2", "status": 201, "headers": {}, "body": {}}, {"id": "1", "status": 404}]
BATCH = Exchange("POST", "/$batch", 200, _JSON, {"requests": _STEPS}, _JSON, {"responses": _REPLIES})


def test_a_batch_as_documented_has_no_faults() -> None:
    """Answered in another order."""
    assert batches.request_faults(BATCH) == []
    assert batches.reply_faults(BATCH) == []


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([], "[] should be non-empty"),
        ([{**_STEPS[0], "id": str(number)} for number in range(21)], "is too long"),
        ([_STEPS[0], {**_STEPS[0], "id": "1"}], "id 1 stands in it 2 times"),
        ([{**_STEPS[0], "id": "a"}, {**_STEPS[0], "id": "A"}], "id a stands in it 2 times"),
        ([{**_STEPS[0], "id": 1}], "1 is not of type 'string'"),
        ([{**_STEPS[0], "url": "https://graph.microsoft.com/v1.0/users"}], "does not match"),
        ([{**_STEPS[0], "url": "/$batch"}], "does not match"),
        ([{"id": "1", "method": "DELETE"}], "'url' is a required property"),
        ([{**_STEPS[1], "headers": {"Accept": "text/html"}}], "is not valid under any of the given schemas"),
        ([{name: told for name, told in _STEPS[1].items() if name != "body"}], "'body' is a required property"),
        ([{**_STEPS[0], "Authorization": "Bearer"}], "Additional properties are not allowed"),
    ],
)
def test_a_batch_that_breaks_a_rule_is_named(steps: list[dict[str, Any]], fault: str) -> None:
    """The documented limits, and what a step consists of."""
    (found,) = batches.request_faults(replace(BATCH, request_body={"requests": steps}))

    assert fault in found


@pytest.mark.parametrize(
    ("replies", "fault"),
    [
        (_REPLIES[:1], "['2'] answer ['1', '2']"),
        ([*_REPLIES, {"id": "3", "status": 200}], "['1', '2', '3'] answer ['1', '2']"),
        ([_REPLIES[0], {"id": "1", "status": "404"}], "'404' is not of type 'integer'"),
        ([_REPLIES[0], {"id": "1", "status": 200, "headers": {"x-ms-resource-unit": 1}}], "1 is not of type 'string'"),
        ([_REPLIES[0], {"id": "1", "status": 200, "body": 7}], "7 is not of type 'object', 'null', 'string'"),
        ([_REPLIES[0], {"id": "1", "status": 200, "headers": _IS_JSON, "body": "e30="}], "does not match"),
    ],
)
def test_an_answer_to_a_batch_that_breaks_a_rule_is_named(replies: list[dict[str, Any]], fault: str) -> None:
    """One item for each step, and numbers where numbers belong."""
    (found,) = batches.reply_faults(replace(BATCH, reply_body={"responses": replies}))

    assert fault in found
