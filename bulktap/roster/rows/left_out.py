"""Rows that ask for no pass and are no mistake: shared devices, remarks, people who are inactive. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.model.late_patterns import LatePattern
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Field
from bulktap.model.row_error_catalogue import about_cells
from bulktap.model.row_ranges import row_ranges
from bulktap.model.setting_names import Setting
from bulktap.roster.cell_values import as_text, quoted
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.headings import meanings_of
from bulktap.roster.rows.activity import Said, activity_column, said_by
from bulktap.roster.rows.furniture import is_remark, is_total
from bulktap.roster.rows.leaving import leaving_columns, said_by_days, taken_for_passes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bulktap.model.plan import CellValue, RosterColumns, RosterRow
    from bulktap.model.row_errors import RowError
    from bulktap.model.row_ranges import RowPlace
    from bulktap.roster.model import CheckedRow, CheckOptions, Roster, RowKey

_FOOTER = LatePattern(
    r"(?:(?:grand |sub)?totals?|summe|gesamt|anzahl|somme|totale|totaal)\b"
    r"|(?:created on|printed|generated|exported|erstellt)\b"
    r"|(?:count|report|stand|note|source|page|seite)\b(?:\s*[:.]|.*\d)",  # these are surnames as well
    re.IGNORECASE,
)
_SENTENCE = LatePattern(r"[*(\u00a9\u2013\u2014-]|.*[.:!]\Z|(?:\S+\s+){3,}\S", re.DOTALL)
_LIKE_A_NAME = LatePattern(
    r"[^\W\d_a-zß-ÿ][\w'’-]*\.?"
    r"(?:,?\s+(?:(?:de|del|della|di|da|do|dos|das|du|des|la|le|los|las|van|von|vom|zu|zur|der|den|ter|ten|bin|ibn|al|el|y|e)"
    r"|[^\W\d_a-zß-ÿ][\w'’-]*\.?))*"
    r"(?:\s+\([^)\d]{1,30}\))?\Z"
)
"""Words that all begin with a capital, but for those between: `Maria de la Cruz`, `Dorn Jr.`, `Dorn, Eva (new)`."""
_NAMES = frozenset({Meaning.DISPLAY_NAME, Meaning.GIVEN_NAME, Meaning.SURNAME})
_DIGIT = LatePattern(r"\d")
_SEVERAL = 3  # rows
_MOST_STATES = 8
NO_PERSON = "If it is a person, write the sign-in name or object id into the row."
INCLUDE = 'To include such people, write inactive = "include" under [roster] in bulktap.toml beside the file.'


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are left out, and what is said about them."""

    rows: Mapping[RowKey, RowError] = field(default_factory=dict)
    """Each with the reason."""
    notes: tuple[str, ...] = ()


def rows_without_user(roster: Roster, columns: RosterColumns, *, devices: bool) -> LeftOut:
    """Return the rows without a user that are shared devices, and the remarks below the last person."""
    user = columns.fields[Field.USER][0]
    empty = [row for row in roster.rows if _is_empty(row.cells[user]) and row.key not in roster.faults]
    if not empty:
        return LeftOut()
    if devices:
        count = in_number(len(empty), "device has no user and was", "devices have no user and were")
        note = f"{count} skipped: {_listed_rows(empty)}."
        reason = about_cells.left_out("a device without a user", "Write the user's sign-in name if it has one.")
        return LeftOut({row.key: reason for row in empty}, (note,))
    last: dict[RowPlace, int] = {}
    for row in roster.rows:
        if not _is_empty(row.cells[user]):
            last[row.place] = row.number
    remarks = [row for row in empty if row.number > last.get(row.place, 0) and _is_remark(row, roster)]
    if not remarks:
        return LeftOut()
    note = f"Remarks below the table were skipped: {_listed_rows(remarks)}."
    reason = about_cells.left_out("a remark below the table", NO_PERSON)
    return LeftOut({row.key: reason for row in remarks}, (note,))


def _is_empty(cell: CellValue) -> bool:
    """Return whether a cell shows nothing, which nearly all cells of users settle by their first letter."""
    return not (isinstance(cell, str) and cell[:1].isalnum()) and not as_text(cell)


def _is_remark(row: RosterRow, roster: Roster) -> bool:
    """Return whether a row without a user, below all people, is a remark: what could be part of a person is none."""
    filled = [
        (column, text)
        for column, cell in enumerate(row.cells)
        if column != roster.sheet_column and column not in roster.added and (text := as_text(cell))
    ]
    if not filled:
        return False
    (column, first), *others = filled
    if is_total([text for _, text in filled]) or (not others and is_remark(first)):
        return True
    if _FOOTER.match(first):
        return not others or any(_DIGIT.search(text) for _, text in others)
    if meanings_of(roster.headings[column]) & _NAMES and _LIKE_A_NAME.match(first):
        return False
    return not others and (not roster.headings[column] or _SENTENCE.match(first) is not None)


