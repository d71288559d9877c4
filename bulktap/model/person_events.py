"""Events about one person after their pass was issued: a new one was asked for, or somebody looked at the passcode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.pass_terms import PassTerms


@dataclass(frozen=True, slots=True)
class ReissueAsked:
    """A new pass is to be issued in the place of one that this run issued; committed before anything is sent."""

    row: int
    at: datetime
    """By the clock of the machine, aware, in UTC."""
    pass_id: str
    """The pass that may be replaced, and no other."""
    terms: PassTerms
    """What the new one is asked to be."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody is about to see one passcode; committed before it is shown, and never with the passcode."""

    row: int
    at: datetime
    """By the clock of the machine, aware, in UTC."""
    who: str
    """Whom the operating system knows, and on which machine."""
    how: str
    """On the screen, or on a slip; in words."""
    reason: str
    """Why, in their words; empty if they gave none."""
