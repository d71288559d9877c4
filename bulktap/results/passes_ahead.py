"""PassesAhead: rows of the passes workbook, made while others are still being issued.

They are made in the order of the plan, as soon as all rows before them have their outcome, and serve only if they say
at the end what they said then; else the workbook makes all of them, as it does without these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.results.comparison import what_row_says
from bulktap.results.passes_workbook import Look, listable, not_issued_sheet, passes_sheet
from bulktap.results.sheets import RowsAhead
from bulktap.results.sheets.bulk_rows import ROWS_TOGETHER
from bulktap.results.sheets.rows_ahead import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.run_state import RunState
    from bulktap.results.comparison import AsOf
    from bulktap.results.run_view import RunView
    from bulktap.results.sheets.filling import KeptRows


class PassesAhead:
    """Makes rows, and says in the end whether they are still good."""

    def __init__(self, plan: Plan) -> None:
        """Take the plan of the run."""
        self._asked = list(plan.creating())
        self._zone = ZoneInfo(plan.settings.timezone)
        self._settled = 0
        """How many of these have their outcome, without a gap."""
        self._served: list[PlanRow] = []
        """Those of them with a pass."""
        self._look, self._looked_at = Look(), 0
        self._rows: RowsAhead | None = None
        self._said: list[object] = []
        """What the rows said that were made."""

    def take_in(self, view: RunView) -> None:
        """Make what rows can be made by now; the state may have grown since it was last shown."""
        self._find_served(view.state)
        whole = min(len(self._served), MOST_ROWS) // ROWS_TOGETHER * ROWS_TOGETHER
        if whole <= len(self._said):
            return
        rows = self._served[:whole]
        if any(listable(view.state.rows[row.number]) is None for row in rows[len(self._said) :]):
            return  # asked for anew, or in doubt again: no row is made before that one is settled
        look = self._look.with_rows(view, rows[self._looked_at :])
        if look != self._look:
            self._rows, self._said = None, []
        self._look, self._looked_at = look, whole
        sheet = passes_sheet(view, rows, look)
        if self._rows is None:
            self._rows = RowsAhead([sheet, not_issued_sheet(view, {row.number for row in view.plan.rows})])
        self._said += self._what_they_say(rows[len(self._said) :], view.state, view.facts.as_of)
        self._rows.make(sheet.rows)

    def _find_served(self, state: RunState) -> None:
        for row in self._asked[self._settled :]:
            sent = state.rows.get(row.number)
            if sent is None or not sent.phase.settled:
                break
            self._settled += 1
            if listable(sent) is not None:
                self._served.append(row)

    def rows_for(self, state: RunState, as_of: AsOf) -> KeptRows | None:
        """Return the rows, if the workbook begins with these and they say the same as they did; None otherwise."""
        if self._rows is None:
            return None
        made = self._served[: len(self._said)]
        now = [row for row in self._asked if listable(state.rows.get(row.number)) is not None][: len(made)]
        if any(one is not other for one, other in zip(now, made, strict=False)) or len(now) < len(made):
            return None
        return self._rows.kept if self._said == list(self._what_they_say(made, state, as_of)) else None

    def _what_they_say(self, rows: Sequence[PlanRow], state: RunState, as_of: AsOf) -> Iterator[object]:
        return (what_row_says(state.rows[row.number], state, as_of, self._zone) for row in rows)
