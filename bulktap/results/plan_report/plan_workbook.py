"""plan.xlsx: the plan for people who live in Excel; no secrets.

Four sheets: Summary with charts, Passes (one row for each that will be created), Problems (the reason first, under the
headings of the error report), Settings.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from bulktap.model.report_headings import ErrorHeading
from bulktap.model.row_errors import Severity
from bulktap.results.figures import problems_figure
from bulktap.results.output import Output
from bulktap.results.output_names import PLAN_WORKBOOK_NAME
from bulktap.results.plan_facts import (
    change_facts,
    group_heading,
    listed,
    plan_figures,
    plan_zone,
    policy_facts,
    roster_facts,
    settings_facts,
    tenant_facts,
    timing_facts,
)
from bulktap.results.roster_columns import roster_rows
from bulktap.results.sheets import (
    ChartKind,
    Column,
    ColumnKind,
    FactSheet,
    LateRows,
    Section,
    TableSheet,
    Tone,
    workbook_bytes,
)
from bulktap.results.wording import ACTION_WORDS, legible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.row_errors import RowError
    from bulktap.results.figures import Figure
    from bulktap.results.plan_view import PlanView
    from bulktap.results.sheets import Cell

    _Times = Callable[[datetime | None, int | None], tuple[datetime | None, datetime | None, str]]


_PASS_COLUMNS = (
    Column("What happens", note="Issue: a new pass. Replace: a new pass in place of one that works."),
    Column("Starts", ColumnKind.DATE_TIME, note="By the clocks of the time zone named in this row. Empty: at once."),
    Column("Expires", ColumnKind.DATE_TIME, note="By the clocks of the time zone named in this row, where known."),
    Column("Time zone"),
    Column("Start (UTC)", ColumnKind.DATE_TIME),
    Column("Lifetime (minutes)", ColumnKind.INTEGER, width=12, note="Empty: the tenant's default."),
    Column("One-time", ColumnKind.YES_NO, note="Empty: as the tenant has it."),
    Column("Existing pass ID", note="The pass that works now and will be replaced."),
    Column("Object ID"),
    Column("Note", wrap=True, width=48),
)
_REASON_COLUMNS = (
    Column(ErrorHeading.ERROR, tone=Tone.FAULT, wrap=True, width=52),
    Column(ErrorHeading.FIX, tone=Tone.FAULT, wrap=True, width=52),
    Column(ErrorHeading.COLUMN, tone=Tone.FAULT, wrap=True, width=18, note="The heading of the cell at fault."),
    Column(ErrorHeading.CODE, tone=Tone.FAULT),
    Column("Severity", tone=Tone.FAULT, note="An error keeps the row from a pass; a warning does not."),
    Column("What happens"),
)


def plan_workbook(view: PlanView) -> bytes:
    """Return plan.xlsx; the same plan gives the same bytes."""
    plan = view.plan
    facts = [_legible_facts(sheet) for sheet in (_summary(view), _settings(view))]
    sheets = (facts[0], _passes(plan), _problems(plan), facts[1])
    return workbook_bytes(sheets, title=f"Plan {plan.run}", created=plan.created_at)


def _legible_facts(sheet: FactSheet) -> FactSheet:
    sections = [
        replace(section, facts=[(legible(label), _legible_cell(value)) for label, value in section.facts])
        for section in sheet.sections
    ]
    return replace(sheet, sections=sections)


def _legible_row(cells: Iterable[Cell]) -> list[Cell]:
    return [legible(value) if type(value) is str else value for value in cells]


def _legible_cell(value: Cell) -> Cell:
    return legible(value) if isinstance(value, str) else value


def _summary(view: PlanView) -> FactSheet:
    plan, totals = view.plan, view.plan.counts()
    problems = problems_figure(problem for row in plan.rows for problem in row.problems)
    figures = [*plan_figures(plan), *([problems] if problems.bars else [])]
    counts = [(words.label, totals[action]) for action, words in ACTION_WORDS.items() if totals[action]]
    timing: list[tuple[str, Cell]] = [*timing_facts(plan)]
    if plan.forecast is not None and plan.forecast.steps:
        timing.append(("Assumed", plan.forecast.assumption))
    return FactSheet(
        "Summary",
        "Plan: nothing has been issued yet",
        (
            Section("Plan", [*change_facts(view), ("Carry it out with", _command(plan))]),
            Section("Tenant", tenant_facts(plan)),
            Section(f"Rows of the roster ({len(plan.rows):,})", counts, ChartKind.BARS),
            Section("Time", timing),
            *(_figure_section(figure) for figure in figures),
            *([Section("Worth knowing", listed("Note", plan.notes))] if plan.notes else []),
        ),
        banner="SIMULATED TENANT: a rehearsal. These passes would open nothing." if plan.tenant.simulated else "",
        value_width=56.0,
    )


def _command(plan: Plan) -> str:
    return "Made offline: cannot be carried out" if plan.settings.offline else f"bulktap apply {plan.to_type}"


def _figure_section(figure: Figure) -> Section:
    kind = ChartKind.COLUMNS if figure.over_time else ChartKind.BARS
    facts: list[tuple[str, Cell]] = [(bar.label, bar.count) for bar in figure.bars]
    return Section(figure.title, facts, None if figure.sentence or figure.rest or figure.is_list else kind)


def _passes(plan: Plan) -> TableSheet:
    rows = {row.number: row for row in plan.rows} if any(row.merged_rows for row in plan.rows) else {}
    times = _times(plan)

    def cells(row: PlanRow) -> list[Cell]:
        sharing = (row, *(rows[number] for number in row.merged_rows))
        return _legible_row([*_person_cells(plan, row, sharing), *_pass_cells(row, times)])

    lines = LateRows(list(plan.creating()), cells)
    return TableSheet("Passes", (*_person_columns(plan), *_PASS_COLUMNS), lines, frozen_columns=2)


def _problems(plan: Plan) -> TableSheet:

    def cells(about: tuple[PlanRow, RowError]) -> list[Cell]:
        row, problem = about
        return _legible_row([*_reason_cells(problem), ACTION_WORDS[row.action].word, *_person_cells(plan, row, (row,))])

    lines = LateRows([(row, problem) for row in plan.rows for problem in row.problems], cells)
    return TableSheet("Problems", (*_REASON_COLUMNS, *_person_columns(plan)), lines, frozen_columns=1)


def _settings(view: PlanView) -> FactSheet:
    plan = view.plan
    return FactSheet(
        "Settings",
        "Settings",
        (
            Section("Settings", settings_facts(plan)),
            Section("Policy for passes", policy_facts(plan.policy)),
            Section("Roster", roster_facts(plan)),
            Section("Plan", [("Digest (SHA-256)", view.digest)]),
        ),
    )


def _person_columns(plan: Plan) -> tuple[Column, ...]:
    return (
        Column("Sheet row", ColumnKind.INTEGER, note="Several rows of one person share a pass: 4, 9."),
        Column("User", note="As the roster names the person."),
        Column("Sign-in name"),
        Column("Display name"),
        Column(group_heading(plan), tone=Tone.ROSTER),
        Column("Sheet"),
    )


def _person_cells(plan: Plan, row: PlanRow, sharing: Sequence[PlanRow]) -> list[Cell]:
    sheet = row.source.sheet or row.source.file
    return [roster_rows(sharing), plan.user_text(row), row.upn, row.display_name, row.group, sheet]


def _times(plan: Plan) -> _Times:
    """Return what says when a pass starts and ends by the roster's clocks, and which they are: once for each time."""
    default = plan.policy.default_lifetime_minutes if plan.policy else None
    zone = plan_zone(plan)

    @lru_cache(maxsize=4_096)
    def local(starts: datetime | None, minutes: int | None) -> tuple[datetime | None, datetime | None, str]:
        lasts = minutes or default
        ends = None if starts is None or lasts is None else (starts + timedelta(minutes=lasts)).astimezone(zone)
        return starts and starts.astimezone(zone), ends, zone.key

    return local


def _pass_cells(row: PlanRow, times: _Times) -> list[Cell]:
    request = row.request
    starts = request.terms.starts_at if request else None
    minutes = request.terms.lifetime_minutes if request else None
    return [
        ACTION_WORDS[row.action].word,
        *times(starts, minutes),
        starts,
        minutes,
        request.terms.usable_once if request else None,
        row.existing_pass_id,
        row.object_id,
        "\n".join(problem.message for problem in row.problems) or None,
    ]


def _reason_cells(problem: RowError) -> list[Cell]:
    severity = "Error" if problem.severity is Severity.ERROR else "Warning"
    return [problem.message, problem.hint, problem.column, problem.code.value, severity]


PLAN_WORKBOOK: Output[PlanView] = Output(PLAN_WORKBOOK_NAME, plan_workbook)
"""plan.xlsx: the planning report for people who live in Excel."""
