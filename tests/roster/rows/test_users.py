"""Cells that name users: accepted, repaired with a note, or refused with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.roster.rows.users import ParsedUser, parse_user

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue

GUID = "9b0d1c2e-3f4a-4b5c-8d6e-7f8091a2b3c4"
LOCAL64, DOMAIN48 = "a" * 64, "b" * 44 + ".com"


@pytest.mark.parametrize(
    "cell",
    [
        "anna@contoso.com", "Anna@Contoso.COM", "o'brien@contoso.com", "$a#b^c~d!e-f_g@contoso.com",
        "anna_adatum.com#EXT#@contoso.onmicrosoft.com", f"{LOCAL64}@contoso.com", f"a@{DOMAIN48}",
        f"{LOCAL64}@{DOMAIN48}"[:113], "null@contoso.com", "a.b@sub.contoso.co.uk",
    ],
)  # fmt: skip
def test_user_principal_names_pass_unchanged(cell: str) -> None:
    """What Entra allows is kept letter for letter, without a note."""
    found = parse_user(cell, None)
    assert isinstance(found, ParsedUser)
    assert (found.user.text, found.notes) == (cell, ())


@pytest.mark.parametrize("cell", [GUID, GUID.upper(), f"{{{GUID}}}", f" {GUID}\n"])
def test_object_ids(cell: str) -> None:
    """Object ids come in any case and with or without braces."""
    found = parse_user(cell, None)
    assert isinstance(found, ParsedUser)
    assert (found.user.text, found.user.is_object_id, found.notes) == (GUID, True, ())


@pytest.mark.parametrize(
    "cell", [" anna@contoso.com ", "anna@contoso.com\t", "anna@contoso.com\r\n", "\u00a0anna@contoso.com\u3000"]
)
def test_blanks_around_are_trimmed_silently(cell: str) -> None:
    """Blanks of every kind around a user name are nobody's intention."""
    assert parse_user(cell, None) == parse_user("anna@contoso.com", None)


@pytest.mark.parametrize(
    ("cell", "user", "note"),
    [
        ("an\u200bna@contoso.com", "anna@contoso.com", "U+200B"),
        ("\ufeffanna@contoso.com", "anna@contoso.com", "U+FEFF"),
        ("ａｎｎａ＠ｃｏｎｔｏｓｏ．ｃｏｍ", "anna@contoso.com", "Full-width"),
        ("mu\u0308ller@schule.de", "müller@schule.de", "Accents"),
        ("müller@schule.de", "müller@schule.de", "does not document"),
        ("O’Brien@contoso.com", "O'Brien@contoso.com", "straightened"),
        ("mailto:anna@contoso.com", "anna@contoso.com", "was read as"),
        ("SMTP:anna@contoso.com", "anna@contoso.com", "was read as"),
        ("Anna Berg <anna@contoso.com>", "anna@contoso.com", "was read as"),
        ("anna@contoso.com;", "anna@contoso.com", "was read as"),
        ("anna@corp.local", "anna@corp.local", "'.local'"),
    ],
)
def test_repairs_and_doubts_are_noted(cell: str, user: str, note: str) -> None:
    """A repair that changes no letter is made and said."""
    found = parse_user(cell, None)
    assert isinstance(found, ParsedUser)
    assert found.user.text == user
    assert any(note in text for text in found.notes)


