"""Passes are deleted in a tenant that answers by script."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from bulktap.dispatch.deletes import DeleteOutcome, Deletes, PassToDelete
from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import Answered, BatchReply, Doubtful, NotSent, Unavailable
from bulktap.model.errors import NotPermitted, ServiceContradiction, ThrottledTooLong
from bulktap.model.passes import AccessPass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bulktap.graph.batch import BatchStep
    from bulktap.model.secret import Secret

CODES = {403: "accessDenied", 404: "resourceNotFound", 400: "badRequest", 429: "tooManyRequests", 503: "unavailable"}


@dataclass
class Tenant:
    """Holds passes, and answers deletes and lists; scripts say what goes wrong first."""

    clock: Any
    passes: dict[str, str]
    """By user, the id of the live pass."""
    statuses: dict[str, list[int]] = field(default_factory=dict)
    """What a user's deletes are answered, one after the other, before they are carried out."""
    done_all_the_same: set[str] = field(default_factory=set)
    """Users whose deletes are carried out although something else is answered."""
    replies: list[Callable[[], BatchReply]] = field(default_factory=list)
    """What whole batches come to, one after the other; their steps are carried out."""
    deleted: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def post_batch(
        self, steps: Sequence[BatchStep], token: Secret, request_id: str, *, creates: bool
    ) -> BatchReply:
        """See `sender.Poster`."""
        assert not creates
        assert token
        assert request_id
        await self.clock.sleep(0.2)
        answers = {step.step_id: self._answer(step) for step in steps}
        if self.replies:
            return self.replies.pop(0)()
        return Answered(BatchAnswer(answers), 0.2, service_date=self.clock.service_now())

    def _answer(self, step: BatchStep) -> StepResponse:
        parts = unquote(step.url).split("/")
        user, live = parts[2], self.passes.get(parts[2])
        self.asked.append((step.method, user))
        if step.method == "GET":
            value = [] if live is None else [{"id": live, "createdDateTime": f"{self.clock.service_now():%FT%TZ}"}]
            return StepResponse(step.step_id, 200, {}, {"value": value})
        status = self.statuses[user].pop(0) if self.statuses.get(user) else 204
        if (status == 204 or user in self.done_all_the_same) and live == parts[-1]:
            self.deleted.append(self.passes.pop(user))
        elif status == 204:
            status = 404
        body = None if status == 204 else {"error": {"code": CODES.get(status, "x"), "message": "No."}}
        return StepResponse(step.step_id, status, {}, body)


class Record:
    """Remembers what would be kept."""

    def __init__(self) -> None:
        self.sent_ids: list[str] = []
        self.settled_as: dict[str, str] = {}

    def sent(self, pass_ids: Collection[str]) -> None:
        """See `deletes.DeletionRecord`."""
        self.sent_ids += pass_ids

    def settled(self, pass_id: str, how: str) -> None:
        """See `deletes.DeletionRecord`."""
        assert pass_id not in self.settled_as
        self.settled_as[pass_id] = str(how)


@pytest.fixture
def scene(world: Any) -> SimpleNamespace:
    """Return a tenant, a record, and a way to delete the passes of so many users."""
    w = world(1)
    made = SimpleNamespace(world=w, record=Record(), tenant=Tenant(w.clock, {}))
    w.tenant = made.tenant

    def delete(count: int, sent_before: Collection[str] = ()) -> dict[str, DeleteOutcome]:
        users = [f"user{number}" for number in range(count)]
        for user in users:
            made.tenant.passes.setdefault(user, f"pass-of-{user}")
        now = w.clock.service_now()
        passes = [
            PassToDelete(row, row + 2, user, user, AccessPass(f"pass-of-{user}", now, now, 60, True, True))
            for row, user in enumerate(users)
        ]
        made.deletes = Deletes(passes, w.read_tools(), made.record, sent_before)
        w.call(made.deletes.carry_out())
        return {users[row]: one.outcome for row, one in made.deletes.outcomes.items()}

    made.delete = delete
    return made


def test_each_pass_is_deleted_with_one_step(scene: Any) -> None:
    """More than a batch's worth, each recorded as sent before and as revoked after."""
    outcomes = scene.delete(95)

    assert set(outcomes.values()) == {DeleteOutcome.REVOKED}
    assert len(scene.tenant.asked) == len(scene.tenant.deleted) == 95
    assert sorted(scene.record.sent_ids) == sorted(scene.record.settled_as) == sorted(scene.tenant.deleted)


def test_a_pass_of_somebody_else_has_another_id_and_stays(scene: Any) -> None:
    """It came after the look and before the delete."""
    scene.tenant.passes["user1"] = "later"

    outcomes = scene.delete(3)

    assert outcomes["user1"] is DeleteOutcome.GONE
    assert scene.tenant.passes == {"user1": "later"}


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 409, 423])
def test_what_proves_nothing_is_looked_into_and_repeated(scene: Any, status: int, carried_out: bool) -> None:
    """Whether it was carried out or not, the pass is revoked in the end, and said to be."""
    scene.tenant.statuses["user1"] = [status]
    if carried_out:
        scene.tenant.done_all_the_same.add("user1")

    outcomes = scene.delete(3)

    assert outcomes["user1"] is DeleteOutcome.REVOKED
    assert [method for method, user in scene.tenant.asked if user == "user1"] == ["DELETE", "GET", "DELETE"]
    assert "user1" not in scene.tenant.passes


