"""Several files as one roster: folders, archives and names; what each row is called after, and what stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_bundles import book, checked, laid, people, zipped

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.setting_names import Setting
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions

if TYPE_CHECKING:
    from pathlib import Path

A, B = "anna@contoso.com", "ben@contoso.com"


ONE = "User name\n" + A + "\n"
TWO = "User name\n" + B + "\n"
CASES = {
    "a folder": ({"7A.csv": ONE, "7B.csv": TWO}, [("7A.csv", None, 2, A, "7A"), ("7B.csv", None, 2, B, "7B")]),
    "in the order in which people count": (
        {"10a.csv": ONE, "9b.csv": TWO},
        [("9b.csv", None, 2, B, "9b"), ("10a.csv", None, 2, A, "10a")],
    ),
    "a class column beats the name of the file": (
        {"x.csv": "UPN,Class\n" + A + ",5a\n", "y.csv": "UPN,Class\n" + B + ",5b\n"},
        [("x.csv", None, 2, A, "5a"), ("y.csv", None, 2, B, "5b")],
    ),
    "only one file tells the class": (
        {"7A.csv": "UPN,Klasse\n" + A + ",5a\n", "7B.csv": TWO},
        [("7A.csv", None, 2, A, "5a"), ("7B.csv", None, 2, B, "7B")],
    ),
    "other words for the same columns, in other languages and formats": (
        {
            "5a.csv": "Benutzername;Klasse\r\n" + A + ";5a\r\n",
            "5b.xlsx": book(Blatt=[["Nom d'utilisateur", "Classe"], [B, "5b"]]),
        },
        [("5a.csv", None, 2, A, "5a"), ("5b.xlsx", "Blatt", 2, B, "5b")],
    ),
    "files below folders, and what a system leaves there": (
        {"Year 7/7A.csv": ONE, "Year 8/8A.csv": TWO, ".DS_Store": "x", "__MACOSX/._7A.csv": "x", "~$7A.xlsx": "x"},
        [("Year 7/7A.csv", None, 2, A, "7A"), ("Year 8/8A.csv", None, 2, B, "8A")],
    ),
    "a letter among them": (
        {"7A.csv": ONE, "7B.csv": TWO, "readme.txt": "Dear colleague,\nthese are the lists."},
        [("7A.csv", None, 2, A, "7A"), ("7B.csv", None, 2, B, "7B")],
    ),
    "an archive in a folder": (
        {"old.zip": zipped({"lists/7A.csv": ONE}), "7B.csv": TWO},
        [("7B.csv", None, 2, B, "7B"), ("old.zip/7A.csv", None, 2, A, "7A")],
    ),
    "a run's folder is no list": (
        {"7A.csv": ONE, "7B.csv": TWO, "reports/r/plan.json": "{}", "reports/r/errors.csv": ONE},
        [("7A.csv", None, 2, A, "7A"), ("7B.csv", None, 2, B, "7B")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_each_row_is_called_after(name: str, tmp_path: Path) -> None:
    """File, sheet and number as they are, and the class from where it is told."""
    files, expected = CASES[name]
    assert people(checked(laid(tmp_path / "lists", files))) == expected


def test_an_archive_is_like_a_folder(tmp_path: Path) -> None:
    """Thirty class lists in a zip, with what a Mac adds."""
    files = {f"lists/{number}A.csv": f"User name\nu{number}@contoso.com\n" for number in range(1, 31)}
    laid(tmp_path, {"lists.zip": zipped({**files, "__MACOSX/lists/._1A.csv": "x"})})
    found = people(checked(tmp_path / "lists.zip"))
    assert [row[0] for row in found] == [f"lists.zip/{number}A.csv" for number in range(1, 31)]
    assert [row[4] for row in found] == [f"{number}A" for number in range(1, 31)]


def test_every_sheet_of_several_workbooks(tmp_path: Path) -> None:
    """A sheet is the class; where two workbooks call one alike, the file's name stands before it."""
    rows: list[list[object]] = [["User name"]]
    laid(
        tmp_path,
        {
            "Year 7.xlsx": book(A=[*rows, [A]], B=[*rows, [B]], Info=[["Ask", "the office"]]),
            "Year 8.xlsx": book(A=[*rows, ["c@contoso.com"]], C=[*rows, ["d@contoso.com"]]),
        },
    )
    found = checked(tmp_path / "Year 7.xlsx", tmp_path / "Year 8.xlsx", all_sheets=True)
    assert [row[4] for row in people(found)] == ["Year 7 A", "B", "Year 8 A", "C"]
    assert [row[:2] for row in people(found)][::3] == [("Year 7.xlsx", "A"), ("Year 8.xlsx", "C")]
    assert any("Info" in note for note in found.info.notes)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("Fach,Raum\nMathe,1\n", "no column names the user"),
        (b"PK\x03\x04 damaged", "damaged"),
        ("", "is empty"),
        (b"%PDF-1.7", "PDF"),
        ("User name\n", "no people"),
    ],
)
def test_one_that_cannot_be_read_is_a_question(content: str | bytes, why: str, tmp_path: Path) -> None:
    """It is named with the reason, and the answer passes it over with a note; the others are read."""
    laid(tmp_path, {"7A.csv": ONE, "7B.csv": TWO, "7C.csv": content})
    with pytest.raises(QuestionOpen, match=why) as stop:
        checked(tmp_path)
    (question,) = stop.value.questions
    assert (question.setting, "7C.csv" in question.text) == (Setting.SKIP_UNREADABLE, True)
    found = checked(tmp_path, skip_unreadable=True)
    assert [row[3] for row in people(found)] == [A, B]
    assert any("7C.csv" in note and why in note for note in found.info.notes)


