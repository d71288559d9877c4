"""CheckedRoster: a file becomes checked rows, with the settings of the command, of a `bulktap.toml` or of a plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.errors import RosterError, UsageError
from bulktap.operations.run_settings import RunSettings, reading_from_text
from bulktap.planning.selection import Selection
from bulktap.roster.contents import HiddenRows, ReadOptions
from bulktap.roster.dates import DateOrder
from bulktap.roster.reader import STANDARD_INPUT, read_roster
from bulktap.roster.saved_mapping import FILE_NAME, SavedMapping, as_toml, saved_mapping
from bulktap.roster.start_values import parse_start
from bulktap.roster.validation import CheckOptions, PassDefaults, check_roster
from bulktap.roster.values import parse_lifetime

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.plan import Plan
    from bulktap.operations.run_settings import ReadingSettings
    from bulktap.roster.validation import CheckedRoster


_AT_ONCE = frozenset({"", "now"})
"""Starts that are none: each pass begins to work when it is issued."""
_LONGEST_WORD = 100


def check(path: Path, settings: RunSettings, now: datetime) -> CheckedRoster:
    """Read a roster and check every row; the tenant is not asked.

    Raises:
        RosterError: the file cannot be used as it is, or `--only` names no row or one that several sheets have.
        UsageError: an option cannot be read.
    """
    return _checked(path, settings, check_options(settings, now))


def _checked(path: Path, settings: RunSettings, options: CheckOptions) -> CheckedRoster:
    roster = read_roster(path, _read_options(settings.reading))
    checked = check_roster(roster, options)
    Selection(only=settings.care.only).require_clear(checked.rows, checked.columns)
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
    asked = made.settings
    options = replace(
        check_options(settings, made.created_at),
        defaults=PassDefaults(asked.start, asked.lifetime_minutes, asked.usable_once),
    )
    return _checked(Path(made.roster.path), settings, options)


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
        timezone=reading.timezone,
        date_order=DateOrder(reading.date_order) if reading.date_order else None,
        include_inactive=reading.include_inactive,
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
    if len(passes.lifetime or "") > _LONGEST_WORD or len(passes.start or "") > _LONGEST_WORD:
        raise UsageError("The --lifetime or --start is too long.", hint="For example: --lifetime 8h.")
    try:
        lifetime = parse_lifetime(passes.lifetime) if passes.lifetime else None
        starts_at = (
            None
            if (passes.start or "now").strip().casefold() in _AT_ONCE
            else parse_start(passes.start or "", zone, now)
        )
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
