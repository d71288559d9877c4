"""Two files of the same people: one has the accounts, the other class and grade, and only names tell who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_bundles import book, checked, laid, people

from bulktap.model.errors import QuestionOpen

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.roster.model import CheckedRoster

ACCOUNTS = (
    "Nachname|Vorname|Geburtsdatum|ID|Lernplattform|Benutzername|Initialkennwort\n"
    "Berg|Anna|01.02.2010|11|Logineo|anna.berg|Geheim-1\nKraus|Ben|03.04.2011|12|Logineo|ben.kraus|Geheim-2\n"
    "Berg|Anna|05.02.2010|13|Logineo|anna.berg2|Geheim-3\n"
)
CLASSES = (
    "Nachname|Vorname|Geburtsdatum|Klasse|Jahrgang\nBerg|Anna|01.02.2010|7A|7\nKraus|Ben|03.04.2011|7B|7\n"
    "Berg|Anna|05.02.2010|7C|7\n"
)
# files; who gets a pass, in which group; by what they were matched
PAIRS = {
    "SchILD-NRW, namesakes of two birth dates": (
        {"Lernplattform.dat": ACCOUNTS, "SchuelerLeistungsdaten.dat": CLASSES},
        ["anna.berg@x.org 7A", "ben.kraus@x.org 7B", "anna.berg2@x.org 7C"],
        "by name and date of birth: Klasse, Jahrgang",
    ),
    "workbooks without dates, in another order": (
        {
            "konten.xlsx": book(
                A=[["Surname", "First name", "Username"], ["Berg", "Anna", "anna"], ["Kraus", "Ben", "ben"]]
            ),
            "classes.xlsx": book(
                B=[["Class", "First name", "Surname"], ["7B", "BEN", "Kraus"], ["7A", " anna ", "Berg"]]
            ),
        },
        ["anna@x.org 7A", "ben@x.org 7B"],
        "by name: Class",
    ),
    "a text and a workbook, whose dates are written in two ways": (
        {
            "comptes.csv": "Nom;Prénom;Date de naissance;Identifiant\nBerg;Anna;2010-02-01;anna\n"
            "Kraus;Ben;2011-04-03;ben\n",
            "classes.xlsx": book(
                A=[["Nom", "Prénom", "Date de naissance", "Classe"], ["Berg", "Anna", "01.02.2010", "5e"],
                   ["Kraus", "Ben", "03.04.2011", "4e"]]
            ),
        },
        ["anna@x.org 5e", "ben@x.org 4e"],
        "by name and date of birth: Classe",
    ),
    "a number that both have": (
        {
            "accounts.csv": "Student ID;Login\n007;anna\n008;ben\n",
            "classes.csv": "Student ID;Surname;Form\n007;Berg;7A\n008;Kraus;7B\n009;Neu;7B\n",
        },
        ["anna@x.org 7A", "ben@x.org 7B"],
        "by Student ID: Surname, Form",
    ),
    "Dutch, half of whom are in the other file": (
        {
            "accounts.csv": "Achternaam,Voornaam,Gebruikersnaam\nBerg,Anna,anna\nKraus,Ben,ben\n",
            "klassen.csv": "Achternaam,Voornaam,Klas\nBerg,Anna,2b\nVos,Cara,2c\n",
        },
        ["anna@x.org 2b", "ben@x.org -"],
        "by name: Klas",
    ),
    "Japanese": (
        {"a.csv": "姓,名,ユーザー名\n山田,花子,hanako\n", "b.csv": "姓,名,組\n山田,花子,1組\n"},
        ["hanako@x.org 1組"],
        "by name: 組",
    ),
}  # fmt: skip


def refused(found: CheckedRoster) -> list[tuple[int, str]]:
    """Return the rows that are refused, with the first reason of each."""
    return [(row.source.number, row.problems[0].message) for row in found.rows if row.request is None]


@pytest.mark.parametrize("name", PAIRS)
def test_each_account_has_what_the_other_file_says(name: str, tmp_path: Path) -> None:
    """The class is the group; what was matched, and by what, is said."""
    files, expected, how = PAIRS[name]
    found = checked(laid(tmp_path / "export", files), domain="x.org")
    assert [f"{row[3]} {row[4] or '-'}" for row in people(found)] == expected
    assert any(how in note for note in found.info.notes)
    assert "Geheim" not in repr(found.rows)
    assert "2010" not in repr([row.source.cells for row in found.rows])


@pytest.mark.parametrize(
    ("accounts", "classes"),
    [
        (ACCOUNTS.replace("05.02", "01.02"), CLASSES.replace("05.02", "01.02")),
        (ACCOUNTS.replace("05.02", "01.02"), CLASSES.replace("Berg|Anna|05.02.2010|7C|7\n", "")),
        (ACCOUNTS.replace("|Geburtsdatum|", "|Geboren|"), CLASSES),
    ],
)
def test_people_who_are_alike_are_refused(accounts: str, classes: str, tmp_path: Path) -> None:
    """Two namesakes born on one day, or with no day in one file: both rows say so, and nobody gets another's class."""
    files = {"Lernplattform.dat": accounts, "SchuelerBasisdaten.dat": classes}
    found = checked(laid(tmp_path / "export", files), domain="x.org")
    assert [number for number, _ in refused(found)] == [2, 4]
    assert all("Two people share" in why and "SchuelerBasisdaten.dat" in why for _, why in refused(found))
    assert [row[3] for row in people(found)] == ["ben.kraus@x.org"]


def test_who_has_no_account_is_counted(tmp_path: Path) -> None:
    """Nobody is added, and nobody vanishes without a word."""
    files = {"Lernplattform.dat": ACCOUNTS, "SchuelerBasisdaten.dat": CLASSES + "Neu|Nina|01.01.2012|7C|7\n"}
    found = checked(laid(tmp_path / "export", files), domain="x.org")
    assert len(people(found)) == 3
    assert any(
        "1 person of SchuelerBasisdaten.dat has no account in Lernplattform.dat: row 5." in n for n in found.info.notes
    )


def test_files_of_other_people_are_no_pair(tmp_path: Path) -> None:
    """Then the one without users is asked about, as ever."""
    files = {
        "accounts.csv": "Surname;First name;Login\nBerg;Anna;anna@x.org\n",
        "classes.csv": "Surname;First name;Class\nOther;Person;1\n",
    }
    with pytest.raises(QuestionOpen, match=r"classes\.csv"):
        checked(laid(tmp_path / "export", files))
