"""The words in which a workbook is described; no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from typing import TYPE_CHECKING

from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Cell = str | int | float | bool | datetime | date | time | Secret | None
"""What can be put into a cell; an aware datetime is shown as its own zone's clocks show it, a cell knows no zone."""


class ColumnKind(Enum):
    """How the cells of a column are written and read."""

    TEXT = "text"
    PASSCODE = "passcode"  # fixed-width letters that tell 0 from O, and text however the cell is edited
    DATE_TIME = "date-time"
    INTEGER = "integer"
    YES_NO = "yes/no"
    AS_TYPED = "as typed"  # each cell by the type of its value


class Tone(Enum):
    """What the colour of a heading tells at a glance; the value is its fill."""

    OURS = "#1F3864"
    ROSTER = "#5B6B7F"
    FAULT = "#9C2B1F"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    heading: str
    kind: ColumnKind = ColumnKind.TEXT
    """What its cells hold; a value of another type is still written by its own."""
    width: float | None = None
    """In characters; None measures what is in it."""
    tone: Tone = Tone.OURS
    wrap: bool = False
    """Whether long text goes on in further lines of its cell."""
    note: str = ""
    """Shown when the pointer rests on the heading."""
    technical: bool = False
    """Whether it is for programs and support: folded away in an outline, one click from sight."""


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A sheet of rows under headings: heading frozen, filter on."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    """One value for each column."""
    faults: Mapping[int, Collection[int]] = field(default_factory=dict)
    """Cells to colour: position of the row, from 0, to positions of columns."""
    frozen_columns: int = 0
    """How many columns on the left stay in sight."""
    printed_columns: int = 0
    """How many columns on the left are printed, on one page across; 0 prints all that are not technical, on as many
    as they need."""


class ChartKind(Enum):
    """How the numbers of a section are drawn beside it."""

    BARS = "bars"  # one under another, for kinds of something
    COLUMNS = "columns"  # side by side, for what follows in time or in size


@dataclass(frozen=True, slots=True)
class Section:
    """Facts of one kind, each with its label."""

    heading: str
    facts: Sequence[tuple[str, Cell]]
    """Label and value; an empty label leaves the value to speak for itself."""
    chart: ChartKind | None = None
    """How its values, numbers all, are drawn as well; None draws nothing."""


@dataclass(frozen=True, slots=True)
class FactSheet:
    """A sheet to be read from top to bottom."""

    name: str
    title: str
    sections: Sequence[Section]
    banner: str = ""
    """One loud line under the title; none if empty."""
    value_width: float = 90.0
    """Of the values, in characters; narrower where charts stand beside them."""
