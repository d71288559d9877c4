from __future__ import annotations

from typing import Any

import pytest

from bulktap.dispatch.giving_up import PATIENCE_SECONDS, Patience
from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import Answered, BatchReply, Doubtful, EnvelopeRefused, NotSent, Throttled, Unavailable
from bulktap.model.errors import ServiceUnreachable, ThrottledTooLong


def answered(status: int) -> Answered:
    """Return a reply with one step of this status."""
    return Answered(BatchAnswer({"1": StepResponse("1", status, {}, {"error": {"code": "x"}})}), 0.1)


def test_idleness_exhausts_it(world: Any) -> None:
    """Half an hour without an accepted step, and not a moment before."""
    clock = world(1).clock
    patience = Patience(clock)
    clock.seconds += PATIENCE_SECONDS - 0.1
    assert not patience.exhausted
    clock.seconds += 0.1
    assert patience.exhausted
    patience.accepted()
    assert not patience.exhausted


def test_waits_that_overlap_count_once(world: Any) -> None:
    """Six batches that are turned away for the same minute excuse one minute."""
    clock = world(1).clock
    patience = Patience(clock)
    for _ in range(6):
        patience.excuse(clock.seconds + 600)
    clock.seconds += PATIENCE_SECONDS + 599
    assert not patience.exhausted
    clock.seconds += 1
    assert patience.exhausted


def test_a_wait_goes_on_beyond_an_accepted_step(world: Any) -> None:
    """What is accepted during a long hold does not turn the rest of the hold into idleness."""
    clock = world(1).clock
    patience = Patience(clock)
    patience.excuse(clock.seconds + 7200)
    clock.seconds += 5
    patience.accepted()
    clock.seconds += 7195 + PATIENCE_SECONDS - 1
    assert not patience.exhausted
    clock.seconds += 1
    assert patience.exhausted


CAUSES: list[tuple[BatchReply, type[Exception], str]] = [
    (NotSent("no connection to x:443: refused"), ServiceUnreachable, "no connection to x:443: refused"),
    (Doubtful("HTTP 502"), ServiceUnreachable, "HTTP 502"),
    (Doubtful("x:443 answered HTTP 200, a web page", foreign=True), ServiceUnreachable, "a web page"),
    (Unavailable(None), ServiceUnreachable, "HTTP 503"),
    (EnvelopeRefused(400, "BadRequest", "words"), ServiceUnreachable, "HTTP 400 BadRequest"),
    (Answered(BatchAnswer({}), 0.1), ServiceUnreachable, "none of the answers in the reply could be read"),
    (answered(500), ServiceUnreachable, "HTTP 500 x"),
    (answered(504), ServiceUnreachable, "HTTP 504 x"),
    (answered(429), ThrottledTooLong, "Other programs may be using the tenant's quota"),
    (Throttled(None), ThrottledTooLong, "Other programs may be using the tenant's quota"),
    (Throttled(90.0), ThrottledTooLong, "Other programs may be using the tenant's quota"),
]


@pytest.mark.parametrize(("reply", "kind", "words"), CAUSES)
def test_the_last_cause_is_named_in_the_end(world: Any, reply: BatchReply, kind: type[Exception], words: str) -> None:
    """The tenant's quota is blamed only where the service asked to wait."""
    patience = Patience(world(1).clock)
    patience.note(Throttled(None))
    patience.note(Doubtful("an earlier cause"))
    patience.note(reply)
    failure = patience.failure()
    assert type(failure) is kind
    assert words in failure.message + failure.hint
    assert ("quota" in failure.hint) is (kind is ThrottledTooLong)
    assert "resume" in failure.hint
    assert failure.exit_code == 7


def test_without_a_cause_nothing_is_blamed(world: Any) -> None:
    """Nobody's quota, where nothing was throttled."""
    failure = Patience(world(1).clock).failure()
    assert isinstance(failure, ThrottledTooLong)
    assert "quota" not in failure.message + failure.hint
