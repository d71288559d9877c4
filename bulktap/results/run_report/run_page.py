"""run.html: what became of a plan, for those who signed it off; no passcode in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.row_error_catalogue import about_cells
from bulktap.model.utc_times import utc_text
from bulktap.results.comparison import comparison_line, waiting_note
from bulktap.results.figures import Mark
from bulktap.results.output import Output
from bulktap.results.output_names import RUN_PAGE_NAME
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
    worth_knowing,
)
from bulktap.results.page.problem_list import ProblemList
from bulktap.results.page.rendering import render_page
from bulktap.results.page.row_table import ColumnKind, RowTable, TableColumn, TableRow, Word, shown_rows
from bulktap.results.plan_facts import change_facts
from bulktap.results.row_results import RowResult, serving_number
from bulktap.results.run_report.run_pictures import run_pictures
from bulktap.results.wording import RESULT_WORDS, clock, counted, lasting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.row_errors import RowError
    from bulktap.model.run_state import ProcessSpan
    from bulktap.results.page.content import ProblemSection
    from bulktap.results.page.row_table import Value
    from bulktap.results.plan_facts import Facts
    from bulktap.results.run_view import RunView

_ELSEWHERE = "The results workbook and the error report have all of them."

_RANKS = {result: rank for rank, result in enumerate(RowResult)}
_MARKS: Mapping[RowResult, Mark] = {
    RowResult.ISSUED: Mark.PASS,
    RowResult.REPLACED: Mark.REPLACE,
    RowResult.MERGED: Mark.SHARE,
    RowResult.SKIPPED: Mark.SKIP,
    RowResult.INVALID: Mark.FAULT,
    RowResult.REFUSED: Mark.FAULT,
    RowResult.IN_DOUBT: Mark.DOUBT,
    RowResult.NOT_SENT: Mark.WAIT,
}
_WITHOUT = (RowResult.INVALID, RowResult.REFUSED, RowResult.IN_DOUBT, RowResult.NOT_SENT)
"""Rows that somebody wanted a pass for, and that have none."""
_ALWAYS_SHOWN = {RowResult.ISSUED, RowResult.REFUSED, RowResult.IN_DOUBT}


def run_page(view: RunView) -> bytes:
    """Return run.html: the page of the plan, telling what happened; the passcodes in the state are not looked at."""
    plan, rows = view.plan, view.of_rows(_page_rows)
    sentences, pictures = run_pictures(view)
    return render_page(
        Page(
            kicker="Report of a run",
            title=f"Run for {plan.roster.file}, {plan.run}",
            headline=_headline(view),
            lead=lead(plan),
            banner="SIMULATED TENANT: a rehearsal. These passes open nothing." if plan.tenant.simulated else "",
            warnings=_warnings(view),
            tiles=_tiles(view),
            key_facts=_key_facts(view),
            command="",
            problems=rows.problems,
            sentences=sentences,
            pictures=pictures,
            table=rows.table,
            table_note=rows.table_note,
            elsewhere=_ELSEWHERE,
            fact_groups=[
                *_process_facts(view),
                FactGroup("Plan", change_facts(view)),
                *fact_groups(plan),
                *([FactGroup("Worth knowing", worth_knowing(plan))] if plan.notes else []),
            ],
        )
    )


@dataclass(frozen=True, slots=True)
class _PageRows:
    """What the page says of the rows."""

    problems: Sequence[ProblemSection]
    table: RowTable
    table_note: str
    """What the table leaves out; none if empty."""


def _page_rows(view: RunView) -> _PageRows:
    plan = view.plan
    several = several_sheets(plan)
    problems = {row.number: list(dict.fromkeys(_row_problems(row, view))) for row in plan.rows}
    shown, note = shown_rows(plan.rows, lambda row: bool(problems[row.number]), _ELSEWHERE)
    rows = _rows(view, shown, problems, several=several)
    happened = TableColumn("What happened", ColumnKind.WORD, filtered=True)
    issued = TableColumn("Issued", ColumnKind.WORD)
    listed = [(row, problem) for row in plan.rows for problem in problems[row.number]]
    found = ProblemList(plan, listed, lambda row: view.results[row.number].has_pass)
    return _PageRows(
        [found.of_unserved("Who has no pass, and why"), *found.of_served("Notes on people who have one")],
        RowTable([*leading_columns(plan, several=several), happened, issued, *CLOSING_COLUMNS], rows),
        note,
    )


def _row_problems(row: PlanRow, view: RunView) -> list[RowError]:
    """Return what is to be said about a row: what the plan said, what sending brought, and its notes."""
    sent = view.state.rows.get(row.number)
    texts = [*sent.notes, waiting_note(sent, view.state, view.facts.as_of, view.zone)] if sent is not None else []
    notes = [about_cells.note(text, "") for text in texts if text]
    return [*row.problems, *view.faults(row), *notes]


def _rows(
    view: RunView, shown: Sequence[PlanRow], problems: Mapping[int, Sequence[RowError]], *, several: bool
) -> list[TableRow]:
    found, shape = view.results, _clock_shape(view)
    words = {result: Word(RESULT_WORDS[result].word, _RANKS[result], _MARKS[result]) for result in RowResult}
    return [
        TableRow(
            [
                *leading_cells(view.plan, row, several=several),
                words[found[row.number]],
                *_pass_cells(view, row, _created(row, view) if found[row.number].has_pass else None, shape),
            ],
            problems[row.number],
        )
        for row in shown
    ]


def _created(row: PlanRow, view: RunView) -> AccessPass | None:
    sent = view.state.rows.get(serving_number(row))
    return sent.issued.access_pass if sent is not None and sent.issued is not None else None


def _clock_shape(view: RunView) -> str:
    """Return how moments of issuing are shown: the day only where there are several."""
    passes = [sent.issued.access_pass for sent in view.state.rows.values() if sent.issued is not None]
    days = {one.created_at.astimezone(view.zone).date() for one in passes if one.created_at is not None}
    return "%H:%M:%S" if len(days) <= 1 else "%Y-%m-%d %H:%M:%S"


def _pass_cells(view: RunView, row: PlanRow, created: AccessPass | None, shape: str) -> list[Value]:
    if created is None:
        return [None, *asked_cells(view.plan, row)]
    at = created.created_at
    issued = None if at is None else Word(at.astimezone(view.zone).strftime(shape), utc_text(at))
    return [issued, *pass_cells(created.starts_at, created.lifetime_minutes, created.usable_once, view.zone)]


def _headline(view: RunView) -> str:
    """Return how many people have a pass of those who should have one, and what is left to be done about the others."""
    counts, plan = view.counts, view.plan
    served = {_person(row, plan) for row in plan.rows if view.results[row.number].has_pass}
    wanted = served | {_person(row, plan) for row in plan.rows if view.results[row.number] in _WITHOUT}
    if not wanted:
        return "No pass was to be issued"
    headline = f"{len(served):,} of {counted(len(wanted), 'person has', 'people have')} a pass"
    to_do = [
        counted(number, *words)
        for words, number in (
            (("row needs fixing", "rows need fixing"), counts["invalid"] + counts["refused"]),
            (("row is in doubt", "rows are in doubt"), counts["in_doubt"]),
            (("row is not sent yet", "rows are not sent yet"), counts["not_sent"]),
        )
        if number
    ]
    return f"{headline}; {', '.join(to_do)}" if to_do else headline


def _person(row: PlanRow, plan: Plan) -> str:
    """Return what tells people apart, as far as it is known; several rows may be of one person."""
    return (row.object_id or plan.user_text(row)).strip().casefold() or f"row {row.number}"


def _tiles(view: RunView) -> list[Tile]:
    counts = view.counts
    shown = [result for result in RowResult if counts[result.value] or result in _ALWAYS_SHOWN]
    return [Tile(counts[result.value], RESULT_WORDS[result].within, _MARKS[result]) for result in shown]


def _warnings(view: RunView) -> list[str]:
    warnings = []
    plan, state, as_of = view.plan, view.state, view.facts.as_of
    comparison = comparison_line(state, as_of, view.zone)
    if not state.closed and as_of.comparing:
        warnings.append(f"Every row is done. To be compared with the tenant once more: {comparison}.")
    elif not state.closed:
        warnings.append(f"The run is not finished. Finish it with: bulktap resume {plan.to_type}")
    unusable = view.unusable
    if unusable:
        who = counted(len(unusable), "pass was issued and does", "passes were issued and do")
        first = plan.user_text(unusable[0])
        warnings.append(f"{who} not work; the workbook's notes say why, mostly the tenant's policy. First: {first}.")
    doubtful = view.counts[RowResult.IN_DOUBT.value]
    if doubtful:
        who = counted(doubtful, "row is", "rows are")
        warnings.append(f"{who} in doubt: a pass may exist whose passcode nobody has. What to do stands with each.")
    return warnings


def _key_facts(view: RunView) -> Facts:
    facts, times = view.facts, view.times
    unfinished = "Comparing" if facts.as_of.comparing else "Not finished"
    return [
        ("State", "Finished" if view.state.closed else unfinished),
        ("Carried out by", facts.operator),
        ("Began", _at(times.started_at, view)),
        *([("Ended", _at(times.finished_at, view))] if times.finished_at else []),
        ("Took", lasting(times.seconds)),
        ("Throttled steps", f"{times.throttled_steps:,}"),
        *([("Exit code", str(facts.exit_code))] if facts.exit_code is not None else []),
        ("bulktap", facts.bulktap_version),
        *(fact for fact in change_facts(view) if fact[0] in {"Run", "Digest", "Ticket"}),
    ]


def _at(moment: datetime, view: RunView) -> str:
    return f"{clock(moment, view.zone)} ({view.zone.key})"


def _process_facts(view: RunView) -> list[FactGroup]:
    """Return how each process that worked on the run ended; nothing where no more is known than the key facts say."""
    processes = view.times.processes
    if not processes:
        return []
    return [FactGroup("Processes", [_process_fact(span, view.zone) for span in processes])]


def _process_fact(span: ProcessSpan, zone: ZoneInfo) -> tuple[str, str]:
    label = f"From {clock(span.began, zone)}" if span.began else "Before"
    until = f"until {clock(span.ended, zone)} ({lasting(span.seconds)})" if span.ended else ""
    throttled = f"{counted(span.throttled, 'step', 'steps')} throttled" if span.throttled else ""
    how = span.how or "comparing when this was written"
    return label, "; ".join(part for part in (span.process, until, how, throttled) if part)


RUN_PAGE: Output[RunView] = Output(RUN_PAGE_NAME, run_page)
"""run.html: what happened, to read and pass on."""
