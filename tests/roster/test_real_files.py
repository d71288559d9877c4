# ruff: noqa: E501, DTZ001 - one file to a line; cells know no time zone
"""Real files of third parties, which lie outside the project: how each is read, and what becomes of it.

Most of them are no rosters; what they hold is read all the same, and then the refusal says what is missing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.errors import RosterError
from bulktap.model.secret import Secret
from bulktap.roster.check import check_roster
from bulktap.roster.formats.workbook_cells import read_sheets
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions, RosterPassword
from bulktap.roster.reading_words import HiddenRows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.roster.model import CheckedRoster, CheckOptions

# path; sheet, header row, first headings, rows, first and last row, and one cell of the first row (column, value); how many
# people get a pass, or why none
FILES = [
    pytest.param("encrypted/agile-aes256-sha512.password.xlsx", None, "is protected with a password", id="H03 agile-aes256-sha512.password.xlsx"),
    pytest.param("encrypted/encrypted-document.Password1234_.docx", None, "is a protected Office file, not a workbook", id="H06 encrypted-document.Password1234_.docx"),
    pytest.param("encrypted/odf-encrypted.letmein.ods", None, "is an OpenDocument file that is protected with a password", id="H08 odf-encrypted.letmein.ods"),
    pytest.param("encrypted/rc4-cryptoapi.Password1234_.xls", None, "is a protected workbook of the old kind \\(\\.xls\\)", id="H08 rc4-cryptoapi.Password1234_.xls"),
    pytest.param("encrypted/standard-aes128-sha1.password.xlsx", None, "is protected with a password", id="H03 standard-aes128-sha1.password.xlsx"),
    pytest.param("encrypted/xor-obfuscation.abc.xls", None, "is a protected workbook of the old kind \\(\\.xls\\)", id="H08 xor-obfuscation.abc.xls"),
    pytest.param("formats/entra-bulk-create-version-v1.0.csv", (None, 2, ("Name [displayName] Required", "User name [userPrincipalName] Required"), 697, 4, 700, 1, "Cortez@domainname.onmicrosoft.com"), 697, id="B01 B03 C19 entra-bulk-create-version-v1.0.csv"),
    pytest.param("formats/exchange-external-contacts.csv", (None, 1, ("ExternalEmailAddress", "Name"), 4, 2, 5, 1, "Jordan Ballinger"), "no column names the user: it holds addresses of other organisations", id="C11 exchange-external-contacts.csv"),
    pytest.param("formats/first-last-names-date-as-text.xlsx", ("Sheet1", 1, ("0", "First Name"), 9, 2, 10, 1, "Dulce"), "no column names the user: it has names, but no user name, e-mail address or object id", id="C25 C27 first-last-names-date-as-text.xlsx"),
    pytest.param("formats/mockaroo-people-1000.csv", (None, 1, ("id", "first_name"), 1000, 2, 1001, 1, "Bonnee"), 1000, id="A01 mockaroo-people-1000.csv"),
    pytest.param("formats/name-age-two-blocks-one-table.xlsx", ("ExcelTable", 1, ("Name", "Age"), 3, 2, 4, 1, 44), "no column names the user: it has names, but no user name, e-mail address or object id", id="C25 F08 name-age-two-blocks-one-table.xlsx"),
    pytest.param("formats/sds-v1-100users/Section.csv", (None, 1, ("SIS ID", "School SIS ID"), 28, 2, 29, 1, "10001"), "lists classes, not people", id="Section.csv"),
    pytest.param("formats/sds-v1-100users/Student.csv", (None, 1, ("SIS ID", "School SIS ID"), 86, 2, 87, 1, "10001"), "86 of 86 user names in column Username have no '@'", id="C19 D15 Student.csv"),
    pytest.param("formats/sds-v1-100users/StudentEnrollment.csv", (None, 1, ("Section SIS ID", "SIS ID"), 602, 2, 603, 1, "13001"), "lists class memberships, not people", id="StudentEnrollment.csv"),
    pytest.param("formats/sds-v1-100users/Teacher.csv", (None, 1, ("SIS ID", "School SIS ID"), 12, 2, 13, 1, "10001"), "12 of 12 user names in column Username have no '@'", id="B19 Teacher.csv"),
    pytest.param("formats/sds-v1-100users/TeacherRoster.csv", (None, 1, ("Section SIS ID", "SIS ID"), 28, 2, 29, 1, "14001"), "lists class memberships, not people", id="TeacherRoster.csv"),
    pytest.param("formats/sds-v1-min/Student.csv", (None, 1, ("SIS ID", "School SIS ID"), 22, 2, 23, 1, "10001"), "22 of 22 user names in column Username have no '@'", id="C19 D15 Student.csv"),
    pytest.param("formats/sds-v2.1/classes.csv", (None, 1, ("sourcedId", "orgSourcedId"), 2, 2, 3, 1, "110001"), "lists classes or courses, not people", id="classes.csv"),
    pytest.param("formats/sds-v2.1/enrollments.csv", (None, 1, ("classSourcedId", "userSourcedId"), 6, 2, 7, 1, "114008"), "lists class memberships, not people", id="enrollments.csv"),
    pytest.param("formats/sds-v2.1/orgs.csv", (None, 1, ("sourcedId", "name"), 4, 2, 5, 1, "College of Engineering"), "lists schools, not people", id="orgs.csv"),
    pytest.param("formats/sds-v2.1/relationships.csv", (None, 1, ("userSourcedId", "relationshipUserSourcedId"), 3, 2, 4, 1, "114002"), "lists guardians' links, not people", id="relationships.csv"),
    pytest.param("formats/sds-v2.1/roles.csv", (None, 1, ("userSourcedId", "orgSourcedId"), 7, 2, 8, 1, "110003"), "lists the roles of people, not the people", id="roles.csv"),
    pytest.param("formats/sds-v2.1/users.csv", (None, 1, ("sourcedId", "username"), 8, 2, 9, 1, "jcraig@classrmtest31.org"), "roles.csv, which tells them apart, is not there", id="users.csv"),
    pytest.param("nasty/csv/ambiguous-dmy.csv", (None, 1, ("a",), 2, 2, 3, 0, "02/01/2014"), "no column names the user: none of its columns does", id="E10 ambiguous-dmy.csv"),
    pytest.param("nasty/csv/blank-header.csv", (None, 1, ("id", ""), 2, 2, 3, 1, "John"), "no column names the user: none of its columns does", id="C16 blank-header.csv"),
    pytest.param("nasty/csv/blank-lines-between-rows.csv", (None, 2, ("csv--21", "csv--22"), 1, 4, 4, 1, "csv--42"), "no column names the user: none of its columns does", id="B10 blank-lines-between-rows.csv"),
    pytest.param("nasty/csv/blank-lines-then-header.csv", (None, 4, ("a", "b"), 1, 5, 5, 1, "2"), "no column names the user: none of its columns does", id="B06 blank-lines-then-header.csv"),
    pytest.param("nasty/csv/cjk-header.csv", (None, 1, ("id", "国人"), 2, 2, 3, 1, "english"), "no column names the user: none of its columns does", id="C17 cjk-header.csv"),
    pytest.param("nasty/csv/comma-in-quotes.csv", (None, 1, ("first", "last"), 1, 2, 2, 1, "Doe"), "no column names the user: none of its columns does", id="comma-in-quotes.csv"),
    pytest.param("nasty/csv/cp1252-nordic.csv", (None, 1, ("a", "b"), 2, 2, 3, 1, "2"), "no column names the user: none of its columns does", id="A06 cp1252-nordic.csv"),
    pytest.param("nasty/csv/cr-only-newlines.csv", (None, 1, ("a", "b"), 2, 2, 3, 1, "2"), "no column names the user: none of its columns does", id="A29 cr-only-newlines.csv"),
    pytest.param("nasty/csv/duplicate-headers.csv", (None, 1, ("id", "name"), 2, 2, 3, 1, "John"), "no column names the user: it has names, but no user name, e-mail address or object id", id="C14 duplicate-headers.csv"),
    pytest.param("nasty/csv/header-only.csv", None, "has a row of headings but no people", id="A26 header-only.csv"),
    pytest.param("nasty/csv/header-with-linebreak-attendance.csv", (None, 1, ("Date", "Ben Ashley"), 24, 4, 27, 1, "FALSE"), "no column names the user: none of its columns does", id="B21 header-with-linebreak-attendance.csv"),
    pytest.param("nasty/csv/iso-timezones.csv", (None, 1, ("datetime", "time"), 4, 2, 5, 1, "15:00:00"), "no column names the user: none of its columns does", id="E05 E06 iso-timezones.csv"),
    pytest.param("nasty/csv/leading-zeros.csv", (None, 1, ("value",), 3, 2, 4, 0, "01"), "no column names the user: none of its columns does", id="E21 leading-zeros.csv"),
    pytest.param("nasty/csv/no-header.csv", None, "has no people, and no heading that names the user", id="B16 no-header.csv"),
    pytest.param("nasty/csv/nul-byte.csv", (None, 1, ("a", "b"), 1, 2, 2, 1, "2"), "no column names the user: none of its columns does", id="A30 nul-byte.csv"),
    pytest.param("nasty/csv/null-words.csv", (None, 1, ("a", "b"), 1, 2, 2, 1, "NA"), "no column names the user: none of its columns does", id="D31 null-words.csv"),
    pytest.param("nasty/csv/quoted-newlines-lf.csv", (None, 1, ("a", "b"), 3, 2, 5, 1, "2"), "no column names the user: none of its columns does", id="quoted-newlines-lf.csv"),
    pytest.param("nasty/csv/ragged-rows.csv", (None, 1, ("column_a", "column_b"), 3, 2, 4, 1, "27"), "no column names the user: none of its columns does", id="B17 B18 ragged-rows.csv"),
    pytest.param("nasty/csv/semicolon-decimal-comma.csv", (None, 1, ("This", "Are"), 2, 2, 3, 1, "Number with comma"), "no column names the user: none of its columns does", id="A12 E25 semicolon-decimal-comma.csv"),
    pytest.param("nasty/csv/sep-line-semicolon.csv", (None, 2, ("A", "1"), 1, 3, 3, 1, "3"), "no column names the user: none of its columns does", id="A13 sep-line-semicolon.csv"),
    pytest.param("nasty/csv/spanish-latin1-multiline.csv", (None, 1, ("GF_ID", "FN_ID"), 115, 2, 120, 0, "1"), "no column names the user: none of its columns does", id="A06 spanish-latin1-multiline.csv"),
    pytest.param("nasty/csv/title-rows-above-header.csv", (None, 4, ("Year", "2000"), 16, 5, 24, 1, "2,666"), "no column names the user: none of its columns does", id="B07 title-rows-above-header.csv"),
    pytest.param("nasty/csv/utf16be-bom.csv", (None, 1, ("a", "b"), 2, 2, 3, 1, "2"), "no column names the user: none of its columns does", id="A03 utf16be-bom.csv"),
    pytest.param("nasty/csv/utf16le-bom.csv", (None, 1, ("a", "b"), 2, 2, 3, 1, "2"), "no column names the user: none of its columns does", id="A03 utf16le-bom.csv"),
    pytest.param("nasty/csv/utf32le-bom.csv", (None, 1, ("csv--11", "csv--12"), 2, 2, 3, 1, "csv--22"), "no column names the user: none of its columns does", id="A05 utf32le-bom.csv"),
    pytest.param("nasty/csv/utf8-bom-messy-blanks.csv", (None, 1, ("c1", "c2"), 1, 2, 2, 1, "12"), "no column names the user: none of its columns does", id="C04 utf8-bom-messy-blanks.csv"),
    pytest.param("nasty/csv/zipped.csv.zip", (None, 1, ("id", "name"), 2, 2, 3, 1, "english"), "no column names the user: it has names, but no user name, e-mail address or object id", id="A24 zipped.csv.zip"),
    pytest.param("nasty/hostile/billion-laughs.xlsx", None, "contains XML entities, which workbooks never need", id="H11 billion-laughs.xlsx"),
    pytest.param("nasty/hostile/corrupt-text-as.xlsx", (None, 1, ("csv--11", "csv--12"), 2, 2, 3, 1, "csv--22"), "no column names the user: none of its columns does", id="A16 corrupt-text-as.xlsx"),
    pytest.param("nasty/hostile/empty-zip.xlsx", None, "its zip archive holds no sheets", id="H15 empty-zip.xlsx"),
    pytest.param("nasty/hostile/many-merges.xlsx", None, "has no data", id="H13 many-merges.xlsx"),
    pytest.param("nasty/hostile/xxe-in-schema.xlsx", ("Sheet1", 9, ("/Test/Test", "Column1"), 1, 10, 10, 0, "1"), "no column names the user: none of its columns does", id="H14 xxe-in-schema.xlsx"),
    pytest.param("nasty/other-containers/any-sheets.ods", ("Visible", 1, ("1", "2"), 3, 2, 5, 1, 4), "no column names the user: none of its columns does", id="A22 any-sheets.ods"),
    pytest.param("nasty/other-containers/any-sheets.xls", ("Visible", 1, ("1", "2"), 3, 2, 5, 1, 4), "no column names the user: none of its columns does", id="A22 any-sheets.xls"),
    pytest.param("nasty/other-containers/macro.xlsm", None, "has no data", id="A23 macro.xlsm"),
    pytest.param("nasty/xlsx/active-tab-not-first.xlsx", None, "no sheet has a heading for the user: CustomName1 \\(4 rows\\), CustomName2 \\(4 rows\\)", id="F05 active-tab-not-first.xlsx"),
    pytest.param("nasty/xlsx/apple-numbers-export-1904-title-row.xlsx", ("Sheet 1", 2, ("A", "B"), 2, 3, 4, 1, 9), "no column names the user: none of its columns does", id="B08 apple-numbers-export-1904-title-row.xlsx"),
    pytest.param("nasty/xlsx/autofilter-hidden-rows.xlsx", ("Worksheet", 1, ("Year", "Quarter"), 56, 2, 57, 1, "Q1"), "51 rows are hidden by a filter, the first is row 4", id="F01 autofilter-hidden-rows.xlsx"),
    pytest.param("nasty/xlsx/codes-with-leading-zero-shared-formulas.xlsx", ("Hoja1", 1, ("cod_articulo", "codigo_alternativo"), 348, 2, 349, 0, "000099"), "no column names the user: none of its columns does", id="E21 codes-with-leading-zero-shared-formulas.xlsx"),
    pytest.param("nasty/xlsx/date-iso8601-cells.xlsx", ("Sheet", 1, ("2021-01-01",), 5, 2, 6, 0, datetime(2021, 1, 1, 10, 10, 10)), "no column names the user: none of its columns does", id="E04 date-iso8601-cells.xlsx"),
    pytest.param("nasty/xlsx/date1904-libreoffice.xlsx", ("Sheet1", 1, ("2021-01-01", "15"), 2, 2, 3, 1, 16), "no column names the user: none of its columns does", id="E02 date1904-libreoffice.xlsx"),
    pytest.param("nasty/xlsx/empty-sheet.xlsx", None, "has no data", id="F17 empty-sheet.xlsx"),
    pytest.param("nasty/xlsx/five-row-merged-header.xlsx", None, "the headings seem to span rows 1 to 5", id="B12 E03 five-row-merged-header.xlsx"),
    pytest.param("nasty/xlsx/formulas-cached.xlsx", ("Sheet1", 1, ("val1", "val2"), 2, 2, 3, 1, 20), "no column names the user: none of its columns does", id="F11 formulas-cached.xlsx"),
    pytest.param("nasty/xlsx/full-width-space.xlsx", None, ", sheet Sheet1 has no people, and no heading that names the user", id="D02 full-width-space.xlsx"),
    pytest.param("nasty/xlsx/google-sheets-zero-prefix.xlsx", ("Sheet1", 1, ("0001", "0002"), 49, 2, 50, 1, "0022"), "no column names the user: none of its columns does", id="E21 google-sheets-zero-prefix.xlsx"),
    pytest.param("nasty/xlsx/header-in-row-3.xlsx", ("Sheet1", 9, ("Columns", "Column A"), 1, 10, 10, 1, 1), "no column names the user: none of its columns does", id="B07 header-in-row-3.xlsx"),
    pytest.param("nasty/xlsx/hidden-and-veryhidden-sheets.xlsx", ("Visible", 1, ("1", "2"), 3, 2, 5, 1, 4), "no column names the user: none of its columns does", id="F04 hidden-and-veryhidden-sheets.xlsx"),
    pytest.param("nasty/xlsx/hidden-row-and-column.xlsx", ("Sheet1", 1, ("This column is collapsed to zero width", "NOTE: Column A and row 4 have been collapsed using rclick->Hide"), 1, 4, 4, 1, "This row is collapsed to zero height"), "1 row is hidden by hand, the first is row 4", id="F02 hidden-row-and-column.xlsx"),
    pytest.param("nasty/xlsx/merged-data-column.xlsx", ("Sheet1", 1, ("One", "Two"), 3, 2, 4, 1, "Johnson"), "no column names the user: none of its columns does", id="F09 merged-data-column.xlsx"),
    pytest.param("nasty/xlsx/no-styles-no-sharedstrings.xlsx", ("Sheet1", 1, ("Language", "Age"), 11, 2, 12, 1, 73), "no column names the user: none of its columns does", id="F16 no-styles-no-sharedstrings.xlsx"),
    pytest.param("nasty/xlsx/phonetic-furigana.xlsx", None, ", sheet Sheet1 has no people, and no heading that names the user", id="F14 phonetic-furigana.xlsx"),
    pytest.param("nasty/xlsx/rich-text-runs.xlsx", None, ", sheet richtext has no people, and no heading that names the user", id="F14 rich-text-runs.xlsx"),
    pytest.param("nasty/xlsx/sheet-protection-password.xlsx", None, ", sheet Sheet1 has no people, and no heading that names the user", id="F21 sheet-protection-password.xlsx"),
    pytest.param("nasty/xlsx/strict-ooxml.xlsx", None, "no sheet has a heading for the user: Sheet1 \\(5 rows\\), Sheet Number 2 \\(4 rows\\)", id="F16 strict-ooxml.xlsx"),
    pytest.param("nasty/xlsx/styled-ghost-rows.xlsx", ("Data", 1, ("var1", "var2"), 3, 2, 4, 0, "val1,1"), "no column names the user: none of its columns does", id="B11 styled-ghost-rows.xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "read", "outcome"), FILES)
def test_real_file(
    real_files: Path, verdict: Callable[..., Any], path: str, read: tuple[Any, ...] | None, outcome: int | str
) -> None:
    """Every real file that is no bundle has an expected outcome."""
    if not (real_files / path).is_file():
        pytest.skip(f"{path} is not there")
    if read is not None:
        roster = read_roster(real_files / path, ReadingOptions(hidden_rows=HiddenRows.INCLUDE))
        *expected, column, cell = read
        first = roster.rows[0]
        assert [
            roster.sheet,
            roster.header_row,
            roster.headings[:2],
            len(roster.rows),
            first.number,
            roster.rows[-1].number,
        ] == expected
        assert first.cells[column] == cell
    found = verdict(real_files / path, {}, {})
    if isinstance(outcome, int):
        assert len(found.people) == outcome
    else:
        found.meets({"refused": outcome, "file": path})


def test_no_real_file_is_forgotten(real_files: Path) -> None:
    """The table names every file of the folder that is not about licences; bundles are in it file by file."""
    there = {
        path.relative_to(real_files).as_posix()
        for path in real_files.rglob("*")
        if path.is_file() and path.parent.name != "LICENSES" and path.name != "MANIFEST.md"
    }
    assert there <= {str(param.values[0]) for param in FILES}


def checked(path: Path, options: Callable[..., CheckOptions], **changes: object) -> CheckedRoster:
    """Return a real file, checked."""
    return check_roster(read_roster(path), options(**changes))


def test_entra_template(real_files: Path, options: Callable[..., CheckOptions]) -> None:
    """A filled-in Entra template: example skipped, 697 rows of 507 people, no password anywhere."""
    roster = checked(real_files / "formats" / "entra-bulk-create-version-v1.0.csv", options)
    assert [row.left_out for row in roster.rows] == [True, *[False] * 697]
    assert len({row.user.folded for row in roster.rows if row.user}) == 507
    assert any("Row 3 is Microsoft's example" in note for note in roster.info.notes)
    assert not any("password" in heading.casefold() for heading in roster.columns.headings)


def test_bare_names_with_a_domain(real_files: Path, options: Callable[..., CheckOptions]) -> None:
    """School Data Sync writes names without a domain; with one, all of them get a pass."""
    roster = checked(real_files / "formats" / "sds-v1-100users" / "Student.csv", options, domain="contoso.com")
    assert sum(row.request is not None for row in roster.rows) == 86


PROTECTED = [
    pytest.param("agile-aes256-sha512.password.xlsx", id="H04 agile encryption"),
    pytest.param("standard-aes128-sha1.password.xlsx", id="H04 standard encryption"),
]


@pytest.mark.parametrize("name", PROTECTED)
def test_protected_workbooks(real_files: Path, name: str) -> None:
    """The right password opens them in memory, a wrong one is refused, and neither is shown."""
    path = real_files / "encrypted" / name
    says = "no data|no people|no heading|no sheet"
    try:
        read = repr(read_roster(path, password=RosterPassword(Secret("password"))))
    except RosterError as refusal:
        read = refusal.message
        assert "password" not in read.replace(name, ""), says
    with pytest.raises(RosterError, match="does not fit"):
        read_roster(path, password=RosterPassword(Secret("Password")))


TEXTS = [
    pytest.param("rich-text-runs.xlsx", ("Example richtext", "Examplerichtext"), id="F14 runs are joined"),
    pytest.param("phonetic-furigana.xlsx", ("名前", "一二三四"), id="F14 readings are left out"),
]


@pytest.mark.parametrize(("name", "first"), TEXTS)
def test_texts_of_several_parts(real_files: Path, name: str, first: tuple[str, ...]) -> None:
    """Text in several runs is one text, and the readings above it are no part of it."""
    with (real_files / "nasty" / "xlsx" / name).open("rb") as file:
        assert read_sheets(file, name)[0].rows[0] == (1, first)
