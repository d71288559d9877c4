"""SignOffView: a plan as it is handed to those who sign it off, with what only the command knows about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.results.plan_view import PlanView

if TYPE_CHECKING:
    from bulktap.model.plan_review import PlanReview
    from bulktap.results.board_facts import BoardFacts


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
