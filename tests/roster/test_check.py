# ruff: noqa: DTZ001 - cells of a spreadsheet know no time zone
"""Whole rosters, judged row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.model.errors import RosterError
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PassRequest, UserRef
from bulktap.model.plan import Field
from bulktap.model.row_errors import RowErrorCode, Severity
from bulktap.roster.model import CheckedRoster
from bulktap.roster.reading_words import DateOrder

Check = Callable[..., CheckedRoster]
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def codes(checked: CheckedRoster) -> dict[int, list[str]]:
    """Return the codes of every row that has any, by row number."""
    return {row.source.number: [e.code.value for e in row.problems] for row in checked.rows if row.problems}


def test_a_good_row_becomes_a_request(check: Check) -> None:
    """User, start, lifetime and one-time of the row are asked for; the rest goes along."""
    checked = check(
        "Name,User name,Class,Pass start,Lifetime,One-time\nAnna,a@contoso.com,7b,2035-09-01 08:00,8h,yes\n"
    )
    row = checked.rows[0]
    assert row.request == PassRequest(
        UserRef("a@contoso.com"), PassTerms(datetime(2035, 9, 1, 6, tzinfo=UTC), 480, True)
    )
    assert (row.display_name, row.group, row.device, row.problems) == ("Anna", "7b", None, ())
    assert (checked.info.file, checked.info.row_count) == ("roster.csv", 1)
    assert any("time zone Europe/Berlin" in note for note in checked.info.notes)


def test_options_fill_what_rows_leave_open(check: Check) -> None:
    """The row's own value beats the option, and an empty cell takes it."""
    starts_at = datetime(2035, 1, 1, tzinfo=UTC)
    defaults = PassTerms(starts_at, 60, usable_once=True)
    text = "User name,Pass start,Lifetime,One-time\na@contoso.com,2035-09-01T08:00Z,90,no\nb@contoso.com,,,\n"
    first, second = (row.request for row in check(text, defaults=defaults).rows)
    assert first == PassRequest(UserRef("a@contoso.com"), PassTerms(datetime(2035, 9, 1, 8, tzinfo=UTC), 90, False))
    assert second == PassRequest(UserRef("b@contoso.com"), PassTerms(starts_at, 60, True))


def test_all_faults_of_a_row_at_once(check: Check) -> None:
    """A row with four faults is answered with four, each under its heading, and asks for nothing."""
    checked = check("User name,Pass start,Lifetime,One-time\na b@contoso.com,soon,sixty,maybe\nb@contoso.com,,,\n")
    problems = checked.rows[0].problems
    assert [(e.column, e.code) for e in problems] == [
        ("User name", RowErrorCode.USER_MALFORMED), ("Lifetime", RowErrorCode.LIFETIME_MALFORMED),
        ("One-time", RowErrorCode.ONE_TIME_MALFORMED), ("Pass start", RowErrorCode.START_MALFORMED),
    ]  # fmt: skip
    assert checked.rows[0].request is None
    assert checked.rows[1].request is not None


def test_request_is_missing_exactly_when_a_problem_refuses(check: Check) -> None:
    """Warnings go with a row, errors refuse it."""
    checked = check("User name\nan\u200bna@contoso.com\nbad\nben@contoso.com\n")
    assert [row.request is None for row in checked.rows] == [False, True, False]
    assert [any(e.refuses for e in row.problems) for row in checked.rows] == [False, True, False]
    assert checked.rows[0].problems[0].severity is Severity.WARNING


def test_row_without_a_user_says_whose_it_is(check: Check) -> None:
    """An empty user in a filled row is a fault that names the person."""
    checked = check("User name,Name,Class\n,Anna Berg,7b\nb@contoso.com,Ben,7b\n")
    assert "(Anna Berg, 7b)" in checked.rows[0].problems[0].message
    assert codes(checked) == {2: ["user-missing"]}


def test_shared_devices_are_skipped_with_a_count(check: Check) -> None:
    """In a list of devices an empty user is a shared device, not a mistake."""
    checked = check("Device name,Serial number,Primary user UPN\nPC1,S1,a@contoso.com\nKIOSK,S2,\n")
    assert [(row.source.number, row.device, row.left_out) for row in checked.rows] == [
        (2, "PC1 (S1)", False), (3, "KIOSK (S2)", True),
    ]  # fmt: skip
    assert any("1 device has no user and was skipped: row 3" in note for note in checked.info.notes)


def test_remarks_below_the_table_are_skipped(check: Check) -> None:
    """Totals and print dates below the last person are no people; a name without a user is."""
    checked = check("Name,User name\nAnna,a@contoso.com\nBen,\nTotal 2,\nCreated On 04/09/2026,\n")
    assert codes(checked) == {3: ["user-missing"], 4: ["left-out"], 5: ["left-out"]}
    assert any("Remarks below the table were skipped: rows 4, 5" in note for note in checked.info.notes)


def test_remark_in_the_user_column_is_a_fault(check: Check) -> None:
    """Text in the column of users is never passed over."""
    assert codes(check("User name,Class\na@contoso.com,7b\nCreated On 04/09/2026,\n")) == {3: ["user-malformed"]}


def test_shifted_rows_are_refused_as_a_whole(check: Check) -> None:
    """A row with too many fields has one fault, for nothing in it can be trusted."""
    checked = check("User name,Name\na@contoso.com,Berg, Anna\nb@contoso.com,Ben\n")
    assert codes(checked) == {2: ["row-malformed"]}
    assert checked.rows[0].user is None


