# ruff: noqa: E501 - a line for each case
"""Another file's columns beside the rows: many rows to one, what is missing, what is there twice, and whose name it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_bundles import book, checked, laid, people

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plan import Field

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.roster.model import CheckedRoster

ROSTER = "User name,Class\nanna@x.org,7A\nben@x.org,7a \ncem@x.org,7B\n"


def joined(tmp_path: Path, other: str | bytes, roster: str | bytes = ROSTER, **said: object) -> CheckedRoster:
    """Read a roster with another file beside it."""
    name = "other.xlsx" if isinstance(other, bytes) else "other.csv"
    laid(tmp_path, {"roster.csv": roster, name: other})
    return checked(tmp_path / "roster.csv", join=str(tmp_path / name), **said)


def column(roster: CheckedRoster, heading: str) -> list[object]:
    """Return what the rows of people have below a heading."""
    at = roster.columns.headings.index(heading)
    return [row.source.cells[at] for row in roster.rows if row.request is not None]


# the roster, the other file, the common column, one of the columns that are added, and what it holds
JOINS = {
    "by class, whatever case and blanks": (ROSTER, "Class,Teacher\n7A,Weil\n7B,Buber\n", "Class", "Teacher", ["Weil", "Weil", "Buber"]),
    "the only common column needs no name": (ROSTER, "Class,Room\n7A,001\n7B,002\n", None, "Room", ["001", "001", "002"]),
    "headings in another spelling": (ROSTER, "CLASS ;Site\n7A;North\n7B;South\n", "class", "Site", ["North", "North", "South"]),
    "a workbook whose second sheet has the column": (
        ROSTER,
        book(Notes=[["Ask the office"]], Plan=[["Class", "Room"], ["7A", 1], ["7B", 2]]),
        "Class",
        "Room",
        [1, 1, 2],
    ),
    "numbers as texts and as numbers": (
        "User name,Raum\nanna@x.org,12\nben@x.org,7\n",
        book(Plan=[["Raum", "Etage"], [7, "EG"], [12, "1. OG"]]),
        "Raum",
        "Etage",
        ["1. OG", "EG"],
    ),
    "the same row twice is one row": (ROSTER, "Class,Teacher\n7A,Weil\n7A,Weil\n7B,Buber\n", "Class", "Teacher", ["Weil", "Weil", "Buber"]),
    "a column that the roster has is filled where it is blank": (
        "User name,Class,Teacher\nanna@x.org,7A,Own\nben@x.org,7A,\n",
        "Class,Teacher\n7A,Weil\n",
        "Class",
        "Teacher",
        ["Own", "Weil"],
    ),
    "a group that only the other file knows": (
        "User name,Student ID\nanna@x.org,0012\nben@x.org,0013\n",
        "Student ID,Class\n0013,7B\n0012,7A\n",
        "Student ID",
        "Class",
        ["7A", "7B"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", JOINS)
def test_columns_stand_beside_the_rows(name: str, tmp_path: Path) -> None:
    """As many rows as before, each with what the other file says of its key."""
    roster, other, on, heading, expected = JOINS[name]
    found = joined(tmp_path, other, roster, on=on)
    assert column(found, heading) == expected
    assert len(found.rows) == len(expected)


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    """Keys that the other file lacks, with how many rows have them, and rows without a key; all are kept."""
    roster = ROSTER + "dana@x.org,8C\nemil@x.org,8C\nfinn@x.org,\n"
    found = joined(tmp_path, "Class,Teacher\n7A,Weil\n7B,Buber\n", roster, on="Class")
    assert column(found, "Teacher") == ["Weil", "Weil", "Buber", None, None, None]
    notes = " ".join(found.info.notes)
    assert "2 rows have a Class that is not in other.csv: 8C (2)." in notes
    assert "1 row has no Class" in notes


@pytest.mark.parametrize(
    ("other", "on", "error", "says"),
    [
        ("Class,Teacher\n7A,Weil\n7B,Buber\n7a,Arendt\n", "Class", RosterError, "Class 7a is there twice .*: Weil and Arendt"),
        ("Class,Teacher\n9X,Weil\n", "Class", RosterError, "no row has a Class of roster.csv under Class"),
        ("Team,Teacher\n7A,Weil\n", "Class", QuestionOpen, "has no column 'Class' to join on"),
        ("Group,Teacher\n7A,Weil\n", None, QuestionOpen, "no column in common"),
        ("Class,User name,Teacher\n7A,a@x.org,Weil\n", None, QuestionOpen, "several columns in common"),
        (b"%PDF-1.7", "Class", RosterError, "PDF"),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_stops(
    other: str | bytes, on: str | None, error: type[Exception], says: str, tmp_path: Path
) -> None:
    """Two rows for one key, nothing in common, a file that is none: a sentence that names what and where."""
    with pytest.raises(error, match=says):
        joined(tmp_path, other, on=on)


@pytest.mark.parametrize(
    ("other", "on", "says", "answers"),
    [
        ("Class,Teacher\n7A,Weil\n", "Site", "roster.csv has no column 'Site' to join on. The columns of roster.csv are: User name, Class.", ["Class"]),
        ("Class,Teacher\n7A,Weil\n", "User name", "other.csv has no column 'User name' to join on. The columns of other.csv are: Class, Teacher.", ["Class"]),
        ("Team,Teacher\n7A,Weil\n", "Class", "other.csv has no column 'Class' to join on. The columns of other.csv are: Team, Teacher.", []),
        ("Team,Teacher\n7A,Weil\n", None, "roster.csv and other.csv have no column in common. The columns of other.csv are: Team, Teacher.", []),
        ("Class,User name,Room\n7A,a@x.org,R1\n", None, "roster.csv and other.csv have several columns in common. The columns of other.csv are: Class, User name, Room.", ["User name", "Class"]),
    ],
)  # fmt: skip
def test_the_column_that_lacks_is_told_with_those_of_its_file(
    other: str, on: str | None, says: str, answers: list[str], tmp_path: Path
) -> None:
    """The columns that are listed are those of the file that is named, and an example stands only where no answer is."""
    with pytest.raises(QuestionOpen) as stop:
        joined(tmp_path, other, on=on)
    assert stop.value.message == says
    (question,) = stop.value.questions
    assert [choice.value for choice in question.choices] == answers
    assert bool(question.example) is not bool(answers)


def test_a_doubled_key_that_nobody_has_does_no_harm(tmp_path: Path) -> None:
    """Only what is in the roster has to be clear."""
    found = joined(tmp_path, "Class,Teacher\n7A,Weil\n7B,Buber\n9X,A\n9X,B\n", on="Class")
    assert column(found, "Teacher") == ["Weil", "Weil", "Buber"]


def test_the_teachers_name_and_address_are_not_the_students(tmp_path: Path) -> None:
    """Joined by class, `Name`, `Email` and `Status` of the other file neither name a user nor leave anybody out."""
    roster = "Email,Class\nanna@x.org,7A\n"
    found = joined(tmp_path, "Class,Name,UPN,Status\n7A,Ida Weil,weil@x.org,Inactive\n", roster, on="Class")
    assert [row[3] for row in people(found)] == ["anna@x.org"]
    assert [row.display_name for row in found.rows] == [None]
    assert column(found, "UPN (other)") == ["weil@x.org"]


def test_joined_by_the_person_they_are(tmp_path: Path) -> None:
    """A list of student numbers gets its sign-in names and names from the accounts' export."""
    found = joined(
        tmp_path,
        "Student ID,UPN,Name\n0012,anna@x.org,Anna Arendt\n0013,ben@x.org,Ben Bauer\n",
        "Student ID,Class\n0012,7A\n0013,7B\n",
        on="Student ID",
    )
    assert [(row[3], row[4]) for row in people(found)] == [("anna@x.org", "7A"), ("ben@x.org", "7B")]
    assert found.columns.heading(Field.DISPLAY_NAME) == "Name"


