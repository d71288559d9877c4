"""The words for a plan before it is carried out, and for a run after it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulktap.cli.console import duration
from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode
from bulktap.storage.output_files import usual_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from bulktap.model.plan import Forecast, Plan, PlanRow, TenantInfo
    from bulktap.model.row_errors import RowError
    from bulktap.operations.hand_back import HandedBack
    from bulktap.operations.plan_roster import PlannedRun

_MOST_NAMES = 10
_MOST_PROBLEMS = 5

_COUNT_WORDS = {
    "issued": "issued",
    "replaced": "issued in place of an earlier pass",
    "merged": "share the pass of another row",
    "skipped": "skipped",
    "invalid": "invalid, nothing sent",
    "refused": "refused by the service",
    "in_doubt": "in doubt",
    "not_sent": "not sent yet",
}


def plan_lines(plan: Plan, zone: ZoneInfo, gone: int = 0) -> list[str]:
    """Return what the plan would do, one line each: tenant, counts, who is replaced, times.

    Args:
        plan: what was planned.
        zone: the zone of times.
        gone: how many of its passes are not issued after all.
    """
    counts = plan.counts()
    creating = list(plan.creating())
    skipped = [row for row in plan.rows if row.action is Action.SKIP]
    left_out = [row for row in skipped if _is_left_out(row)]
    passed_by = [row for row in skipped if not _is_left_out(row)]
    lines = [
        f"Tenant     {plan.tenant.label if plan.tenant.tenant_id else 'not asked (--offline)'}",
        f"Roster     {plan.roster.file}"
        + (f", sheet {plan.roster.sheet}" if plan.roster.sheet else "")
        + f", {many(len(plan.rows), 'row', 'rows')}",
        f"Issue      {many(counts[Action.ISSUE] + counts[Action.REPLACE], 'pass', 'passes')}",
    ]
    if counts[Action.MERGE]:
        lines.append(f"           {many(counts[Action.MERGE], 'more row shares', 'more rows share')} one of them")
    if gone:
        lines.append(f"           {many(gone, 'of them is', 'of them are')} not issued after all, see above")
    replaced = [row for row in plan.rows if row.action is Action.REPLACE]
    if replaced:
        lines.append(f"Replace    {len(replaced)}, in place of passes that work now: {_names(replaced)}")
    if passed_by:
        why = " of users with a pass that works" if all(_has_pass(row) for row in passed_by) else ""
        lines.append(f"Skip       {many(len(passed_by), 'row', 'rows')}{why}: {_names(passed_by)}")
    if left_out:
        lines.append(f"Leave out  {many(len(left_out), 'row', 'rows')}, because of --only or --limit")
    if counts[Action.REFUSE]:
        lines.append(f"Refuse     {many(counts[Action.REFUSE], 'row that needs', 'rows that need')} mending")
    if creating:
        lines.append(f"Start      {_starts(creating, zone)}")
        lines.append(f"Lifetime   {_longest(creating, plan)}")
        if plan.forecast is not None:
            lines.append(f"Duration   {_takes(plan.forecast)}")
    return lines


def _takes(forecast: Forecast) -> str:
    low, high = duration(forecast.seconds_low), duration(forecast.seconds_high)
    if forecast.seconds_low == forecast.seconds_high:
        return f"about {high}. {forecast.assumption}"
    if low == high:
        return f"about {high}"
    return f"between {low} and {high}, depending on how much the service allows (--assume names a limit)"


def many(count: int, one: str, more: str) -> str:
    """Return a count with its word."""
    return f"{count} {one if count == 1 else more}"


def _is_left_out(row: PlanRow) -> bool:
    """Whether nothing but the operator's choice of rows keeps the row from a pass."""
    return any(problem.code is RowErrorCode.NOT_SELECTED for problem in row.problems)


def _has_pass(row: PlanRow) -> bool:
    """Whether the row is skipped for a pass that its user has."""
    return any(problem.code is RowErrorCode.HAS_LIVE_PASS for problem in row.problems)


def _names(rows: Sequence[PlanRow]) -> str:
    users = [row.request.user.text if row.request else f"row {row.source.number}" for row in rows]
    more = f" and {len(users) - _MOST_NAMES} more" if len(users) > _MOST_NAMES else ""
    return ", ".join(users[:_MOST_NAMES]) + more


