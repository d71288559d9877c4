"""What of a school's export is over, begins far ahead or is marked deleted: memberships, classes, roles.

Exports keep the rows of former years and list those of the next. A row is left out only where its days say for certain
that it is not current: one whose day cannot be read, or could be read in two ways that disagree, stays, and is told.
Where all rows of a file are over, it is the export that is old, or whose days nobody keeps, and they leave nobody out;
nor do they where all begin far ahead.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.plain_text import in_number
from bulktap.roster.cell_values import quoted
from bulktap.roster.rows.dates import UnsettledOrderError, in_words, order_settings, settle_date_order
from bulktap.roster.rows.leaving import EARLIEST_YEAR, days_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from bulktap.roster.bundles.school_kinds import Words
    from bulktap.roster.bundles.school_tables import SchoolFiles
    from bulktap.roster.reading_words import DateOrder

_BEGINS: Words = ("begindate", "startdate", "rolestartdate", "termstartdate", "termstart")
_ENDS: Words = ("enddate", "roleenddate", "termenddate", "termend")
_SESSIONS: Words = ("termsourcedids", "termsourcedid", "sessionsourcedids", "sessionsourcedid")
_AHEAD = timedelta(days=90)
"""How long before its first day something counts: accounts are prepared in the holidays before a school year."""
_SESSION_FILE = "academicsessions.csv"


class Why(StrEnum):
    """Why a row is not current."""

    ENDED = "ended"
    EARLY = "early"
    DELETED = "deleted"


class Sifted(NamedTuple):
    """The rows of a file, the current ones apart."""

    rows: pd.DataFrame
    others: pd.DataFrame
    """With a column `why`."""
    doubts: tuple[str, ...]
    """What is said of days that could not be judged."""


def sifted(
    bundle: SchoolFiles, name: str, columns: Mapping[str, Words], sessions: Mapping[str, Why] | None = None
) -> Sifted:
    """Return a file as a table with these columns, its current rows apart from the others.

    Args:
        bundle: the export.
        name: the file's name in small letters.
        columns: what a column is called → the headings that it may have.
        sessions: the terms that are not current; with them a row is none either whose terms all are of one kind.
    """
    import pandas as pd

    dated = {**columns, "begins": _BEGINS, "ends": _ENDS} if bundle.today is not None else dict(columns)
    table = bundle.table(name, {**dated, "terms": _SESSIONS} if sessions else dated, marked=True)
    why = pd.Series(None, table.index, dtype=object)
    doubts: list[str] = []
    if bundle.today is not None and len(table):
        today, latest = bundle.today, bundle.today + _AHEAD
        order = _order(bundle, table)
        early, unclear = _days_over(table["begins"], order, lambda day: day > latest)
        ended, more = _days_over(table["ends"], order, lambda day: day < today)
        if sessions:
            ended |= _in_terms(table["terms"], sessions, Why.ENDED)
            early |= _in_terms(table["terms"], sessions, Why.EARLY)
        doubts = list(_doubts(bundle.there[name].name, [unclear, more]))
        undeleted = ~table["deleted"]
        if undeleted.any() and (ended[undeleted].all() or early[undeleted].all()):
            doubts.append(_of_another_year(bundle, name))
        else:
            why = why.mask(early, Why.EARLY).mask(ended, Why.ENDED)
    why = why.mask(table["deleted"], Why.DELETED)
    current = why.isna()
    picked = table[list(columns)]
    return Sifted(picked[current], picked[~current].assign(why=why[~current]), tuple(doubts))


def sessions_over(bundle: SchoolFiles) -> dict[str, Why]:
    """Return the terms and school years that are over, or begin far ahead."""
    if bundle.today is None or _SESSION_FILE not in bundle.contents:
        return {}
    others = sifted(bundle, _SESSION_FILE, {"id": ("sourcedid",)}).others
    return {str(one): why for one, why in zip(others["id"], others["why"], strict=True) if why != Why.DELETED}


def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds several values with commas between."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def left_out_note(bundle: SchoolFiles, name: str, others: pd.DataFrame, one: str, several: str) -> Iterator[str]:
    """Yield how many rows of a file were not used, and why; nothing where all were."""
    if not len(others):
        return
    counts = others["why"].value_counts()
    parts = [text for why in Why if (text := _counted(why, int(counts.get(why, 0)), bundle))]
    were = in_number(len(others), f"{one} was", f"{several} were")
    yield f"{bundle.there[name].name}: {were} not used: {', '.join(parts)}."


def _of_another_year(bundle: SchoolFiles, name: str) -> str:
    file = bundle.there[name].name
    return (
        f"{file}: by its days nothing in it is current, as in an export of another school year; they left nobody out."
    )


def _counted(why: Why, count: int, bundle: SchoolFiles) -> str:
    match why:
        case _ if not count:
            return ""
        case Why.ENDED:
            return f"{count:,} {'has' if count == 1 else 'have'} ended"
        case Why.EARLY:
            return f"{count:,} {'begins' if count == 1 else 'begin'} after {_latest(bundle)}"
        case Why.DELETED:
            return f"{count:,} {'is' if count == 1 else 'are'} marked deleted"


def in_each(reasons: Collection[Why], bundle: SchoolFiles) -> str:
    """Return what goes for each of somebody's rows: `has ended or is marked deleted`."""
    said = {
        Why.ENDED: "has ended",
        Why.EARLY: f"begins after {_latest(bundle)}",
        Why.DELETED: "is marked deleted",
    }  # fmt: skip
    return " or ".join(said[why] for why in Why if why in reasons)


