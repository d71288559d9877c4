# ruff: noqa: E501 - a line for each case
"""Ids whose leading zeros a spreadsheet program ate in one file are joined by their number, only where that is unique."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from roster_bundles import book, checked, laid, people

from bulktap.model.errors import RosterError
from bulktap.roster.bundles.lost_zeros import lost_zeros

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.roster.model import CheckedRoster

# the keys of one file, those of the other, and which of the first are which of the second
KEYS = {
    "eaten here": (["7", "12"], ["0007", "0012"], {"7": "0007", "12": "0012"}),
    "eaten there": (["0007", "0012"], ["7", "12"], {"0007": "7", "0012": "12"}),
    "as they are written": (["0007", "7A"], ["0007", "7A", "7"], {}),
    "two there": (["7"], ["0007", "007"], {}),
    "two here": (["7", "07"], ["0007"], {}),
    "one of two here is there": (["7", "0007"], ["0007"], {}),
    "zeros on both sides": (["07"], ["0007"], {}),
    "no numbers": (["7A", "", "٧", "-7"], ["0007A", "0", "007", "07"], {}),
    "nothing but zeros": (["0"], ["000"], {}),
    "some": (["7", "0008", "9", "x"], ["0007", "0008", "0009", "009"], {"7": "0007"}),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_number_is_an_id_where_nothing_else_has_it(name: str) -> None:
    """And where one of the two has no zeros at all, as a spreadsheet program leaves it."""
    ours, theirs, expected = KEYS[name]
    assert lost_zeros(ours, theirs) == expected


_IDS = st.lists(st.from_regex(r"0{0,2}[0-3]{0,2}[A]?", fullmatch=True), max_size=8)


@given(_IDS, _IDS)
def test_no_id_is_joined_twice(ours: list[str], theirs: list[str]) -> None:
    """Neither to one that is there as it is written, nor two of one file to one of the other."""
    pairs = lost_zeros(ours, theirs)
    assert len(set(pairs.values())) == len(pairs)
    assert not set(pairs) & set(theirs)
    assert not set(pairs.values()) & set(ours)
    assert all(key.lstrip("0") == other.lstrip("0") for key, other in pairs.items())


def column(roster: CheckedRoster, heading: str) -> list[object]:
    """Return what the rows of people have below a heading."""
    at = roster.columns.headings.index(heading)
    return [row.source.cells[at] for row in roster.rows if row.request is not None]


ROSTER = "User name,Student ID\nanna@x.org,0007\nben@x.org,0012\ncem@x.org,0100\n"
# the roster, the file beside it, the classes, and how many rows were joined by their number
JOINS = {
    "eaten in the file beside": (ROSTER, "Student ID,Class\n7,7A\n12,7B\n0100,7C\n", ["7A", "7B", "7C"], 2),
    "eaten in the roster": ("User name,Student ID\nanna@x.org,7\nben@x.org,7\ncem@x.org,12\n", "Student ID,Class\n0007,7A\n0012,7B\n", ["7A", "7A", "7B"], 3),
    "numbers of a workbook": (ROSTER, book(A=[["Student ID", "Class"], [7, "7A"], [12, "7B"], [100, "7C"]]), ["7A", "7B", "7C"], 3),
    "one is ambiguous": (ROSTER, "Student ID,Class\n7,7A\n007,7X\n12,7B\n", [None, "7B", None], 1),
    "a number that is there as it is written, too": (ROSTER + "dana@x.org,7\n", "Student ID,Class\n7,7A\n12,7B\n", [None, "7B", None, "7A"], 1),
}  # fmt: skip


@pytest.mark.parametrize("name", JOINS)
def test_a_file_beside_is_joined_by_the_number(name: str, tmp_path: Path) -> None:
    """It is told with how many rows, and what was not joined is told as ever."""
    roster, other, classes, count = JOINS[name]
    beside = "other.xlsx" if isinstance(other, bytes) else "other.csv"
    laid(tmp_path, {"roster.csv": roster, beside: other})
    found = checked(tmp_path / "roster.csv", join=str(tmp_path / beside), on="Student ID")
    assert column(found, "Class") == classes
    told = [note for note in found.info.notes if "without its zeros" in note]
    assert [note.partition(" ")[0] for note in told] == [str(count)], found.info.notes
    missing = classes.count(None)
    assert not missing or any(f"{missing} row" in note and "is not in other" in note for note in found.info.notes)


def test_two_rows_of_one_number_are_refused_as_of_one_key(tmp_path: Path) -> None:
    """What a key is joined to by its number must be one thing."""
    laid(tmp_path, {"roster.csv": ROSTER, "other.csv": "Student ID,Class\n7,7A\n7,7B\n"})
    with pytest.raises(RosterError, match="Student ID 7 is there twice"):
        checked(tmp_path / "roster.csv", join=str(tmp_path / "other.csv"), on="Student ID")


def test_an_ambiguous_number_alone_joins_nothing(tmp_path: Path) -> None:
    """As any two files that have nothing in common."""
    laid(
        tmp_path,
        {"roster.csv": "User name,Student ID\nanna@x.org,7\n", "other.csv": "Student ID,Class\n007,7A\n0007,7B\n"},
    )
    with pytest.raises(RosterError, match="no row has a Student ID"):
        checked(tmp_path / "roster.csv", join=str(tmp_path / "other.csv"), on="Student ID")


SDS_V1 = {
    "School.csv": "SIS ID,Name\n01,North\n",
    "Section.csv": "SIS ID,School SIS ID,Section Name\n0101,01,Maths\n0102,01,Art\n",
    "Student.csv": "SIS ID,School SIS ID,First Name,Last Name,Username\n0007,01,Anna,Arendt,anna@x.org\n0012,01,Ben,Bauer,ben@x.org\n",
    "Teacher.csv": "SIS ID,School SIS ID,First Name,Last Name,Username\n0021,01,Ida,Weil,weil@x.org\n",
    "StudentEnrollment.csv": "Section SIS ID,SIS ID\n0101,0007\n0102,0012\n",
    "TeacherRoster.csv": "Section SIS ID,SIS ID\n0101,0021\n",
}
ONEROSTER = {
    "manifest.csv": "propertyName,value\noneroster.version,1.2\nfile.users,bulk\n",
    "orgs.csv": "sourcedId,status,name,type\n01,,North,school\n",
    "users.csv": "sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName\n0007,,,true,anna@x.org,Anna,Arendt\n0012,,,true,ben@x.org,Ben,Bauer\n",
    "roles.csv": "sourcedId,status,userSourcedId,roleType,role,orgSourcedId\nr1,,0007,primary,student,01\nr2,,0012,primary,student,01\n",
    "classes.csv": "sourcedId,status,title,classType,schoolSourcedId\n0101,,Maths,scheduled,01\n0102,,Art,scheduled,01\n",
    "enrollments.csv": "sourcedId,status,classSourcedId,userSourcedId,role\ne1,,0101,0007,student\ne2,,0102,0012,student\n",
}
CLEVER = {
    "students.csv": "School_id,Student_id,Last_name,First_name,Student_email\n01,0007,Arendt,Anna,anna@x.org\n01,0012,Bauer,Ben,ben@x.org\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Name\n01,0101,0021,Maths\n01,0102,0021,Art\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n01,0101,0007\n01,0102,0012\n",
    "teachers.csv": "School_id,Teacher_id,First_name,Last_name\n01,0021,Ida,Weil\n",
    "schools.csv": "School_id,School_name\n01,North\n",
}
# an export, the file that a spreadsheet program has saved, and how many of its ids that changed
EATEN = {
    "members of School Data Sync 1": (SDS_V1, "StudentEnrollment.csv", 4),
    "who teaches, of School Data Sync 1": (SDS_V1, "TeacherRoster.csv", 2),
    "teachers of School Data Sync 1": (SDS_V1, "Teacher.csv", 1),
    "people of School Data Sync 1": (SDS_V1, "Student.csv", 3),
    "classes of School Data Sync 1": (SDS_V1, "Section.csv", 3),
    "schools": (SDS_V1, "School.csv", 1),
    "members of OneRoster": (ONEROSTER, "enrollments.csv", 4),
    "roles of OneRoster": (ONEROSTER, "roles.csv", 3),
    "people of OneRoster": (ONEROSTER, "users.csv", 2),
    "members of Clever": (CLEVER, "enrollments.csv", 4),
    "teachers of Clever": (CLEVER, "teachers.csv", 1),
}


def eaten(text: str) -> str:
    """Return a table as a spreadsheet program saves it again."""
    return "\n".join(",".join(cell.lstrip("0") for cell in line.split(",")) for line in text.split("\n"))


def beside(roster: CheckedRoster) -> list[str]:
    """Return user, class, teacher and school of each row that asks for a pass."""
    headings = roster.columns.headings
    places = [headings.index(one) for one in ("Class", "Teacher", "School") if one in headings]
    rows = [row for row in roster.rows if row.request is not None and row.user is not None]
    return [" ".join([row.user.text, *(str(row.source.cells[at]) for at in places)]) for row in rows if row.user]


@pytest.mark.parametrize("name", EATEN)
def test_an_export_is_joined_as_if_its_zeros_were_there(name: str, tmp_path: Path) -> None:
    """Whichever file has lost them; one note tells it, with how many ids."""
    files, which, count = EATEN[name]
    whole = checked(laid(tmp_path / "whole", files))
    found = checked(laid(tmp_path / "eaten", {**files, which: eaten(files[which])}))
    assert beside(found) == beside(whole)
    told = [note for note in found.info.notes if "without its zeros" in note]
    assert [int(note.partition(" ")[0]) for note in told] == [count], found.info.notes
    assert not any("without its zeros" in note or "classes and not in" in note for note in whole.info.notes)


def test_an_ambiguous_id_of_an_export_gives_nobody_a_class(tmp_path: Path) -> None:
    """Two people have that number, so neither is in the class, and the member is told as nobody."""
    students = SDS_V1["Student.csv"] + "07,01,Cem,Can,cem@x.org\n"
    members = "Section SIS ID,SIS ID\n0101,7\n0102,0012\n"
    found = checked(laid(tmp_path, {**SDS_V1, "Student.csv": students, "StudentEnrollment.csv": members}))
    assert [group for *_, group in people(found)] == [None, "Art", None]
    assert any("1 person is in classes and not in Student.csv: 7." in note for note in found.info.notes)
    assert not any("without its zeros" in note for note in found.info.notes)


def test_two_files_of_the_same_people_are_joined_by_the_number(tmp_path: Path) -> None:
    """The accounts and the classes, as SchILD-NRW has them."""
    accounts = "Student ID;Login\n007;anna\n008;ben\n"
    found = checked(
        laid(tmp_path, {"accounts.csv": accounts, "classes.csv": "Student ID;Surname;Form\n7;Berg;7A\n8;Kraus;7B\n"}),
        domain="x.org",
    )
    assert [group for *_, group in people(found)] == ["7A", "7B"]
    assert any("2 rows were joined by the number without its zeros" in note for note in found.info.notes)
