"""Kind J: refusals say what is wrong and point where it is mended; passwords in cells are never carried on."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from roster_bundles import zipped
from roster_containers import CONTAINERS, contained

from bulktap.model.errors import QuestionOpen, RosterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster, Roster

    Check = Callable[..., CheckedRoster]


@pytest.mark.parametrize(
    "heading", ["User principal name", "UPN", "Email", "Anmeldename", "Adresse e-mail", "ユーザー プリンシパル名"]
)
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_column_that_is_there_and_failed_is_named(check: Check, heading: str, container: str) -> None:
    """Which column, how many of its cells are wrong, and the first; not that such a column be added."""
    rows = [(heading, "Class"), ("Anna Berg", "7A"), ("Ben Holt", "7A"), ("Cara Diaz", "7A")]
    with pytest.raises(RosterError) as refusal:
        check(*contained(rows, container))
    message = refusal.value.message
    assert f"in column {heading} 3 of 3 cells hold neither a sign-in name nor an object id" in message
    assert "the first is 'Anna Berg' in row 2" in message
    assert f"into column {heading}" in refusal.value.hint


@pytest.mark.parametrize("container", CONTAINERS)
def test_an_empty_column_is_refused_once(check: Check, container: str) -> None:
    """Not with one and the same fault for every row."""
    rows = [("Name", "User name"), ("Anna", None), ("Ben", None), ("Cara", None)]
    with pytest.raises(RosterError, match="column User name, which names the user, is empty in all 3 rows"):
        check(*contained(rows, container))


SENTENCES = (
    "Reset the password for Anna Berg. The new password is {}", "Password: {}", "Temporary password={}",
    "Das neue Kennwort lautet {}", "Neues Passwort: {}", "Le mot de passe est {}", "La contraseña es {}",
    "Het wachtwoord is {}", "A senha é {}", "password was set to {} for anna", "パスワード：{}",
)  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("container", CONTAINERS)
def test_passwords_in_sentences_are_not_read(read: Callable[..., Roster], sentence: str, container: str) -> None:
    """The column of sentences is dropped, and the one that repeats what they tell; nothing of it is in the roster."""
    rows = [("User name", "Result", "Copy", "Class")]
    rows += [(f"p{i}@fabrikam.org", sentence.format(f"Zq{i}rTn4mPx"), f"Zq{i}rTn4mPx", "7A") for i in range(3)]
    roster = read(*contained(rows, container))
    assert roster.headings == ("User name", "Class")
    assert set(roster.dropped) == {"Result", "Copy"}
    assert "rTn4mPx" not in str(roster)


@pytest.mark.parametrize(
    "text",
    ["Password is not set", "Password reset required", "User must change password: true", "Passport: X1234567", "pass"],
)
def test_words_about_passwords_are_no_passwords(read: Callable[..., Roster], text: str) -> None:
    """A column that only speaks of passwords, without one, is carried along."""
    roster = read(*contained([("User name", "Note"), ("a@fabrikam.org", text), ("b@fabrikam.org", text)], "csv"))
    assert roster.headings == ("User name", "Note")


OTHER_FILES = {
    "shortcut.gsheet": (
        b'{"":"WARNING! DO NOT EDIT","doc_id":"1x","resource_key":"","email":"a@x.org"}',
        "Google Drive",
    ),
    "shortcut.json": (b'{"url":"https://docs.google.com/spreadsheets/d/1x"}', "Google Drive"),
    "roster.accdb": (b"\0\1\0\0Standard ACE DB\0" + b"\1\2" * 400, "database of Microsoft Access"),
    "roster.mdb": (b"\0\1\0\0Standard Jet DB\0" + b"\1\2" * 400, "database of Microsoft Access"),
    "mail.eml": (
        b"From: a@x.org\r\nTo: b@x.org\r\nSubject: list\r\n\r\na@fabrikam.org\r\nb@fabrikam.org\r\n",
        "e-mail message",
    ),
    "people.db": (b"SQLite format 3\0" + b"\1\2" * 400, "SQLite"),
    "people.parquet": (b"PAR1" + b"\1\2" * 400 + b"PAR1", "Parquet"),
    "roster.url": (b"[InternetShortcut]\r\nURL=https://fabrikam.sharepoint.com/r.xlsx\r\n", "shortcut to a web page"),
    "roster.xlsx.lnk": (b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0" + b"\0" * 60, "shortcut of Windows"),
    "people.vcf": (b"BEGIN:VCARD\r\nFN:Anna\r\nEMAIL:a@fabrikam.org\r\nEND:VCARD\r\n", "vCard"),
    "roster.csv.bz2": (b"BZh91AY&SY" + b"\1\2" * 400, "bzip2"),
    "macros.xlsm": (
        zipped(
            {
                "[Content_Types].xml": "<Types/>",
                "xl/workbook.xml": "<workbook/>",
                "xl/macrosheets/sheet1.xml": "<xm:macrosheet/>",
            }
        ),
        "Excel 4 macros alone",
    ),
    "saved mail.txt": (b"Return-Path: <a@x.org>\nReceived: from x\nDate: Mon\n\na@fabrikam.org\n", "e-mail message"),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_other_files_are_called_by_their_name(check: Check, name: str) -> None:
    """A shortcut, a database and a message say what they are and what to do."""
    content, what = OTHER_FILES[name]
    with pytest.raises(RosterError, match=what) as refusal:
        check(content, name)
    assert "ConvertTo-Json" not in refusal.value.hint


def test_a_sheet_is_not_offered_that_would_be_refused_next(check: Check) -> None:
    """Where no sheet can name users, none is to be named; one with bare user names is."""
    book, buffer = Workbook(), BytesIO()
    book.active.append(("Name", "Room"))
    book.active.append(("Anna", "12"))
    other = book.create_sheet("More")
    for row in [("Item", "Count"), ("Laptop", 3)]:
        other.append(row)
    book.save(buffer)
    with pytest.raises(RosterError, match="no sheet has a heading for the user") as refusal:
        check(buffer.getvalue(), "roster.xlsx")
    assert not isinstance(refusal.value, QuestionOpen)
    assert "User principal name" in refusal.value.hint


def test_a_note_does_not_say_that_nothing_is_to_be_done(check: Check) -> None:
    """What was repaired may be wrong, so the hint says what to do then."""
    row = check("User name\n\u200banna@fabrikam.org\nben@fabrikam.org\n").rows[0]
    assert "Nothing" not in row.problems[0].hint


LYING = (
    [("UPN", "anna@fabrikam.org", "ben@fabrikam.org"), ("Name", "Anna", "Ben")],
    [("Benutzername", "anna@fabrikam.org"), ("Klasse", "7A"), ("Name", "Anna")],
    [("Name", "Anna"), ("E-mail", "anna@fabrikam.org"), (None, None), ("Name", "Ben"), ("E-mail", "ben@fabrikam.org")],
    [("Nom d'utilisateur", "anna@fabrikam.org", "ben@fabrikam.org"), ("Nom", "Anna", "Ben"), ("Classe", "7A", "7B")],
    [("User name", "5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4f"), ("Start", "now")],
)


@pytest.mark.parametrize("rows", LYING)
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_table_that_lies_on_its_side(check: Check, rows: list[tuple[object, ...]], container: str) -> None:
    """Nobody is asked for a domain of headings: the sentence says where the people stand and how to turn the table."""
    with pytest.raises(RosterError, match="stands beside the heading") as refusal:
        check(*contained(rows, container))
    assert "Transpose" in refusal.value.hint


@pytest.mark.parametrize("heading", ["User name", "Login", "Benutzername", "Identifiant", "ユーザー名"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_an_address_among_headings_makes_no_table_lie(check: Check, heading: str, container: str) -> None:
    """It may be that of whom to ask: people without a domain stand below their heading all the same."""
    rows = [(heading, "Name", "helpdesk@fabrikam.org"), ("anna", "Anna", "x"), ("ben", "Ben", None)]
    checked = check(*contained(rows, container), domain="fabrikam.org")
    assert [row.user.text for row in checked.rows if row.user] == ["anna@fabrikam.org", "ben@fabrikam.org"]


@pytest.mark.parametrize("beside", ["activeDirectoryMatchId", "Email", "Mail 2", "Schulmail", "E-mail élève", "メール"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_an_address_beside_an_empty_user_is_told(check: Check, beside: str, container: str) -> None:
    """A row without a user says which other column holds an address, and does not use it unasked."""
    rows = [
        ("User principal name", "Name", beside, "Parent email"),
        ("anna@fabrikam.org", "Anna", "a@mail.fabrikam.org", "p@x.org"),
        ("ben@fabrikam.org", "Ben", None, "q@x.org"),
        (None, "Cara", "cara@mail.fabrikam.org", None),
        (None, "Dev", None, "r@x.org"),
    ]
    cara, dev = check(*contained(rows, container)).rows[2:]
    assert cara.user is None
    assert f"{beside} holds 'cara@mail.fabrikam.org', which was not used." in cara.problems[0].message
    assert f"Copy it here from {beside}" in (cara.problems[0].hint or "")
    assert "which was not used" not in dev.problems[0].message
