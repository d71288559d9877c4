"""Whom the tenant's policy covers, by its targets and the user's groups."""

from __future__ import annotations

import pytest

from bulktap.model.pass_scope import ALL_USERS, Memberships, PassScope, PassTarget

A, B = PassTarget("group-a"), PassTarget("group-b")
EVERYBODY, ANNA = PassTarget(ALL_USERS), PassTarget("anna-id", is_group=False)
IN_A, IN_B, IN_NONE = (Memberships(frozenset(groups)) for groups in ({"group-a"}, {"group-b"}, set()))
MORE = Memberships(frozenset(), complete=False)
MORE_AND_A = Memberships(frozenset({"group-a"}), complete=False)


@pytest.mark.parametrize(
    ("scope", "memberships", "covered"),
    [
        (PassScope((EVERYBODY,)), None, True),
        (PassScope((A,)), IN_A, True),
        (PassScope((A,)), IN_B, False),
        (PassScope((A, B)), IN_B, True),
        (PassScope((A,)), None, None),
        (PassScope((A,)), MORE, None),
        (PassScope((A,)), MORE_AND_A, True),
        (PassScope((ANNA,)), None, True),
        (PassScope((A, ANNA)), None, True),
        (PassScope((EVERYBODY,), (A,)), IN_A, False),
        (PassScope((EVERYBODY,), (A,)), IN_NONE, True),
        (PassScope((EVERYBODY,), (A,)), None, None),
        (PassScope((A,), (B,)), Memberships(frozenset({"group-a", "group-b"})), False),
        (PassScope((EVERYBODY,), (ANNA,)), None, False),
        (PassScope((A,), (B,)), MORE_AND_A, None),
        (PassScope(()), None, False),
    ],
)
def test_scope_follows_targets_and_groups(
    scope: PassScope, memberships: Memberships | None, *, covered: bool | None
) -> None:
    """Whoever is excluded is out; what was not read, or not to its end, leaves it open."""
    assert scope.covers("ANNA-ID", memberships) is covered


@pytest.mark.parametrize(
    ("scope", "everybody", "needs"),
    [
        (PassScope((EVERYBODY,)), True, False),
        (PassScope((EVERYBODY, A)), True, False),
        (PassScope((EVERYBODY,), (A,)), False, True),
        (PassScope((EVERYBODY,), (ANNA,)), False, False),
        (PassScope((ANNA,)), False, False),
        (PassScope((A,)), False, True),
    ],
)
def test_groups_are_read_only_where_they_matter(scope: PassScope, *, everybody: bool, needs: bool) -> None:
    """A policy for everybody, or for users by name, makes nobody's groups be read."""
    assert (scope.is_everybody, scope.needs_memberships) == (everybody, needs)
