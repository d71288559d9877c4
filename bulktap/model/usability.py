"""Whether a pass works, or is going to, by the service's own word, and what its row says where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.model.plain_text import one_line
from bulktap.model.setting_names import Command

if TYPE_CHECKING:
    from bulktap.model.passes import AccessPass

NOT_USABLE_NOTE = (
    "The tenant's policy does not let this person use the pass (DisabledByPolicy): include them, or a group of theirs, "
    "in the Temporary Access Pass method."
)
"""The note of a pass that exists and that its owner cannot use."""
REPLACED_SINCE: Final = "This passcode does not work any more:"
"""How the note begins of a pass in whose place somebody else has issued another."""

_LONGEST_WORD = 60
_NOT_WORKING = "The service says that this pass does not work"
_SAYS_NOTHING = frozenset({"EnabledByPolicy", "NotYetValid"})
"""Reasons of passes that work, or are going to; Microsoft's own examples show `isUsable: false` beside both."""


def not_usable_note(access_pass: AccessPass) -> str | None:
    """Return what a row says whose pass does not work, nor is going to, by the service's own word; None if it does."""
    reason = access_pass.usability
    if reason == "DisabledByPolicy":
        return NOT_USABLE_NOTE
    if access_pass.is_usable is not False or reason in _SAYS_NOTHING:
        return None
    if reason is not None:
        word = one_line(reason, _LONGEST_WORD)
        return f"{_NOT_WORKING} ({word}): do not hand it out before {Command.VERIFY} says otherwise."
    starts_at, created_at = access_pass.starts_at, access_pass.created_at
    if starts_at is not None and (created_at is None or starts_at > created_at):
        return None  # not yet, and nothing more is said
    return f"{_NOT_WORKING}, without a reason: do not hand it out before {Command.VERIFY} says otherwise."


def tells_not_usable(note: str) -> bool:
    """Return True if a row's note says that its pass does not work."""
    return note == NOT_USABLE_NOTE or note.startswith((_NOT_WORKING, REPLACED_SINCE))
