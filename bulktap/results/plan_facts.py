"""What a plan says about itself, as labels and values: the same on the planning page and in the planning workbook."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.plan import Action, Field
from bulktap.results.figures import group_figure, lifetime_figure, starts_figure
from bulktap.results.wording import between, clock, counted, lasting, lifetime, yes_no

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import Plan, PlanRow
    from bulktap.results.figures import Figure
    from bulktap.results.plan_view import PlanView

Facts = list[tuple[str, str]]
"""Label and value; an empty label goes on with the one above."""

EXISTING_WORDS: Mapping[str, str] = {
    "skip": "Left alone (skip)",
    "replace": "Replaced (replace)",
    "fail": "Reported as an error (fail)",
}
_FIELD_WORDS: Mapping[Field, str] = {
    Field.USER: "The person",
    Field.START: "Start",
    Field.END: "End",
    Field.LIFETIME: "Lifetime",
    Field.ONE_TIME: "One-time",
    Field.DISPLAY_NAME: "Name",
    Field.GROUP: "Group",
    Field.DEVICE: "Device",
}


def plan_zone(plan: Plan) -> ZoneInfo:
    """Return the zone in which the plan's times are shown."""
    return ZoneInfo(plan.settings.timezone)


def plan_figures(plan: Plan) -> list[Figure]:
    """Return the pictures of a plan that count something; those without anything to count are left out."""
    creating = list(plan.creating())
    requests = [row.request for row in creating if row.request is not None]
    default = plan.policy.default_lifetime_minutes if plan.policy else None
    figures = [
        starts_figure([request.terms.starts_at for request in requests], plan_zone(plan)),
        *groups_of(plan, creating),
        lifetime_figure([request.terms.lifetime_minutes for request in requests], default),
    ]
    return [figure for figure in figures if figure.bars]


def groups_of(plan: Plan, rows: Sequence[PlanRow]) -> list[Figure]:
    """Return the picture of these rows by class or site; none where the roster has no such column."""
    if not any(row.group for row in rows):
        return []
    return [group_figure([row.group for row in rows], group_heading(plan))]


def group_heading(plan: Plan) -> str:
    """Return what the roster calls its groups."""
    return plan.columns.heading(Field.GROUP) or "Group"


def tenant_facts(plan: Plan) -> Facts:
    """Return which tenant the plan is bound to, and its rules where they were read."""
    tenant = plan.tenant
    if not tenant.tenant_id:
        return [("Tenant", "Not asked (an offline plan)")]
    facts = [("Name", tenant.name or "Not readable"), ("Tenant ID", tenant.tenant_id), ("Cloud", tenant.cloud)]
    return [*facts, ("Simulated", "Yes: a pretend tenant on this machine")] if tenant.simulated else facts


def policy_facts(policy: PassPolicy | None) -> Facts:
    """Return the tenant's rules for passes."""
    if policy is None:
        return [("Policy", "Not read: the service has the last word on lifetimes and one-time use.")]
    return [
        ("Passes", policy.state.value.capitalize()),
        ("Shortest lifetime", lifetime(policy.minimum_lifetime_minutes)),
        ("Longest lifetime", lifetime(policy.maximum_lifetime_minutes)),
        ("Default lifetime", lifetime(policy.default_lifetime_minutes)),
        ("Length", counted(policy.default_length, "character")),
        ("One-time only", yes_no(policy.forces_one_time)),
    ]


def settings_facts(plan: Plan) -> Facts:
    """Return the settings that shaped the plan."""
    settings = plan.settings
    one_time = {None: "As the tenant has it", True: "One-time", False: "Multi-use"}[settings.terms.usable_once]
    minutes = settings.terms.lifetime_minutes
    return [
        ("Existing passes", EXISTING_WORDS.get(settings.existing, settings.existing)),
        (
            "Start, where a row names none",
            "At once" if settings.terms.starts_at is None else _local(settings.terms.starts_at, plan),
        ),
        ("Lifetime, where a row names none", "The tenant's default" if minutes is None else lifetime(minutes)),
        ("One-time, where a row says nothing", one_time),
        ("One invalid row stops everything", yes_no(settings.strict)),
        ("Made without asking the tenant", yes_no(settings.offline)),
        ("Times are those of", settings.timezone),
    ]


def roster_facts(plan: Plan) -> Facts:
    """Return which roster the plan was made from and how it was understood."""
    roster = plan.roster
    facts = [("File", roster.file)]
    if roster.sheet is not None:
        facts.append(("Sheet", roster.sheet))
    facts += [("Rows", f"{roster.row_count:,}"), ("Fingerprint (SHA-256)", roster.sha256)]
    return facts + field_facts(plan) + listed("How it was read", roster.notes)


def some(facts: Facts, most: int, where: str) -> Facts:
    """Return the first of many facts, and where the others are."""
    if len(facts) <= most:
        return facts
    return [*facts[: most - 1], ("", f"And {len(facts) - most + 1:,} more, in {where}")]


def field_facts(plan: Plan) -> Facts:
    """Return which columns of the roster mean what."""
    return [
        (f"{_FIELD_WORDS[meaning]} from", ", ".join(plan.columns.headings[one] for one in indexes))
        for meaning, indexes in plan.columns.fields.items()
        if indexes
    ]


def change_facts(view: PlanView) -> Facts:
    """Return which plan it is: run, digest, times, and the change under which it was made."""
    plan = view.plan
    facts = [
        ("Run", plan.run),
        *([("Name", plan.settings.name)] if plan.settings.name else []),
        ("Digest", view.shown_digest),
        ("Made", _local(plan.created_at, plan)),
        ("May be carried out until", _local(plan.expires_at, plan)),
    ]
    facts += [("Ticket", plan.settings.ticket)] if plan.settings.ticket else []
    facts += [("Reason", plan.settings.reason)] if plan.settings.reason else []
    if plan.settings.forget_after_minutes is not None:
        facts.append(("Passcodes forgotten", f"{lasting(plan.settings.forget_after_minutes * 60)} after the run"))
    return facts


def timing_facts(plan: Plan) -> Facts:
    """Return how long carrying the plan out takes, and when its passes begin and end."""
    zone = plan_zone(plan)
    facts: Facts = []
    if plan.forecast is not None and plan.forecast.steps:
        facts.append(("Takes", between(plan.forecast.seconds_low, plan.forecast.seconds_high)))
        done = plan.created_at + timedelta(seconds=plan.forecast.seconds_high)
        facts.append(("Done by", f"{clock(done, zone)} at the latest, if it begins when the plan was made"))
    requests = [row.request for row in plan.creating() if row.request is not None]
    starts = sorted(request.terms.starts_at for request in requests if request.terms.starts_at is not None)
    at_once = len(requests) - len(starts)
    if starts:
        span = clock(starts[0], zone)
        if clock(starts[-1], zone) != span:
            span = f"{span} to {clock(starts[-1], zone)}"
        facts.append(("Passes start", span + (f"; {at_once:,} at once" if at_once else "")))
    elif at_once:
        facts.append(("Passes start", "At once, each as it is issued"))
    return facts


def creates(plan: Plan) -> tuple[int, int]:
    """Return how many passes will be created, and how many of them replace one that works."""
    counts = plan.counts()
    return counts[Action.ISSUE] + counts[Action.REPLACE], counts[Action.REPLACE]


def listed(label: str, notes: Sequence[str]) -> Facts:
    """Return notes as facts under one label."""
    return [(label if number == 0 else "", note) for number, note in enumerate(notes)]


def _local(moment: datetime, plan: Plan) -> str:
    return f"{clock(moment, plan_zone(plan))} ({plan.settings.timezone})"
