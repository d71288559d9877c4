"""Which sheet of a workbook holds the roster. Pure; where a guess could take the wrong people, it asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.header_row import find_header, is_address, is_user
from bulktap.roster.columns.headings import names_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulktap.roster.formats.workbook_cells import SheetCells


@dataclass(frozen=True, slots=True)
class ChosenSheet:
    """A sheet that is to be read."""

    sheet: SheetCells
    table: str | None = None
    """The Excel table that was asked for; None if it was the sheet."""


def choose_sheets(
    sheets: Sequence[SheetCells], wanted: Sequence[str], tables: Mapping[str, str], file: str
) -> tuple[list[ChosenSheet], tuple[str, ...]]:
    """Return the sheets that hold the roster, and why these, where there was a choice.

    `tables` says on which sheet each Excel table is, by its name in small letters.

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
        rest = f"; its {hidden} hidden sheet(s) were not read" if hidden else ""
        raise RosterError(
            f"{file} has no data{rest}.", hint="Give a workbook with a row of headings and one for each person."
        )
    rosters = _rosters(shown) if len(shown) > 1 else shown
    if len(rosters) != 1:
        raise _question(rosters, shown, file)
    notes = []
    if len(sheets) > 1:
        hidden = sum(not sheet.visible for sheet in sheets)
        others = f" {hidden} hidden sheet(s) were not read." if hidden else ""
        notes.append(f"The sheet {rosters[0].name} was used.{others}")
    return [ChosenSheet(rosters[0])], tuple(notes)


def _rosters(shown: Sequence[SheetCells]) -> list[SheetCells]:
    """Return the sheets that look like a roster; ids, which may be those of groups, count where nothing else does."""
    return [sheet for sheet in shown if _names_users(sheet)] or [sheet for sheet in shown if _holds(sheet, is_user)]


def _question(rosters: Sequence[SheetCells], shown: Sequence[SheetCells], file: str) -> RosterError:
    listed = ", ".join(f"{sheet.name} ({len(sheet.rows) - 1} rows)" for sheet in rosters or shown)
    if not rosters:
        hint = f"Run bulktap again with the right one, for example {Setting.SHEET.to(shown[0].name)}."
        return RosterError(f"{file}: no sheet has a heading for the user: {listed}.", hint=hint)
    both = " ".join(Setting.SHEET.to(sheet.name) for sheet in rosters[:8])
    hint = (
        f"Run bulktap again with the right one, for example {Setting.SHEET.to(rosters[0].name)}, "
        f"or with all of them: {both}."
    )
    return RosterError(f"{file}: several sheets look like a roster: {listed}.", hint=hint)


def _named(sheets: Sequence[SheetCells], wanted: str, tables: Mapping[str, str], file: str) -> ChosenSheet:
    folded = wanted.strip().casefold()
    table = None
    names = {sheet.name.strip().casefold(): sheet for sheet in sheets}
    if folded not in names and folded in tables:
        table, folded = wanted.strip(), tables[folded].strip().casefold()
    sheet = names.get(folded)
    if sheet is None:
        known = ", ".join(sheet.name for sheet in sheets if sheet.visible)
        raise RosterError(f"{file} has no sheet {wanted}.", hint=f"Its sheets are: {known}.")
    if not sheet.visible:
        raise RosterError(f"{file}: the sheet {sheet.name} is hidden.", hint="Unhide it in Excel and save.")
    if not sheet.rows:
        raise RosterError(
            f"{file}: the sheet {sheet.name} has no data.",
            hint=f"Run bulktap again with another: {Setting.SHEET} NAME.",
        )
    return ChosenSheet(sheet, table)


def _names_users(sheet: SheetCells) -> bool:
    header = find_header(sheet.rows, None, sheet.name)
    if any(names_user(heading) for heading in header.headings):
        return True
    # An address in a sentence, such as whom to ask on a cover sheet, makes no roster.
    return _holds(sheet, is_address)


def _holds(sheet: SheetCells, wanted: Callable[[str], bool]) -> bool:
    return any(wanted(cell) for _, cells in sheet.rows[:50] for cell in cells if isinstance(cell, str))
