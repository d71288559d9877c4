"""Long dates: a weekday before or behind, in every language whose months are known, and words for the time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.dates import UnsettledOrderError, settle_date_order
from bulktap.roster.rows.starts import ParsedStart, parse_start_cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

BERLIN = ZoneInfo("Europe/Berlin")
EIGHT = datetime(2035, 9, 10, 6, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    "cell",
    [
        "Monday, September 10, 2035 8:00 AM", "Mon, 10 Sep 2035 08:00", "on Monday the 10th of September 2035 at 8 am",
        "Mo., 10.09.2035, 8 Uhr", "Montag, den 10. September 2035 um 8:00 Uhr", "am Montag, 10.9.2035 8 Uhr 00",
        "lundi 10 septembre 2035 à 8 h", "Lundi, le 10 sept. 2035 8h00", "lun. 10/09/2035 8 heures",
        "lunes, 10 de septiembre de 2035 8:00", "lunes 10 de septiembre del 2035 a las 8:00 hs",
        "lunedì 10 settembre 2035 ore 8:00", "LUNEDI 10 settembre 2035, alle 8.00",
        "segunda-feira, 10 de setembro de 2035 às 8h", "seg., 10 set 2035 8:00",
        "maandag 10 september 2035 om 8 uur", "maandag 10-09-2035 8.00 uur",
        "2035年9月10日（月） 8時", "2035年9月10日(月)8時00分", "2035年9月10日 月曜日 8:00",
        "10.09.2035 (Mo) 8:00", "2035-09-10, Monday, 08:00", "Mon 2035-09-10T08:00",
    ],
)  # fmt: skip
def test_a_date_with_its_weekday(cell: str) -> None:
    """One moment in the ways of eight languages; what stands between weekday, date and time means nothing."""
    found = parse_start_cell(cell, BERLIN, None)
    assert isinstance(found, ParsedStart), found
    assert found.moment == EIGHT


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("11.09.2035", "Tue Tuesday Di Dienstag mardi mar martes martedì ter terça-feira dinsdag 火"),
        (
            "12.09.2035",
            "Wed Wednesday Mi Mittwoch mercredi mer miércoles mié mercoledì quarta-feira woensdag wo 水曜日",
        ),
        ("13.09.2035", "Thu Thursday Do Donnerstag jeudi jue jueves giovedì quinta-feira donderdag do 木曜"),
        ("14.09.2035", "Fri Friday Fr Freitag vendredi vie viernes venerdì sexta-feira vrijdag vr 金"),
        ("15.09.2035", "Sat Saturday Sa Samstag Sonnabend samedi sáb sab sábado sabato zaterdag za 土曜日"),
        ("16.09.2035", "Sun Sunday So Sonntag dimanche dim domingo dom domenica zondag zo 日曜日"),
    ],
)
def test_every_weekday_and_none_but_it(day: str, names: str) -> None:
    """Each name fits its day, before the date and behind it, and no other day of the week."""
    other = f"{int(day[:2]) - 1:02}{day[2:]}"
    for name in names.split():
        for cell in (f"{name}. {day}", f"{day} ({name})"):
            assert isinstance(parse_start_cell(cell, BERLIN, None), ParsedStart), cell
        for cell in (f"{name}, {other}", f"{other} {name} 8:00"):
            found = parse_start_cell(cell, BERLIN, None)
            assert isinstance(found, RowError), cell
            assert found.code is RowErrorCode.START_MALFORMED


@pytest.mark.parametrize("cell", ["di 11.09.2035", "di 16.09.2035", "do 13.09.2035", "do 16.09.2035"])
def test_a_short_name_may_be_of_two_languages(cell: str) -> None:
    """`di` is Dienstag and dimanche; it contradicts neither."""
    assert isinstance(parse_start_cell(cell, BERLIN, None), ParsedStart)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("Tuesday, September 10, 2035", "10 September 2035 is a Monday."),
        ("Fr., 10.09.2035, 8 Uhr", "10 September 2035 is a Monday."),
        ("2035年9月10日（火）", "10 September 2035 is a Monday."),
        ("Fri 09/10/2035 8:00", "9 October 2035 is a Tuesday"),
    ],
)
def test_a_weekday_that_contradicts_its_date_is_a_fault(cell: str, says: str) -> None:
    """One of the two is wrong, and nobody but its writer knows which."""
    order = DateOrder.DMY if "/" in cell else None
    found = parse_start_cell(cell, BERLIN, order)
    assert isinstance(found, RowError)
    assert found.message.startswith(f"'{cell}' names another weekday, but ")
    assert says in found.message
    assert "2035-09-01 08:00" in found.hint


def test_a_weekday_settles_day_and_month() -> None:
    """9 October 2035 is a Tuesday, 10 September a Monday; a whole column is read as its weekdays say."""
    for cell, expected in (("Mon 09/10/2035 08:00", EIGHT), ("Mon 10/09/2035 08:00", EIGHT)):
        found = parse_start_cell(cell, BERLIN, None)
        assert isinstance(found, ParsedStart)
        assert found.moment == expected
    assert settle_date_order(["02/01/2035", "Mon 09/10/2035"]) is DateOrder.MDY
    assert settle_date_order(["02/01/2035", "10/09/2035 (Mon)"]) is DateOrder.DMY
    assert settle_date_order(["Mon 31/12/2035", "02/01/2035"]) is DateOrder.DMY
    assert settle_date_order(["Fri 09/10/2035", "Mon 09/10/2035", "Mon 10/09/2035"]) is None
    with pytest.raises(UnsettledOrderError):
        settle_date_order(["Fri 09/10/2035", "02/01/2035"])


@pytest.mark.parametrize("cell", ["Mar 10, 2035", "mar 10 2035", "10 mar 2035", "MARS 10 2035"])
def test_a_month_is_no_weekday(cell: str) -> None:
    """`mar` is a Tuesday only where no date can be read with the month."""
    found = parse_start_cell(cell, BERLIN, None)
    assert isinstance(found, ParsedStart)
    assert found.moment.astimezone(BERLIN).month == 3


@pytest.mark.parametrize(
    ("offset", "hour"),
    [
        ("UTC", 8), ("UTC+2", 6), ("UTC+02:00", 6), ("GMT+01:00", 7), ("(GMT+01:00)", 7), ("GMT-5", 13), ("UTC −3", 11),
        ("UTC+0530", 2), ("(UTC)", 8), ("+02:00", 6), ("Z", 8),
    ],
)  # fmt: skip
def test_a_time_with_its_distance_from_utc(offset: str, hour: int) -> None:
    """With or without UTC before it, in brackets or not."""
    found = parse_start_cell(f"Monday, September 10, 2035 8:00 {offset}", BERLIN, None)
    assert isinstance(found, ParsedStart)
    assert (found.moment.hour, found.zoned) == (hour, True)


@pytest.mark.parametrize(
    "cell", ["next Monday", "Monday", "Mo., 10.09.", "Mo Di 10.09.2035", "10.09.2035 Mo Di", "2035-09-10 8"]
)
def test_what_is_no_date_stays_none(cell: str) -> None:
    """Weekdays alone, two of them, and an hour that nothing calls one."""
    found = parse_start_cell(cell, BERLIN, None)
    assert isinstance(found, RowError)
    assert "is not a date and time" in found.message


def test_a_long_cell_costs_no_more_than_its_length() -> None:
    """Words, blanks and brackets without end are looked at once."""
    for part in ("Mo ", "Mo. ", "10.09.2035 (", " " * 9, "8 h ", "UTC+", "a"):
        assert not isinstance(parse_start_cell("Mo " + part * 20_000, BERLIN, None), ParsedStart)


def test_a_column_of_long_dates(check: Callable[..., CheckedRoster]) -> None:
    """It is a column of days and times like any other; only the row with a wrong weekday is refused."""
    rows = ["anna@x.org;Montag, 10. September 2035, 8 Uhr", "ben@x.org;Montag, 11. September 2035, 8 Uhr"]
    found = check("\n".join(["Benutzername;Beginn", *rows]))
    assert [row.request is not None for row in found.rows] == [True, False]
    assert found.rows[0].request is not None
    assert found.rows[0].request.terms.starts_at == EIGHT
    assert "names another weekday" in found.rows[1].problems[0].message
