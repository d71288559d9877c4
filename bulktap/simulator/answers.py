"""Who asks, and what a step is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.simulator.permissions import Right


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever a token was issued to."""

    client_id: str
    permissions: frozenset[str]
    user: str | None = None
    """Object id of the person who signed in; None for an application on its own."""
    roles: frozenset[str] = frozenset()
    """Template ids of the person's directory roles."""

    def may(self, right: Right) -> bool:
        """Tell whether the token holds a permission for this, and whoever signed in a role."""
        if right.permissions.isdisjoint(self.permissions):
            return False
        return self.user is None or not right.roles or not right.roles.isdisjoint(self.roles)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a step is answered."""

    status: int
    body: object = field(default=None, repr=False)
    """Ready for JSON; None for an empty body. A creating answer holds the passcode."""
    headers: dict[str, str] = field(default_factory=dict)
    pass_id: str | None = None
    """The pass that was created, or the one that a list shows."""
    text: str | None = None
    """A body that is no JSON; its type is among the headers."""