def _listed_rows(rows: Iterable[RosterRow]) -> str:
    """Return the numbers of rows for a message."""
    rows = list(rows)
    if len({row.place for row in rows}) > 1:
        return row_ranges(row.key for row in rows)
    numbers = [str(row.number) for row in rows]
    return ("row " if len(numbers) == 1 else "rows ") + ", ".join(numbers[:10]) + (", …" if len(numbers) > 10 else "")


def inactive_people(roster: Roster, columns: RosterColumns, options: CheckOptions, *, devices: bool) -> LeftOut:
    """Return the rows of people who are inactive by the roster's own word, or whose day of leaving is past.

    In a list of devices such a column speaks of the device.
    """
    taken = taken_for_passes(columns.fields)
    device_ids = any(Meaning.DEVICE_ID in meanings_of(heading) for heading in roster.headings)
    # What another file that was joined says is about a class or a site, and those who are there.
    own = range(len(roster.headings) if roster.own_width is None else roster.own_width)
    kinds = {column: kind for column in own if (kind := activity_column(roster, column)) is not None}
    leaving = [column for column in leaving_columns(roster, taken) if column not in kinds and column in own]
    if not (kinds or leaving) or (devices and device_ids):
        return LeftOut()
    inactive: dict[RowKey, RowError] = {}
    notes: list[str] = []
    named: dict[str, None] = {}
    for column in (*kinds, *leaving):
        heading = roster.headings[column]
        if column in kinds:
            said = {cell: said_by(kinds[column], cell) for cell in {row.cells[column] for row in roster.rows}}
        else:
            said = said_by_days(roster, column, options)
        notes.extend(_unknown_states(roster, column, said))
        if Said.INACTIVE in said.values():
            word = heading if column in kinds else f"{heading} is past"
            named[word] = None
            reason = about_cells.left_out(f"inactive or blocked ({word})", INCLUDE)
            for row in roster.rows:
                if said[row.cells[column]] is Said.INACTIVE:
                    inactive.setdefault(row.key, reason)
    if not inactive:
        return LeftOut(notes=tuple(notes))
    people = in_number(len(inactive), "person is", "people are")
    was, said_in = "was" if len(inactive) == 1 else "were", " or ".join(named)
    if options.reading.include_inactive:
        return LeftOut(notes=(*notes, f"{people} inactive or blocked ({said_in}) and {was} included."))
    found = [row for row in roster.rows if row.key in inactive]
    note = f"{people} inactive or blocked ({said_in}) and {was} skipped: {_listed_rows(found)}. {INCLUDE}"
    return LeftOut(inactive, (*notes, note))


def _unknown_states(roster: Roster, column: int, said: Mapping[CellValue, Said]) -> Iterator[str]:
    """Yield, for a column of states, the values of which nobody knows whether such a person is active."""
    unknown = Counter(as_text(row.cells[column]) for row in roster.rows if said[row.cells[column]] is Said.UNKNOWN)
    if unknown:
        shown = ", ".join(f"{quoted(text)} ({count})" for text, count in unknown.most_common(_MOST_STATES))
        more = ", …" if len(unknown) > _MOST_STATES else ""
        yield (
            f"Column {roster.headings[column]} has values that do not say whether somebody is active: {shown}{more}. "
            "These people are treated as active."
        )


def refuse_empty_column(roster: Roster, columns: RosterColumns, people: Sequence[RosterRow]) -> None:
    """Refuse, once for all rows, a roster whose column of users is empty throughout.

    Where other people's addresses stand beside it, each row says that they are not used.

    Raises:
        RosterError: it is.
    """
    user = columns.fields[Field.USER][0]
    foreign = [i for i, heading in enumerate(roster.headings) if Meaning.NEVER_IDENTITY in meanings_of(heading)]
    if len(people) < _SEVERAL or any(as_text(row.cells[user]) or row.key in roster.faults for row in people):
        return
    if any("@" in str(row.cells[column]) for row in people for column in foreign):
        return
    heading = columns.headings[user]
    hint = f"Fill in sign-in names or object ids, or name another column with {Setting.COLUMN.to('user=HEADING')}."
    message = f"{roster.place}: column {heading}, which names the user, is empty in all {len(people):,} rows."
    raise RosterError(message, hint=hint)


def nobody_is_left(roster: Roster, rows: Sequence[CheckedRow], heading: str) -> RosterError:
    """Return what is said of a roster of which every row is left out."""
    reasons = Counter(row.problems[0].message for row in rows if row.problems)
    reason, count = reasons.most_common(1)[0] if reasons else ("", 0)
    if not any(as_text(row.source.cells[roster.headings.index(heading)]) for row in rows):
        hint = "Add a row for each person and run again."
        return RosterError(f"{roster.place}: no row names a user in column {heading}.", hint=hint)
    many = f"all {len(rows):,} rows" if len(rows) > 1 else "the only row"
    told = reason if count == len(rows) else f"{count:,} of them: {reason}"
    hint = next(row.problems[0].hint for row in rows if row.problems and row.problems[0].message == reason)
    return RosterError(f"{roster.place}: {many} would be left out. {told}", hint=hint)
