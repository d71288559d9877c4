"""plan.html: what people sign off before anything is issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.passes import PolicyState
from bulktap.model.plan import Action
from bulktap.model.utc_times import utc_text
from bulktap.results.output import Output
from bulktap.results.output_names import PLAN_PAGE_NAME
from bulktap.results.page.content import Page
from bulktap.results.page.parts import (
    CLOSING_COLUMNS,
    asked_cells,
    fact_groups,
    lead,
    leading_cells,
    leading_columns,
    several_sheets,
    worth_knowing,
)
from bulktap.results.page.problem_list import ProblemList
from bulktap.results.page.rendering import render_page
from bulktap.results.page.row_table import ColumnKind, RowTable, TableColumn, TableRow, Word, shown_rows
from bulktap.results.page.told_figures import drawn
from bulktap.results.plan_facts import creates, plan_figures
from bulktap.results.plan_report.sign_off_summary import MARKS, is_served, sign_off_facts, tiles, usable_lines
from bulktap.results.wording import ACTION_WORDS, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.results.page.content import FactGroup
    from bulktap.results.sign_off_view import SignOffView

_ELSEWHERE = "The workbook plan.xlsx has all of them."

_RANKS = {action: rank for rank, action in enumerate(Action)}
_SIGNATURES = ("Requested by", "Approved by")


def plan_page(view: SignOffView) -> bytes:
    """Return plan.html: one file that needs no network, safe to open whatever the roster holds."""
    plan, facts = view.plan, view.facts
    several = several_sheets(plan)
    shown, note = shown_rows(plan.rows, lambda row: bool(row.problems), _ELSEWHERE)
    happens = TableColumn("What happens", ColumnKind.WORD, filtered=True)
    found = ((row, problem) for row in plan.rows for problem in row.problems)
    problems = ProblemList(plan, found, lambda row: is_served(row.action))
    sentences, pictures = drawn(plan_figures(plan))
    return render_page(
        Page(
            kicker="Plan: nothing has been issued yet",
            title=f"Plan for {plan.roster.file}, {plan.run}",
            headline=_headline(plan),
            lead=[*usable_lines(view), *lead(plan)],
            banner="SIMULATED TENANT: a rehearsal. These passes would open nothing." if plan.tenant.simulated else "",
            warnings=_warnings(plan),
            tiles=tiles(view),
            key_facts=[*sign_off_facts(view), *worth_knowing(plan)],
            command="" if plan.settings.offline else f"bulktap apply {plan.to_type}",
            problems=[
                problems.of_unserved("Who gets no pass, and why"),
                *problems.of_warnings("Warnings for people who get one", facts.review.warnings),
            ],
            sentences=sentences,
            pictures=pictures,
            table=RowTable(
                [*leading_columns(plan, several=several), happens, *CLOSING_COLUMNS],
                _rows(plan, shown, several=several),
            ),
            table_note=note,
            elsewhere=_ELSEWHERE,
            fact_groups=fact_groups(plan),
            board=_board(view),
            expires=utc_text(plan.expires_at) or "",
            signatures=_SIGNATURES,
            print_rows=facts.print_rows,
        )
    )


def _rows(plan: Plan, shown: Sequence[PlanRow], *, several: bool) -> list[TableRow]:
    words = {action: Word(ACTION_WORDS[action].word, _RANKS[action], MARKS[action]) for action in Action}
    return [
        TableRow([*leading_cells(plan, row, several=several), words[row.action], *asked_cells(plan, row)], row.problems)
        for row in shown
    ]


def _board(view: SignOffView) -> Sequence[FactGroup]:
    if view.facts.board is None:
        return ()
    from bulktap.results.plan_report.change_board import board_groups

    return board_groups(view, view.facts.board)


def _headline(plan: Plan) -> str:
    issued, replaced = creates(plan)
    if not issued:
        return "No pass will be issued"
    headline = f"{counted(issued, 'pass', 'passes')} will be issued"
    return f"{headline}, {replaced:,} in place of one that works" if replaced else headline


def _warnings(plan: Plan) -> list[str]:
    warnings = []
    if plan.settings.offline:
        warnings.append("Made offline: the tenant was not asked, so this plan cannot be carried out.")
    if plan.settings.strict and plan.counts()[Action.REFUSE]:
        warnings.append("One invalid row stops everything, as was asked for: fix the rows below first.")
    if plan.policy is not None and plan.policy.state is PolicyState.DISABLED:
        warnings.append("The tenant's policy does not allow Temporary Access Passes: nothing can be issued.")
    return warnings


PLAN_PAGE: Output[SignOffView] = Output(PLAN_PAGE_NAME, plan_page)
"""plan.html: the planning report."""