def _latest(bundle: SchoolFiles) -> str:
    return "" if bundle.today is None else in_words(bundle.today + _AHEAD)


def _order(bundle: SchoolFiles, table: pd.DataFrame) -> DateOrder | None:
    """Return the order of the days of a file, which one program wrote."""
    if bundle.order is not None:
        return bundle.order
    try:
        return settle_date_order([*table["begins"].unique(), *table["ends"].unique()])
    except UnsettledOrderError:
        return None


def _days_over(
    texts: pd.Series[str], order: DateOrder | None, is_over: Callable[[date], bool]
) -> tuple[pd.Series[bool], dict[str, int]]:
    """Return where a column's day is over, and the texts that do not say it, each with how many rows have it."""
    said = {text: _is_over(text, order, is_over) for text in texts.unique()}
    doubtful = [text for text, over in said.items() if over is None]
    over = texts.map({text: found is True for text, found in said.items()}).astype(bool)
    return over, Counter(texts[texts.isin(doubtful)]) if doubtful else {}


def _is_over(text: str, order: DateOrder | None, is_over: Callable[[date], bool]) -> bool | None:
    """Return what is said of a day; None where that cannot be told."""
    days = days_of(text, order)
    if days is None:
        return None
    if not days or min(days).year < EARLIEST_YEAR:
        return False
    found = {is_over(day) for day in days}
    return None if len(found) > 1 else found.pop()


def _in_terms(texts: pd.Series[str], sessions: Mapping[str, Why], why: Why) -> pd.Series[bool]:
    """Return where all terms of a row are over for one reason."""
    said = {text: {sessions.get(part) for part in listed(text)} == {why} for text in texts.unique()}
    return texts.map(said).astype(bool)


def _doubts(name: str, found: Sequence[Mapping[str, int]]) -> Iterator[str]:
    """Yield what is said of days that cannot be read, and of those that can be read in two ways."""
    counts = [(text, count) for one in found for text, count in one.items()]
    for ambiguous in (False, True):
        alike = [(text, count) for text, count in counts if (days_of(text, None) is not None) is ambiguous]
        if not alike:
            continue
        text, rows = alike[0][0], sum(count for _, count in alike)
        days = in_number(rows, "day", "days")
        kept = "its row was" if rows == 1 else "their rows were"
        if ambiguous:
            what = f"could begin with the day or with the month, and {kept} used; {order_settings(text)} settles it"
            yield f"{name}: {days}, such as {quoted(text)}, {what}."
        else:
            yield f"{name}: {days}, such as {quoted(text)}, could not be read, and {kept} used."
