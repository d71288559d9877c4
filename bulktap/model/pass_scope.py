"""PassScope: for whom the tenant's policy allows passes: everybody, or some groups and users, without some others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

ALL_USERS = "all_users"
"""The pseudo-group that stands for everybody; a literal of the service
(temporaryAccessPassAuthenticationMethodConfiguration)."""


@dataclass(frozen=True, slots=True)
class PassTarget:
    """Whom the policy includes or excludes."""

    target_id: str
    """Object id of a group or user in lower case, or `all_users`."""
    is_group: bool = True


@dataclass(frozen=True, slots=True)
class Memberships:
    """The groups of one user, as far as they were read."""

    groups: frozenset[str] = frozenset()
    """Object ids in lower case; through other groups too."""
    complete: bool = True
    """False if there are more than were read."""


@dataclass(frozen=True, slots=True)
class PassScope:
    """For whom the policy allows passes; nobody who is excluded is included."""

    include: tuple[PassTarget, ...]
    exclude: tuple[PassTarget, ...] = ()

    @property
    def is_everybody(self) -> bool:
        """True if nobody is left out."""
        return not self.exclude and any(target.target_id == ALL_USERS for target in self.include)

    @property
    def needs_memberships(self) -> bool:
        """True if it takes a user's groups to tell whether the policy covers them."""
        included = () if any(target.target_id == ALL_USERS for target in self.include) else self.include
        return any(target.is_group and target.target_id != ALL_USERS for target in (*included, *self.exclude))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that are included."""
        return tuple(one.target_id for one in self.include if one.is_group and one.target_id != ALL_USERS)

    def covers(self, user_id: str, memberships: Memberships | None) -> bool | None:
        """Return whether the policy allows this user a pass; None where that cannot be told.

        Args:
            user_id: the user's object id.
            memberships: the user's groups; None if they could not be read.
        """
        excluded = _any_of(self.exclude, user_id, memberships)
        included = _any_of(self.include, user_id, memberships)
        if excluded or included is False:
            return False
        return True if included and excluded is False else None


def _any_of(targets: tuple[PassTarget, ...], user_id: str, memberships: Memberships | None) -> bool | None:
    """Return whether one of the targets is the user, a group of theirs or everybody; None where it may be."""
    groups: AbstractSet[str] = memberships.groups if memberships is not None else frozenset()
    by_group = {target.target_id for target in targets if target.is_group}
    by_user = {target.target_id for target in targets if not target.is_group}
    if ALL_USERS in by_group | by_user or user_id.casefold() in by_user or by_group & groups:
        return True
    return False if not by_group or (memberships is not None and memberships.complete) else None
