# ruff: noqa: E501 - one case to a line
"""The case list, group B: above, below and around the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

GUID = "5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4f"
A, B = "anna@contoso.com", "ben@contoso.com"
ENTRA = "Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required"

CASES = [
    pytest.param(f"version:v1.0\n{ENTRA}\nAnna,{A},secret\n", {"people": [A]}, id="B01 version line"),
    pytest.param(f"version:v1.0,,,\n{ENTRA}\nAnna,{A},secret\n", {"people": [A]}, id="B01 padded with commas"),
    pytest.param(f"version:v1.0\t\t\n{ENTRA}\nAnna,{A},secret\n".replace(",", "\t"), {"people": [A]}, id="B01 padded with tabs"),
    pytest.param(f"version:v1.0;;;\n{ENTRA}\nAnna,{A},secret\n".replace(",", ";"), {"people": [A]}, id="B01 padded with semicolons"),
    pytest.param(f'#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\n"Name","UserPrincipalName"\n"Anna","{A}"\n', {"people": [A]}, id="B02 TYPE line"),
    pytest.param(f"version:v1.0\n{ENTRA}\nExample: Chris Green,chris@contoso.com,myPassword1234\nAnna,{A},x\n", {"people": [A], "note": "Row 3 is Microsoft's example"}, id="B03 example in the name"),
    pytest.param(f"version:v1.0\nUser name [userPrincipalName] Required\nExample: chris@contoso.com\n{A}\n", {"people": [A], "note": "Row 3 is Microsoft's example"}, id="B03 example in the user"),
    pytest.param(f"{ENTRA}\nExample: Chris Green,chris@contoso.com,Other1,more\nAnna,{A},x\n", {"people": [A], "note": "Row 2 is Microsoft's example"}, id="B03 overwritten half-way"),
    *(pytest.param(f"{ENTRA}\n{word} Chris Green,chris@contoso.com,Other1\nAnna,{A},x\n", {"people": [A], "note": "Row 2 is Microsoft's example"}, id=f"B03 {word}") for word in ("Beispiel:", "Exemple :", "Ejemplo:", "Esempio:", "Voorbeeld:", "Exemplo:", "例:", "例：")),
    pytest.param(f"version:v1.0;\nNombre de usuario [userPrincipalName] Obligatorio;\nEjemplo: chris@contoso.com;\n{A};\n", {"people": [A], "note": "Row 3 is Microsoft's example"}, id="B03 Spanish example in the user"),
    pytest.param(f"{ENTRA}\nChris Green,chris@contoso.com,Example-Password-Only!1\nAnna,{A},x\n", {"people": [A], "note": "Row 2 is Microsoft's example"}, id="B04 example of 2026"),
    pytest.param(f"User Name,First Name,Last Name,Display Name\nben@contoso.com,Ben,Andrews,Ben Andrews\n{A},A,B,A B\n", {"people": [A], "note": "Row 2 is Microsoft's example"}, id="B04 sample of Microsoft 365"),
    pytest.param(f"version:v1.0\nMember object ID or user principal name [memberObjectIdOrUpn] Required\nExample: 9832aad8-e4fe-496b-a604-95c6eF01ae75\n{A}\n", {"people": [A], "note": "Row 3 is Microsoft's example"}, id="B05 example of an id"),
    pytest.param(f"\n\n\nUser name,Name\n{A},Anna\n", {"people": [A]}, id="B06 blank lines above"),
    pytest.param(f"Class 7b\nSchool year 2035\n\nUser name,Name\n{A},Anna\n", {"people": [A], "note": "headings were found in row 4"}, id="B07 titles in text"),
    pytest.param([["Class 7b"], ["School year"], [], ["User name", "Name"], [A, "Anna"]], {"name": "roster.xlsx", "people": [A], "note": "headings were found in row 4"}, id="B07 titles in a workbook"),
    pytest.param([["Table 1"], ["User name", "Name"], [A, "Anna"]], {"name": "roster.xlsx", "people": [A], "note": "found in row 2"}, id="B08 title of Apple Numbers"),
    pytest.param(f"User name,Name,Class\n{A},Anna,7b\n{B},Ben,7b\n,TOTAL,2\n", {"people": [A, B], "note": "Remarks below the table were skipped: row 4"}, id="B09 totals"),
    pytest.param(f"User name,Name\n{A},Anna\n{B},Ben\nCreated On 04/09/2026,\n", {"people": [A, B], "rows": {4: "'Created On 04/09/2026'"}}, id="B09 remark in the user's column"),
    pytest.param(f"User name,Name\n{A},Anna\n\n\n{B},\n", {"people": [A, B]}, id="B10 blank rows"),
    pytest.param(f"User name,Name\n{A},Anna\n\n\nbad one,\n", {"people": [A], "rows": {5: "blank|'@'"}}, id="B10 numbers stay true"),
    pytest.param(f"User name,Name,\n{A},Anna,\n" + ",,\n" * 300, {"people": [A]}, id="B11 hundreds of commas"),
    pytest.param(f"User name,Name\n{A},Anna\nUser name,Name\n{B},Ben\n", {"people": [A, B], "note": "Row 3 repeats the headings"}, id="B13 headings again"),
    pytest.param(f"{A}\n{B}\n", {"people": [A, B], "note": "no row of headings; only columns of users"}, id="B14 one column without a heading"),
    pytest.param(f"{GUID}\n{GUID[:-1]}0\n{A}\n", {"people": [GUID, GUID[:-1] + "0", A], "note": "no row of headings; only columns of users"}, id="B14 object ids without a heading"),
    pytest.param(f"{A}\n{GUID}\n{{{GUID[:-1]}0}}\n", {"people": [A, GUID, GUID[:-1] + "0"], "note": "no row of headings"}, id="B14 more ids than names"),
    pytest.param(f"Anna,{A},7b\nBen,{B},7c\n", {"people": [A, B], "note": "no row of headings"}, id="B15 several columns without headings"),
    pytest.param("1,2,3\n4,5,6\n", {"refused": "no column names the user"}, id="B16 numbers alone"),
    pytest.param(f"User name,Name,Class\n{A},Berg, Anna,7b\n{B},Ben,7b\n", {"people": [B], "rows": {2: "4 fields, but there are 3 headings.*comma"}}, id="B17 one field too many"),
    pytest.param(f"Name,User name,Class,Start\nAnna,{A}\nBen,{B},7b\n", {"people": [A, B]}, id="B18 short row"),
    pytest.param(f"User name,Name,\n{A},Anna,\n{B},Ben,\n", {"people": [A, B]}, id="B19 delimiter at the end"),
    pytest.param([["User name,Room,Name"], [f"{A},MT01,Crystal"], [f"{B},MT02,Ben"]], {"name": "roster.xlsx", "refused": "sheet Sheet: column A holds whole rows with commas.*Text to Columns"}, id="B20 rows in one cell"),
    pytest.param([[f"{A},MT01,Crystal"], [f"{B},MT02,Ben"]], {"name": "roster.xlsx", "refused": "column A holds whole rows with commas"}, id="B20 without headings"),
    pytest.param(f'"User name,Name"\n"{A},Anna"\n"{B},Ben"\n', {"refused": "column A holds whole rows with commas"}, id="B20 every line in quotes"),
    pytest.param("Date,Ben Ashley,Tom Brooks\n2026-11-01,1,0\n2026-11-02,1,1\n", {"refused": "no column names the user"}, id="B21 people across"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_case(judge: Callable[..., Any], content: object, expected: dict[str, Any]) -> None:
    """Whatever stands around the table, the people are found or the file is refused."""
    judge(content, expected).meets(expected)
