"""Plan: a roster file becomes a Plan, with the tenant's answers unless offline; no write call."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.dispatch.look_up import look_up
from bulktap.dispatch.tools import ReadTools
from bulktap.durable import write_file
from bulktap.errors import PolicyForbids, RosterError, StrictRefusal, UsageError
from bulktap.passes import PolicyState
from bulktap.pipeline.access import jitter, make_sender, pacing_limits
from bulktap.pipeline.run_settings import RunSettings, reading_as_text, reading_from_text
from bulktap.plan import Action, PlanSettings, TenantFindings, TenantInfo
from bulktap.planning.decisions import PlanFrame, make_plan
from bulktap.planning.forecast import Sending
from bulktap.planning.selection import Selection
from bulktap.results.error_report import error_report
from bulktap.results.plan_json import plan_to_json
from bulktap.results.plan_report import plan_page
from bulktap.results.plan_workbook import plan_workbook
from bulktap.roster.contents import HiddenRows, ReadOptions
from bulktap.roster.dates import DateOrder
from bulktap.roster.reader import STANDARD_INPUT, read_roster
from bulktap.roster.saved_mapping import FILE_NAME, SavedMapping, as_toml, saved_mapping
from bulktap.roster.start_values import parse_start
from bulktap.roster.validation import CheckOptions, PassDefaults, check_roster
from bulktap.roster.values import parse_lifetime

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.clock import Clock
    from bulktap.dispatch.observer import Observer
    from bulktap.passes import UserRef
    from bulktap.pipeline.access import Access
    from bulktap.pipeline.run_folder import RunFolder
    from bulktap.pipeline.run_settings import ReadingSettings
    from bulktap.plan import Plan
    from bulktap.roster.validation import CheckedRoster

OFFLINE_TENANT = TenantInfo("", None, "", simulated=False)
"""Stands in an offline plan, which cannot be carried out."""


def check(path: Path, settings: RunSettings, now: datetime) -> CheckedRoster:
    """Read a roster and check every row; the tenant is not asked.

    Raises:
        RosterError: the file cannot be used as it is.
        UsageError: an option cannot be read.
    """
    roster = read_roster(path, _read_options(settings.reading))
    checked = check_roster(roster, check_options(settings, now))
    place = "" if path == STANDARD_INPUT else str(path.resolve())
    return replace(checked, info=replace(checked.info, path=place))


def read_again(made: Plan, now: ReadingSettings) -> CheckedRoster:
    """Read the roster of a saved plan in the way in which it was read then; only a password is taken from now.

    Raises:
        RosterError: the file is gone, or cannot be used any more.
    """
    if not made.roster.path:
        raise RosterError("It was read from standard input.", hint="Save the roster as a file and plan again.")
    reading = replace(
        reading_from_text(made.settings.reading),
        timezone=made.settings.timezone,
        password=now.password,
        ask_password=now.ask_password,
    )
    settings = RunSettings(Path(), reading)
    return check(Path(made.roster.path), settings, made.created_at)


def with_saved_mapping(path: Path, settings: RunSettings) -> RunSettings:
    """Return the settings with what a `bulktap.toml` beside the roster says wherever no option was given.

    Raises:
        RosterError: that file cannot be read.
    """
    saved = saved_mapping(path)
    if saved is None:
        return settings
    given = settings.reading
    reading = replace(
        given,
        sheets=given.sheets or saved.sheet,
        encoding=given.encoding or saved.encoding,
        header_row=given.header_row or saved.header_row,
        mapping={**saved.columns, **given.mapping},
        domain=given.domain or saved.domain,
        date_order=given.date_order or saved.date_order,
        timezone=given.timezone or saved.timezone,
        hidden_rows=given.hidden_rows or saved.hidden_rows,
        include_inactive=given.include_inactive or saved.include_inactive,
        notes=(*given.notes, saved.note),
    )
    return replace(settings, reading=reading)


def worth_saving(path: Path, settings: RunSettings) -> list[str]:
    """Return what to say about keeping the columns that were named; nothing where they are kept already."""
    reading = settings.reading
    if not reading.mapping or path == STANDARD_INPUT or (path.parent / FILE_NAME).exists():
        return []
    mapping = SavedMapping(
        columns=reading.mapping,
        sheet=reading.sheets,
        header_row=reading.header_row,
        hidden_rows=HiddenRows(reading.hidden_rows) if reading.hidden_rows else None,
        encoding=reading.encoding,
        domain=reading.domain,
        date_order=DateOrder(reading.date_order) if reading.date_order else None,
    )
    lines = [f"  {line}".rstrip() for line in as_toml(mapping).splitlines()]
    return [f"To keep this for next time, save these lines as {FILE_NAME} beside the roster:", *lines]


def _read_options(reading: ReadingSettings) -> ReadOptions:
    return ReadOptions(
        sheets=reading.sheets,
        encoding=reading.encoding,
        header_row=reading.header_row,
        hidden_rows=HiddenRows(reading.hidden_rows) if reading.hidden_rows else None,
        password=reading.password,
        ask_password=reading.ask_password,
        notes=reading.notes,
    )


def check_options(settings: RunSettings, now: datetime) -> CheckOptions:
    """Return the options of checking, with the words of the command line read as times.

    Raises:
        UsageError: a word cannot be read.
    """
    zone_name = settings.reading.timezone or _machine_zone()
    try:
        zone = ZoneInfo(zone_name)
    except (KeyError, ValueError, OSError):
        raise UsageError(
            f"There is no time zone {zone_name!r}.", hint="Use a name such as Europe/Berlin or America/New_York."
        ) from None
    passes = settings.passes
    try:
        lifetime = parse_lifetime(passes.lifetime) if passes.lifetime else None
        starts_at = parse_start(passes.start, zone, now) if passes.start else None
    except ValueError as error:
        raise UsageError(
            str(error), hint="For example: --lifetime 8h, --lifetime 90m, --start '2035-09-01 08:00'."
        ) from None
    if starts_at is not None and starts_at <= now:
        raise UsageError("The --start lies in the past.", hint="Leave it out to let passes start at once.")
    return CheckOptions(
        timezone=zone,
        timezone_name=zone_name,
        now=now,
        defaults=PassDefaults(starts_at=starts_at, lifetime_minutes=lifetime, usable_once=passes.usable_once),
        mapping=settings.reading.mapping,
        domain=settings.reading.domain,
        date_order=DateOrder(order) if (order := settings.reading.date_order) else None,
        include_inactive=settings.reading.include_inactive,
    )


def _machine_zone() -> str:
    import tzlocal

    return tzlocal.get_localzone_name() or "UTC"


def plan(
    checked: CheckedRoster,
    run: str,
    access: Access | None,
    settings: RunSettings,
    clock: Clock,
    observer: Observer,
) -> Plan:
    """Ask the tenant about the users, unless there is no access, and decide about every row.

    Raises:
        AccessError: sign-in failed, or the app may not list passes.
        GaveUp: the service gave no answers.
        PolicyForbids: the tenant allows no passes at all.
    """
    now = clock.now()
    selection = Selection(settings.care.limit, settings.care.only)
    findings = TenantFindings(users={})
    tenant = OFFLINE_TENANT
    if access is not None:
        users = [
            row.user
            for row in checked.rows
            if row.user is not None and row.request is not None and selection.covers(row, checked.columns)
        ]
        access.tokens.token()
        findings = asyncio.run(_look_up(users, access, settings, clock, observer))
        tenant = TenantInfo(access.tenant_id, findings.tenant_name, access.cloud, access.simulated)
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


async def _look_up(
    users: list[UserRef], access: Access, settings: RunSettings, clock: Clock, observer: Observer
) -> TenantFindings:
    service_clock = access.service_clock
    async with access.client(settings.sending) as client:
        sender = make_sender(access, client, service_clock, observer)
        tools = ReadTools(sender, clock, service_clock, observer, pacing_limits(settings.sending), jitter)
        return await look_up(users, tools)


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
    write_file(folder.plan_page, plan_page(made))
    write_file(folder.plan_workbook, plan_workbook(made))
    write_file(folder.plan, plan_to_json(made))
    report = error_report(made, None)
    if report is not None:
        write_file(folder.error_report, report)


def require_nothing_forbids(made: Plan, *, strict: bool) -> None:
    """Stop before anything is sent where the tenant or the operator wants that.

    Raises:
        PolicyForbids: the tenant's policy is off.
        StrictRefusal: a row is refused, and the operator asked for all or nothing.
    """
    if made.policy is not None and made.policy.state is PolicyState.DISABLED:
        raise PolicyForbids(
            "This tenant does not allow Temporary Access Passes: the authentication method is switched off.",
            hint="Enable it in the Entra admin center (Protection, Authentication methods, Temporary Access Pass).",
        )
    refused = made.counts()[Action.REFUSE]
    if strict and refused:
        raise StrictRefusal(
            f"{refused} of {len(made.rows)} rows cannot get a pass, and --strict was given: nothing was sent.",
            hint="Mend the rows in the error report, or run without --strict to issue the others.",
        )
