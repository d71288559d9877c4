"""Lines above the table, delimiters, quotes and row numbers of text files."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from bulktap.model.errors import RosterError
from bulktap.model.row_ranges import RowPlace
from bulktap.roster.formats.delimited import prepare
from bulktap.roster.model import Roster

Read = Callable[..., Roster]
HEAD = "User name,Name,Class"
ANNA = "anna@contoso.com,Anna Berg,7b"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(read: Read, delimiter: str, line_end: str) -> None:
    """Every common delimiter is found, with every kind of line end."""
    text = line_end.join([HEAD, ANNA, "ben@contoso.com,Ben Fox,7b", ""]).replace(",", delimiter)
    roster = read(text)
    assert roster.headings == ("User name", "Name", "Class")
    assert [row.number for row in roster.rows] == [2, 3]
    assert roster.rows[0].cells == ("anna@contoso.com", "Anna Berg", "7b")


@pytest.mark.parametrize(
    "above",
    [
        "sep=,", '"sep=,"', "SEP=,,,", "version:v1.0", "version:v1.0,,", "version:v1.0\t\t", "#TYPE Selected.ADUser",
        "version:v1.0\nsep=,",
    ],
)  # fmt: skip
def test_lines_above_the_table_count_but_are_no_rows(read: Read, above: str) -> None:
    """Lines that programs write above the headings are skipped; row numbers still count them."""
    roster = read(f"{above}\n{HEAD}\n{ANNA}\n")
    first = above.count("\n") + 2
    assert (roster.header_row, roster.rows[0].number) == (first, first + 1)


def test_sep_line_settles_the_delimiter() -> None:
    """A `sep=` line is obeyed even where another delimiter is more frequent."""
    assert prepare("sep=;\nUser;Notes\nanna@contoso.com;a,b,c,d").delimiter == ";"


def test_decimal_commas_do_not_confuse(read: Read) -> None:
    """Commas inside the values of a semicolon file stay where they are."""
    roster = read("User name;Fee;Notes\nanna@contoso.com;229.932,50;a, b\nben@contoso.com;25,5;c, d\n")
    assert roster.rows[0].cells == ("anna@contoso.com", "229.932,50", "a, b")


def test_quoted_line_breaks_and_blank_lines_keep_numbers_true(read: Read) -> None:
    """Row numbers are those of a text editor, whatever stands between the people."""
    text = f'{HEAD}\n"anna@contoso.com","Anna\r\nBerg",7b\n\n,,\nben@contoso.com,"Ben ""B"" Fox","8,9"\n   \n'
    roster = read(text)
    assert [(row.number, row.cells[1]) for row in roster.rows] == [(2, "Anna\r\nBerg"), (6, 'Ben "B" Fox')]


def test_carets_between_fields(read: Read) -> None:
    """PowerSchool can be told to write them."""
    roster = read("Student_Number^First_Name^Student_Email\n007^Anna^anna@contoso.com\n")
    assert roster.rows[0].cells == ("007", "Anna", "anna@contoso.com")


@pytest.mark.parametrize("sign", ["^", "~", "¦", ":"])
def test_rare_signs_between_fields(read: Read, sign: str) -> None:
    """Exports that let people choose use them; where a common one separates known headings, they are part of values."""
    roster = read(sign.join(("UPN", "Name", "Class\n")) + f"anna@contoso.com{sign}Anna{sign}7A\n" * 3)
    assert roster.headings == ("UPN", "Name", "Class")
    assert roster.rows[0].cells == ("anna@contoso.com", "Anna", "7A")
    roster = read(f"UPN;Name{sign} of the person\nanna@contoso.com;Anna{sign}Berg\nben@contoso.com;Ben{sign}Holt\n")
    assert roster.rows[0].cells == ("anna@contoso.com", f"Anna{sign}Berg")
    assert read(f"User name{sign}\nanna@contoso.com\nben@contoso.com\n").rows[0].cells == ("anna@contoso.com",)


def test_a_caret_in_user_names_separates_nothing(read: Read) -> None:
    """Names may have one; a list of nothing but such names keeps them whole."""
    roster = read("User name\na^b@contoso.com\nc^d@contoso.com\n")
    assert [row.cells for row in roster.rows] == [("a^b@contoso.com",), ("c^d@contoso.com",)]


def test_the_end_mark_of_old_programs_is_no_row(read: Read) -> None:
    """A last character U+001A is not a person."""
    assert [row.number for row in read(f"{HEAD}\n{ANNA}\n\x1a").rows] == [2]


def test_apple_escapes(read: Read) -> None:
    r"""Quotes written `\"` neither split nor swallow a field."""
    roster = read('Email,Name,Class\nanna@contoso.com,"Anna \\"Annie\\", Berg",7b\nben@contoso.com,Ben,7b\n')
    assert roster.rows[0].cells == ("anna@contoso.com", 'Anna "Annie", Berg', "7b")


def test_apple_escapes_in_a_field_without_a_comma(read: Read) -> None:
    r"""Where both readings give the same fields, a `\"` with text behind it is still a quote and no end."""
    roster = read('Email,Name,Class\n"anna@contoso.com","Anna \\"Annie\\"",7b\n"ben@contoso.com","Ben",7b\n')
    assert roster.rows[0].cells[1] == 'Anna "Annie"'


def test_backslashes_before_the_end_of_a_field_are_literal(read: Read) -> None:
    """A folder's name may end with one."""
    assert read(f'{HEAD}\nanna@contoso.com,"C:\\Anna\\",7b\n').rows[0].cells[1] == "C:\\Anna\\"


