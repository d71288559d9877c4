"""The kept list of accounts that never get a pass."""

from __future__ import annotations

import pytest

from bulktap.planning.never_list import NeverList, read_never_list

ID = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"
LIST = f"""# Break-glass accounts

Breakglass1@contoso.com   # in the safe
breakglass2@contoso.com {ID}
*@admins.contoso.com
guest_fabrikam.com#EXT#@contoso.onmicrosoft.com
"""


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("utf-16"),
        b"\xfe\xff" + LIST.encode("utf-16-be"),
        LIST.replace("\n", "\r\n").encode("utf-16"),
        LIST.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "utf-8 mark", "utf-16 le", "utf-16 be", "as PowerShell redirects", "old Mac"],
)
def test_a_list_is_read_however_an_editor_writes_it(content: bytes) -> None:
    """Comments and blank lines are passed over, a name with `#` is one name, several names are one account."""
    entries = read_never_list(content, "never.txt")

    assert [entry.names for entry in entries] == [
        ("Breakglass1@contoso.com",),
        ("breakglass2@contoso.com", ID),
        ("*@admins.contoso.com",),
        ("guest_fabrikam.com#EXT#@contoso.onmicrosoft.com",),
    ]
    assert [entry.place for entry in entries] == [f"never.txt, line {number}" for number in (3, 4, 5, 6)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"breakglass\n", "line 1: 'breakglass'"),
        (b"a@b.org\nUserPrincipalName Id\n", "line 2: 'UserPrincipalName'"),
        (b"a@b.org\n----------------- --\n", "line 2: '-----"),
        (b"a@b.org; c@d.org\n", "line 1"),
        ("müller@contoso.com\n".encode("cp1252"), "neither UTF-8 nor UTF-16"),
        ("a@b.org\n".encode("utf-16-le"), "line 1"),
        (b"\xff\xfea", "neither UTF-8 nor UTF-16"),
        (b"\x00" * 1_000, "line 1"),
        (b"\x1b[31m@b.org\n", "line 1: '.*x1b"),
        (b"x" * 900_000, "line 1"),
        (b"PK\x03\x04\x14\x00", "line 1"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_cannot_be_meant_is_never_passed_over(content: bytes, says: str) -> None:
    """The line with the typo may be the one that guards the account."""
    with pytest.raises(ValueError, match=says) as caught:
        read_never_list(content, "never.txt")
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nobody yet\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_list_names_nobody(content: bytes) -> None:
    """That is a list, too."""
    assert not NeverList(read_never_list(content, "never.txt"))
