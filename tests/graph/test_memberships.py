"""The groups of a user and the targets of the policy, as the wire has them."""

from __future__ import annotations

import pytest

from bulktap.graph.batch import StepResponse
from bulktap.graph.directory import UserRetry
from bulktap.graph.memberships import MembershipsUnread, judge_memberships, memberships_step, read_scope
from bulktap.model.pass_scope import Memberships, PassScope, PassTarget

GROUP = {"targetType": "group", "id": "AAAA", "isRegistrationRequired": False}
FORBIDDEN = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}


def answer(status: int, body: object = None, **headers: str) -> StepResponse:
    """Return an answer to one step."""
    return StepResponse("1", status, headers, body)


@pytest.mark.parametrize(
    ("response", "verdict"),
    [
        (answer(200, {"value": [{"@odata.type": "#x", "id": "AA"}]}), Memberships(frozenset({"aa"}))),
        (answer(200, {"value": []}), Memberships()),
        (answer(200, {"value": [], "@odata.nextLink": "https://x"}), Memberships(complete=False)),
        (answer(200, {"value": [{"id": None}, 5]}), Memberships()),
        (answer(200, None), UserRetry(None, throttled=False)),
        (answer(403, FORBIDDEN), MembershipsUnread(forbidden=True)),
        (answer(404, {"error": {"code": "NotFound", "message": "x"}}), MembershipsUnread(forbidden=False)),
        (answer(503), UserRetry(None, throttled=False)),
        (StepResponse("1", 429, {"retry-after": "7"}, None), UserRetry(7.0, throttled=True)),
    ],
)  # fmt: skip
def test_memberships_are_read_or_asked_for_again(response: StepResponse, verdict: object) -> None:
    """Only a refusal that Graph words itself says that they may not be read."""
    assert judge_memberships(response) == verdict


def test_the_step_asks_for_ids_of_all_groups() -> None:
    """Through other groups too, with the user encoded like everywhere."""
    assert memberships_step("1", "a#b@x.com").url == "/users/a%23b@x.com/transitiveMemberOf?$select=id&$top=999"


@pytest.mark.parametrize(
    ("body", "scope"),
    [
        ({"includeTargets": [GROUP]}, PassScope((PassTarget("aaaa"),))),
        (
            {"includeTargets": [GROUP], "excludeTargets": [{"targetType": "user", "id": "U"}]},
            PassScope((PassTarget("aaaa"),), (PassTarget("u", is_group=False),)),
        ),
        ({"includeTargets": []}, PassScope(())),
        ({"includeTargets": [{"targetType": "department", "id": "x"}]}, None),
        ({"includeTargets": [{"id": "x"}]}, None),
        ({"includeTargets": "all"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_scope_is_what_the_policy_plainly_says(body: object, scope: PassScope | None) -> None:
    """A kind of target that is new says nothing."""
    assert read_scope(answer(200, body)) == scope
