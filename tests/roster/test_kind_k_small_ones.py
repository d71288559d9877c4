"""Kind K: small things, each of which has misled somebody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from roster_containers import CONTAINERS, contained

from bulktap.model.errors import RosterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

A, B, C = "anna@fabrikam.org", "ben@fabrikam.org", "cara@fabrikam.org"
GROUP_ID = "5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4f"


def users(checked: CheckedRoster) -> list[str]:
    """Return who gets passes."""
    return [row.user.text for row in checked.rows if row.user is not None]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 person is inactive or blocked (Status) and was skipped: row 2."),
        (2, "2 people are inactive or blocked (Status) and were skipped: rows 2, 3."),
    ],
)
def test_one_person_is_and_two_people_are(check: Check, count: int, said: str) -> None:
    """Counts agree with their words."""
    rows = [("User name", "Status"), *((f"p{i}@fabrikam.org", "left") for i in range(count)), (C, "active")]
    assert any(said in note for note in check(*contained(rows, "csv")).info.notes)


@pytest.mark.parametrize(
    ("name", "login", "skipped"),
    [
        ("Student, Test", "4f1c2a9d0b7e", True),
        ("Test Student", "9a" * 20, True),
        ("Schüler, Test", "0123456789abcdef", True),
        ("Testschüler", "deadbeefdeadbeef", True),
        ("TEST", "aa11bb22cc33", True),
        ("Student, Test", "test@fabrikam.org", False),
        ("Contest, Anna", "4f1c2a9d0b7e", False),
    ],
)
@pytest.mark.parametrize("container", CONTAINERS)
def test_the_test_student_of_a_learning_platform(
    check: Check, container: str, name: str, login: str, skipped: bool
) -> None:
    """Canvas adds one to each course: it is a row that was left out, and no mistake of anybody's."""
    rows = [
        ("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *((f"Berg, {user[:4]}", "1", "00120", user, "H1") for user in (A, B, C, "dev@fabrikam.org")),
        (name, "4", None, login, "H1"),
    ]
    checked = check(*contained(rows, container))
    assert checked.rows[-1].left_out == skipped
    assert users(checked)[:3] == [A, B, C]


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        ("Section", "Section"),
        ("Form", "class"),
        ("Klasse", "class"),
        ("Year Group", "grade"),
        ("Jahrgang", "grade"),
        ("Classe", "section"),
        ("学年", "grade"),
    ],
)
def test_a_word_for_the_group_means_the_column_of_that_kind(check: Check, heading: str, word: str) -> None:
    """A heading that is there counts first; `class` and `grade` are understood whatever the column is called."""
    rows = [("User name", "Site", heading), (A, "North", "7A"), (B, "North", "7B")]
    assert [row.group for row in check(*contained(rows, "xlsx"), class_by=word).rows] == ["7A", "7B"]


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("Jörg", b"J\x9arg"),
        ("Müller", b"M\x9fller"),
        ("Änne", b"\x80nne"),
        ("Renée", b"Ren\x8ee"),
        ("Señor", b"Se\x96or"),
    ],
)
def test_line_ends_of_a_mac(check: Check, name: str, octets: bytes) -> None:
    """A text that is not UTF-8 and whose lines end as on older Macs is MacRoman; with other ends it is Windows'."""
    checked = check(b"User name;Name\ra@fabrikam.org;" + octets + b"\rb@fabrikam.org;Ben\r")
    assert checked.rows[0].display_name == name
    assert any("MacRoman" in note for note in checked.info.notes)
    assert check(b"User name;Name\r\na@fabrikam.org;" + octets + b"\r\n").rows[0].display_name != name


