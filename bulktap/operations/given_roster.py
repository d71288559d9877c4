"""The roster of a new run, however it is given: a file, or a list that the tenant keeps itself.

The tenant's list becomes a file in the run's own folder, so that all that follows is as ever: each row has a number, a
saved plan is held against the very list that it was made from, and nothing has to be asked twice.
"""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.errors import PlanRefused, RosterError, UsageError
from bulktap.model.plan import Field
from bulktap.model.setting_names import Command, Setting
from bulktap.operations.checked_roster import check_options, with_saved_mapping, worth_saving
from bulktap.operations.reading_questions import read_with_answers
from bulktap.operations.run_settings import ListWish
from bulktap.results.wording import counted
from bulktap.roster.files.input_bytes import STANDARD_INPUT, RosterInput
from bulktap.roster.reading_options import ReadingOptions
from bulktap.storage import write_file
from bulktap.storage.file_names import file_stems
from bulktap.storage.run_folder import new_run_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from contextlib import ExitStack
    from datetime import datetime
    from pathlib import Path

    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_log import RunLog
    from bulktap.operations.run_settings import RunSettings, SendingSettings
    from bulktap.operations.saved_plan import SavedPlan
    from bulktap.operations.signed_still import SignedStill
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.operations.tenant_people import People
    from bulktap.roster.model import CheckedRoster
    from bulktap.storage.run_folder import RunFolder

_USER, _NAME, _GROUP = "User principal name", "Display name", "Group"
_HEADINGS = (_USER, _NAME, "First name", "Last name", "Department", _GROUP)
_OF_FILES = frozenset(
    {
        "sheet",
        "all_sheets",
        "column",
        "domain",
        "encoding",
        "header_row",
        "hidden_rows",
        "roster_password_file",
        "date_order",
        "class_by",
        "skip_unreadable",
    }
)
"""Settings that say how a file is read."""
_PLAN_AGAIN = f"Make a new plan with {Command.PLAN}, and have it signed off again."
_SOURCES = f"{Setting.GROUP}, {Setting.ADMINISTRATIVE_UNIT} or {Setting.CREATED_SINCE}"


@dataclass(frozen=True, slots=True)
class GivenRoster:
    """A roster that was read, and the folder of its run."""

    source: RosterInput
    checked: CheckedRoster
    settings: RunSettings
    """With what was answered, and with what a file beside the roster says."""
    folder: RunFolder
    advice: Sequence[str]
    """What to say about keeping the columns that were named."""
    access: TenantAccess | None = None
    """The way into the tenant, where one has signed in already."""


def one_roster(roster: Path | Sequence[Path], settings: RunSettings) -> RosterInput | None:
    """Return the roster that was given; None where the settings name a list of the tenant. One thing says who it is.

    Raises:
        UsageError: nothing does, two things do, or a setting is about something else.
    """
    source = RosterInput(roster) if roster else None
    if source is None and settings.source is None:
        raise UsageError(
            "Nothing says who is to get a pass.",
            hint=f"Name a roster (a spreadsheet with a row for each person), or a list of the tenant: {_SOURCES}.",
        )
    if settings.source is None:
        return source
    if source is not None:
        raise UsageError(
            f"{source.name} and a list of the tenant were given; which of them names the people?",
            hint=f"Leave out the roster, or {_SOURCES}.",
        )
    if others := [settings.asked[name] for name in settings.asked if name in _OF_FILES]:
        raise UsageError(
            f"{', '.join(others)} cannot be obeyed: a list of the tenant is no file.", hint="Leave it out."
        )
    if settings.care.offline:
        raise UsageError(
            "A list of the tenant cannot be read without asking the tenant.", hint=f"Leave {Setting.OFFLINE} out."
        )
    return None


def read_file(source: RosterInput, settings: RunSettings, now: datetime, at: OperationContext) -> GivenRoster:
    """Read a roster from its file, and make the run's folder; see `read_with_answers`."""
    roster = source.path
    settings = with_saved_mapping(roster, settings)
    if not settings.care.offline and (roster == STANDARD_INPUT or roster.exists()):
        at.ways.require_settings()
    settings = _with_zone_named(settings, at)
    at.front.say(f"Reading {source.name} ...")
    checked, answered = read_with_answers(source, settings, now, at.front)
    folder = new_run_folder(settings.reports, source.title, now, at.random_bytes)
    return GivenRoster(source, checked, answered, folder, worth_saving(roster, settings))


