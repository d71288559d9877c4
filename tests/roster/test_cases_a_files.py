# ruff: noqa: E501 - one case to a line
"""The case list, group A: recognising the file."""

from __future__ import annotations

import codecs
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "User name,Name\nanna@contoso.com,Änne\nben@contoso.com,Ben\n"
PEOPLE = ["anna@contoso.com", "ben@contoso.com"]


def workbook() -> bytes:
    """Return a small workbook of two people."""
    book, buffer = Workbook(), io.BytesIO()
    for row in (["User name", "Name"], [PEOPLE[0], "Änne"], [PEOPLE[1], "Ben"]):
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


def zipped(**members: bytes | str) -> Callable[[], bytes]:
    """Return the maker of a zip archive; `_in_` stands for a slash and `_dot_` for a dot."""

    def make() -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name.replace("_in_", "/").replace("_dot_", "."), content)
        return buffer.getvalue()

    return make


JAPANESE = "ユーザー名,表示名,クラス\nanna@contoso.com,山田 花子,三年一組\n".encode("cp932")
TSV = TEXT.replace(",", "\t")
CONSOLE = """
UserPrincipalName    DisplayName
-----------------    -----------
anna@contoso.com     Anna Berg
"""
FORMAT_TABLE = """"ClassId2e4f51ef21dd47e99d3c952918aff9cd","pageHeaderEntry","pageFooterEntry","autosizeInfo"
"033ecb2bc07a4d43b5ef94ed5a35d280",,,,
"9e210fe47d09416682b841769c78b8a3",,,,
"""

