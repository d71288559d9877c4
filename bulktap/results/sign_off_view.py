"""SignOffView: a plan as it is handed to those who sign it off, with what only the command knows about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.results.plan_view import PlanView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulktap.model.plan_review import PlanReview


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """An earlier run of the same roster in a pretend tenant."""

    run: str
    started_at: datetime
    counts: Mapping[str, int]
    """The contract's counts."""


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What is looked up for a change board alone."""

    rehearsal: Rehearsal | None
    """The latest one that was carried out to its end; None if there was none in this reports folder."""


@dataclass(frozen=True, slots=True)
class SignOffFacts:
    """What only the command knows about a plan."""

    review: PlanReview
    operator: str
    """Who made the plan, as the operating system knows them."""
    computer: str
    """The computer that it was made on."""
    app_id: str = ""
    """The app that signs in to the tenant; empty if nobody signed in."""
    board: BoardFacts | None = None
    """None if no change board asks."""
    print_rows: bool = False
    """True if the page prints its rows."""


@dataclass
class SignOffView(PlanView):
    """A plan, and what only the command knows about it."""

    facts: SignOffFacts = field(kw_only=True)
