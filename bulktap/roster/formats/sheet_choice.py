"""Which sheet of a workbook holds the roster. Pure; where a guess could take the wrong people, it asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plain_text import in_number
from bulktap.model.plan import RosterRow
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.column_choice import unique_headings
from bulktap.roster.columns.header_row import find_header, is_address, is_user, without_secrets
from bulktap.roster.columns.headings import is_dropped, names_user
from bulktap.roster.columns.user_column import find_user_column
from bulktap.roster.model import Roster
from bulktap.roster.samples import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulktap.roster.formats.workbook_cells import SheetCells


_ROWS_LOOKED_AT = 50
_ROWS_SHOWN = 30
"""Rows of a sheet among which a question looks for people to show."""


@dataclass(frozen=True, slots=True)
class ChosenSheet:
    """A sheet that is to be read."""

    sheet: SheetCells
    table: str | None = None
    """The Excel table that was asked for; None if it was the sheet."""


def choose_sheets(
    sheets: Sequence[SheetCells], wanted: Sequence[str], tables: Mapping[str, str], file: str, *, together: bool = False
) -> tuple[list[ChosenSheet], tuple[str, ...]]:
    """Return the sheets that hold the roster, and why these, where there was a choice.

    `tables` says on which sheet each Excel table is, by its name in small letters; `together` takes all that do.

    Raises:
        RosterError: none does, several do, or one that was asked for does not exist.
    """
    if wanted:
        chosen = [_named(sheets, name, tables, file) for name in wanted]
        named = [sheet.sheet.name for sheet in chosen]
        if len(set(named)) < len(named):
            raise RosterError(f"{file}: a sheet was named twice with {Setting.SHEET}.", hint="Name each of them once.")
        return chosen, ()
    shown = [sheet for sheet in sheets if sheet.visible and sheet.rows]
    if not shown:
        hidden = sum(not sheet.visible for sheet in sheets)
        rest = f"; its {in_number(hidden, 'hidden sheet was', 'hidden sheets were')} not read" if hidden else ""
        raise RosterError(
            f"{file} has no data{rest}.", hint="Give a workbook with a row of headings and one for each person."
        )
    rosters = _rosters(shown) if len(shown) > 1 else shown
    if len(rosters) > 1 and together:
        without = [sheet.name for sheet in shown if sheet not in rosters]
        passed = (f"Of {file} these sheets have no people and were not read: {', '.join(without)}.",) if without else ()
        return [ChosenSheet(sheet) for sheet in rosters], passed
    if len(rosters) != 1:
        raise _question(rosters, shown, file)
    notes = []
    if len(sheets) > 1:
        hidden = sum(not sheet.visible for sheet in sheets)
        others = f" {in_number(hidden, 'hidden sheet was', 'hidden sheets were')} not read." if hidden else ""
        notes.append(f"The sheet {rosters[0].name} was used.{others}")
    return [ChosenSheet(rosters[0])], tuple(notes)


def _rosters(shown: Sequence[SheetCells]) -> list[SheetCells]:
    """Return the sheets that look like a roster; ids, which may be those of groups, count where nothing else does."""
    headed = [sheet for sheet in shown if _has_heading(sheet)]
    if headed:
        # Beside sheets with headings a single address is that of whom to ask.
        return [sheet for sheet in shown if sheet in headed or _lists_users(sheet)]
    # An address in a sentence, such as whom to ask on a cover sheet, makes no roster.
    addressed = [sheet for sheet in shown if _holds(sheet, is_address)]
    return addressed or [sheet for sheet in shown if _holds(sheet, is_user)]


def _question(rosters: Sequence[SheetCells], shown: Sequence[SheetCells], file: str) -> RosterError:
    """Return the question which sheet it is; a refusal where whichever were named would be refused then."""
    listed = ", ".join(f"{sheet.name} ({in_number(len(sheet.rows) - 1, 'row', 'rows')})" for sheet in rosters or shown)
    if not rosters:
        told = f"{file}: no sheet has a heading for the user: {listed}."
        perhaps = [sheet for sheet in shown if _may_name_users(sheet, file)]
        if perhaps:
            return _asked(told, perhaps)
        hint = 'Add a column "User principal name" with sign-in names or object ids to the sheet with the people.'
        return RosterError(told, hint=hint)
    return _asked(f"{file}: several sheets look like a roster: {listed}.", rosters, together=True)


def _may_name_users(sheet: SheetCells, file: str) -> bool:
    """Return true if a sheet that was named would be read, or be asked about."""
    header = find_header(sheet.rows, None, file)
    width = len(header.headings)
    rows = [
        RosterRow(file, sheet.name, number, (*cells, *(None,) * (width - len(cells)))[:width])
        for number, cells in sheet.rows[header.index :]
    ]
    roster = Roster(file, sheet.name, header.headings, tuple(rows), "", header.number, ())
    try:
        find_user_column(roster, unique_headings(roster), None)
    except QuestionOpen:
        return True
    except RosterError:
        return False
    return bool(rows)


def _asked(text: str, sheets: Sequence[SheetCells], *, together: bool = False) -> QuestionOpen:
    """Return the question which of these sheets; one that no line can name cannot be answered with others."""
    choices = [Choice(sheet.name, _described(sheet)) for sheet in sheets]
    if together and not any("\n" in sheet.name for sheet in sheets):
        choices.append(Choice("\n".join(sheet.name for sheet in sheets), "all of them, read as one"))
    return QuestionOpen([Question(Setting.SHEET, "which-sheet", text, choices=tuple(choices))])


def _described(sheet: SheetCells) -> str:
    """Return a sheet's name, and what its first people or words look like."""
    open_rows = without_secrets(sheet.rows, sheet.rows[:_ROWS_SHOWN])
    users = sample((cell for _, cells in open_rows for cell in cells if isinstance(cell, str) and is_address(cell)), 2)
    headings = find_header(sheet.rows, None, sheet.name).headings if sheet.rows else ()
    told = users or sample(heading for heading in headings if heading and not is_dropped(heading))
    return f"{sheet.name} ({in_number(len(sheet.rows) - 1, 'row', 'rows')}{f': {told}' if told else ''})"


