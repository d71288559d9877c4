"""The words in which a page is described; no behaviour."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.row_errors import Severity
    from bulktap.results.figures import Mark
    from bulktap.results.page.pictures import Picture
    from bulktap.results.page.row_table import RowTable


class Tile(NamedTuple):
    """One of the numbers at the head of the page."""

    number: int
    words: str
    mark: Mark


class FactGroup(NamedTuple):
    """Labels and values under a heading."""

    heading: str
    facts: Sequence[tuple[str, str]]
    """An empty label goes on with the one above."""


class ProblemLine(NamedTuple):
    """One problem of one row, or of many that have the same."""

    place: str
    """The row as the sheet numbers it, with its sheet or file where there are several; many as ranges."""
    user: str
    """As the roster names the person; of many rows the first, and how many more."""
    column: str
    """The heading of the cell at fault; empty when the row as a whole is."""
    message: str
    hint: str


class ProblemKind(NamedTuple):
    """Problems with one code."""

    badge: str
    """In one word, how it weighs; none if the heading of the section says it."""
    title: str
    """What it is; none if the summary says that too."""
    summary: str
    """How many rows have it, and which."""
    severity: Severity
    lines: Sequence[ProblemLine]
    """Those that are shown."""
    left: int
    """How many are on none of the lines."""


class ProblemSection(NamedTuple):
    """Problems of rows that fare alike."""

    heading: str
    kinds: Sequence[ProblemKind]
    none: str
    """What stands there if there is no problem."""


class Page(NamedTuple):
    """All that stands on a page, in the order in which it is read: the first part stands alone on the first sheet."""

    kicker: str
    """What kind of page it is."""
    title: str
    """Of the window."""
    headline: str
    """The one sentence to remember."""
    lead: Sequence[str]
    """What goes on from it, a paragraph each."""
    banner: str
    """One loud line; none if empty."""
    warnings: Sequence[str]
    """What a reader must not miss."""
    tiles: Sequence[Tile]
    key_facts: Sequence[tuple[str, str]]
    """What whoever signs has to know."""
    command: str
    """What to type next; none if empty."""
    problems: Sequence[ProblemSection]
    sentences: Sequence[tuple[str, str]]
    """What a picture would say nothing about."""
    pictures: Sequence[Picture]
    table: RowTable
    table_note: str
    """What the table leaves out; none if empty."""
    elsewhere: str
    """The sentence that says where all rows and problems are."""
    fact_groups: Sequence[FactGroup]
    board: Sequence[FactGroup] = ()
    """What a change board asks about; none if empty."""
    expires: str = ""
    """The moment after which the page says that its plan has expired, ISO 8601; none if empty."""
    signatures: Sequence[str] = ()
    """Who signs the printed page, a line each."""
    print_rows: bool = False
    """Whether the rows are printed too; whoever reads the page on a screen may change it."""
