"""The words for a plan before it is carried out, and for a run after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.plan import Action
from bulktap.model.row_ranges import row_ranges
from bulktap.results.wording import RESULT_WORDS, counted
from bulktap.storage.output_files import usual_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from bulktap.model.plan import Plan, PlanRow, TenantInfo
    from bulktap.model.row_errors import RowError, RowErrorCode
    from bulktap.operations.hand_back import HandedBack
    from bulktap.operations.planned_run import PlannedRun

_MOST_PROBLEMS = 5


def problem_lines(plan: Plan, *, every: bool) -> list[str]:
    """Return what is wrong with rows, equal problems on one line; where these are many, the most frequent kinds."""
    return _fault_lines(
        [(row, problem) for row in plan.rows for problem in row.problems if problem.refuses], plan, every=every
    )


def left_out_lines(plan: Plan, left_out: Mapping[int, RowError], *, every: bool) -> list[str]:
    """Return, likewise, which rows of a saved plan get no pass after all."""
    return _fault_lines([(row, left_out[row.number]) for row in plan.rows if row.number in left_out], plan, every=every)


def blocked_lines(notes: Mapping[int, str]) -> list[str]:
    """Return which accounts were blocked since a saved plan was made."""
    more = len(notes) - _MOST_PROBLEMS
    lines = [f"Note: {note}" for note in list(notes.values())[:_MOST_PROBLEMS]]
    return [*lines, f"Note: The same goes for {counted(more, 'more account', 'more accounts')}."] if more > 0 else lines


def _fault_lines(found: Sequence[tuple[PlanRow, RowError]], plan: Plan, *, every: bool) -> list[str]:
    """Return a line for rows with one and the same fault; where there are many of these, a line for each kind."""
    several = len({row.source.file for row in plan.rows}) > 1
    alike: dict[RowError, list[PlanRow]] = {}
    kinds: dict[RowErrorCode, list[tuple[PlanRow, RowError]]] = {}
    for row, problem in found:
        alike.setdefault(problem, []).append(row)
        kinds.setdefault(problem.code, []).append((row, problem))
    if every or len(alike) <= _MOST_PROBLEMS:
        return [
            line for problem, rows in alike.items() for line in _lines_of_problem(rows, problem, several_files=several)
        ]
    lines = []
    for code, faults in sorted(kinds.items(), key=lambda kind: -len(kind[1]))[:_MOST_PROBLEMS]:
        _, first = faults[0]
        where = _where([row for row, _ in faults], several_files=several)
        lines += [f"  {len(faults):,} x {code}, {where}; first: {first.message}"]
        lines += [f"      {first.hint}"]
    more = sum(len(faults) for faults in kinds.values()) - sum(sorted(map(len, kinds.values()))[-_MOST_PROBLEMS:])
    if more:
        lines.append(f"  {counted(more, 'more fault', 'more faults')} of other kinds: --verbose shows all")
    return lines


def _lines_of_problem(rows: Sequence[PlanRow], problem: RowError, *, several_files: bool) -> list[str]:
    heading = f", {problem.column}" if problem.column else ""
    return [
        f"  {_where(rows, several_files=several_files)}{heading} [{problem.code}]: {problem.message}",
        f"      {problem.hint}",
    ]


def _where(rows: Sequence[PlanRow], *, several_files: bool) -> str:
    """Return which rows these are; the sheet stands before them, and the file where there are several."""
    places = {row.source.place for row in rows}
    if len(places) > 1:
        return row_ranges(row.source.key for row in rows)
    (place,) = places
    before = f"{place.file}, " if several_files else ""
    before += f"{place.sheet}, " if place.sheet else ""
    return before + row_ranges(row.source.key for row in rows)


def dry_run_lines(planned: PlannedRun) -> list[str]:
    """Return what a plan came to: counts, where things are, and how it is carried out."""
    counts = planned.plan.counts()
    creates = counts[Action.ISSUE] + counts[Action.REPLACE]
    lines = [
        (
            f"{counted(creates, 'pass', 'passes')} would be issued, {counts[Action.REPLACE]} of them in place of one "
            f"that works; {counted(counts[Action.SKIP], 'row', 'rows')} skipped, {counts[Action.REFUSE]} refused. "
            "Nothing was issued."
        ),
        *file_lines(planned.files, planned.counts),
    ]
    if planned.can_be_carried_out:
        lines.append(f"To carry it out: bulktap apply {planned.folder.to_type}")
    return lines


def closing_lines(tenant: TenantInfo, done: HandedBack) -> list[str]:
    """Return what a run came to: the tenant, the counts that are not zero, and where things are."""
    counts = done.counts
    return [
        f"Tenant: {tenant.label}",
        counted(counts["rows"], "row", "rows"),
        *(f"  {counts[result]} {words.within}" for result, words in RESULT_WORDS.items() if counts[result]),
        *_unusable_lines(done.unusable),
        *file_lines(done.files, counts),
    ]


def _unusable_lines(users: Sequence[str]) -> list[str]:
    if not users:
        return []
    which = counted(len(users), "pass was issued and does", "passes were issued and do")
    why = "the workbook's notes say why; mostly the tenant's policy for passes does not include these users"
    return [f"  {which} not work ({why}); first: {users[0]}"]


def file_lines(files: Iterable[Path], counts: Mapping[str, int]) -> list[str]:
    """Return where things are, for people."""
    to_fix = counts["invalid"] or counts["refused"]
    words = {
        "results.xlsx": "The passcodes, encrypted: open it in Excel with the passphrase",
        "errors.xlsx": "Rows to fix: correct them there and give that file to `bulktap apply`"
        if to_fix
        else "Rows in doubt, and what to do about each",
        "plan.html": "The plan, to read and sign off",
        "run.html": "What happened, to read and pass on (no passcodes)",
    }
    named = [(words.get(usual_name(path.name)), path) for path in files]
    return [line for word, path in named if word is not None for line in (f"{word}:", f"  {path}")]