CASES = [
    pytest.param(codecs.BOM_UTF8 + TEXT.replace("\n", "\r\n").encode(), {"people": PEOPLE}, id="A01 UTF-8 with a mark"),
    pytest.param(codecs.BOM_UTF16_LE + TSV.encode("utf-16-le"), {"people": PEOPLE, "name": "roster.txt"}, id="A02 Unicode Text of Excel"),
    pytest.param(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), {"people": PEOPLE}, id="A03 UTF-16, small end first"),
    pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), {"people": PEOPLE}, id="A03 UTF-16, big end first"),
    pytest.param(TEXT.encode("utf-16-le"), {"people": PEOPLE, "note": "UTF-16, though it has no marker"}, id="A04 UTF-16 without a mark"),
    pytest.param(TEXT.encode("utf-16-be"), {"people": PEOPLE, "note": "UTF-16, though"}, id="A04 big end first"),
    pytest.param(codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), {"people": PEOPLE}, id="A05 UTF-32 with a mark"),
    pytest.param(codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), {"people": PEOPLE}, id="A05 big end first"),
    pytest.param(TEXT.encode("utf-32-le"), {"people": PEOPLE, "note": "UTF-32, though it has no marker"}, id="A05 without a mark"),
    pytest.param(TEXT.encode("cp1252"), {"people": PEOPLE, "note": "read as Windows-1252; use --encoding"}, id="A06 accents in names"),
    pytest.param(TEXT.encode("cp1252"), {"people": PEOPLE, "read": {"encoding": "cp1252"}}, id="A06 with the encoding told"),
    pytest.param("User name\nanna@contoso.com\nrenée@contoso.com\n".encode("cp1252"), {"refused": "row 3, User name: .*0xE9.* --encoding"}, id="A07 doubtful byte in a user name"),
    pytest.param("User name\nrenée@contoso.com\n".encode("cp1252"), {"people": ["renée@contoso.com"], "read": {"encoding": "cp1252"}, "note": "does not document"}, id="A07 settled"),
    pytest.param("User name,Name\nanna@contoso.com,Νίκος\n".encode("iso8859-7"), {"people": PEOPLE[:1], "note": "not UTF-8"}, id="A08 Greek names"),
    pytest.param("User name,Name\nanna@contoso.com,Žižková\n".encode("cp1250"), {"people": PEOPLE[:1], "note": "not UTF-8"}, id="A08 Czech names"),
    pytest.param("User name,Name\nanna@contoso.com,Ольга\n".encode("cp1251"), {"people": PEOPLE[:1], "note": "not UTF-8"}, id="A08 Russian names"),
    pytest.param(JAPANESE, {"people": PEOPLE[:1], "note": "read as Shift_JIS"}, id="A09 Shift_JIS"),
    pytest.param(("User name,Name\nanna@contoso.com,Å" + "é" * 9 + "\nb").encode() + b"\xe9n@contoso.com,B\n", {"people": PEOPLE[:1], "rows": {3: "damaged"}, "note": "0xE9 in row 3"}, id="A10 broken byte in a user name"),
    pytest.param("User name,Name\nanna@contoso.com,Åéééé".encode() + b"\xe9\n", {"people": PEOPLE[:1], "note": "1 damaged place.*row 2"}, id="A10 broken byte in a name"),
    pytest.param("User name,Name\nanna@contoso.com,MÃ¼ller\n", {"people": PEOPLE[:1], "note": "damaged by an earlier conversion, the first is 'MÃ¼ller' in row 2"}, id="A11 damaged name"),
    pytest.param("User name\nmÃ¼ller@contoso.com\n", {"rows": {2: "earlier conversion damaged"}}, id="A11 damaged user name"),
    pytest.param(TEXT.replace(",", ";"), {"people": PEOPLE}, id="A12 semicolons"),
    pytest.param("sep=;\r\n" + TEXT.replace(",", ";"), {"people": PEOPLE}, id="A13 sep line"),
    pytest.param("\ufeffsep=;\r\n" + TEXT.replace(",", ";"), {"people": PEOPLE}, id="A13 after a mark"),
    pytest.param('"sep=;"\r\n' + TEXT.replace(",", ";"), {"people": PEOPLE}, id="A13 in quotes"),
    pytest.param("sep=;;;;\n" + TEXT.replace(",", ";"), {"people": PEOPLE}, id="A13 padded"),
    pytest.param(TEXT.replace(",", "|"), {"people": PEOPLE, "name": "roster.dat"}, id="A14 bars"),
    pytest.param(TSV, {"people": PEOPLE}, id="A15 tabs in a file named csv"),
    pytest.param(TEXT, {"people": PEOPLE, "name": "roster.xlsx", "note": "has the name of a workbook but is text"}, id="A16 text named xlsx"),
    pytest.param("Just a sentence.", {"refused": "has no people, and no heading that names the user", "name": "roster.xlsx"}, id="A16 no roster"),
    pytest.param(workbook, {"people": PEOPLE, "note": "is a workbook in spite of its name"}, id="A17 workbook named csv"),
    pytest.param("<html><table><tr><td>User name</td></tr></table></html>", {"refused": "web page.*save it as an Excel workbook", "name": "roster.xls"}, id="A18 HTML table named xls"),
    pytest.param('<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body>', {"refused": "web page.*save it as", "name": "roster.xls"}, id="A18 Excel's own HTML"),
    pytest.param("<!DOCTYPE html><html><title>Sign in", {"refused": "web page.*session may have ended"}, id="A19 sign-in page"),
    pytest.param("\ufeff<!DOCTYPE html>".encode("utf-16-le"), {"refused": "web page"}, id="A19 in UTF-16"),
    pytest.param(TSV, {"people": PEOPLE, "name": "roster.xls", "note": "read as text"}, id="A20 tabs named xls"),
    pytest.param('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', {"refused": "XML spreadsheet of Excel 2003", "name": "roster.xls"}, id="A21 XML Spreadsheet 2003"),
    pytest.param("<?xml version='1.0'?><people/>", {"refused": "XML document", "name": "roster.xml"}, id="A21 other XML"),
    *(pytest.param(text, {"refused": "JSON document.*Export-Csv"}, id=f"A21 {text[:2]!r}") for text in ('[{"userPrincipalName": "anna@contoso.com"}]', '\ufeff{\n  "value": []}')),
    pytest.param(zipped(Devices_dot_csv=TEXT), {"people": PEOPLE, "name": "roster.zip", "note": "Devices.csv was read from the archive roster.zip"}, id="A24 text in an archive"),
    pytest.param(zipped(out_in_New_dot_xlsx=workbook(), __MACOSX_in_x="x"), {"people": PEOPLE, "name": "roster.zip", "note": "New.xlsx was read"}, id="A24 workbook in an archive"),
    pytest.param(zipped(readme_dot_md="x"), {"refused": "holds no spreadsheet", "name": "roster.zip"}, id="A24 none in an archive"),
    pytest.param(b"", {"refused": "is empty.*OneDrive"}, id="A25 empty file"),
    pytest.param(b"\0" * 5000, {"refused": "is empty"}, id="A25 nothing but NULs"),
    pytest.param("User name,Name\n", {"refused": "has a row of headings but no people"}, id="A26 headings alone"),
    pytest.param(b"\x05Anna" + b" " * 60, {"refused": r"lock file.*Choose roster.xlsx", "name": "~$roster.xlsx"}, id="A27 lock file of Excel"),
    pytest.param(b",anna,pc,", {"refused": r"lock file.*Choose roster.ods", "name": ".~lock.roster.ods#"}, id="A27 lock file of LibreOffice"),
    pytest.param(TEXT.replace("\n", "\r"), {"people": PEOPLE}, id="A29 carriage returns alone"),
    pytest.param("User name,Name\nanna@contoso.com,A\nben@contoso.com,B\0n\n", {"people": PEOPLE[:1], "rows": {3: "NUL"}}, id="A30 NUL"),
    pytest.param('User name,Name\nanna@contoso.com,"Anna \\"Ann\\" B, C"\nben@contoso.com,B\n', {"people": PEOPLE}, id="A31 backslashes before quotes"),
    pytest.param('User name,Name\nanna@contoso.com,"Anna\nben@contoso.com,Ben\ncem@contoso.com,Cem\n', {"refused": "quote opened in row 2 is never closed"}, id="A32 quote never closed"),
    pytest.param('User name,Name\nanna@contoso.com,"Anna\nben@contoso.com,Ben\ncem@contoso.com,"Cem"\n', {"refused": "row 2: a quote swallows"}, id="A32 quote closed by another row's"),
    pytest.param('User name,Name\nanna@contoso.com,Anna "Ann" Berg\nben@contoso.com,5" pipe\n', {"people": PEOPLE}, id="A33 bare quotes"),
    pytest.param(CONSOLE, {"refused": "console output.*Export-Csv"}, id="A34 console output"),
    pytest.param("Name : Anna\nUPN  : anna@contoso.com\n\nName : Ben\nUPN  : ben@contoso.com\n", {"refused": "property : value.*Select-Object"}, id="A34 list output"),
    pytest.param(FORMAT_TABLE, {"refused": "exported after Format-Table.*Select-Object"}, id="A35 Format-Table"),
    pytest.param(TEXT, {"people": PEOPLE, "name": "roster [neu] für Ä.csv"}, id="A36 blanks, brackets and umlauts"),
    pytest.param(TEXT, {"people": PEOPLE, "name": "r" * 200 + "oster.csv"}, id="A36 long name"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_case(judge: Callable[..., Any], content: object, expected: dict[str, Any]) -> None:
    """Each file of the list is read, or refused, as an administrator expects."""
    judge(content, expected).meets(expected)