@pytest.mark.parametrize(
    ("minutes_ago", "lifetime", "code"),
    [(10, "60", "start-passed"), (61, "60", "start-in-past"), (10, "", "start-in-past")],
)
def test_starts_that_have_come(check: Check, minutes_ago: int, lifetime: str, code: str) -> None:
    """A start whose pass would be over refuses the row; one that is running starts now, with a warning."""
    start = f"{NOW - timedelta(minutes=minutes_ago):%Y-%m-%dT%H:%MZ}"
    later = "b@contoso.com,2035-01-01 08:00,60\n"
    checked = check(f"User name,Pass start,Lifetime\na@contoso.com,{start},{lifetime}\n{later}")
    assert codes(checked) == {2: [code]}
    assert (checked.rows[0].request is None) == (code == "start-in-past")


def test_today_without_a_time_starts_now(check: Check) -> None:
    """A date that is today means now, for midnight has passed."""
    row = check("User name,Pass start\na@contoso.com,2026-11-01\n").rows[0]
    assert row.request == PassRequest(UserRef("a@contoso.com"))
    assert "starts now" in row.problems[0].message


def test_history_is_not_taken_for_a_start(check: Check) -> None:
    """A start date that lies in the past in every row is the person's history; a pass start never is."""
    rows = "a@contoso.com,2020-09-01\nb@contoso.com,2021-09-01\n"
    checked = check("User name,Start Date\n" + rows)
    assert all(row.request == PassRequest(UserRef(row.source.cells[0])) for row in checked.rows)  # type: ignore[arg-type]
    assert any("Start Date lies in the past" in note for note in checked.info.notes)
    assert checked.columns.index(Field.START) is None
    assert codes(check("User name,Pass start\n" + rows)) == {2: ["start-in-past"], 3: ["start-in-past"]}
    assert codes(check("User name,Start Date\n" + rows, columns={Field.START: "Start Date"})) != {}


def test_a_start_date_in_the_future_is_taken(check: Check) -> None:
    """One value that is to come makes a start date the start of the passes."""
    checked = check("User name,Start Date\na@contoso.com,2035-09-01\nb@contoso.com,2021-09-01\n")
    assert codes(checked) == {2: ["start-without-time"], 3: ["start-in-past"]}


def test_ambiguous_dates_are_settled_by_column_option_or_question(check: Check) -> None:
    """Day or month first is read from the column, told by --date-order, or asked."""
    text = "User name,Pass start\na@contoso.com,02/03/2035\n"
    with pytest.raises(RosterError, match="could begin with the day") as question:
        check(text)
    assert "--date-order" in with_options(question.value.hint)
    told = check(text, date_order=DateOrder.MDY).rows[0].request
    settled = check(text + "b@contoso.com,31/12/2035\n").rows[0].request
    assert told is not None
    assert settled is not None
    assert (told.terms.starts_at, settled.terms.starts_at) == (
        datetime(2035, 2, 2, 23, tzinfo=UTC), datetime(2035, 3, 1, 23, tzinfo=UTC),
    )  # fmt: skip


def test_ambiguous_text_among_real_dates_is_a_fault_of_its_row(check: Check) -> None:
    """Text that a spreadsheet could not read as a date stands out among real dates."""
    rows = [["User name", "Pass start"], ["a@contoso.com", datetime(2035, 9, 1, 8)], ["b@contoso.com", "02/03/2035"]]
    assert codes(check(rows, "r.xlsx")) == {3: ["start-ambiguous"]}


def test_hours_in_the_heading(check: Check) -> None:
    """A lifetime column that says hours is read in hours."""
    request = check("User name,Lifetime (hours)\na@contoso.com,8\n").rows[0].request
    assert request is not None
    assert request.terms.lifetime_minutes == 480


def test_names_are_put_together(check: Check) -> None:
    """Without a full name its parts are joined, the Dutch prefix in its place."""
    text = "Achternaam,Tussenvoegsel,Roepnaam,Gebruikersnaam\nJong,de,Anna,a@contoso.com\nBos,,Ben,b@contoso.com\n"
    assert [row.display_name for row in check(text).rows] == ["Anna de Jong", "Ben Bos"]


def test_guessed_encoding_may_not_decide_a_user(check: Check) -> None:
    """A legacy encoding is good enough for names, never for users."""
    names = "User name;Name\nanna@contoso.com;Müller\n".encode("cp1252")
    users = "User name;Name\nm\u00fcller@contoso.com;Anna\n".encode("cp1252")
    assert check(names).rows[0].display_name == "Müller"
    with pytest.raises(RosterError, match=r"row 2, User name.*0xFC") as question:
        check(users)
    assert "--encoding" in with_options(question.value.hint)


def test_a_roster_in_which_nobody_is_named_is_refused(check: Check) -> None:
    """Shared devices alone are not a run of zero passes."""
    with pytest.raises(RosterError, match="no row names a user"):
        check("Device name,Primary user UPN\nKIOSK1,\n")


def test_summary_says_how_columns_were_taken(check: Check) -> None:
    """The notes say once which column was taken for what."""
    notes = check("Klasse,Benutzername\n7b,a@contoso.com\n").info.notes
    assert "Columns: the user from Benutzername, the group from Klasse." in notes
