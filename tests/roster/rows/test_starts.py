# ruff: noqa: DTZ001, DTZ901 - cells of a spreadsheet know no time zone
"""Cells that say when a pass starts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.roster.rows.dates import DateOrder, UnsettledOrderError, settle_date_order
from bulktap.roster.rows.starts import ParsedStart, parse_start, parse_start_cell

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2035, 9, 15, 8, 30), "2035-09-15 08:30", "2035-09-15T08:30:00", "2035/9/15 8:30", "15.09.2035 08:30",
        "15.09.35 8:30", "15. 9. 2035, 08:30 Uhr", "2035年9月15日 8:30", "2035年9月15日8時30分", "15 sept. 2035 08h30",
        "15 September 2035 at 8:30 am", "Sep 15, 2035 8:30 AM", "15-Sep-2035 08:30", "15 septembre 2035 08:30",
        "15 de septiembre de 2035 8:30", "9/15/2035 8:30 AM", "15/09/2035 08:30",
        "Saturday, 15 September 2035 08:30", "2035-09-15T06:30Z", "2035-09-15T08:30+02:00", "2035-09-15 03:30 -0300",
        "2035-09-15T06:30:00.000Z",
    ],
)  # fmt: skip
def test_forms_of_one_moment(cell: CellValue) -> None:
    """One moment, written in the ways of eight languages, spreadsheets and programs."""
    found = parse_start_cell(cell, BERLIN, None)
    assert isinstance(found, ParsedStart)
    assert found.moment == datetime(2035, 9, 15, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("cell", [date(2035, 9, 15), "2035-09-15", "15.09.2035", "15 Sept 2035", "2035年9月15日"])
def test_date_without_a_time_is_local_midnight(cell: CellValue) -> None:
    """A date alone means 00:00 local time, and says so."""
    assert parse_start_cell(cell, BERLIN, None) == ParsedStart(datetime(2035, 9, 14, 22, tzinfo=UTC), date_only=True)


@pytest.mark.parametrize(
    ("cell", "code", "says"),
    [
        ("46280", RowErrorCode.START_MALFORMED, "serial number"),
        (46280, RowErrorCode.START_MALFORMED, "serial number"),
        (46280.5, RowErrorCode.START_MALFORMED, "serial number"),
        ("08:30", RowErrorCode.START_MALFORMED, "without a date"),
        (time(8, 30), RowErrorCode.START_MALFORMED, "without a date"),
        ("next Monday", RowErrorCode.START_MALFORMED, "not a date"),
        ("00.00.0000", RowErrorCode.START_MALFORMED, "not a date"),
        ("1900-01-00", RowErrorCode.START_MALFORMED, "not a date"),
        ("9999-12-31 23:59:59Z", RowErrorCode.START_MALFORMED, "not a date"),
        ("0001-01-01T00:00+05:45", RowErrorCode.START_MALFORMED, "not a date"),
        ("31.02.2035", RowErrorCode.START_MALFORMED, "not a date"),
        ("2035-09-15 25:00", RowErrorCode.START_MALFORMED, "not a date"),
        ("2035-09-15 13:00 pm", RowErrorCode.START_MALFORMED, "not a date"),
        ("15 Foo 2035", RowErrorCode.START_MALFORMED, "not a date"),
        (date(1900, 3, 1), RowErrorCode.START_MALFORMED, "not a date"),
        (True, RowErrorCode.START_MALFORMED, "not a date"),
        ("02/03/2035 08:00", RowErrorCode.START_AMBIGUOUS, "day or month first"),
        ("#VALUE!", RowErrorCode.CELL_ERROR, "#VALUE!"),
        ("2035-03-25 02:30", RowErrorCode.START_NONEXISTENT, "02:30 does not exist on 2035-03-25 in Europe/Berlin"),
        (datetime(2035, 10, 28, 2, 30), RowErrorCode.START_TWICE, "occurs twice on 2035-10-28"),
    ],
)
def test_starts_that_are_none(cell: CellValue, code: RowErrorCode, says: str) -> None:
    """What is no moment, or two, is a fault that says which."""
    found = parse_start_cell(cell, BERLIN, None)
    assert isinstance(found, RowError)
    assert (found.code, says in found.message) == (code, True)


def test_the_hint_for_a_repeated_time_can_be_followed() -> None:
    """The text that the hint proposes is itself read."""
    found = parse_start_cell("2035-10-28 02:30", BERLIN, None)
    assert isinstance(found, RowError)
    proposed = found.hint.removeprefix("Write the offset too: ").partition(" for ")[0]
    assert parse_start_cell(proposed, BERLIN, None) == ParsedStart(
        datetime(2035, 10, 28, 0, 30, tzinfo=UTC), zoned=True
    )


@pytest.mark.parametrize("cell", [None, "", " ", "0/0/0"])
def test_empty_starts(cell: CellValue) -> None:
    """Empty cells, and the empty date of PowerSchool, are not given."""
    assert parse_start_cell(cell, BERLIN, None) is None


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["02/01/2035", "31/12/2035"], DateOrder.DMY),
        (["02/01/2035", "12/31/2035"], DateOrder.MDY),
        (["02/02/2035", None, "soon"], None),
        (["31/12/2035", "12/31/2035", "02/01/2035"], None),
        (["02/01/2035", datetime(2035, 1, 1)], None),
        (["2035-01-02"], None),
    ],
)
def test_the_column_settles_the_order(cells: list[CellValue], order: DateOrder | None) -> None:
    """One date that can only be read one way settles all of its column."""
    assert settle_date_order(cells) is order


def test_a_column_that_does_not_tell_is_a_question() -> None:
    """Where every date can be read two ways, nobody guesses."""
    with pytest.raises(UnsettledOrderError, match="02/01/2035"):
        settle_date_order(["02/01/2035", "03/04/2035"])


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        (DateOrder.DMY, "02/03/2035", date(2035, 3, 2)),
        (DateOrder.MDY, "02/03/2035", date(2035, 2, 3)),
        (DateOrder.MDY, "2-3-35", date(2035, 2, 3)),
        (DateOrder.YMD, "35/02/03", date(2035, 2, 3)),
        (DateOrder.YMD, "35.02.03", date(2035, 2, 3)),
    ],
)
def test_date_order(order: DateOrder, text: str, day: date) -> None:
    """A settled order reads what would be ambiguous."""
    found = parse_start_cell(text, ZoneInfo("UTC"), order)
    assert isinstance(found, ParsedStart)
    assert found.moment.date() == day


def test_start_option() -> None:
    """The option is local time, or has its own offset, or is now."""
    assert parse_start("2035-09-01 08:00", BERLIN, NOW) == datetime(2035, 9, 1, 6, tzinfo=UTC)
    assert parse_start("2035-09-01T08:00Z", BERLIN, NOW) == datetime(2035, 9, 1, 8, tzinfo=UTC)
    assert parse_start("now", BERLIN, NOW) == NOW


@pytest.mark.parametrize("text", ["", "soon", "02/03/2035", "2035-03-25 02:30", "2020-01-01 08:00"])
def test_start_option_refuses_with_a_sentence(text: str) -> None:
    """The option's value is refused with one clear sentence."""
    with pytest.raises(ValueError, match=r"[.?]$|summer time begins\.$"):
        parse_start(text, BERLIN, NOW)


