"""run.html: what became of a plan, for those who signed it off; no passcode in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.results.comparison import comparison_line, waiting_note
from bulktap.results.figures import Mark
from bulktap.results.page.content import FactGroup, Page, Tile
from bulktap.results.page.parts import (
    CLOSING_COLUMNS,
    asked_cells,
    fact_groups,
    lead,
    leading_cells,
    leading_columns,
    pass_cells,
    several_sheets,
)
from bulktap.results.page.problem_list import problem_kinds
from bulktap.results.page.rendering import render_page
from bulktap.results.page.row_table import ColumnKind, RowTable, TableColumn, TableRow, Word, shown_rows
from bulktap.results.plan_facts import change_facts, plan_zone
from bulktap.results.plan_file.plan_json import utc_text
from bulktap.results.row_results import Standing, row_faults, run_counts, serving_number, standings, unusable_rows
from bulktap.results.run_report.run_pictures import run_pictures
from bulktap.results.run_report.run_times import run_times
from bulktap.results.wording import STANDING_WORDS, clock, counted, lasting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.run_state import ProcessSpan, RunState
    from bulktap.results.comparison import AsOf
    from bulktap.results.page.row_table import Value
    from bulktap.results.plan_facts import Facts
    from bulktap.results.run_report.run_pictures import ThrottledSteps
    from bulktap.results.run_report.run_summary import RunFacts

_ELSEWHERE = "The results workbook and the error report have all of them."

_RANKS = {standing: rank for rank, standing in enumerate(Standing)}
_MARKS: Mapping[Standing, Mark] = {
    Standing.ISSUED: Mark.PASS,
    Standing.REPLACED: Mark.REPLACE,
    Standing.MERGED: Mark.SHARE,
    Standing.SKIPPED: Mark.SKIP,
    Standing.INVALID: Mark.FAULT,
    Standing.REFUSED: Mark.FAULT,
    Standing.IN_DOUBT: Mark.DOUBT,
    Standing.NOT_SENT: Mark.WAIT,
}
_TILE_WORDS: Mapping[Standing, str] = {
    Standing.ISSUED: "issued",
    Standing.REPLACED: "issued in place of a pass that worked",
    Standing.MERGED: "share another row's pass",
    Standing.SKIPPED: "skipped",
    Standing.INVALID: "invalid, nothing sent",
    Standing.REFUSED: "refused by the service",
    Standing.IN_DOUBT: "in doubt",
    Standing.NOT_SENT: "not sent",
}
_WITHOUT = (Standing.INVALID, Standing.REFUSED, Standing.IN_DOUBT, Standing.NOT_SENT)
"""Rows that somebody wanted a pass for, and that have none."""
_ALWAYS_SHOWN = {Standing.ISSUED, Standing.REFUSED, Standing.IN_DOUBT}


def run_page(plan: Plan, state: RunState, facts: RunFacts, throttling: Sequence[ThrottledSteps] | None) -> bytes:
    """Return run.html: the page of the plan, telling what happened.

    Args:
        plan: the run's plan.
        state: what the journal says; the passcodes in it are not looked at.
        facts: who ran it and when.
        throttling: when steps were turned away, in any order; None where that is not known, and then not drawn.
    """
    several = several_sheets(plan)
    problems = _problems(plan, state, facts.as_of)
    shown, note = shown_rows(plan.rows, lambda row: bool(problems[row.number]), _ELSEWHERE)
    rows = _rows(plan, state, shown, problems, several=several)
    happened = TableColumn("What happened", ColumnKind.WORD, filtered=True)
    issued = TableColumn("Issued", ColumnKind.WORD)
    listed = [(row, problem) for row in plan.rows for problem in problems[row.number]]
    return render_page(
        Page(
            kicker="Report of a run",
            title=f"Run for {plan.roster.file}, {plan.run}",
            headline=_headline(plan, state),
            lead=lead(plan),
            banner="SIMULATED TENANT: a rehearsal. These passes open nothing." if plan.tenant.simulated else "",
            warnings=_warnings(plan, state, facts),
            tiles=_tiles(plan, state),
            key_facts=_key_facts(plan, state, facts),
            command="",
            pictures=run_pictures(plan, state, [problem for _, problem in listed], _known(throttling, state)),
            problems=problem_kinds(plan, listed),
            table=RowTable([*leading_columns(plan, several=several), happened, issued, *CLOSING_COLUMNS], rows),
            table_note=note,
            elsewhere=_ELSEWHERE,
            fact_groups=[
                *_process_facts(plan, state, facts),
                FactGroup("Plan", change_facts(plan)),
                *fact_groups(plan),
            ],
        )
    )


def _known(throttling: Sequence[ThrottledSteps] | None, state: RunState) -> Sequence[ThrottledSteps] | None:
    """Return when steps were throttled, if that is known of the whole run: of earlier processes it is not."""
    return throttling if len(state.processes) <= 1 else None


def _problems(plan: Plan, state: RunState, as_of: AsOf) -> dict[int, list[RowError]]:
    """Return what is to be said about each row: what the plan said, what sending brought, and its notes."""
    rows = {row.number: row for row in plan.rows}
    return {row.number: list(dict.fromkeys(_row_problems(row, rows, state, as_of))) for row in plan.rows}


def _row_problems(row: PlanRow, rows: dict[int, PlanRow], state: RunState, as_of: AsOf) -> list[RowError]:
    sent = state.rows.get(row.number)
    texts = [*sent.notes, waiting_note(sent, state, as_of)] if sent is not None else []
    notes = [RowError(RowErrorCode.NOTE, text, "", severity=Severity.WARNING) for text in texts if text]
    return [*row.problems, *row_faults(row, rows, state), *notes]


def _rows(
    plan: Plan,
    state: RunState,
    shown: Sequence[PlanRow],
    problems: Mapping[int, Sequence[RowError]],
    *,
    several: bool,
) -> list[TableRow]:
    found, shape = standings(plan, state), _clock_shape(plan, state)
    words = {standing: Word(STANDING_WORDS[standing], _RANKS[standing], _MARKS[standing]) for standing in Standing}
    return [
        TableRow(
            [
                *leading_cells(plan, row, several=several),
                words[found[row.number]],
                *_pass_cells(plan, row, _created(row, state) if found[row.number].has_pass else None, shape),
            ],
            problems[row.number],
        )
        for row in shown
    ]


def _created(row: PlanRow, state: RunState) -> AccessPass | None:
    sent = state.rows.get(serving_number(row))
    return sent.issued.access_pass if sent is not None and sent.issued is not None else None


def _clock_shape(plan: Plan, state: RunState) -> str:
    """Return how moments of issuing are shown: the day only where there are several."""
    passes = [sent.issued.access_pass for sent in state.rows.values() if sent.issued is not None]
    zone = plan_zone(plan)
    days = {one.created_at.astimezone(zone).date() for one in passes if one.created_at is not None}
    return "%H:%M:%S" if len(days) <= 1 else "%Y-%m-%d %H:%M:%S"


def _pass_cells(plan: Plan, row: PlanRow, created: AccessPass | None, shape: str) -> list[Value]:
    if created is None:
        return [None, *asked_cells(plan, row)]
    zone = plan_zone(plan)
    at = created.created_at
    issued = None if at is None else Word(at.astimezone(zone).strftime(shape), utc_text(at))
    return [issued, *pass_cells(created.starts_at, created.lifetime_minutes, created.usable_once, zone)]


def _headline(plan: Plan, state: RunState) -> str:
    counts = run_counts(plan, state)
    issued = counts[Standing.ISSUED.value] + counts[Standing.REPLACED.value]
    planned = sum(row.action.creates for row in plan.rows)
    without = sum(counts[standing.value] for standing in _WITHOUT)
    if issued == planned and without:
        passes = counted(issued, "pass", "passes")
        have = counted(without, "row has", "rows have")
        return f"{passes} issued, as planned; {have} none" if issued else f"No pass was issued; {have} none"
    if issued == planned:
        return f"{counted(issued, 'pass', 'passes')} issued, as planned" if issued else "No pass was issued, as planned"
    return f"{issued:,} of {counted(planned, 'planned pass', 'planned passes')} issued"


def _tiles(plan: Plan, state: RunState) -> list[Tile]:
    counts = run_counts(plan, state)
    shown = [standing for standing in Standing if counts[standing.value] or standing in _ALWAYS_SHOWN]
    return [Tile(counts[standing.value], _TILE_WORDS[standing], _MARKS[standing]) for standing in shown]


def _warnings(plan: Plan, state: RunState, facts: RunFacts) -> list[str]:
    warnings = []
    comparison = comparison_line(state, facts.as_of)
    if not state.closed and facts.as_of.comparing:
        warnings.append(f"Every row is done. To be compared with the tenant once more: {comparison}.")
    elif not state.closed:
        warnings.append(f"The run is not finished. Finish it with: bulktap resume {plan.to_type}")
    unusable = unusable_rows(plan, state)
    if unusable:
        who = counted(len(unusable), "pass was issued and does", "passes were issued and do")
        first = plan.user_text(unusable[0])
        warnings.append(f"{who} not work; check that the tenant's policy includes these users. First: {first}.")
    doubtful = run_counts(plan, state)[Standing.IN_DOUBT.value]
    if doubtful:
        who = counted(doubtful, "row is", "rows are")
        warnings.append(f"{who} in doubt: a pass may exist whose passcode nobody has. What to do stands with each.")
    return warnings


def _key_facts(plan: Plan, state: RunState, facts: RunFacts) -> Facts:
    times = run_times(state, facts)
    unfinished = "Comparing" if facts.as_of.comparing else "Not finished"
    return [
        ("State", "Finished" if state.closed else unfinished),
        ("Carried out by", facts.operator),
        ("Began", _at(times.started_at, plan)),
        *([("Ended", _at(times.finished_at, plan))] if times.finished_at else []),
        ("Took", lasting(times.seconds)),
        ("Steps turned away (throttled)", f"{times.throttled_steps:,}"),
        *([("Exit code", str(facts.exit_code))] if facts.exit_code is not None else []),
        ("bulktap", facts.bulktap_version),
        *(fact for fact in change_facts(plan) if fact[0] in {"Run", "Digest", "Ticket"}),
    ]


def _at(moment: datetime, plan: Plan) -> str:
    return f"{clock(moment, plan_zone(plan))} ({plan.settings.timezone})"


def _process_facts(plan: Plan, state: RunState, facts: RunFacts) -> list[FactGroup]:
    """Return how each process that worked on the run ended; nothing where no more is known than the key facts say."""
    processes = run_times(state, facts).processes
    if not processes:
        return []
    return [FactGroup("Processes", [_process_fact(span, plan) for span in processes])]


def _process_fact(span: ProcessSpan, plan: Plan) -> tuple[str, str]:
    zone = plan_zone(plan)
    label = f"From {clock(span.began, zone)}" if span.began else "Before"
    until = f"until {clock(span.ended, zone)} ({lasting(span.seconds)})" if span.ended else ""
    throttled = f"{counted(span.throttled, 'step', 'steps')} throttled" if span.throttled else ""
    how = span.how or "comparing when this was written"
    return label, "; ".join(part for part in (span.process, until, how, throttled) if part)
