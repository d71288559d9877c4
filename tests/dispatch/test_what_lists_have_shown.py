"""Lists of several replicas go back in time: what one has shown is not undone by what a later one shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from bulktap.dispatch.row_queues import SEEN_FOR, RowWork
from bulktap.model.outcomes import IssuedPass
from bulktap.model.passes import AccessPass
from bulktap.model.run_state import RowState
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)


def a_pass(name: str, second: float) -> AccessPass:
    """A pass created so many seconds after the start."""
    return AccessPass(name, START + timedelta(seconds=second), None, 60, False, True, "EnabledByPolicy")


LOST, THEIRS, NEWER = a_pass("lost", 1), a_pass("theirs", 4), a_pass("newer", 8)


@dataclass
class Story:
    """Lists in the order in which they arrive, each with its moment; and what the last of them is taken for."""

    lists: Sequence[tuple[float, tuple[AccessPass, ...]]]
    taken: tuple[AccessPass, ...]
    held: AccessPass | None = None


STORIES = {
    "a lagging list shows our lost one again": Story([(0, (THEIRS,)), (1, (LOST,))], (THEIRS,)),
    "a lagging list shows nothing": Story([(0, (THEIRS,)), (1, ())], (THEIRS,)),
    "a newer one counts": Story([(0, (LOST,)), (1, (THEIRS,))], (THEIRS,)),
    "the newest of three": Story([(0, (LOST,)), (1, (NEWER,)), (2, (THEIRS,))], (NEWER,)),
    "of one moment, either way": Story([(0, (THEIRS,)), (1, (a_pass("other", 3),))], (a_pass("other", 3),)),
    "the same again": Story([(0, (THEIRS,)), (1, (THEIRS,))], (THEIRS,)),
    "nothing was ever shown": Story([(0, ()), (1, ())], ()),
    "long ago": Story([(0, (THEIRS,)), (SEEN_FOR + 1, ())], ()),
    "our own is not listed any more": Story([(0, (NEWER,)), (1, ())], (), held=NEWER),
    "theirs was later than our own": Story([(0, (NEWER,)), (1, (THEIRS,))], (NEWER,), held=THEIRS),
}


@pytest.mark.parametrize("name", STORIES)
def test_what_was_shown_is_remembered(name: str) -> None:
    """A user keeps one pass, and an old one never comes back; our own is for the comparison to judge."""
    story = STORIES[name]
    state = RowState(1, "anna@contoso.com", None)
    if story.held is not None:
        state.issued = IssuedPass(story.held, Secret("x"))
    work = RowWork(cast("Any", None), state, None)

    taken = [work.with_seen(listed, moment) for moment, listed in story.lists]

    assert taken[-1] == story.taken
