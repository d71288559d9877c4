"""Users who answer oddly for ever: what is odd about them, and what the service says because of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.simulator import refusals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.simulator.refusals import Refusal


class Oddity(StrEnum):
    """What is odd about a user, as a tenant file names it; `users_` before it is the weather's field with the share."""

    LIST_FAILS = "list_500"
    CREATE_FAILS = "create_503"
    ADMINISTRATOR = "administrator"
    RESTRICTED = "restricted"
    UNLICENSED = "unlicensed"
    UNUSABLE = "unusable"
    NEW = "new"

    @property
    def option(self) -> str:
        """The weather's field with the share of such users."""
        return f"users_{self.value}"


Oddities = frozenset[Oddity]
NOTHING_ODD: Oddities = frozenset()


def read_oddities(names: Sequence[str]) -> Oddities:
    """Read the names that a tenant file uses.

    Raises:
        ValueError: there is no such oddity.
    """
    try:
        return frozenset(Oddity(name.lower().replace("-", "_")) for name in names)
    except ValueError:
        raise ValueError(f"unknown oddity in {list(names)}; there are {', '.join(Oddity)}") from None


def permission_refusal(oddities: Oddities, *, reads: bool) -> Refusal | None:
    """Return what an odd user's passes answer before anything about them is looked at."""
    if Oddity.UNLICENSED in oddities:
        return refusals.UNLICENSED
    if Oddity.ADMINISTRATOR in oddities:
        return refusals.NOT_AUTHORIZED
    # Restricted management keeps others from changing a user, not from looking.
    if Oddity.RESTRICTED in oddities and not reads:
        return refusals.RESTRICTED
    return None


def failure(oddities: Oddities, method: str) -> Refusal | None:
    """Return how the service fails for an odd user, every time."""
    if Oddity.LIST_FAILS in oddities and method == "GET":
        return refusals.INTERNAL
    if Oddity.CREATE_FAILS in oddities and method == "POST":
        return refusals.UNAVAILABLE
    return None
