"""PlanReview: everything about a plan that must be known before somebody says yes to it.

Screen, page, JSON and Python API show these values and work out none of their own. They are made in
`planning.plan_review`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.plan import PlanRow
    from bulktap.model.row_errors import RowErrorCode

LEFT_MATTERS = timedelta(days=1)
"""What is left of the pass that ends first is worth a word if it is less."""


@dataclass(frozen=True, slots=True)
class WarningKind:
    """One kind of warning, however many rows have it."""

    code: RowErrorCode
    count: int
    """Rows that have it."""
    first: PlanRow
    """The first of them, in the roster's order."""
    rows: tuple[int, ...]
    """All of them, as their sheets number them."""
    text: str
    """One line in plain words: how many, what, which rows, and whom the first one names."""
    numbers: tuple[int, ...] = ()
    """All of them by their numbers in the plan, which tell rows of several sheets apart."""


@dataclass(frozen=True, slots=True)
class NameTally:
    """How the names of the roster compare with those of the directory."""

    compared: int
    """Rows with a name on both sides; each of them agrees, differs, or is unknown."""
    agree: int
    differ: int
    unknown: int
    """Names that cannot be told apart, such as those in two scripts."""
    not_checked: int
    """Rows with no name on one side."""


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A finished run that gave people of a plan a pass before."""

    run: str
    """Its id."""
    name: str | None
    """What somebody named it."""
    people: int
    """How many of the people whom the plan gives a pass; those of a newer run not among them."""
    began_at: datetime | None
    """When it began, aware, where that is known."""


@dataclass(frozen=True, slots=True)
class PlanReview:
    """What a yes to a plan agrees to."""

    passes: int
    """Passes that will be created, those that fell out since the plan was made not among them."""
    warnings: tuple[WarningKind, ...]
    """Names that differ first, then most rows first."""
    starts_at: datetime | None
    """Earliest start that is stated, aware; None when all passes start as they are issued."""
    starts_until: datetime | None
    """Latest one, likewise."""
    ends_from: datetime | None
    """When the first pass with a stated start ends; None when there is none, or its lifetime is not known."""
    ends_at: datetime | None
    """When the last of them ends, likewise."""
    starts: int
    """Different starts that are stated."""
    at_once: int
    """Passes that start as they are issued."""
    lifetimes: tuple[int, ...]
    """The different lifetimes in minutes, ascending; those that could not be read are not among them."""
    usable: tuple[str, ...]
    """In plain words when the passes begin and cease to work, a line for each way of starting."""
    least_left: timedelta | None
    """How much time the pass that ends first has left when the last one is issued, if the service is as slow as the
    forecast's longer figure; negative when it is over by then, None when it is not known."""
    replaced: tuple[PlanRow, ...]
    """Rows whose user has a pass that works and gets another one in its place."""
    names: NameTally | None
    """None when no names were compared."""
    left_out: int
    """Passes of the plan that are not issued after all, as its tenant changed since it was made."""
    fingerprint: str
    """The plan's digest, as people compare it."""
    earlier: tuple[EarlierRun, ...] = ()
    """Finished runs that served people of the plan, the newest first."""
