"""Columns whose values stand in quotes or behind signs, and rows at the end that look like remarks and are people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

PEOPLE = ["anna@contoso.com", "ben@contoso.com", "cem@contoso.com"]
WRAPPINGS = {
    "a formula": '"=""{}"""',
    "a formula without quotes of its own": '="{}"',
    "typographic quotes": "“{}”",
    "German quotes": "„{}“",
    "French quotes": "«{}»",
    "single quotes": "'{}'",
    "typographic single quotes": "‘{}’",
    "doubled quotes": '"""{}"""',
    "an apostrophe": "'{}",
    "a typographic apostrophe": "’{}",
    "an accent": "`{}",
    "a number sign": "#{}",
    "brackets": "[{}]",
    "parentheses": "({})",
    "Japanese brackets": "「{}」",
    "quotes behind backslashes": '\\"{}\\"',
    "a link": '"=HYPERLINK(""https://x.org"",""{}"")"',
    "a link in German, with a semicolon": '"=HYPERLINK(""mailto:x"";""{}"")"',
    "a link in French": '"=LIEN_HYPERTEXTE(""https://x.org"";""{}"")"',
    "a text function": '"=T(""{}"")"',
    "unit separators": "\x1f{}\x1f",
    "a record separator behind it": "{}\x1e",
}


@pytest.mark.parametrize("name", WRAPPINGS)
@pytest.mark.parametrize("headings_too", [False, True])
def test_a_column_in_a_wrapping(judge: Callable[..., Any], name: str, headings_too: bool) -> None:
    """The values are taken out of it with one note, zeros and all, and the user is never read with it."""
    wrap = WRAPPINGS[name].format
    headings = ("User principal name", "Student number", "Lifetime")
    lines = [",".join(map(wrap, headings) if headings_too else headings)]
    lines += [",".join([wrap(user), wrap(f"0012{place}"), wrap("480")]) for place, user in enumerate(PEOPLE)]
    verdict = judge("\n".join(lines) + "\n", {})
    assert verdict.people == PEOPLE
    assert [row.source.cells[1] for row in verdict.checked.rows] == ["00120", "00121", "00122"]
    assert [row.request.terms.lifetime_minutes for row in verdict.checked.rows] == [480, 480, 480]
    assert len(verdict.notes) == 1
    assert "columns A, B, C stand in" in verdict.notes[0]


@pytest.mark.parametrize(
    "wrap",
    [
        "- {}", "• {}", "*{}*", "~{}~", "|{}|", "> {}", "^ {}", "^{}^", "– {}", "1. {}", "12) {}",
        "i:0#.f|membership|{}", "i:0#.w|{}", "I:0#.F|MEMBERSHIP|{}", "AzureAD\\{}",
    ],
)  # fmt: skip
def test_addresses_behind_marks(judge: Callable[..., Any], wrap: str) -> None:
    """What lists, SharePoint and Windows put before an address is taken off; no user is ever read with it."""
    lines = ["User principal name;Change", *(f"{wrap.format(user)};-{at}" for at, user in enumerate(PEOPLE))]
    verdict = judge("\n".join(lines) + "\n", {})
    assert verdict.people == PEOPLE
    assert [row.source.cells[1] for row in verdict.checked.rows] == ["-0", "-1", "-2"]
    assert "column A stand in" in verdict.notes[0]


def test_a_wrapping_in_a_workbook(judge: Callable[..., Any]) -> None:
    """What was copied from a CSV file into cells is the same there."""
    rows = [["User principal name", "Name"], *[[f"'{user}", user[:3].title()] for user in PEOPLE]]
    verdict = judge(rows, {"name": "roster.xlsx"})
    verdict.meets({"people": PEOPLE, "note": "column A stand in '…, which was taken off"})


ALONE = {
    "one apostrophe": "User name\nanna@contoso.com\n'ben@contoso.com\ncem@contoso.com\n",
    "one person": "User name\n'ben@contoso.com\n",
    "one person with a name": "User name,Name\n'ben@contoso.com,Ben\n",
    "a typographic one": "User name\nanna@contoso.com\n’ben@contoso.com\n",
    "one that is bare": "User name\nanna\n'ben\ncem\ndev\neva\nfinn\n",
}


