"""What a reply to a batch of creates says as a whole."""

from __future__ import annotations

from bulktap.dispatch.create_outcomes import used_share
from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.client import Answered, Doubtful


def answered(*shares: str | None) -> Answered:
    """Return a reply whose answers have these hints."""
    responses = {
        str(number): StepResponse(
            str(number), 201, {} if share is None else {"x-ms-throttle-limit-percentage": share}, None
        )
        for number, share in enumerate(shares)
    }
    return Answered(answer=BatchAnswer(responses, 0, frozenset()), seconds=0.1)


def test_the_highest_hint_of_a_batch_counts() -> None:
    """The service says above four fifths of a limit how far it is used up."""
    assert used_share(answered("0.82", None, "0.95", "0.9")) == 0.95


def test_without_hints_nothing_is_known() -> None:
    """Nor for a reply that was lost."""
    assert used_share(answered(None, None)) is None
    assert used_share(Doubtful("no answer in time")) is None
