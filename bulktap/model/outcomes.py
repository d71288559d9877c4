"""What becomes of a row that is sent; no behaviour beyond its invariants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.model.passes import AccessPass
    from bulktap.model.row_errors import RowError
    from bulktap.model.secret import Secret


@dataclass(frozen=True, slots=True)
class IssuedPass:
    """A pass that was created by us, with its passcode."""

    access_pass: AccessPass
    """Everything the creating reply says about it."""
    value: Secret
    """The passcode; the creating reply is the only place that ever shows it."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The service created the pass and we hold its passcode."""

    issued: IssuedPass
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The service, or a rule of ours at sending time, will not create this pass."""

    error: RowError


@dataclass(frozen=True, slots=True)
class Skipped:
    """A live pass that the plan does not name turned up and was left alone."""

    error: RowError


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Sent, and whether a pass exists whose value nobody has could not be settled."""

    error: RowError


Outcome = Issued | Refused | Skipped | InDoubt
"""How a row ended; a row without one has not been settled."""
