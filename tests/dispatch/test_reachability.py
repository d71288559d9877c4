"""Whether the service can be reached: what the operator hears while it cannot, and when bulktap gives up."""

from __future__ import annotations

import pytest
from scripted.clock import VirtualClock
from scripted.stand_ins import Listener

from bulktap.dispatch.reachability import Reachability, Trouble
from bulktap.model.errors import ServiceUnreachable

CLOSED = Trouble("the port is closed", permanent=True, connected=False)
LOST = Trouble("no route to the host", connected=False)
LOOK_SECONDS = 5


def heard_until_the_end(trouble: Trouble, attempts: list[int]) -> tuple[list[str], int | None]:
    """Return what the operator hears of attempts that fail at these seconds, and the second of giving up."""
    clock, listener = VirtualClock(), Listener()
    reachability = Reachability(clock, listener)
    reachability.asked()
    for second in range(attempts[-1] + 1):
        if second in attempts:
            reachability.failed(trouble)
        if second in attempts or second % LOOK_SECONDS == 0:
            try:
                reachability.check()
            except ServiceUnreachable:
                return listener.warnings, second
        clock.seconds += 1
    return listener.warnings, None


@pytest.mark.parametrize(
    ("trouble", "attempts", "ends"),
    [
        (CLOSED, [0, 1, 3, 7, 15, 31], 31),
        (CLOSED, [0, 1, 2, 5, 12, 35], 35),
        (CLOSED, [14, 30], 30),
        (CLOSED, [0, 29], None),
        (LOST, [0, 31, 44], None),
        (LOST, [0, 14, 46], 46),
        (LOST, [14, 90], 90),
    ],
)
def test_the_operator_hears_of_a_trouble_before_bulktap_gives_up(
    trouble: Trouble, attempts: list[int], ends: int | None
) -> None:
    """However the attempts are spread: a pause between two of them is time that somebody waits."""
    warnings, ended = heard_until_the_end(trouble, attempts)

    assert ended == ends
    assert warnings == [f"No answer of use from Microsoft Graph: {trouble.cause}. Trying again."]


def test_a_pause_of_ours_is_no_reason_to_give_up() -> None:
    """Who has tried for ten seconds and then waits for a minute has tried for ten seconds."""
    clock, listener = VirtualClock(), Listener()
    reachability = Reachability(clock, listener)
    reachability.asked()
    clock.seconds += 10
    reachability.failed(CLOSED)
    clock.seconds += 60

    reachability.check()

    assert len(listener.warnings) == 1