def test_a_folder_without_people_is_refused_by_name(tmp_path: Path) -> None:
    """What lies there instead is told."""
    laid(tmp_path / "lists", {"letter.docx": "x", "photo.png": "y"})
    with pytest.raises(RosterError, match=r"lists is a folder that holds no spreadsheet\. .*letter\.docx"):
        checked(tmp_path / "lists")


def test_remarks_and_faults_keep_their_file(tmp_path: Path) -> None:
    """A total below one list is left out of that list; a fault of a row is where it stands."""
    laid(tmp_path, {"7A.csv": "User name\n" + A + "\nTotal: 1\n", "7B.csv": "User name,Note\n" + B + ",x,y,z\n"})
    rows = {(row.source.file, row.source.number): row for row in checked(tmp_path).rows}
    assert rows["7A.csv", 3].left_out or rows["7A.csv", 3].problems
    assert [problem.code for problem in rows["7B.csv", 2].problems] == ["row-malformed"]


def test_the_same_names_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    """Their folders stand before them."""
    laid(tmp_path, {"north/7A.csv": ONE, "south/7A.csv": TWO})
    found = people(checked(tmp_path / "north" / "7A.csv", tmp_path / "south" / "7A.csv"))
    assert [row[0] for row in found] == ["north/7A.csv", "south/7A.csv"]


def test_any_change_of_any_file_is_another_roster(tmp_path: Path) -> None:
    """The digest that a saved plan keeps is that of all of them."""
    laid(tmp_path, {"7A.csv": ONE, "7B.csv": TWO})
    digests = {read_roster(tmp_path).sha256}
    laid(tmp_path, {"7B.csv": TWO + "c@contoso.com\n"})
    digests.add(read_roster(tmp_path).sha256)
    laid(tmp_path, {"7C.csv": ONE})
    digests.add(read_roster(tmp_path).sha256)
    assert len(digests) == 3


@pytest.mark.parametrize(
    "heading", ["Parent email", "E-Mail Eltern", "Courriel de la mère", "Correo apoderado padre", "保護者メール"]
)
def test_a_list_of_parents_among_class_lists(tmp_path: Path, heading: str) -> None:
    """It is named as a file that is no roster: no answer may give passes to the parents in place of a class."""
    folder = laid(tmp_path, {"7A.csv": ONE, "7B.csv": TWO, "parents.csv": f"Child,{heading}\nAnna,p@fabrikam.org\n"})
    with pytest.raises(QuestionOpen) as stop:
        read_roster(folder, ReadingOptions())
    (question,) = stop.value.questions
    assert question.setting is Setting.SKIP_UNREADABLE
    assert f"parents.csv: no column names the user: the addresses in column {heading}" in question.text
    assert len(read_roster(folder, ReadingOptions(skip_unreadable=True)).rows) == 2


@pytest.mark.parametrize("container", ["csv", "xlsx"])
def test_whoever_has_no_user_yet_keeps_the_class_of_their_file(tmp_path: Path, container: str) -> None:
    """So the row has it when it comes back in a report of errors; a remark and a total have none."""
    rows = [["UPN", "Name", "Nr"], [A, "Anna", 1], [None, "Cara Diaz", 2], [None, "Summe", 3], [None, None, "x!"]]
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    files = {f"7A.{container}": text if container == "csv" else book(S=rows), "7B.csv": "UPN,Class\n" + B + ",7-2\n"}
    found = {row.source.number: (row.group, row.left_out) for row in checked(laid(tmp_path, files)).rows[:4]}
    assert found == {2: ("7A", False), 3: ("7A", False), 4: (None, True), 5: (None, True)}


def test_lists_of_parents_alone_ask_as_one_does(tmp_path: Path) -> None:
    """Where nothing else is there, the column can be named."""
    folder = laid(tmp_path, dict.fromkeys(("a.csv", "b.csv"), "Child,Parent email\nAnna,p@fabrikam.org\n"))
    with pytest.raises(QuestionOpen) as stop:
        read_roster(folder, ReadingOptions())
    assert [choice.value for choice in stop.value.questions[0].choices] == ["user=Parent email"]