def read_list(
    wish: ListWish, settings: RunSettings, now: datetime, at: OperationContext, log: RunLog, stack: ExitStack
) -> GivenRoster:
    """Read a list of the tenant, and keep it as a file in the folder of the run that it is for.

    Raises:
        AccessError, GaveUp, RosterError: see `tenant_people.people_of`.
    """
    from bulktap.operations.tenant_people import ListReader, people_of  # questions to Graph, which files do without

    at.ways.require_settings()
    settings = _with_zone_named(settings, at)
    access = stack.enter_context(at.ways.to_ask())
    access.sign_in(log.warn, at.front.say)
    zone = check_options(settings, now).timezone
    reader = ListReader(access, settings.sending.to(rehearsal=at.ways.rehearses), at, log)
    people = people_of(wish, zone, reader)
    stem = file_stems([people.name], ())[0]
    folder = new_run_folder(settings.reports, f"{stem}.csv", now, at.random_bytes)
    path = folder.path / f"{stem}.csv"
    try:
        write_file(path, _as_csv(people))
        settings = replace(_as_written(settings, people.notes), source=ListWish.of(people.source))
        source = RosterInput(path)
        checked, answered = read_with_answers(source, settings, now, at.front)
    except BaseException:
        shutil.rmtree(folder.path, ignore_errors=True)
        raise
    # The pretend tenant of a rehearsal is opened anew, with what earlier rehearsals of the same list have left.
    return GivenRoster(source, checked, answered, folder, (), None if at.ways.rehearses else access)


def _with_zone_named(settings: RunSettings, at: OperationContext) -> RunSettings:
    if settings.care.offline or at.ways.simulated:
        return settings
    return replace(settings, reading=replace(settings.reading, zone_must_be_named=True))


def _as_written(settings: RunSettings, notes: Sequence[str]) -> RunSettings:
    """Return the settings with how the file of a list is read."""
    options = ReadingOptions(
        encoding="utf-8",
        timezone=settings.reading.options.timezone,
        include_inactive=True,
        columns={Field.USER: _USER, Field.DISPLAY_NAME: _NAME, Field.GROUP: _GROUP},
    )
    return replace(settings, reading=replace(settings.reading, options=options, notes=tuple(notes)))


def _as_csv(people: People) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for user in people.users:
        name, own = user.display_name, (user.given_name, user.surname, user.department)
        cells = (user.upn or user.object_id, name, *own, people.name)
        writer.writerow([" ".join((cell or "").split()) for cell in cells])
    return written.getvalue().encode("utf-8", "replace")


def require_same_list(
    saved: SavedPlan,
    still: SignedStill,
    access: TenantAccess,
    sending: SendingSettings,
    at: OperationContext,
    log: RunLog,
) -> SignedStill:
    """Read the list of a saved plan again: whoever is to get a pass must still be in it.

    Somebody who has joined since gets nothing, since nobody has signed for them, and is counted.

    Raises:
        PlanRefused: somebody who would get a pass has left.
        AccessError, GaveUp, RosterError: the list cannot be read.
    """
    from bulktap.operations.tenant_people import ListReader, people_of  # questions to Graph, which files do without

    plan = saved.plan
    if not plan.settings.source:
        return still
    try:
        reader = ListReader(access, sending, at, log)
        people = people_of(ListWish.of(plan.settings.source), ZoneInfo(plan.settings.timezone), reader)
    except RosterError as nobody:
        message = f"The list that this plan was made from cannot be read any more: {nobody.message}"
        raise PlanRefused(message, hint=_PLAN_AGAIN) from nobody
    now = {user.object_id for user in people.users}
    gone = [
        row
        for row in plan.creating()
        if row.number not in still.left_out and row.object_id is not None and row.object_id.casefold() not in now
    ]
    if gone:
        others = f", and {counted(len(gone) - 1, 'other')}" if len(gone) > 1 else ""
        raise PlanRefused(
            f"Row {gone[0].source.number} of this plan, {plan.user_text(gone[0])}{others} left {people.name} after it "
            "was made.",
            hint=_PLAN_AGAIN,
        )
    new = _joined(people, {row.object_id for row in plan.rows}, {plan.user_text(row).casefold() for row in plan.rows})
    if not new:
        return still
    came = counted(new, "user has", "users have")
    note = f"{came} joined {people.name} since the plan was made, and get no pass by it."
    return replace(still, notes=(*still.notes, note))


def _joined(people: People, ids: Collection[str | None], names: Collection[str]) -> int:
    return sum(user.object_id not in ids and (user.upn or "").casefold() not in names for user in people.users)