def _starts(rows: Sequence[PlanRow], zone: ZoneInfo) -> str:
    starts = sorted(row.request.terms.starts_at for row in rows if row.request and row.request.terms.starts_at)
    at_once = sum(1 for row in rows if row.request and row.request.terms.starts_at is None)
    if not starts:
        return "at once"
    span = _moment(starts[0], zone)
    if starts[-1] != starts[0]:
        span = f"{span} to {_moment(starts[-1], zone)}"
    return f"{span} ({zone.key})" + (f"; {at_once} at once" if at_once else "")


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _longest(rows: Sequence[PlanRow], plan: Plan) -> str:
    default = plan.policy.default_lifetime_minutes if plan.policy else None
    minutes = [row.request.terms.lifetime_minutes or default for row in rows if row.request]
    known = [one for one in minutes if one is not None]
    if not known:
        return "the tenant's default"
    unknown = " (some rows take the tenant's default, which could not be read)" if len(known) < len(minutes) else ""
    return f"at most {duration(max(known) * 60)}{unknown}"


def problem_lines(plan: Plan, *, every: bool) -> list[str]:
    """Return what is wrong with rows, most frequent kinds first, or every single problem."""
    return _fault_lines(
        [(row, problem) for row in plan.rows for problem in row.problems if problem.refuses], every=every
    )


def left_out_lines(plan: Plan, left_out: Mapping[int, RowError], *, every: bool) -> list[str]:
    """Return, likewise, which rows of a saved plan get no pass after all."""
    return _fault_lines([(row, left_out[row.number]) for row in plan.rows if row.number in left_out], every=every)


def blocked_lines(notes: Mapping[int, str]) -> list[str]:
    """Return which accounts were blocked since a saved plan was made."""
    more = len(notes) - _MOST_PROBLEMS
    lines = [f"Note: {note}" for note in list(notes.values())[:_MOST_PROBLEMS]]
    return [*lines, f"Note: The same goes for {many(more, 'more account', 'more accounts')}."] if more > 0 else lines


def _fault_lines(found: Sequence[tuple[PlanRow, RowError]], *, every: bool) -> list[str]:
    if every or len(found) <= _MOST_PROBLEMS:
        return [line for row, problem in found for line in _lines_of_problem(row, problem)]
    lines = []
    for code, count in Counter(problem.code for _, problem in found).most_common(_MOST_PROBLEMS):
        row, problem = next((row, problem) for row, problem in found if problem.code is code)
        lines.append(f"  {count} x {code}, first in row {row.source.number}: {problem.message}")
        lines.append(f"      {problem.hint}")
    return lines


def _lines_of_problem(row: PlanRow, problem: RowError) -> list[str]:
    sheet = f"{row.source.sheet}, " if row.source.sheet else ""
    heading = f", {problem.column}" if problem.column else ""
    return [
        f"  {sheet}row {row.source.number}{heading} [{problem.code}]: {problem.message}",
        f"      {problem.hint}",
    ]


def dry_run_lines(planned: PlannedRun) -> list[str]:
    """Return what a plan came to: counts, where things are, and how it is carried out."""
    counts = planned.plan.counts()
    creates = counts[Action.ISSUE] + counts[Action.REPLACE]
    lines = [
        (
            f"{many(creates, 'pass', 'passes')} would be issued, {counts[Action.REPLACE]} of them in place of one that "
            f"works; {many(counts[Action.SKIP], 'row', 'rows')} skipped, {counts[Action.REFUSE]} refused. "
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
        many(counts["rows"], "row", "rows"),
        *(f"  {counts[key]} {words}" for key, words in _COUNT_WORDS.items() if counts[key]),
        *_unusable_lines(done.unusable),
        *file_lines(done.files, counts),
    ]


def _unusable_lines(users: Sequence[str]) -> list[str]:
    if not users:
        return []
    which = many(len(users), "pass was issued and does", "passes were issued and do")
    remedy = "check that the tenant's policy for passes includes these users"
    return [f"  {which} not work ({remedy}); first: {users[0]}"]


def file_lines(files: Iterable[Path], counts: Mapping[str, int]) -> list[str]:
    """Return where things are, for people."""
    to_mend = counts["invalid"] or counts["refused"]
    words = {
        "results.xlsx": "The passcodes, encrypted: open it in Excel with the passphrase",
        "errors.xlsx": "Rows to mend: correct them there and feed the file back in"
        if to_mend
        else "Rows in doubt, and what to do about each",
        "plan.html": "The plan, to read and sign off",
        "run.html": "What happened, to read and pass on (no passcodes)",
    }
    named = [(words.get(usual_name(path.name)), path) for path in files]
    return [line for word, path in named if word is not None for line in (f"{word}:", f"  {path}")]