def _named(sheets: Sequence[SheetCells], wanted: str, tables: Mapping[str, str], file: str) -> ChosenSheet:
    folded = wanted.strip().casefold()
    table = None
    names = {sheet.name.strip().casefold(): sheet for sheet in sheets}
    if folded not in names and folded in tables:
        table, folded = wanted.strip(), tables[folded].strip().casefold()
    sheet = names.get(folded)
    if sheet is None:
        raise _asked(f"{file} has no sheet {wanted}; its sheets are: {_names(sheets)}.", _with_rows(sheets))
    if not sheet.visible:
        raise RosterError(f"{file}: the sheet {sheet.name} is hidden.", hint="Unhide it in Excel and save.")
    if not sheet.rows:
        raise _asked(f"{file}: the sheet {sheet.name} has no data.", _with_rows(sheets))
    return ChosenSheet(sheet, table)


def _names(sheets: Sequence[SheetCells]) -> str:
    return ", ".join(sheet.name for sheet in sheets if sheet.visible)


def _with_rows(sheets: Sequence[SheetCells]) -> list[SheetCells]:
    return [sheet for sheet in sheets if sheet.visible and sheet.rows]


def _has_heading(sheet: SheetCells) -> bool:
    return any(names_user(heading) for heading in find_header(sheet.rows, None, sheet.name).headings)


def _lists_users(sheet: SheetCells) -> bool:
    """Return true if most cells of a column are addresses, and more than one is."""
    texts: dict[int, list[bool]] = {}
    for _, cells in sheet.rows[:_ROWS_LOOKED_AT]:
        for column, cell in enumerate(cells):
            if cell is not None:
                texts.setdefault(column, []).append(isinstance(cell, str) and is_address(cell))
    return any(sum(found) > 1 and sum(found) * 2 > len(found) for found in texts.values())


def _holds(sheet: SheetCells, wanted: Callable[[str], bool]) -> bool:
    return any(wanted(cell) for _, cells in sheet.rows[:_ROWS_LOOKED_AT] for cell in cells if isinstance(cell, str))
