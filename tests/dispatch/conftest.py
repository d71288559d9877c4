"""Worlds for the dispatcher, and what their scripts are written with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from scripted.clock import START
from scripted.tenant import BatchFate, Fate, object_id
from scripted.world import World, plan_row

from bulktap.graph.replies import NotSent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bulktap.plan import PlanRow


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
