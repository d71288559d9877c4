"""A time zone that nobody named, on a computer that is in UTC: servers and containers are, whoever's times they read.

Where the tenant is real that is a question, of a plan too, since it is carried out as it was signed. A rehearsal and an
offline plan only say it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.errors import QuestionOpen
from bulktap.model.questions import Choice, Question
from bulktap.model.row_errors import RowError
from bulktap.model.setting_names import Setting
from bulktap.model.zone_words import is_utc
from bulktap.results.wording import clock, counted
from bulktap.roster.rows.starts import parse_start_cell

if TYPE_CHECKING:
    from bulktap.operations.run_settings import RunSettings
    from bulktap.roster.model import CheckedRoster, CheckOptions

_EXAMPLE = "Europe/Berlin"
_CAUSE = "which may only be because nobody set it"


def with_zone_settled(checked: CheckedRoster, settings: RunSettings, options: CheckOptions) -> CheckedRoster:
    """Return the roster, with a note if its times were read in UTC and nobody said that they are meant so.

    Raises:
        QuestionOpen: the note would not do.
    """
    if settings.reading.options.timezone is not None or not is_utc(options.timezone):
        return checked
    count = checked.local_times + _is_local(settings.passes.start, options.timezone)
    if not count:
        return checked
    if settings.reading.zone_must_be_named:
        raise QuestionOpen((_question(checked, count, options),))
    note = (
        f"This computer's time zone is UTC, {_CAUSE}: if the roster's times are those of another place, name its zone, "
        f"for example {Setting.TIMEZONE.to(_EXAMPLE)}."
    )
    return replace(checked, info=replace(checked.info, notes=(*checked.info.notes, note)))


def _is_local(start: str | None, zone: ZoneInfo) -> bool:
    """Return true if the start for all rows is a time without an offset."""
    if start is None or start.strip().casefold() in {"", "now"}:
        return False
    found = parse_start_cell(start, zone, None)
    return found is not None and not isinstance(found, RowError) and not found.zoned


def _question(checked: CheckedRoster, count: int, options: CheckOptions) -> Question:
    starts = [(row.source.number, row.asked.starts_at) for row in checked.rows if row.asked.starts_at is not None]
    samples = tuple(
        f"Row {number}: {clock(start, options.timezone)} in UTC is {clock(start, ZoneInfo(_EXAMPLE))} in Berlin."
        for number, start in starts[:1]
    )
    return Question(
        Setting.TIMEZONE,
        "timezone-unknown",
        f"{counted(count, 'start has', 'starts have')} no time zone, and this computer's is UTC, {_CAUSE}.",
        samples,
        (Choice("UTC", "The times are in UTC"),),
        example=_EXAMPLE,
    )
