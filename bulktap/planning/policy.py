"""What the tenant's policy says about a row: faults that only it knows, and its figures in the hints of others; pure.

A row that is refused already is judged like all others, as far as it could be read: all that is wrong with a row is
said at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.plan import Action, Field
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.setting_names import Setting
from bulktap.planning.same_user import refused
from bulktap.roster.cell_values import as_text
from bulktap.roster.rows.lifetimes import with_minutes

if TYPE_CHECKING:
    from bulktap.model.pass_terms import PassTerms
    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import PlanRow, RosterColumns

_LIFETIME_FAULTS = {RowErrorCode.LIFETIME_MALFORMED, RowErrorCode.LIFETIME_OUT_OF_RANGE}
_EXAMPLE_MINUTES = 480  # a working day, where the tenant allows it


def decide_by_policy(row: PlanRow, asked: PassTerms, policy: PassPolicy | None, columns: RosterColumns) -> PlanRow:
    """Refuse what the tenant's policy is known to refuse, before anything is sent; complete the hints of a refusal."""
    if policy is None or not (row.action is Action.ISSUE or row.action is Action.REFUSE):
        return row
    if row.problems:
        row = replace(row, problems=tuple([_completed(problem, policy) for problem in row.problems]))
    problems = [
        *_lifetime_problem(row, asked.lifetime_minutes, policy, columns),
        *_one_time_problem(row, asked.usable_once, policy, columns),
    ]
    return refused(row, *problems) if problems else row


def _completed(problem: RowError, policy: PassPolicy) -> RowError:
    """Return the problem with this tenant's figures in its hint, where it says what to choose."""
    if problem.code in _LIFETIME_FAULTS:
        # Two ranges in one row, this tenant's and that of all tenants, are one too many.
        return about_passes.with_tenants_range(problem, allowed_range(policy), _examples(policy))
    if problem.code is RowErrorCode.ONE_TIME_MALFORMED and policy.forces_one_time:
        return about_passes.with_one_time_only(problem)
    return problem


def _lifetime_problem(row: PlanRow, minutes: int | None, policy: PassPolicy, columns: RosterColumns) -> list[RowError]:
    if minutes is None or policy.minimum_lifetime_minutes <= minutes <= policy.maximum_lifetime_minutes:
        return []
    cell, end = typed(row, Field.LIFETIME, columns), typed(row, Field.END, columns)
    if end and not cell:
        shown = f"From the start to the end {end}, {minutes:,} minutes,"
        hint = f"Write an end that comes {allowed_range(policy)} after the start (this tenant's policy)"
        error = about_passes.lifetime_outside_policy(shown, allowed_range(policy), hint)
        return [replace(error, column=columns.heading(Field.END))]
    if cell:
        shown = with_minutes(cell, minutes)
        hint = f"Choose {allowed_range(policy)} (this tenant's policy), such as {_examples(policy)}"
    else:
        shown = f"The lifetime of {minutes:,} minutes"
        again = f"run bulktap again with {Setting.LIFETIME.to(_usual(policy))}"
        hint = _first_the_cell(f"Write {allowed_range(policy)} into the cell", again, Field.LIFETIME, columns)
    error = about_passes.lifetime_outside_policy(shown, allowed_range(policy), hint)
    return [replace(error, column=columns.heading(Field.LIFETIME))]


def _one_time_problem(
    row: PlanRow, usable_once: bool | None, policy: PassPolicy, columns: RosterColumns
) -> list[RowError]:
    if usable_once is not False or not policy.forces_one_time:
        return []
    if typed(row, Field.ONE_TIME, columns):
        hint = "Write yes or leave the cell empty"
    else:
        again = f"run bulktap again without {Setting.MULTI_USE}"
        hint = _first_the_cell("Write yes into the cell", again, Field.ONE_TIME, columns)
    return [replace(about_passes.one_time_forced(hint), column=columns.heading(Field.ONE_TIME))]


def _first_the_cell(write: str, again: str, field: Field, columns: RosterColumns) -> str:
    """Return what to do about an option that does not suit the tenant; there may be no cell that could overrule it."""
    return f"{again[0].upper()}{again[1:]}" if columns.index(field) is None else f"{write}, or {again}"


def typed(row: PlanRow, field: Field, columns: RosterColumns) -> str:
    """Return what the row's own cell says; empty where an option asked for it."""
    column = columns.index(field)
    return "" if column is None else as_text(row.source.cells[column])


def allowed_range(policy: PassPolicy) -> str:
    """Return the lifetimes that the tenant allows, in words."""
    low, high = policy.minimum_lifetime_minutes, policy.maximum_lifetime_minutes
    return f"{low:,} minutes" if low == high else f"{low:,} to {high:,} minutes"


def _examples(policy: PassPolicy) -> str:
    """Return lifetimes that the tenant accepts, typed without commas, with the whole hours that they are."""
    low = policy.minimum_lifetime_minutes
    return " or ".join(_with_hours(minutes) for minutes in dict.fromkeys((low, _usual(policy))))


def _with_hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return str(minutes) if rest else f"{minutes} (1 hour)" if hours == 1 else f"{minutes} ({hours} hours)"


def _usual(policy: PassPolicy) -> int:
    """Return a working day, or the longest that the tenant allows."""
    low, high = policy.minimum_lifetime_minutes, policy.maximum_lifetime_minutes
    return _EXAMPLE_MINUTES if low <= _EXAMPLE_MINUTES <= high else high
