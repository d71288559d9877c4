"""CheckedRoster: a file becomes checked rows, with the settings of the command, of a `bulktap.toml` or of a plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.errors import RosterError, UsageError
from bulktap.model.pass_terms import PassTerms
from bulktap.model.setting_names import Setting
from bulktap.operations.guard_settings import guards_of
from bulktap.operations.run_settings import ListWish, RunSettings
from bulktap.operations.unset_zone import with_zone_settled
from bulktap.planning.covered_rows import Selection
from bulktap.roster.check import check_roster
from bulktap.roster.columns.saved_mapping import (
    as_note,
    as_toml,
    guards_note,
    saved_guards,
    saved_mapping,
    wrong_guards,
)
from bulktap.roster.columns.toml_name import FILE_NAME
from bulktap.roster.files.input_bytes import STANDARD_INPUT, RosterInput, home_of, paths_told
from bulktap.roster.model import CheckOptions
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions, from_texts
from bulktap.roster.rows.lifetimes import parse_lifetime
from bulktap.roster.rows.starts import parse_start

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.guards import Guards
    from bulktap.model.plan import Plan
    from bulktap.operations.run_settings import ReadingSettings
    from bulktap.roster.model import CheckedRoster


_AT_ONCE = frozenset({"", "now"})
"""Starts that are none: each pass begins to work when it is issued."""
_LONGEST_WORD = 100


def check(source: RosterInput, settings: RunSettings, now: datetime) -> CheckedRoster:
    """Read a roster and check every row; the tenant is not asked.

    Raises:
        RosterError: the file cannot be used as it is, or `only` names no row or one that several sheets have.
        QuestionOpen: the zone of its times must be named.
        UsageError: an option cannot be read.
    """
    options = check_options(settings, now)
    return with_zone_settled(_checked(source, settings, options), settings, options)


def _checked(source: RosterInput, settings: RunSettings, options: CheckOptions) -> CheckedRoster:
    day = options.now.astimezone(options.timezone).date()
    roster = read_roster(source, settings.reading.options, settings.reading.password, day)
    checked = check_roster(replace(roster, notes=(*settings.reading.notes, *roster.notes)), options)
    Selection(only=settings.care.only, exclude=settings.care.exclude).require_clear(checked.rows, checked.columns)
    own_list = settings.source is not None
    return replace(checked, info=replace(checked.info, path=source.told), own_list=own_list)


def read_again(made: Plan, now: ReadingSettings) -> CheckedRoster:
    """Read the roster of a saved plan in the way in which it was read then; only a password is taken from now.

    Raises:
        RosterError: the file is gone, or cannot be used any more.
    """
    if not made.roster.path:
        raise RosterError("It was read from standard input.", hint="Save the roster as a file and plan again.")
    told = replace(from_texts(made.settings.reading), timezone=made.settings.timezone)
    source = ListWish.of(made.settings.source) if made.settings.source else None
    settings = RunSettings(Path(), replace(now, options=told, notes=()), source=source)
    options = replace(check_options(settings, made.created_at), defaults=made.settings.terms)
    return _checked(RosterInput(paths_told(made.roster.path)), settings, options)


def with_saved_mapping(path: Path, settings: RunSettings) -> RunSettings:
    """Return the settings with what a `bulktap.toml` beside the roster says wherever no option was given.

    Raises:
        RosterError: that file cannot be read.
    """
    saved = saved_mapping(path)
    if saved is None:
        return settings
    settings = _with_saved_guards(path, settings)
    given = settings.reading
    if saved == ReadingOptions() and settings.reading.notes:
        return settings
    reading = replace(given, options=given.options.completed_by(saved), notes=(*given.notes, as_note(saved)))
    return replace(settings, reading=reading)


def _with_saved_guards(path: Path, settings: RunSettings) -> RunSettings:
    """Return the settings with the guards of that file added to those that there are; it can take none away."""
    said = saved_guards(path)
    if not said:
        return settings
    guards = settings.care.guards.with_also(guards_beside(path))
    reading = replace(settings.reading, notes=(*settings.reading.notes, guards_note(said)))
    return replace(settings, care=replace(settings.care, guards=guards), reading=reading)


def guards_beside(path: Path) -> Guards:
    """Return the guards of the file that lies beside a roster.

    Raises:
        UsageError: it cannot be read, or one of them cannot be meant.
    """
    try:
        return guards_of(saved_guards(path))
    except ValueError as wrong:
        raise wrong_guards(path, wrong) from None


def worth_saving(path: Path, settings: RunSettings) -> list[str]:
    """Return what to say about keeping the columns that were named; nothing where they are kept already."""
    options = settings.reading.options
    if not options.columns or path == STANDARD_INPUT or (home_of(path) / FILE_NAME).exists():
        return []
    lines = [f"  {line}".rstrip() for line in as_toml(options).splitlines()]
    return [f"To keep this for next time, save these lines as {FILE_NAME} beside the roster:", *lines]


def check_options(settings: RunSettings, now: datetime) -> CheckOptions:
    """Return the options of checking, with the words of the command line read as times.

    Raises:
        UsageError: a word cannot be read.
    """
    zone_name = settings.reading.options.timezone or _machine_zone()
    try:
        zone = ZoneInfo(zone_name)
    except (KeyError, ValueError, OSError):
        raise UsageError(
            f"There is no time zone {zone_name!r}.", hint="Use a name such as Europe/Berlin or America/New_York."
        ) from None
    passes = settings.passes
    if len(passes.lifetime or "") > _LONGEST_WORD or len(passes.start or "") > _LONGEST_WORD:
        raise UsageError(
            f"The {Setting.LIFETIME} or {Setting.START} is too long.", hint=f"For example: {Setting.LIFETIME.to('8h')}."
        )
    try:
        lifetime = parse_lifetime(passes.lifetime) if passes.lifetime else None
        starts_at = (
            None
            if (passes.start or "now").strip().casefold() in _AT_ONCE
            else parse_start(passes.start or "", zone, now)
        )
    except ValueError as error:
        examples = Setting.LIFETIME.to("8h"), Setting.LIFETIME.to("90m"), Setting.START.to("2035-09-01 08:00")
        raise UsageError(str(error), hint=f"For example: {', '.join(examples)}.") from None
    if starts_at is not None and starts_at <= now:
        raise UsageError(f"The {Setting.START} lies in the past.", hint="Leave it out to let passes start at once.")
    defaults = PassTerms(starts_at=starts_at, lifetime_minutes=lifetime, usable_once=passes.usable_once)
    return CheckOptions(reading=settings.reading.options, timezone=zone, now=now, defaults=defaults)


def _machine_zone() -> str:
    import tzlocal

    return tzlocal.get_localzone_name() or "UTC"
