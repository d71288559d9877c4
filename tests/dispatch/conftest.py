"""Worlds for the dispatcher, and what their scripts are written with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from scripted.clock import START
from scripted.directory import Directory
from scripted.tenant import BatchFate, Fate, object_id
from scripted.world import World, plan_row

from bulktap.dispatch.look_ups import look_up
from bulktap.graph.replies import NotSent
from bulktap.model.passes import UserRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bulktap.model.plan import PlanRow


@pytest.fixture
def world() -> Iterator[Callable[..., World]]:
    """Return a maker of worlds: with so many rows, or with these."""

    def make(rows: int | Sequence[PlanRow] = 3, **options: Any) -> World:
        chosen = [plan_row(n) for n in range(1, rows + 1)] if isinstance(rows, int) else list(rows)
        return World(chosen, **options)

    return make


@pytest.fixture
def kit() -> SimpleNamespace:
    """Return what scripts are written with."""
    return SimpleNamespace(
        Fate=Fate, BatchFate=BatchFate, plan_row=plan_row, object_id=object_id, START=START, NotSent=NotSent
    )


@pytest.fixture
def asked(world: Any) -> SimpleNamespace:
    """Return a directory and a way to look users up in it."""
    w = world(1)
    directory = Directory(w.clock)
    w.tenant = directory

    def run(*users: str) -> Any:
        rows = {user.casefold(): number for number, user in enumerate(users, 2)}
        return w.call(look_up([UserRef(user) for user in users], w.read_tools(), rows))

    return SimpleNamespace(directory=directory, run=run, world=w)
