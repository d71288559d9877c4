"""The words for a plan before it is carried out, and for a run after it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulktap.cli.console import duration, visible
from bulktap.plan import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from bulktap.plan import Forecast, Plan, PlanRow

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


def plan_lines(plan: Plan, zone: ZoneInfo) -> list[str]:
    """Return what the plan would do, one line each: tenant, counts, who is replaced, times."""
    counts = plan.counts()
    creating = list(plan.creating())
    lines = [
        f"Tenant     {plan.tenant.label if plan.tenant.tenant_id else 'not asked (--offline)'}",
        f"Roster     {visible(plan.roster.file)}"
        + (f", sheet {visible(plan.roster.sheet)}" if plan.roster.sheet else "")
        + f", {len(plan.rows)} rows",
        f"Issue      {counts[Action.ISSUE] + counts[Action.REPLACE]} passes",
    ]
    if counts[Action.MERGE]:
        lines.append(f"           {counts[Action.MERGE]} more rows share one of them")
    lines += _line_if(counts[Action.REPLACE], "Replace ", "passes that work now: ", _names(plan.rows, Action.REPLACE))
    lines += _line_if(counts[Action.SKIP], "Skip    ", "rows: ", _names(plan.rows, Action.SKIP))
    lines += _line_if(counts[Action.REFUSE], "Refuse  ", "rows that need mending", "")
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
    return f"between {low} and {high}, depending on how much the service allows (--assume names a limit)"


def _line_if(count: int, label: str, words: str, names: str) -> list[str]:
    return [f"{label}   {count} {words}{names}"] if count else []


def _names(rows: Iterable[PlanRow], action: Action) -> str:
    users = [
        row.request.user.text if row.request else f"row {row.source.number}" for row in rows if row.action is action
    ]
    more = f" and {len(users) - _MOST_NAMES} more" if len(users) > _MOST_NAMES else ""
    return visible(", ".join(users[:_MOST_NAMES])) + more


def _starts(rows: Sequence[PlanRow], zone: ZoneInfo) -> str:
    starts = sorted(row.request.starts_at for row in rows if row.request and row.request.starts_at)
    at_once = sum(1 for row in rows if row.request and row.request.starts_at is None)
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
    minutes = [row.request.lifetime_minutes or default for row in rows if row.request]
    known = [one for one in minutes if one is not None]
    if not known:
        return "the tenant's default"
    unknown = " (some rows take the tenant's default, which could not be read)" if len(known) < len(minutes) else ""
    return f"at most {duration(max(known) * 60)}{unknown}"


def problem_lines(plan: Plan, *, every: bool) -> list[str]:
    """Return what is wrong with rows, most frequent kinds first, or every single problem."""
    found = [(row, problem) for row in plan.rows for problem in row.problems if problem.refuses]
    if every or len(found) <= _MOST_PROBLEMS:
        return [
            _problem_line(row, problem.column, problem.code, problem.message, problem.hint) for row, problem in found
        ]
    lines = []
    for code, count in Counter(problem.code for _, problem in found).most_common(_MOST_PROBLEMS):
        row, problem = next((row, problem) for row, problem in found if problem.code is code)
        lines.append(f"  {count} x {code}, first in row {row.source.number}: {visible(problem.message)}")
        lines.append(f"      {visible(problem.hint)}")
    return lines


def _problem_line(row: PlanRow, column: str | None, code: str, message: str, hint: str) -> str:
    sheet = f"{visible(row.source.sheet)}, " if row.source.sheet else ""
    heading = f", {visible(column)}" if column else ""
    return f"  {sheet}row {row.source.number}{heading} [{code}]: {visible(message)}\n      {visible(hint)}"


def count_lines(counts: dict[str, int]) -> list[str]:
    """Return the counts of a run in words, without those that are zero."""
    return [
        f"{counts['rows']} rows",
        *(f"  {counts[key]} {words}" for key, words in _COUNT_WORDS.items() if counts[key]),
    ]


def file_lines(files: Iterable[Path]) -> list[str]:
    """Return where things are, for people."""
    words = {
        "results.xlsx": "The passcodes, encrypted: open it in Excel with the passphrase",
        "errors.xlsx": "Rows to mend: correct them there and feed the file back in",
        "plan.html": "The plan, to read and sign off",
        "run.html": "What happened, to read and pass on (no passcodes)",
    }
    return [f"{words[path.name]}:\n  {path}" for path in files if path.name in words]