def test_bare_quotes_are_literal(read: Read) -> None:
    """A quote inside an unquoted field is text."""
    assert read(f'{HEAD}\nanna@contoso.com,Anna "A" Berg,7b\n').rows[0].cells[1] == 'Anna "A" Berg'


def test_unclosed_quote_is_refused_with_its_row(read: Read) -> None:
    """A quote that is never closed must not swallow the rest of the file."""
    with pytest.raises(RosterError, match="row 3 is never closed"):
        read(f'{HEAD}\n{ANNA}\nben@contoso.com,"Ben,7b\ncem@contoso.com,Cem,7b\n')


def test_quote_closed_by_a_later_row_is_refused(read: Read) -> None:
    """A stray quote that a later one happens to close would hide whole people."""
    rows = "\n".join(f"u{n}@contoso.com,U,7b" for n in range(4))
    with pytest.raises(RosterError, match="row 2: a quote swallows"):
        read(f'{HEAD}\nanna@contoso.com,"Anna,7b\n{rows}\nben@contoso.com,Ben",7b\n{rows}\n')


def test_extra_field_is_a_row_error_and_nothing_shifts(read: Read) -> None:
    """A row with more fields than headings is at fault; short rows are filled up."""
    roster = read(f"{HEAD}\nanna@contoso.com,Berg, Anna,7b\nben@contoso.com\n")
    assert "4 fields" in roster.faults[(RowPlace(roster.file, None), 2)].message
    assert roster.rows[1].cells == ("ben@contoso.com", None, None)


def test_trailing_field_without_a_heading(read: Read) -> None:
    """An unnamed last column that most rows fill is kept; filled here and there it is a shifted row."""
    rows = [f"u{n}@contoso.com,U,x" for n in range(4)]
    assert read("\n".join(["User name,Name,", *rows])).headings == ("User name", "Name", "")
    sparse = read("\n".join(["User name,Name,", rows[0], *(row[:-1] for row in rows[1:])]))
    assert (sparse.headings, list(sparse.faults)) == (("User name", "Name"), [(RowPlace(sparse.file, None), 2)])


def test_extra_field_cannot_move_a_password_out_of_its_column(read: Read) -> None:
    """Where a password column may have shifted, what stands behind it is not read either."""
    roster = read("User name,Name,Password,Class\nanna@contoso.com,Berg, Anna,hunter2,7b\n")
    assert "hunter2" not in repr(roster)