def test_secrets_of_the_other_file_stay_there(tmp_path: Path) -> None:
    """A column of passwords is not put beside anything."""
    found = joined(tmp_path, "Class,Teacher,Password\n7A,Weil,hunter2\n7B,Buber,hunter3\n", on="Class")
    assert "hunter2" not in repr(found.rows)
    assert "Password" in found.info.dropped


def test_a_joined_file_is_part_of_what_is_signed(tmp_path: Path) -> None:
    """Another teacher in it is another roster; in a folder of lists it is no list."""
    laid(tmp_path / "lists", {"7A.csv": "User name\nanna@x.org\n", "7B.csv": "User name\nben@x.org\n"})
    laid(tmp_path / "lists", {"teachers.csv": "Class,Teacher\n7A,Weil\n7B,Buber\n"})
    join = str(tmp_path / "lists" / "teachers.csv")
    first = checked(tmp_path / "lists", join=join, on="Class")
    assert column(first, "Teacher") == ["Weil", "Buber"]
    laid(tmp_path / "lists", {"teachers.csv": "Class,Teacher\n7A,Weil\n7B,Arendt\n"})
    assert checked(tmp_path / "lists", join=join, on="Class").info.sha256 != first.info.sha256


@pytest.mark.parametrize(
    ("heading", "named"),
    [
        ("Klasse", "Class"),
        ("Classe", "Class"),
        ("Klas", "Class"),
        ("Turma", "Turma"),
        ("組", "Class"),
        ("Class", "Klasse"),
    ],
)
def test_the_common_column_in_other_words(tmp_path: Path, heading: str, named: str) -> None:
    """A column that means the same is the one that was named, whichever file has which word; the note says both."""
    roster = joined(tmp_path, f"Titel,,\n{heading},Teacher\n7A,Weil\n7B,Buber\n", on=named)
    assert column(roster, "Teacher") == ["Weil", "Weil", "Buber"]
    assert any("was joined on Class" in note for note in roster.info.notes)


@pytest.mark.parametrize("heading", ["Klasse", "Classe", "Klas", "組", "Turma"])
def test_the_sheet_with_the_common_column_in_other_words(tmp_path: Path, heading: str) -> None:
    """A sheet that has the very word comes first, then one that has another for the same."""
    plan = [[heading, "Teacher"], ["7A", "Weil"], ["7B", "Buber"]]
    roster = joined(tmp_path, book(Notes=[["Ask the office"]], Plan=plan), on="Class")
    assert column(roster, "Teacher") == ["Weil", "Weil", "Buber"]
    both = book(Other=[[heading, "Teacher"], ["7A", "Nobody"]], Plan=[["Class", "Teacher"], *plan[1:]])
    assert column(joined(tmp_path, both, on="Class"), "Teacher") == ["Weil", "Weil", "Buber"]


def test_two_columns_that_mean_the_same_are_asked_about(tmp_path: Path) -> None:
    """Neither is taken then."""
    with pytest.raises(QuestionOpen, match="has no column 'Class' to join on"):
        joined(tmp_path, "Klasse,Kurs,Teacher\n7A,1,Weil\n", on="Class")