@pytest.mark.parametrize(
    "reply",
    [
        lambda: Doubtful("the connection was cut", foreign=False),
        lambda: Unavailable(None),
        lambda: NotSent("refused"),
        lambda: Answered(BatchAnswer({}), 0.2),
    ],
    ids=["cut", "503", "not sent", "empty"],
)
def test_a_batch_whose_answer_is_lost_is_looked_into(scene: Any, reply: Callable[[], BatchReply]) -> None:
    """Its deletes were carried out: what is not there any more was revoked by us."""
    scene.tenant.replies = [reply]

    outcomes = scene.delete(3)

    assert set(outcomes.values()) == {DeleteOutcome.REVOKED}
    assert len(scene.tenant.deleted) == 3


def test_a_throttled_delete_is_repeated_without_a_look(scene: Any) -> None:
    """A 429 proves that nothing was done."""
    scene.tenant.statuses["user1"] = [429, 429]

    outcomes = scene.delete(3)

    assert outcomes["user1"] is DeleteOutcome.REVOKED
    assert {method for method, _ in scene.tenant.asked} == {"DELETE"}


def test_a_pass_that_was_asked_for_by_a_process_that_was_killed_counts_as_revoked_when_it_is_gone(scene: Any) -> None:
    """One that nobody had asked for was deleted by somebody else."""
    scene.tenant.passes |= {"user0": "later", "user1": "later too"}

    outcomes = scene.delete(3, sent_before={"pass-of-user2"})
    del scene.tenant.passes["user0"]

    assert (outcomes["user0"], outcomes["user2"]) == (DeleteOutcome.GONE, DeleteOutcome.REVOKED)


def test_a_user_whose_pass_is_protected_is_left_and_the_others_go_on(scene: Any) -> None:
    """Something was deleted after it, so that it is not everybody's."""
    scene.tenant.statuses["user1"] = [403]

    outcomes = scene.delete(30)

    assert outcomes["user1"] is DeleteOutcome.REFUSED
    assert scene.record.settled_as["pass-of-user1"] == "refused"
    assert len(scene.tenant.deleted) == 29


def test_thirty_protected_people_in_a_row_are_not_everybody(scene: Any) -> None:
    """The order is spread over the roster."""
    scene.tenant.statuses = {f"user{number}": [403] for number in range(30)}

    outcomes = scene.delete(100)

    assert sum(one is DeleteOutcome.REFUSED for one in outcomes.values()) == 30


@pytest.mark.parametrize(("status", "error"), [(403, NotPermitted), (400, ServiceContradiction)])
@pytest.mark.parametrize("after", [0, 40])
def test_what_is_refused_to_everybody_stops_it_and_settles_nothing(
    scene: Any, status: int, error: type[Exception], after: int
) -> None:
    """At the beginning or in the middle: what was refused is left for the next command."""
    order = [f"user{number}" for number in range(200)]
    taken = iter(range(10_000))
    answer = scene.tenant._answer  # noqa: SLF001 - the script of this very test

    def refuse(step: Any) -> StepResponse:
        if next(taken) < after:
            return answer(step)
        return StepResponse(step.step_id, status, {}, {"error": {"code": CODES[status], "message": "No."}})

    scene.tenant._answer = refuse  # noqa: SLF001 - likewise

    with pytest.raises(error):
        scene.delete(len(order))

    assert set(scene.record.settled_as.values()) <= {"revoked"}
    assert len(scene.tenant.deleted) == after


def test_a_single_pass_that_may_not_be_deleted_says_so(scene: Any) -> None:
    """Whether it is the app or the user, nothing tells; both are named."""
    scene.tenant.statuses["user0"] = [403]

    with pytest.raises(NotPermitted) as stopped:
        scene.delete(1)

    assert "administrators" in stopped.value.hint
    assert scene.record.settled_as == {}


def test_a_service_that_throttles_for_half_an_hour_is_given_up(scene: Any) -> None:
    """What was deleted is recorded, and the sentence does not say that nothing was sent."""
    scene.tenant.statuses = {f"user{number}": [429] * 10_000 for number in range(3)}

    with pytest.raises(ThrottledTooLong) as stopped:
        scene.delete(3)

    assert "what was deleted is recorded" in stopped.value.message


def test_a_user_at_whom_the_service_fails_for_good_is_left_for_the_next_command(scene: Any) -> None:
    """The others are deleted, and that one is not recorded as settled."""
    scene.tenant.statuses["user1"] = [500] * 100

    outcomes = scene.delete(3)

    assert outcomes["user1"] is DeleteOutcome.FAILED
    assert sorted(scene.record.settled_as) == ["pass-of-user0", "pass-of-user2"]
