"""Plan: a roster file becomes a Plan, with the tenant's answers unless offline; no write call."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.dispatch.look_up import look_up
from bulktap.dispatch.tools import ReadTools
from bulktap.model.errors import PolicyForbids, StrictRefusal
from bulktap.model.passes import PolicyState
from bulktap.model.plan import Action, PlanSettings, TenantFindings, TenantInfo
from bulktap.operations.checked_roster import check_options
from bulktap.operations.recent_passes import with_recent
from bulktap.operations.run_settings import RunSettings, reading_as_text
from bulktap.operations.tenant_access import jitter, make_sender, pacing_limits
from bulktap.planning.decisions import PlanFrame, make_plan
from bulktap.planning.forecast import Sending
from bulktap.planning.selection import Selection
from bulktap.results.error_report import error_report
from bulktap.results.plan_file.plan_json import plan_to_json
from bulktap.results.plan_report.plan_page import plan_page
from bulktap.results.plan_report.plan_workbook import plan_workbook
from bulktap.storage import write_file
from bulktap.storage.output_files import Outputs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from bulktap.dispatch.observer import Observer
    from bulktap.model.clock import Clock
    from bulktap.model.passes import AccessPass, PassPolicy, UserRef
    from bulktap.model.plan import Plan
    from bulktap.operations.run_settings import SendingSettings
    from bulktap.operations.tenant_access import Access
    from bulktap.roster.validation import CheckedRoster, CheckedRow
    from bulktap.storage.run_folder import RunFolder

OFFLINE_TENANT = TenantInfo("", None, "", simulated=False)
"""Stands in an offline plan, which cannot be carried out."""


def plan(
    checked: CheckedRoster,
    run: str,
    access: Access | None,
    settings: RunSettings,
    clock: Clock,
    observer: Observer,
    *,
    now: datetime | None = None,
    recent: Callable[[datetime], Mapping[str, AccessPass]] | None = None,
) -> Plan:
    """Ask the tenant about the users, unless there is no access, and decide about every row.

    Args:
        checked: the roster's rows.
        run: the run's id.
        access: the way into the tenant.
        settings: what shapes the plan.
        clock: tells the time.
        observer: hears how it goes.
        now: when the roster was checked; a saved plan is checked against it again as of then.
        recent: tells who was given a pass a moment before the service's time, whatever the lists say.

    Raises:
        AccessError: sign-in failed, or the app may not list passes.
        GaveUp: the service gave no answers.
        PolicyForbids: the tenant allows no passes at all.
    """
    now = now or clock.now()
    selection = Selection(settings.care.limit, settings.care.only)
    findings = TenantFindings(users={})
    tenant = OFFLINE_TENANT
    if access is not None:
        covered = list(filter(selection.test(checked.columns), checked.rows))
        access.sign_in(observer.warn)
        findings = asyncio.run(ask(look_up, covered, access, settings.sending, clock, observer))
        if recent is not None:
            findings = with_recent(findings, recent(access.service_clock.now()))
        tenant = TenantInfo(
            access.tenant_id, findings.tenant_name, access.cloud, access.simulated, rehearsal=access.rehearsal
        )
    frame = PlanFrame(
        run,
        now,
        timedelta(seconds=settings.care.plan_valid_for),
        tenant,
        plan_settings(settings, now),
        selection,
        Sending(settings.sending.assume, settings.sending.concurrency, settings.sending.max_rate),
    )
    return make_plan(checked, findings, frame)


def users_to_look_up(rows: Sequence[CheckedRow]) -> list[UserRef]:
    """Return whom to ask about: also the users of refused rows, so that all that is wrong with a row is said at once.

    A user name and an object id in one roster need a permission that neither needs alone; no refused row brings that
    about.
    """
    kinds = {row.request.user.is_object_id for row in rows if row.request is not None}
    kinds = kinds or {next((row.user.is_object_id for row in rows if row.user is not None), False)}
    return [row.user for row in rows if row.user is not None and row.user.is_object_id in kinds]


async def ask(
    question: Callable[[Sequence[UserRef], ReadTools, Mapping[str, int]], Awaitable[TenantFindings]],
    rows: Sequence[CheckedRow],
    access: Access,
    sending: SendingSettings,
    clock: Clock,
    observer: Observer,
) -> TenantFindings:
    """Ask the tenant about the users of these rows, over a connection of its own."""
    numbers = {row.user.folded: row.source.number for row in rows if row.user is not None}
    service_clock = access.service_clock
    async with access.client(sending) as client:
        sender = make_sender(access, client, service_clock, observer)
        tools = ReadTools(sender, clock, service_clock, observer, pacing_limits(sending), jitter)
        return await question(users_to_look_up(rows), tools, numbers)


def plan_settings(settings: RunSettings, now: datetime) -> PlanSettings:
    """Return the settings as the plan keeps them."""
    options = check_options(settings, now)
    return PlanSettings(
        timezone=options.timezone_name,
        existing=settings.passes.existing,
        start=options.defaults.starts_at,
        lifetime_minutes=options.defaults.lifetime_minutes,
        usable_once=options.defaults.usable_once,
        strict=settings.care.strict,
        offline=settings.care.offline,
        ticket=settings.care.ticket,
        reason=settings.care.reason,
        reading=reading_as_text(settings.reading),
    )


def write_plan(folder: RunFolder, made: Plan) -> None:
    """Write the plan for programs and for people, and the error report where a row is refused."""
    to_read = replace(made, typed=folder.to_type)
    write_file(folder.plan_page, plan_page(to_read))
    write_file(folder.plan_workbook, plan_workbook(to_read))
    write_file(folder.plan, plan_to_json(made))
    report = error_report(made, None)
    if report is not None:
        # Remembered as ours, so that corrections made in it before the run begins are not written over.
        outputs = Outputs(folder.path)
        outputs.write(folder.error_report.name, report, set_aside=lambda _: False, now=made.created_at)


def require_nothing_forbids(made: Plan, *, strict: bool) -> None:
    """Stop before anything is sent where the tenant or the operator wants that.

    Raises:
        PolicyForbids: the tenant's policy is off.
        StrictRefusal: a row is refused, and the operator asked for all or nothing.
    """
    require_passes_allowed(made.policy)
    refused = made.counts()[Action.REFUSE]
    if strict and refused:
        raise StrictRefusal(
            f"{refused} of {len(made.rows)} rows cannot get a pass, and --strict was given: nothing was sent.",
            hint="Mend the rows in the error report, or run without --strict to issue the others.",
        )


def require_passes_allowed(policy: PassPolicy | None) -> None:
    """Make sure that the tenant allows passes at all, as far as its policy may be read.

    Raises:
        PolicyForbids: the policy is off.
    """
    if policy is not None and policy.state is PolicyState.DISABLED:
        raise PolicyForbids(
            "This tenant does not allow Temporary Access Passes: the authentication method is switched off.",
            hint="Enable it in the Entra admin center (Protection, Authentication methods, Temporary Access Pass).",
        )