@pytest.mark.parametrize(
    ("cell", "code", "says"),
    [
        ("anna berg@contoso.com", RowErrorCode.USER_MALFORMED, "contains a blank"),
        ("anna@@contoso.com", RowErrorCode.USER_MALFORMED, "more than one '@'"),
        ("anna@", RowErrorCode.USER_MALFORMED, "nothing after"),
        ("@contoso.com", RowErrorCode.USER_MALFORMED, "nothing before"),
        ("anna@contoso", RowErrorCode.USER_MALFORMED, "without a dot"),
        ("anna@con_toso.com", RowErrorCode.USER_MALFORMED, "cannot exist"),
        ("anna.@contoso.com", RowErrorCode.USER_MALFORMED, "immediately before"),
        (f"a{LOCAL64}@contoso.com", RowErrorCode.USER_MALFORMED, "65 characters before"),
        (f"a@b{DOMAIN48}", RowErrorCode.USER_MALFORMED, "49 characters after"),
        ("anna+tap@contoso.com", RowErrorCode.USER_MALFORMED, "'+'"),
        ("m?ller@contoso.com", RowErrorCode.USER_MALFORMED, "PowerShell"),
        ("anna\U0001f600@contoso.com", RowErrorCode.USER_MALFORMED, "not allowed"),
        ("anna", RowErrorCode.USER_MALFORMED, "no '@'"),
        ("anna@contoso.com; ben@contoso.com", RowErrorCode.USER_MALFORMED, "several users"),
        ("CONTOSO\\anna", RowErrorCode.USER_MALFORMED, "Windows logon name"),
        ("CN=Anna Berg,OU=People,DC=contoso,DC=com", RowErrorCode.USER_MALFORMED, "distinguished name"),
        ("S-1-5-21-1004336348-1177238915-682003330-512", RowErrorCode.USER_MALFORMED, "SID"),
        ("AAAAAAAAAAAAAAAAAAAAAA==", RowErrorCode.USER_MALFORMED, "immutable id"),
        (GUID[:-1], RowErrorCode.USER_MALFORMED, "not a complete object id"),
        ("anna\u202e@contoso.com", RowErrorCode.USER_MALFORMED, "U+202E"),
        ("x" * 10_000, RowErrorCode.USER_MALFORMED, "10,000 characters"),
        ("\u0430nna@contoso.com", RowErrorCode.USER_MIXED_SCRIPT, "U+0430 CYRILLIC SMALL LETTER A"),
        ("annα@contoso.com", RowErrorCode.USER_MIXED_SCRIPT, "GREEK SMALL LETTER ALPHA"),
        ("ınga@contoso.com", RowErrorCode.USER_MIXED_SCRIPT, "DOTLESS I"),
        ("anna@\u0441ontoso.com", RowErrorCode.USER_MIXED_SCRIPT, "CYRILLIC"),
        ("ann\ufffd@contoso.com", RowErrorCode.USER_DAMAGED, "U+FFFD"),
        ("MÃ¼ller@contoso.com", RowErrorCode.USER_DAMAGED, "damaged"),
        ("1.23E+11", RowErrorCode.USER_DAMAGED, "shortened"),
        (123456789012, RowErrorCode.USER_DAMAGED, "shortened"),
        (17, RowErrorCode.USER_MALFORMED, "not a user name"),
        ("#N/A", RowErrorCode.CELL_ERROR, "#N/A"),
        ("#BEZUG!", RowErrorCode.CELL_ERROR, "#BEZUG!"),
        ("=VLOOKUP(A1,B:C,2)", RowErrorCode.CELL_ERROR, "without a result"),
        ("N/A", RowErrorCode.USER_MISSING, "not a user name"),
        ("-", RowErrorCode.USER_MISSING, "not a user name"),
        ("TBD", RowErrorCode.USER_MISSING, "not a user name"),
    ],
)
def test_refusals_name_the_rule(cell: CellValue, code: RowErrorCode, says: str) -> None:
    """What cannot be a user is refused by the rule that it breaks, with the value and a hint."""
    found = parse_user(cell, None)
    assert isinstance(found, RowError)
    assert found.code is code
    assert says in found.message
    assert found.hint
    assert len(found.message) < 250


@pytest.mark.parametrize("cell", [None, "", "  \t", "\u200b"])
def test_empty_cells_are_not_given(cell: CellValue) -> None:
    """An empty cell is neither a user nor a fault of its own."""
    assert parse_user(cell, None) is None


@pytest.mark.parametrize("domain", ["school.org", "@school.org"])
def test_domain_completes_bare_names_only(domain: str) -> None:
    """--domain is added to names without one and leaves full ones alone."""
    for cell, user in (("anna.berg", "anna.berg@school.org"), ("ben@contoso.com", "ben@contoso.com")):
        found = parse_user(cell, domain)
        assert isinstance(found, ParsedUser)
        assert found.user.text == user
    assert isinstance(parse_user("CONTOSO\\anna", domain), RowError)