@pytest.mark.parametrize(
    "heading", [b"User\xa0name", b"User name\xa0", b"\xa0UPN", b"E\xa0Mail", b"User\xa0principal\xa0name"]
)
def test_an_unbroken_blank_of_windows_behind_line_ends_of_a_mac(check: Check, heading: bytes) -> None:
    """Where it is all that is not ASCII, the text is Windows', or the heading would be another."""
    checked = check(heading + b";Name\ra@fabrikam.org;Ann\rb@fabrikam.org;Ben\r")
    assert users(checked) == ["a@fabrikam.org", "b@fabrikam.org"]
    assert not any("MacRoman" in note for note in checked.info.notes)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("heading", ["Class", "Klasse", "Classe", "Groep", "クラス"])
def test_a_class_that_became_a_date_is_noted(check: Check, heading: str, container: str) -> None:
    """A class such as 7-1 is a date to a spreadsheet; the note names the first."""
    rows = [("User name", heading), (A, date(2026, 7, 1)), (B, date(2026, 7, 2))]
    notes = check(*contained(rows, container)).info.notes
    assert any(f"Column {heading}: 2 groups are dates, the first is 2026-07-01" in note for note in notes)


@pytest.mark.parametrize(
    ("text", "noted"), [("01-Jul", True), ("7. Jan", True), ("10 BIO", False), ("7-1", False), ("5 Rot", False)]
)
def test_a_class_that_looks_like_a_date(check: Check, text: str, noted: bool) -> None:
    """Only a month behind a day is one."""
    notes = check(*contained([("User name", "Class"), (A, text), (B, text)], "csv")).info.notes
    assert any("are dates" in note for note in notes) is noted


@pytest.mark.parametrize("text", ["1.23E+11", "1,23E+11", "1E+15", "9.87654E+17"])
@pytest.mark.parametrize("heading", ["Student number", "Personalnummer", "Employee ID", "Serial number", "学籍番号"])
def test_numbers_that_excel_has_shortened(check: Check, heading: str, text: str) -> None:
    """An exponent in a number of persons or devices means that its last digits are gone."""
    rows = [("User name", heading), (A, text), (B, text)]
    notes = check(*contained(rows, "csv")).info.notes
    assert any(
        f"Column {heading}: Excel has shortened 2 numbers, the first is '{text}' in row 2" in note for note in notes
    )


@pytest.mark.parametrize(
    ("text", "shortened"),
    [("7e3", False), ("12e4", False), ("3E5", False), ("10e11", False), ("5e-2", False)]
    + [(text, True) for text in ("1.23E+11", "1,23e+11", "1E+05", "9.87654E17", "2E+10")],
)
def test_a_user_name_that_looks_like_a_number(check: Check, text: str, *, shortened: bool) -> None:
    """Spreadsheets write one digit before the point and two in the exponent; what is otherwise is a name."""
    names = ["anna", "ben", "cara", "dan", "eve", text]
    checked = check(*contained([("User name", "Nr"), *((name, "1") for name in names)], "csv"), domain="fabrikam.org")
    assert ([problem.code for problem in checked.rows[-1].problems] == ["user-damaged"]) is shortened
    assert (checked.rows[-1].user is None) is shortened


@pytest.mark.parametrize("mark", ["\ufeff", "\ufeff\ufeff", " \ufeff"])
def test_headings_behind_a_mark(check: Check, mark: str) -> None:
    """Files that were joined with `copy` have the mark of the second one before its headings."""
    checked = check(f"\ufeffUser name,Class\n{A},7A\n{mark}User name,Class\n{B},7B\n")
    assert users(checked) == [A, B]
    assert [row.source.number for row in checked.rows if row.left_out] == [3]


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (timedelta(hours=30), 1800),
        (timedelta(hours=8), 480),
        (timedelta(minutes=90), 90),
        ("36:00", 2160),
        ("48:30:00", 2910),
    ],
)
def test_durations(check: Check, cell: object, minutes: int) -> None:
    """A cell of `[h]:mm` is a length of time, and so is a text of more hours than a day has."""
    from io import BytesIO

    from openpyxl import Workbook

    book, buffer = Workbook(), BytesIO()
    for row in [("User name", "Lifetime"), (A, cell)]:
        book.active.append(row)
    if isinstance(cell, timedelta):
        book.active["B2"].number_format = "[h]:mm"
    book.save(buffer)
    assert check(buffer.getvalue(), "roster.xlsx").rows[0].asked.lifetime_minutes == minutes


