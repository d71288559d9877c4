"""One row → `CheckedRow`: everything that is wrong with it, said at once. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.passes import PassRequest
from bulktap.model.person_name import PersonName
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Field
from bulktap.model.row_error_catalogue import about_cells
from bulktap.roster.cell_values import as_text, quoted
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.column_choice import name_parts
from bulktap.roster.columns.column_votes import domain_column, is_address, linked_text
from bulktap.roster.columns.headings import meanings_of, speaks_of_others
from bulktap.roster.columns.user_column import device_user_column
from bulktap.roster.model import CheckedRow
from bulktap.roster.rows.pass_cells import PassTermsReader
from bulktap.roster.rows.users import ParsedUser, parse_user

if TYPE_CHECKING:
    from bulktap.model.passes import UserRef
    from bulktap.model.plan import CellValue, RosterColumns, RosterRow
    from bulktap.model.row_errors import RowError
    from bulktap.roster.model import CheckOptions, Roster
    from bulktap.roster.reading_words import DateOrder

_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+\Z")
_UNNAMED = PersonName()
_LOOKED_AT = 1_000  # rows are enough to know the domain of an example


class RowChecker:
    """Judges one row after another."""

    def __init__(self, roster: Roster, columns: RosterColumns, options: CheckOptions, order: DateOrder | None) -> None:
        self._roster = roster
        self._domain = options.reading.domain
        self._domains = None if self._domain else domain_column(roster)
        self._completed = 0
        self._usual_domain = usual_domain(roster, columns.fields[Field.USER][0])
        self._pass_terms = PassTermsReader(columns, options, order)
        self._user = columns.fields[Field.USER][0]
        self._heading = columns.headings[self._user]
        self._headings = columns.headings
        self._full_name, self._group = columns.index(Field.DISPLAY_NAME), columns.index(Field.GROUP)
        taken = {column for meaning in columns.fields for column in columns.fields[meaning]}
        self._name_parts = name_parts(roster, taken)
        self._devices = columns.fields.get(Field.DEVICE, ())
        self._foreign = [i for i, text in enumerate(roster.headings) if Meaning.NEVER_IDENTITY in meanings_of(text)]
        self._special = bool(roster.merged or roster.links)
        self.device_list = device_user_column(roster, self._user) or columns.index(Field.DEVICE) is not None

    def check(self, row: RosterRow) -> CheckedRow:
        """Return the row with everything that is wrong with it."""
        cells = row.cells
        person = self._name(cells)
        name = person.full or " ".join([part for part in (person.given, person.surname) if part]) or None
        group = None if self._group is None else as_text(cells[self._group]) or None
        if self._roster.faults and (fault := self._roster.faults.get(row.key)) is not None:
            # Its cells may have moved: nothing in it can be trusted, so nothing more is said about it.
            return CheckedRow(row, None, None, name, group, None, (fault,), name=person)
        problems: list[RowError] = []
        user = self._read_user(row, name, group, problems)
        asked = self._pass_terms.read(row)
        request = None
        if user is not None and not asked.refused:
            request = PassRequest(user, asked.asked)
        problems.extend(asked.problems)
        device = self._device(cells)
        return CheckedRow(row, user, request, name, group, device, tuple(problems), asked.asked, person)

    def left_out(self, row: RosterRow, reason: RowError) -> CheckedRow:
        """Return a row that asks for no pass; of what it holds, only what shows which row it is."""
        person = self._name(row.cells)
        name = person.full or " ".join([part for part in (person.given, person.surname) if part]) or None
        group = None if self._group is None else as_text(row.cells[self._group]) or None
        return CheckedRow(row, None, None, name, group, self._device(row.cells), (reason,), left_out=True)

    @property
    def local_times(self) -> int:
        """Starts that were read in the roster's time zone."""
        return self._pass_terms.local_times

    def notes(self) -> tuple[str, ...]:
        """Return what was understood of many rows, one sentence each."""
        notes = self._pass_terms.notes()
        if self._completed and self._domains is not None:
            which = self._headings[self._domains]
            names = in_number(self._completed, "user name was", "user names were")
            notes += (f"{names} completed with the domain in column {which}.",)
        return notes

    def _read_user(
        self, row: RosterRow, name: str | None, group: str | None, problems: list[RowError]
    ) -> UserRef | None:
        cell = row.cells[self._user]
        if self._special:
            if (row.key, self._user) in self._roster.merged:
                problems.append(replace(about_cells.merged_user(cell), column=self._heading))
                return None
            cell = self._linked(row, problems)
        domain = self._domain
        if self._domains is not None and cell is not None and "@" not in str(cell):
            domain = as_text(row.cells[self._domains]) or None
            self._completed += domain is not None
        found = parse_user(cell, domain, self._usual_domain)
        if isinstance(found, ParsedUser):
            problems.extend([self._note(note) for note in found.notes])
            return found.user
        problems.append(self._missing(row, name, group) if found is None else replace(found, column=self._heading))
        return None

    def _linked(self, row: RosterRow, problems: list[RowError]) -> CellValue:
        """Return the text of the user's cell, or the address that its link goes to where the text is none."""
        cell = row.cells[self._user]
        address = self._roster.links.get((row.key, self._user))
        if address is None:
            return cell
        if (linked := linked_text(self._roster, row, self._user)) is not None:
            problems.append(self._note(f"'{cell}' is no sign-in name; its link goes to {linked}, which was used."))
            return linked
        if str(cell).strip().casefold() != address.casefold():
            problems.append(self._note(f"The link of the cell goes to {address}; the text {cell} was used."))
        return cell

    def _note(self, text: str) -> RowError:
        return replace(about_cells.note(text), column=self._heading)

    def _missing(self, row: RosterRow, name: str | None, group: str | None) -> RowError:
        who = ", ".join(part for part in (name, group) if part)
        foreign = next((column for column in self._foreign if "@" in str(row.cells[column])), None)
        error = about_cells.no_user(who, None if foreign is None else self._headings[foreign], self._beside(row))
        return replace(error, column=self._heading)

    def _beside(self, row: RosterRow) -> tuple[str, str] | None:
        """Return another column in which a row without a user has an address that may be the person's, and it."""
        for column, heading in enumerate(self._roster.headings):
            text = as_text(row.cells[column])
            if "@" in text and is_address(text) and column not in self._foreign and not speaks_of_others(heading):
                return self._headings[column], quoted(text)
        return None

    def _name(self, cells: tuple[CellValue, ...]) -> PersonName:
        full = "" if self._full_name is None else as_text(cells[self._full_name])
        if not self._name_parts:
            return PersonName(full) if full else _UNNAMED
        parts = {part: as_text(cells[column]) for part, column in self._name_parts.items()}
        surname = " ".join([text for part, text in parts.items() if text and part is not Meaning.GIVEN_NAME])
        return PersonName(full, parts.get(Meaning.GIVEN_NAME, ""), surname)

    def _device(self, cells: tuple[CellValue, ...]) -> str | None:
        if not self._devices:
            return None
        texts = [as_text(cells[column]) for column in self._devices]
        first, *others = [text for text in texts if text] or [""]
        return (f"{first} ({', '.join(others)})" if others else first) or None


def usual_domain(roster: Roster, column: int) -> str | None:
    """Return the domain that most users at the top of a roster have, for examples in hints; None if none has one."""
    found = Counter(
        domain.strip().casefold()
        for row in roster.rows[:_LOOKED_AT]
        if isinstance(cell := row.cells[column], str) and (domain := cell.rpartition("@")[2]) != cell
    )
    whole = (domain for domain, _ in found.most_common() if _DOMAIN.match(domain))
    return next(whole, None)