@pytest.mark.parametrize("name", ALONE)
def test_a_user_behind_an_apostrophe(judge: Callable[..., Any], name: str) -> None:
    """A single one is asked about: nobody of that name would be found, or somebody else."""
    verdict = judge(ALONE[name], {"check": {"domain": "contoso.com"}})
    assert "'ben@contoso.com" not in verdict.people
    assert [text for text in verdict.rows.values() if "begins with an apostrophe" in text]


UNTOUCHED = {
    "a name of the Netherlands among others": ("Name", ["'t Hart", "Berg", "Holt"]),
    "names of the Netherlands alone": ("Name", ["'t Hart", "'s Gravesande", "'t Veld"]),
    "errors": ("Remark", ["#N/A", "#N/A", "#N/A"]),
    "a quoted nickname": ("Name", ['"Joe"', "Ben", "Cem"]),
    "formulas": ("Remark", ["=1+1", "=1+1", "=A2"]),
    "numbers": ("Number", ["1", "2", "3"]),
    "numbers of telephones": ("Phone", ["(030) 1", "(030) 2", "(030) 3"]),
    "names with a remark behind": ("Name", ["Anna (7A)", "Ben (7B)", "Cem (7A)"]),
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_a_sign_that_belongs_to_its_value(judge: Callable[..., Any], name: str) -> None:
    """What is not the same in a whole column, or means something by itself, stays."""
    heading, values = UNTOUCHED[name]
    lines = ["User name," + heading]
    lines += [f'{user},"{value.replace(chr(34), chr(34) * 2)}"' for user, value in zip(PEOPLE, values, strict=True)]
    verdict = judge("\n".join(lines) + "\n", {})
    assert verdict.people == PEOPLE
    assert [row.source.cells[1] for row in verdict.checked.rows] == values


LAST_ROWS = {
    "a surname": ("Surname,User name", "Lind,"),
    "a given name": ("First name,User name,Class", "Eva,,"),
    "a number": ("Student number,User name,Class", "1004,,"),
    "a person": ("Person,User name", "Eva Lind,"),
    "a class": ("Class,User name", "7B,"),
    "a surname that begins like a word for totals": ("Surname,First name,User name", "Summers,Anna,"),
    "a surname that is a word of footers": ("Surname,First name,User name", "Page,Anna,"),
    "that surname alone": ("Surname,User name", "Stand,"),
    "a name in three words": ("Voornaam,User name", "Anna van Dijk,"),
    "a number with a name": ("No,Surname,User name", "12,Noteboom,"),
}


@pytest.mark.parametrize("name", LAST_ROWS)
def test_the_last_person_without_a_user(judge: Callable[..., Any], name: str) -> None:
    """Somebody is missing there, and the row says so."""
    headings, row = LAST_ROWS[name]
    place = headings.split(",").index("User name")
    people = [",".join(user if at == place else "x" for at in range(headings.count(",") + 1)) for user in PEOPLE]
    verdict = judge("\n".join([headings, *people, row]) + "\n", {})
    assert verdict.people == PEOPLE
    assert list(verdict.rows) == [5]
    assert not [note for note in verdict.notes if "Remarks" in note]


REMARKS = {
    "a total": "Total,,",
    "a total with its number": "TOTAL,,25",
    "a count": "Anzahl: 25,,",
    "when it was printed": "Printed 2035-09-01 08:00,,",
    "by whom": "Generated by Frontline,,",
    "a page": "Page 1 of 3,,",
    "a sentence": "Please return this list to the office,,",
    "a mark": "* left in July,,",
    "a full stop": "End of list.,,",
}


@pytest.mark.parametrize("name", REMARKS)
def test_a_remark_below_the_table(judge: Callable[..., Any], name: str) -> None:
    """What is no person is passed over, and named."""
    people = [f"{user[:3].title()},{user},7A," for user in PEOPLE]
    verdict = judge("\n".join(["Name,User name,Class,", *people, REMARKS[name]]) + "\n", {})
    verdict.meets({"people": PEOPLE, "note": "Remarks below the table were skipped: row 5"})