@pytest.mark.parametrize("container", CONTAINERS)
def test_an_id_that_all_rows_share(check: Check, container: str) -> None:
    """The id of a group beside its members is none of theirs; alone it names nobody."""
    people = [(GROUP_ID, f"p{i}@fabrikam.org") for i in range(6)]
    assert len(set(users(check(*contained([("Id", "Mail"), *people], container))))) == 6
    with pytest.raises(RosterError, match="holds one and the same id in every row"):
        check(*contained([("Id", "Name"), *((GROUP_ID, f"Person {i}") for i in range(6))], container))


@pytest.mark.parametrize(
    ("user", "domain"),
    [
        ("User", "Domain"),
        ("Benutzername", "Domäne"),
        ("Identifiant", "Domaine"),
        ("Usuario", "Dominio"),
        ("ユーザー名", "ドメイン"),
        ("Login", "UPN suffix"),
    ],
)
@pytest.mark.parametrize("at", ["", "@"])
def test_a_domain_in_a_column_of_its_own(check: Check, user: str, domain: str, at: str) -> None:
    """User name and domain are joined row by row; an option for all rows wins."""
    rows = [("Name", user, domain), ("Anna", "anna", f"{at}fabrikam.org"), ("Ben", "ben", f"{at}contoso.com")]
    assert users(check(*contained(rows, "xlsx"))) == ["anna@fabrikam.org", "ben@contoso.com"]
    assert users(check(*contained(rows, "xlsx"), domain="example.org")) == ["anna@example.org", "ben@example.org"]


@pytest.mark.parametrize(
    "title", ["Class 7A", "Klasse 7a", "Groupe B", "Year 9", "2. Teachers", "Department: Sales", "クラス 1"]
)
@pytest.mark.parametrize("container", CONTAINERS)
def test_titles_between_people(check: Check, title: str, container: str) -> None:
    """A row of one cell that names a class or numbers a section is no person."""
    rows = [("Name", "User name"), (title, None), ("Anna", A), ("Ben", B)]
    checked = check(*contained(rows, container))
    assert users(checked) == [A, B]
    assert checked.rows[0].left_out


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_second_table_below(check: Check, container: str) -> None:
    """Headings of another table end this one; its own headings once more do not."""
    rows = [("Name", "Email", "Role"), ("Anna", A, "Presenter"), ("Name", "Joined", "Email"), ("Anna", "10:00", A)]
    checked = check(*contained(rows, container))
    assert [row.left_out for row in checked.rows] == [False, True, True]
    again = [("Name", "Email"), ("Anna", A), ("Name", "Email"), ("Ben", B)]
    assert users(check(*contained(again, container))) == [A, B]


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_group_of_rows_that_come_back(check: Check, container: str) -> None:
    """The report of rows that need mending keeps the sheet that was their group, and they have it again."""
    rows = [
        ("User name", "Sheet", "Error column", "Error code", "Error", "How to fix", "Sheet row"),
        (A, "7A", "x", "y", "z", "w", 3),
    ]
    assert [row.group for row in check(*contained(rows, container)).rows] == ["7A"]


QUALTRICS = ('{"ImportId":"name"}', '{"ImportId":"mail"}')


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(
    "labels",
    [[("Your name", "Your mail"), QUALTRICS], [(None, "Manual Posting"), ("    Points Possible", "10")], [QUALTRICS]],
)
def test_label_rows_of_programs(check: Check, labels: list[tuple[str, str]], container: str) -> None:
    """Rows that a program writes below its headings are no people; a person above such words stays one."""
    checked = check(*contained([("Name", "Email"), *labels, ("Anna", A), ("Ben", B)], container))
    assert [row.left_out for row in checked.rows] == [*[True] * len(labels), False, False]
    assert users(check(*contained([("Name", "Email"), ("Anna", A), labels[-1], ("Ben", B)], container))) == [A, B]
