"""plan.html: what people sign off before anything is issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.passes import PolicyState
from bulktap.model.plan import Action
from bulktap.model.utc_times import utc_text
from bulktap.results.figures import Mark
from bulktap.results.output import Output
from bulktap.results.page.content import Page, Tile
from bulktap.results.page.parts import (
    CLOSING_COLUMNS,
    asked_cells,
    fact_groups,
    lead,
    leading_cells,
    leading_columns,
    several_sheets,
)
from bulktap.results.page.pictures import figure_picture, forecast_picture
from bulktap.results.page.problem_list import problem_kinds
from bulktap.results.page.rendering import render_page
from bulktap.results.page.row_table import ColumnKind, RowTable, TableColumn, TableRow, Word, shown_rows
from bulktap.results.plan_facts import change_facts, creates, plan_figures, timing_facts
from bulktap.results.wording import ACTION_WORDS, counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.results.run_view import PlanView

_ELSEWHERE = "The workbook plan.xlsx has all of them."

_MARKS: Mapping[Action, Mark] = {
    Action.ISSUE: Mark.PASS,
    Action.REPLACE: Mark.REPLACE,
    Action.MERGE: Mark.SHARE,
    Action.SKIP: Mark.SKIP,
    Action.REFUSE: Mark.FAULT,
}
_RANKS = {action: rank for rank, action in enumerate(Action)}


def plan_page(view: PlanView) -> bytes:
    """Return plan.html: one file that needs no network, safe to open whatever the roster holds."""
    plan = view.plan
    several = several_sheets(plan)
    shown, note = shown_rows(plan.rows, lambda row: bool(row.problems), _ELSEWHERE)
    happens = TableColumn("What happens", ColumnKind.WORD, filtered=True)
    pictures = [figure_picture(figure) for figure in plan_figures(plan)]
    if plan.forecast is not None and plan.forecast.steps:
        pictures.append(forecast_picture(plan.forecast))
    return render_page(
        Page(
            kicker="Plan: nothing has been issued yet",
            title=f"Plan for {plan.roster.file}, {plan.run}",
            headline=_headline(plan),
            lead=lead(plan),
            banner="SIMULATED TENANT: a rehearsal. These passes would open nothing." if plan.tenant.simulated else "",
            warnings=_warnings(plan),
            tiles=_tiles(plan),
            key_facts=[*timing_facts(plan), *change_facts(view)],
            command="" if plan.settings.offline else f"bulktap apply {plan.to_type}",
            pictures=pictures,
            problems=problem_kinds(plan, [(row, problem) for row in plan.rows for problem in row.problems]),
            table=RowTable(
                [*leading_columns(plan, several=several), happens, *CLOSING_COLUMNS],
                _rows(plan, shown, several=several),
            ),
            table_note=note,
            elsewhere=_ELSEWHERE,
            fact_groups=fact_groups(plan),
            expires=utc_text(plan.expires_at) or "",
            signature=True,
        )
    )


def _rows(plan: Plan, shown: Sequence[PlanRow], *, several: bool) -> list[TableRow]:
    words = {action: Word(ACTION_WORDS[action].word, _RANKS[action], _MARKS[action]) for action in Action}
    return [
        TableRow([*leading_cells(plan, row, several=several), words[row.action], *asked_cells(plan, row)], row.problems)
        for row in shown
    ]


def _headline(plan: Plan) -> str:
    issued, replaced = creates(plan)
    if not issued:
        return "No pass will be issued"
    headline = f"{counted(issued, 'pass', 'passes')} will be issued"
    return f"{headline}, {replaced:,} in place of one that works" if replaced else headline


def _tiles(plan: Plan) -> list[Tile]:
    counts = plan.counts()
    shown = [action for action in Action if counts[action] or action is not Action.MERGE]
    return [Tile(counts[action], ACTION_WORDS[action].within, _MARKS[action]) for action in shown]


def _warnings(plan: Plan) -> list[str]:
    warnings = []
    if plan.settings.offline:
        warnings.append("Made offline: the tenant was not asked, so this plan cannot be carried out.")
    if plan.settings.strict and plan.counts()[Action.REFUSE]:
        warnings.append("One invalid row stops everything, as was asked for: mend the rows below first.")
    if plan.policy is not None and plan.policy.state is PolicyState.DISABLED:
        warnings.append("The tenant's policy does not allow Temporary Access Passes: nothing can be issued.")
    return warnings


PLAN_PAGE: Output[PlanView] = Output("plan.html", plan_page)
"""plan.html: the planning report."""