def test_nul_character_is_a_row_error(read: Read) -> None:
    """A NUL in a text file is named, not dropped."""
    roster = read(f"{HEAD}\n{ANNA}\nben\0@contoso.com,Ben,7b\n")
    assert "NUL" in roster.faults[(RowPlace(roster.file, None), 3)].message


def test_absurdly_wide_row_is_refused(read: Read) -> None:
    """A record of a thousand fields among records of three means that a line break is missing."""
    with pytest.raises(RosterError, match="row 3 has"):
        read(f"{HEAD}\n{ANNA}\n{','.join(['x'] * 1000)}\n{ANNA}\n{ANNA}\n")


def test_long_cells_are_read(read: Read) -> None:
    """A cell longer than the csv module's usual limit is no obstacle."""
    assert len(str(read(f'{HEAD}\nanna@contoso.com,"{"a, " * 100_000}",7b\n').rows[0].cells[1])) == 300_000


def test_delimiter_that_is_no_ascii_is_not_obeyed(read: Read) -> None:
    """`sep=` names a delimiter only where it can be one."""
    assert read("sep=é\nAéB\n1é2\n").headings == ("sep=é",)


def calls_to_read(read: Read, columns: int) -> int:
    """Return how many functions, Python's own included, are called to refuse three rows of so many columns."""
    calls = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with pytest.raises(RosterError):
            read("\n".join("x\t" * columns for _ in range(3)))
    finally:
        sys.setprofile(before)
    return calls


def test_thousands_of_columns_cost_no_more_than_their_cells(read: Read) -> None:
    """Ten times as many delimiters in each row of a damaged file are at most ten times the work."""
    calls_to_read(read, 30)  # what is done once, such as importing
    assert calls_to_read(read, 3_000) <= 10 * calls_to_read(read, 300)


@pytest.mark.parametrize(
    "end",
    ['"', 'ben@contoso.com,"', 'ben@contoso.com,"Ben', '"ben@contoso.com\r\n', '"Ben ""', 'ben@contoso.com,"Ben\n\n'],
)
def test_a_text_that_ends_within_quotes_is_refused(read: Read, end: str) -> None:
    """However little follows the quote, the row in which it is opened is named."""
    with pytest.raises(RosterError, match="the quote opened in row 3 is never closed"):
        read(f"{HEAD}\n{ANNA}\n{end}")


@pytest.mark.parametrize(
    "end",
    [
        'ben@contoso.com,"Ben"',
        'ben@contoso.com,""',
        'ben@contoso.com,"Ben" B',
        'ben@contoso.com,Ben "B',
        "ben@contoso.com,\\",
    ],
)
def test_quotes_that_are_closed_or_none_end_a_text(read: Read, end: str) -> None:
    """The last row needs no line end, and a quote within a value opens nothing."""
    assert [row.cells[0] for row in read(f"{HEAD}\n{ANNA}\n{end}").rows] == ["anna@contoso.com", "ben@contoso.com"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("offset", range(3))
def test_long_texts_lose_nothing_where_they_are_cut(read: Read, line_end: str, offset: int) -> None:
    """A text of some megabytes is gone through piece by piece; each row and its number stay what they are."""
    note = "n" * (4_000 + offset)
    text = line_end.join([HEAD, *(f'user{n}@contoso.com,"Anna, {note}",{n}' for n in range(700))])

    roster = read(text)

    assert [row.number for row in roster.rows] == list(range(2, 702))
    assert [row.cells[2] for row in roster.rows] == [str(n) for n in range(700)]
    assert {row.cells[1] for row in roster.rows} == {f"Anna, {note}"}


@pytest.mark.parametrize("value", ["7b", "Zimmer 12", "Zoë", "姓名", "8h"])
def test_values_that_repeat_are_in_memory_once(read: Read, value: str) -> None:
    """A column with few different values takes no more room than those."""
    roster = read(HEAD + "".join(f"\nuser{n}@contoso.com,Anna,{value}" for n in range(5)))

    assert len({id(row.cells[2]) for row in roster.rows}) == 1
