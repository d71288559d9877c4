from __future__ import annotations

import pytest

from bulktap.storage.access_lists import AccessList, is_foreign, name_of, strangers

ME, COLLEAGUE, UNIX_USER = "S-1-5-21-7-7-7-1001", "S-1-5-21-7-7-7-1002", "S-1-22-1-1000"
EVERYONE, SIGNED_IN, USERS, SYSTEM, ADMINISTRATORS = "S-1-1-0", "S-1-5-11", "S-1-5-32-545", "S-1-5-18", "S-1-5-32-544"
ALL, MODIFY, READ, ADD_FILES, GENERIC_WRITE = 0x1F01FF, 0x1301BF, 0x1200A9, 0x100002, 0x40000000


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ([(ME, ALL)], []),
        ([(ME, ALL), (SYSTEM, ALL), (ADMINISTRATORS, ALL)], []),  # a folder in a user's profile
        ([(ME, ALL), (EVERYONE, READ)], []),
        ([("S-1-3-4", ALL), ("S-1-3-0", ALL)], []),  # owner rights, creator owner
        ([(ADMINISTRATORS, ALL), (SIGNED_IN, MODIFY)], [SIGNED_IN]),  # C:\\data, as Windows makes it
        ([(ME, ALL), (EVERYONE, ADD_FILES)], [EVERYONE]),
        ([(ME, ALL), (USERS, GENERIC_WRITE)], [USERS]),
        ([(ME, ALL), (COLLEAGUE, 0x40000)], [COLLEAGUE]),  # who may write the list may write all
        ([(COLLEAGUE, ALL), (COLLEAGUE, READ), (EVERYONE, ALL)], [COLLEAGUE, EVERYONE]),
        ([], []),
        (None, [EVERYONE]),
    ],
)
def test_others_who_may_write_are_found(allowed: list[tuple[str, int]] | None, expected: list[str]) -> None:
    """Whoever may only read cannot have put anything into a folder, and administrators can in any case."""
    assert strangers(AccessList(ME, allowed), ME) == expected


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ([(UNIX_USER, ALL)], []),  # a server outside the domain numbers users itself: it may be us
        ([(UNIX_USER, ALL), (EVERYONE, ALL)], [EVERYONE]),
        ([(ME, ALL), (COLLEAGUE, ALL)], [COLLEAGUE]),  # one in the domain knows us
        ([(UNIX_USER, ALL), (EVERYONE, READ)], []),
        (None, [EVERYONE]),
    ],
)
def test_a_server_may_know_users_by_other_numbers(allowed: list[tuple[str, int]] | None, expected: list[str]) -> None:
    """A number that nobody can read is no stranger where our own is missing."""
    assert strangers(AccessList(UNIX_USER, allowed, is_remote=True), ME) == expected


@pytest.mark.parametrize(
    ("found", "foreign"),
    [
        (AccessList(ME, [(ME, ALL)]), False),
        (AccessList(ADMINISTRATORS, [(ME, ALL)]), False),  # what an elevated window makes
        (AccessList(SYSTEM, [(ME, ALL)]), False),
        (AccessList(COLLEAGUE, [(ME, ALL)]), True),
        (AccessList(COLLEAGUE, [(ME, ALL)], is_remote=True), True),
        (AccessList(UNIX_USER, [(UNIX_USER, ALL)], is_remote=True), False),
        (AccessList(UNIX_USER, [(UNIX_USER, ALL)]), True),
    ],
)
def test_a_folder_of_another_user_is_told(found: AccessList, *, foreign: bool) -> None:
    """An owner can change the list at any time, whatever it says now."""
    assert is_foreign(found, ME) is foreign


def test_people_read_names_where_there_are_some() -> None:
    """Others keep their number, which administrators look up."""
    assert [name_of(one) for one in (EVERYONE, USERS, COLLEAGUE)] == ["Everyone", "Users", COLLEAGUE]
