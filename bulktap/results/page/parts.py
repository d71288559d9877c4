"""What the page of a plan and the page of a run have in common: what they are about, and how they show a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.plan import Field
from bulktap.model.utc_times import utc_text
from bulktap.results.page.content import FactGroup
from bulktap.results.page.row_table import ColumnKind, TableColumn, Word
from bulktap.results.plan_facts import (
    group_heading,
    listed,
    plan_zone,
    policy_facts,
    roster_facts,
    settings_facts,
    some,
    tenant_facts,
)
from bulktap.results.wording import clock, counted, lifetime, yes_no

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.results.page.row_table import Value
    from bulktap.results.plan_facts import Facts

_MOST_FACTS = 16
_MOST_NOTES = 4
"""Notes of a plan that stand on its first sheet; a page that is signed has to fit on two."""

CLOSING_COLUMNS = (
    TableColumn("Start", ColumnKind.WORD),
    TableColumn("Lifetime", ColumnKind.WORD),
    TableColumn("One-time", ColumnKind.WORD),
    TableColumn("Problems", ColumnKind.PROBLEMS),
)
"""The last columns of every table: the pass that is asked for, and what is wrong."""


def several_sheets(plan: Plan) -> bool:
    """Whether the row's number alone does not say which row is meant."""
    return len({(row.source.file, row.source.sheet) for row in plan.rows}) > 1


def lead(plan: Plan) -> list[str]:
    """Return what a page is about: the roster, and the tenant named every time."""
    sheet = f", sheet {plan.roster.sheet}" if plan.roster.sheet else ""
    tenant = plan.tenant.label if plan.tenant.tenant_id else "not asked (an offline plan)"
    return [f"Roster: {plan.roster.file}{sheet}, {counted(len(plan.rows), 'row')}", f"Tenant: {tenant}"]


def fact_groups(plan: Plan) -> list[FactGroup]:
    """Return what a plan was made from: tenant, policy, settings, roster."""
    return [
        FactGroup("Tenant", tenant_facts(plan)),
        FactGroup("Policy for passes", policy_facts(plan.policy)),
        FactGroup("Settings", settings_facts(plan)),
        FactGroup("Roster", some(roster_facts(plan), _MOST_FACTS, "plan.xlsx")),
    ]


def worth_knowing(plan: Plan) -> Facts:
    """Return what the look-ups could not find out, and what else goes for the whole plan."""
    return some(listed("Worth knowing", plan.notes), _MOST_NOTES, "plan.xlsx")


def leading_columns(plan: Plan, *, several: bool) -> list[TableColumn]:
    """Return the columns that say which row it is; with `several`, its sheet too."""
    sheet = [TableColumn("Sheet", ColumnKind.WORD, filtered=True)] if several else []
    group = [TableColumn(group_heading(plan), ColumnKind.WORD, filtered=True)] if _has_groups(plan) else []
    person = (TableColumn("User", ColumnKind.TEXT), TableColumn("Name", ColumnKind.TEXT))
    return [*sheet, TableColumn("Row", ColumnKind.NUMBER), *person, *group]


def leading_cells(plan: Plan, row: PlanRow, *, several: bool) -> list[Value]:
    """Return what stands in the leading columns."""
    sheet: list[Value] = [Word(row.source.sheet or row.source.file)] if several else []
    group: list[Value] = [Word(row.group) if row.group else None] if _has_groups(plan) else []
    return [*sheet, row.source.number, plan.user_text(row), row.display_name, *group]


def pass_cells(starts_at: datetime | None, minutes: int | None, one_time: bool | None, zone: ZoneInfo) -> list[Value]:
    """Return what stands under start, lifetime and one-time, in words that sort by time and by length."""
    return [
        Word("At once", "") if starts_at is None else Word(clock(starts_at, zone), utc_text(starts_at)),
        Word("Default", 0) if minutes is None else Word(lifetime(minutes), minutes),
        Word(yes_no(one_time, "Default")),
    ]


def asked_cells(plan: Plan, row: PlanRow) -> list[Value]:
    """Return the same for the pass that is asked for; nothing where the row cannot be read that far."""
    if row.request is None:
        return [None, None, None]
    request = row.request
    return pass_cells(
        request.terms.starts_at, request.terms.lifetime_minutes, request.terms.usable_once, plan_zone(plan)
    )


def _has_groups(plan: Plan) -> bool:
    return plan.columns.index(Field.GROUP) is not None
