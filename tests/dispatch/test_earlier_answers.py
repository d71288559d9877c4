"""Look-ups that are stopped, and others that go on where those were."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from scripted.directory import names

from bulktap.dispatch.look_ups import Earlier, look_up
from bulktap.graph.replies import NotSent
from bulktap.model.errors import ServiceUnreachable
from bulktap.model.passes import UserRef

if TYPE_CHECKING:
    from bulktap.model.plan import UserFinding


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.0, 1.5, 2.3, 60.0])
def test_what_was_found_out_before_a_stop_is_not_asked_again(asked: Any, seconds: float) -> None:
    """However far it had come: both together list everybody once, but for batches that were under way."""
    kept: dict[str, UserFinding] = {}
    users = [UserRef(name) for name in names(1_500)]

    async def stopped() -> None:
        asking = look_up(users, asked.world.read_tools(), {}, earlier=Earlier({}, kept.update))
        task = asyncio.create_task(asking)
        await asked.world.clock.sleep(seconds)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asked.world.call(stopped())
    before = len(asked.directory.sent)
    found = asked.world.call(look_up(users, asked.world.read_tools(), {}, earlier=Earlier(dict(kept), kept.update)))

    assert all(finding.listed_at for finding in kept.values())
    assert list(found.users) == names(1_500)
    assert all(finding.listed_at and finding.error is None for finding in found.users.values())
    later = [url for urls in asked.directory.sent[before:] for url in urls if "PassMethods" in url]
    expected = 1_500 - len(kept) if seconds < 60 else 1_500
    assert len(later) == expected


def test_answers_are_kept_where_the_line_breaks(asked: Any) -> None:
    """Not only where somebody stops it."""
    kept: dict[str, UserFinding] = {}
    asked.directory.whole = lambda number: NotSent("refused", permanent=True) if number > 12 else None
    users = [UserRef(name) for name in names(900)]
    with pytest.raises(ServiceUnreachable):
        asked.world.call(look_up(users, asked.world.read_tools(), {}, earlier=Earlier({}, kept.update)))
    assert 0 < len(kept) < 900


@pytest.mark.parametrize("known", [1, 20, 59, 60])
def test_whom_the_policy_covers_is_asked_about_everybody(asked: Any, known: int) -> None:
    """Also about those of whom the rest is known."""
    kept = dict(list(asked.run(*names(60)).users.items())[:known])
    asked.directory.policy |= {"includeTargets": [{"id": "g1", "targetType": "group"}]}
    users = [UserRef(name) for name in names(60)]
    found = asked.world.call(look_up(users, asked.world.read_tools(), {}, earlier=Earlier(kept, kept.update))).users
    assert {finding.in_scope for finding in found.values()} == {False}
    assert len(found) == 60
