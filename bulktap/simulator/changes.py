"""Everything that can happen to passes and to their policy, as values that a state file can keep and replay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.simulator.access_passes import AccessPass, PassOrder
    from bulktap.simulator.methods import RegisteredMethod
    from bulktap.simulator.methods_policy import MethodsPolicy
    from bulktap.simulator.pass_policy import PassPolicy


@dataclass(frozen=True, slots=True)
class PassCreated:
    """A pass came to be, and any other pass of the user died."""

    user: str
    access_pass: AccessPass


@dataclass(frozen=True, slots=True)
class PassDeleted:
    """The user's pass was deleted."""

    user: str
    pass_id: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PassUsed:
    """Somebody signed in with the user's pass."""

    user: str
    pass_id: str
    at: datetime | None = None
    """None where it was before anybody looked."""


@dataclass(frozen=True, slots=True)
class CreatePlanned:
    """A create was accepted that will be carried out later, whatever was answered: a late effect."""

    user: str
    effect_id: str
    due: datetime
    """When it lands."""
    order: PassOrder
    creator: str
    client_request_id: str = ""


@dataclass(frozen=True, slots=True)
class MethodRegistered:
    """The user registered another way to sign in."""

    user: str
    method: RegisteredMethod


@dataclass(frozen=True, slots=True)
class PolicyChanged:
    """An administrator changed what the policy says."""

    at: datetime
    passes: PassPolicy
    """What it says of passes from then on."""
    methods: MethodsPolicy
    """What it says of all else."""


Change = PassCreated | PassDeleted | PassUsed | CreatePlanned | MethodRegistered | PolicyChanged