def test_the_hint_for_an_ambiguous_date_shows_it_both_ways() -> None:
    """Each reading is written out, and named with the option that means it; both can be followed."""
    found = parse_start_cell("03/04/2035 8:00", BERLIN, None)
    assert isinstance(found, RowError)
    assert with_options(found.hint) == (
        "Write 2035-04-03 08:00 for 3 April 2035 or 2035-03-04 08:00 for 4 March 2035; or run bulktap again with "
        "--date-order dmy (3 April 2035) or --date-order mdy (4 March 2035)."
    )
    for order, written in ((DateOrder.DMY, "2035-04-03 08:00"), (DateOrder.MDY, "2035-03-04 08:00")):
        assert parse_start_cell("03/04/2035 8:00", BERLIN, order) == parse_start_cell(written, BERLIN, None)


@pytest.mark.parametrize("cell", ["03/04/2035 25:00", "03/04/0000", "03/04/2035 soon"])
def test_what_is_no_date_either_way_is_not_ambiguous(cell: str) -> None:
    """Nobody is asked for an order that does not help."""
    found = parse_start_cell(cell, BERLIN, None)
    assert isinstance(found, RowError)
    assert found.code is RowErrorCode.START_MALFORMED


def test_the_hint_for_a_time_that_does_not_exist_can_be_followed() -> None:
    """It names the time that the clocks showed instead."""
    found = parse_start_cell("2035-03-25 02:30", BERLIN, None)
    assert isinstance(found, RowError)
    assert found.hint == "Write a time that exists, such as 2035-03-25 03:30."


@pytest.mark.parametrize("offset", ["+99:00", "-99:00", "+14:01", "-14:30", "+1530", "+24", "+05:60", "-00:99"])
def test_an_offset_that_no_clock_has(offset: str) -> None:
    """A pass would begin days earlier or later than the row says, so it is a fault, in an option too."""
    text = f"2035-09-15T08:30{offset}"
    found = parse_start_cell(text, BERLIN, None)
    assert isinstance(found, RowError)
    assert found.code is RowErrorCode.START_MALFORMED
    assert "more than 14 hours away from UTC" in found.message
    assert "+02:00" in found.hint
    with pytest.raises(ValueError, match="more than 14 hours away"):
        parse_start(text, BERLIN, NOW)


@pytest.mark.parametrize(
    ("offset", "hour"), [("+14:00", 18), ("-14:00", 22), ("+05:45", 2), ("-12", 20), ("+1300", 19), ("Z", 8)]
)
def test_an_offset_that_a_clock_has(offset: str, hour: int) -> None:
    """Up to fourteen hours on either side."""
    found = parse_start_cell(f"2035-09-15T08:30{offset}", BERLIN, None)
    assert isinstance(found, ParsedStart)
    assert found.moment.hour == hour


BEYOND = [
    "10000-01-01 08:00", "9999-12-31 23:59", "99999-01-01", "12345678901-01-01", "0000-00-00", "2035-13-45",
    "9" * 5_000, "2035-09-15 " + "9" * 5_000, "1e400", datetime.max, datetime.min, date.max, date.min, 1e308, 10**400,
    float("inf"), float("nan"), -5, True, time(8, 30),
]  # fmt: skip


@pytest.mark.parametrize("cell", BEYOND, ids=lambda cell: str(cell)[:20])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_moment_beyond_any_calendar(cell: CellValue, zone: str) -> None:
    """It is a fault of its row in every zone, and an option's is one sentence."""
    found = parse_start_cell(cell, ZoneInfo(zone), None)
    assert isinstance(found, RowError)
    assert found.code is RowErrorCode.START_MALFORMED
    if isinstance(cell, str):
        with pytest.raises(ValueError, match="is not a date and time"):
            parse_start(cell, ZoneInfo(zone), NOW)
