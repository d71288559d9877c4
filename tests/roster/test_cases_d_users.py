# ruff: noqa: E501 - one case to a line
"""The case list, group D: what can stand in the cell that names the user."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

A = "anna@contoso.com"
GUID = "5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4f"


def bad(pattern: str) -> dict[str, Any]:
    """Return the expectation of a refused row."""
    return {"people": ["x@contoso.com"], "rows": {2: "User name: .*" + pattern}}


def good(user: str = A, note: str | None = None) -> dict[str, Any]:
    """Return the expectation of a person, perhaps with a note."""
    return {"people": [user, "x@contoso.com"]} | ({"note": f"row 2: User name: .*{note}"} if note else {})


CASES = [
    *(pytest.param(cell, good(), id=f"D01 {cell!r}") for cell in (f" {A} ", f"{A}\t", f"{A}\r", f"{A}\n", f"\n{A}")),
    *(pytest.param(cell, good(), id=f"D02 {cell!r}") for cell in (f"\u00a0{A}\u00a0", f"\u3000{A}")),
    *(pytest.param(f"anna{char}@contoso.com", good(note=rf"Removed invisible U\+{ord(char):04X}"), id=f"D03 U+{ord(char):04X}") for char in "\u200b\ufeff\u200e\u00ad"),
    pytest.param("anna berg@contoso.com", bad("contains a blank"), id="D04 blank inside"),
    pytest.param("ａｎｎａ＠ｃｏｎｔｏｓｏ．ｃｏｍ", good(note="Full-width"), id="D05 full width"),
    pytest.param("\u0430nna@contoso.com", bad(r"U\+0430 CYRILLIC SMALL LETTER A"), id="D06 Cyrillic a"),
    pytest.param("ann\u03bf@contoso.com", bad(r"U\+03BF GREEK SMALL LETTER OMICRON"), id="D06 Greek omicron"),
    pytest.param("ann\u0131@contoso.com", bad(r"U\+0131 LATIN SMALL LETTER DOTLESS I"), id="D06 dotless i"),
    pytest.param("müller@contoso.com", good("müller@contoso.com", "does not document"), id="D07 accented letter"),
    pytest.param("mu\u0308ller@contoso.com", good("müller@contoso.com", "Accents .* joined"), id="D08 accent apart"),
    pytest.param("o’brien@contoso.com", good("o'brien@contoso.com", "straightened"), id="D09 curly apostrophe"),
    pytest.param("o'brien@contoso.com", good("o'brien@contoso.com"), id="D10 apostrophe"),
    *(pytest.param(cell, good(note="was read as"), id=f"D12 {cell}") for cell in (f"mailto:{A}", f"<{A}>", f"Anna Berg <{A}>", f"SMTP:{A}")),
    *(pytest.param(cell, good(note="was read as"), id=f"D13 {cell}") for cell in (f"{A};", f"{A},", f"{A}.")),
    pytest.param(f"{A}; ben@contoso.com", bad("several users"), id="D14 two users"),
    pytest.param("anna.berg", bad("has no '@'.*--domain"), id="D15 bare name among others"),
    pytest.param("CONTOSO\\anna", bad("Windows logon name"), id="D17 Windows logon name"),
    pytest.param("CN=Anna Berg,OU=Staff,DC=contoso", bad("distinguished name"), id="D18 distinguished name"),
    pytest.param("S-1-5-21-1004336348-1177238915-682003330-512", bad("security identifier"), id="D18 SID"),
    pytest.param("AbCdEfGhIjKlMnOpQrStUv==", bad("immutable id"), id="D18 immutable id"),
    pytest.param("anna@corp.local", good("anna@corp.local", "'.local' cannot be a domain"), id="D19 local domain"),
    *(pytest.param(cell, good(GUID), id=f"D21 {cell[:6]}") for cell in (GUID, GUID.upper(), "{" + GUID.upper() + "}")),
    pytest.param(GUID[:-1], bad("not a complete object id"), id="D23 31 digits"),
    pytest.param(GUID, good(GUID), id="D24 id among names"),
    pytest.param("anna@@contoso.com", bad("more than one '@'"), id="D25 two at signs"),
    pytest.param("anna@", bad("nothing after the '@'"), id="D25 nothing behind"),
    pytest.param("@contoso.com", bad("nothing before the '@'"), id="D25 nothing before"),
    pytest.param("anna@contoso", bad("domain without a dot"), id="D25 no dot"),
    pytest.param("anna.@contoso.com", bad("dot immediately before the '@'"), id="D26 dot before"),
    pytest.param("a" * 65 + "@contoso.com", bad("65 characters before the '@'; 64"), id="D27 65 before"),
    pytest.param("a@" + "b" * 45 + ".com", bad("49 characters after the '@'; 48"), id="D27 49 after"),
    pytest.param("a" * 64 + "@" + "b" * 44 + ".com", good("a" * 64 + "@" + "b" * 44 + ".com"), id="D27 113 in all"),
    pytest.param("a" * 65 + "@" + "b" * 45 + ".com", bad("64 are the most"), id="D27 115 in all"),
    *(pytest.param(cell, bad("not allowed"), id=f"D28 {cell}") for cell in ("anna+tap@contoso.com", "a&b@contoso.com")),
    pytest.param("a?b@contoso.com", bad("PowerShell 5.1 writes"), id="D28 question mark"),
    pytest.param("m\ufffdller@contoso.com", bad(r"damaged before it reached this file"), id="D29 U+FFFD"),
    *(pytest.param(cell, bad(f"Excel error {cell}"), id=f"D30 {cell}") for cell in ("#N/A", "#REF!", "#NV", "#BEZUG!", "#N/B", "#VERW!", "#RIF!", "#¿NOMBRE?", "#¡DIV/0!", "#NOM ?", "Err:502")),
    *(pytest.param(cell, bad("is not a user name"), id=f"D31 {cell}") for cell in ("N/A", "NA", "none", "null", "-", ".", "TBD", "?")),
    pytest.param("", bad("no user .Anna, 7B."), id="D32 empty"),
    *(pytest.param(cell, bad("number that Excel"), id=f"D33 {cell}") for cell in ("1.23E+11", "1,23E+11")),
    *(pytest.param(cell, good(cell), id=f"D35 {cell}") for cell in ("$anna@contoso.com", "o'b@contoso.com", "a#b@contoso.com", "a^b@contoso.com", "a~b@contoso.com", "a!b@contoso.com")),
    pytest.param("anna\u202e@contoso.com", bad(r"U\+202E"), id="D37 direction override"),
    pytest.param("anna😀@contoso.com", bad("not allowed"), id="D38 emoji"),
    pytest.param("a" * 10_000, bad("10,000 characters long|…"), id="D38 endless cell"),
]  # fmt: skip

ROSTERS = [
    pytest.param(f"User name,Name\n{A.upper()},A\n{A},A\n", {"people": [A.upper(), A]}, id="D11 same person twice is left to planning"),
    pytest.param("Username,Name\nanna.berg,A\nben.moe,B\n", {"refused": "2 of 2 user names in column Username have no '@'.*--domain"}, id="D15 whole column"),
    pytest.param(f"Username,Name\nanna.berg,A\nben@fabrikam.com,B\n{A},C\n", {"people": ["anna.berg@school.org", "ben@fabrikam.com", A], "check": {"domain": "school.org"}}, id="D16 with a domain"),
    pytest.param("Username,Name\nanna.berg,A\n", {"people": ["anna.berg@school.org"], "check": {"domain": "@school.org"}}, id="D16 with an at sign"),
    pytest.param([["User name", "Name"], [123456789012, "Anna"], [A, "B"]], {"name": "roster.xlsx", "people": [A], "rows": {2: "Excel may have shortened"}}, id="D33 number in a workbook"),
    pytest.param(f"User name,Name\n#N/A,Anna\n#NV,Ben\n#REF!,Cem\n{A},Dora\n", {"people": [A], "rows": {2: "error #N/A", 3: "error #NV", 4: "error #REF!"}}, id="D30 in most rows"),
    pytest.param("Email,Name\n#N/A,Anna\n#NV,Ben\n", {"people": [], "rows": {2: "error #N/A", 3: "error #NV"}}, id="D30 in all rows"),
    pytest.param(f"User name,Name\nn/a,Anna\n-,Ben\nnone,Cem\n{A},Dora\n", {"people": [A], "rows": {2: "not a user name", 3: "not a user name", 4: "not a user name"}}, id="D31 in most rows"),
    pytest.param(f"Name,User name\nNull,{A}\nNa,ben@contoso.com\n", {"people": [A, "ben@contoso.com"]}, id="D31 pupils named Null and Na"),
    *(pytest.param(f'Name,User name\n"{name}",{A}\n', {"people": [A]}, id=f"D34 {name}") for name in ("=3+1", "+1", "-x", "@home")),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), CASES)
def test_case(judge: Callable[..., Any], cell: str, expected: dict[str, Any]) -> None:
    """The cell names a user as it stands, after a repair with a note, or not at all, and the reason is said."""
    buffer = io.StringIO(newline="")
    others = ["x@contoso.com", "Xia", "7C"]
    csv.writer(buffer).writerows([["User name", "Name", "Class"], [cell, "Anna", "7B"], others])
    judge(buffer.getvalue(), expected).meets(expected)


@pytest.mark.parametrize(("content", "expected"), ROSTERS)
def test_roster(judge: Callable[..., Any], content: object, expected: dict[str, Any]) -> None:
    """What several cells together mean."""
    judge(content, expected).meets(expected)
