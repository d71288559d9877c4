"""Kind A: dates whose day and month a program has exchanged as it opened the file of another country."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from roster_containers import CONTAINERS, contained

from bulktap.model.errors import QuestionOpen
from bulktap.model.setting_names import Setting
from bulktap.roster.reading_words import DateOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

BERLIN = ZoneInfo("Europe/Berlin")


def roster(starts: Sequence[object], heading: str = "Pass start") -> list[list[object]]:
    """Return the rows of a roster of people with these starts."""
    return [["User name", heading], *([f"p{i}@contoso.com", start] for i, start in enumerate(starts))]


def days(checked: CheckedRoster) -> list[date]:
    """Return on which days the passes begin, in the roster's zone."""
    found = [row.asked.starts_at for row in checked.rows]
    return [moment.astimezone(BERLIN).date() for moment in found if moment is not None]


HALF = [datetime(2035, 10, 9, 8), datetime(2035, 11, 9, 8), "13/09/2035 08:00", "14/09/2035 08:00"]  # noqa: DTZ001
MEMBERS = {
    "US Excel, days first": (HALF, "9 October 2035", "10 September 2035"),
    "German Excel, months first": (
        [date(2035, 9, 10), "09/13/2035", "09/14/2035"],
        "10 September 2035",
        "9 October 2035",
    ),
    "with points": ([date(2035, 3, 4), "13.04.2035", "14.04.2035"], "4 March 2035", "3 April 2035"),
    "two digits of the year": ([date(2035, 3, 4), "13-04-35"], "4 March 2035", "3 April 2035"),
    "one date among many texts": (
        ["13/04/2035", "14/04/2035", "15/04/2035", date(2035, 3, 4)],
        "4 March 2035",
        "3 April 2035",
    ),
    "a later one was typed": ([date(2035, 3, 4), "13/04/2035", date(2035, 4, 20)], "4 March 2035", "3 April 2035"),
}


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("container", CONTAINERS[1:])
def test_half_swapped_dates_are_asked_about(check: Check, name: str, container: str) -> None:
    """Real dates among texts that only the other order reads stop with a question that names both readings."""
    starts, stands, swapped = MEMBERS[name]
    with pytest.raises(QuestionOpen) as stop:
        check(*contained(roster(starts), container))
    (question,) = stop.value.questions
    assert question.setting is Setting.DATE_ORDER
    assert {choice.value: choice.aside for choice in question.choices} == {"swapped": swapped, "as-is": stands}
    assert all(f"{stands} as it stands, {swapped} if" in line for line in question.details[:1])


@pytest.mark.parametrize("written", ["2035-10-09", "9-Oct-35", "09-okt-2035"])
def test_text_of_a_workbook_that_was_swapped(check: Check, written: str) -> None:
    """A half-swapped workbook that was saved as text still has the dates as the program wrote them."""
    with pytest.raises(QuestionOpen, match="9 October 2035 in row 2"):
        check(*contained(roster([written, "13/09/2035"]), "csv"))


@pytest.mark.parametrize("container", CONTAINERS[1:])
def test_the_answers(check: Check, container: str) -> None:
    """One answer exchanges them back, the other takes them as they stand; texts are the same with both."""
    content = contained(roster(HALF), container)
    back = check(*content, date_order=DateOrder.SWAPPED)
    assert days(back) == [date(2035, 9, day) for day in (10, 11, 13, 14)]
    assert any("In 2 dates of column Pass start day and month were exchanged back." in note for note in back.info.notes)
    assert [row.source.cells[1] for row in back.rows[:2]] == HALF[:2]
    kept = check(*content, date_order=DateOrder.AS_IS)
    assert days(kept) == [date(2035, 10, 9), date(2035, 11, 9), date(2035, 9, 13), date(2035, 9, 14)]


@pytest.mark.parametrize("order", [DateOrder.DMY, DateOrder.MDY])
def test_an_order_of_texts_says_nothing_of_dates(check: Check, order: DateOrder) -> None:
    """What was said of dates as texts, perhaps long ago in a file beside the roster, settles nothing here."""
    with pytest.raises(QuestionOpen):
        check(*contained(roster(HALF), "xlsx"), date_order=order)


@pytest.mark.parametrize(
    "starts",
    [
        [date(2035, 9, 13), "14/09/2035"],
        [date(2035, 9, 9), "13/09/2035"],
        [date(2035, 9, 10), "13 Sept 2035"],
        [date(2035, 9, 10), "2035-09-13"],
        [date(2035, 9, 10), date(2035, 9, 13)],
    ],
)
def test_what_cannot_be_swapped_is_not_asked_about(check: Check, starts: list[object]) -> None:
    """A day over 12, the ninth of the ninth, and dates that all programs read alike are as they stand."""
    assert len(days(check(*contained(roster(starts), "xlsx")))) == len(starts)


def test_a_column_that_may_be_swapped_as_a_whole_names_its_months(check: Check) -> None:
    """Nobody can know, but whoever expects September sees January to March."""
    starts = [date(2035, month, 9) for month in (1, 2, 3)]
    notes = check(*contained(roster(starts), "xlsx")).info.notes
    assert any(
        "lie in January 2035 (1), February 2035 (1), March 2035 (1), none after the 12th" in note for note in notes
    )
    week = [date(2035, 9, 3) + timedelta(days) for days in range(5)]
    assert not any("none after" in note for note in check(*contained(roster(week), "xlsx")).info.notes)


@pytest.mark.parametrize("offset", ["+14:30", "-15:00", "+23:59", "+1500", "-14:01", "+99:00"])
def test_an_offset_that_no_place_has(check: Check, offset: str) -> None:
    """An offset beyond 14 hours is an error of its row, in every form."""
    row = check(*contained(roster([f"2035-09-01T08:00{offset}"]), "csv")).rows[0]
    assert [problem.code for problem in row.problems] == ["start-malformed"]
    assert row.request is None
