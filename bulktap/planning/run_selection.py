"""Which people of a run are meant: the settings `only` and `except`, over the rows of its plan; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.plan import Field
from bulktap.planning.covered_rows import Selection
from bulktap.roster.model import CheckedRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.model.plan import Plan, PlanRow


def chosen_rows(plan: Plan, only: Sequence[str], exclude: Sequence[str]) -> set[int]:
    """Return the plan numbers of the rows that these words choose; without any, all of them.

    A person is found by the roster's name and by the directory's.

    Raises:
        RosterError: a word matches no row, or a number could be a row of several sheets.
    """
    if not only and not exclude:
        return {row.number for row in plan.rows}
    spoken = [(row.number, spelling) for row in plan.rows for spelling in _spellings(plan, row)]
    selection = Selection(None, tuple(only), tuple(exclude))
    selection.require_clear([spelling for _, spelling in spoken], plan.columns)
    wanted, unwanted = Selection(None, tuple(only)), Selection(None, (), tuple(exclude))
    is_wanted, is_kept = wanted.test(plan.columns), unwanted.test(plan.columns)
    left_out = {number for number, spelling in spoken if not is_kept(spelling)}
    return {number for number, spelling in spoken if is_wanted(spelling)} - left_out


def _spellings(plan: Plan, row: PlanRow) -> Iterator[CheckedRow]:
    """Yield the row with each name that its person goes by."""
    column = plan.columns.index(Field.DISPLAY_NAME)
    cell = None if column is None else row.source.cells[column]
    user = row.request.user if row.request else None
    # What is no user is what the row goes by all the same, in the roster and on covers.
    text = plan.user_text(row) if user is None else ""
    names = dict.fromkeys((row.display_name, *([str(cell)] if cell else []), *([text] if text else [])))
    for name in names:
        yield CheckedRow(row.source, user, row.request, name, row.group, None, row.problems)
    if user is not None and row.upn and row.upn != user.text:
        yield CheckedRow(row.source, type(user)(row.upn), row.request, row.display_name, row.group, None, row.problems)
