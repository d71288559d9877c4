"""What the screen says of passes that the tenant was asked about."""

from __future__ import annotations

from typing import Final

from bulktap.dispatch.pass_states import PassState

STATES: Final = {
    PassState.LIVE: "live",
    PassState.NOT_YET_VALID: "not valid yet",
    PassState.USED: "used",
    PassState.EXPIRED: "expired",
    PassState.REPLACED: "replaced by a later pass",
    PassState.GONE: "gone",
    PassState.DISABLED: "disabled by the tenant's policy",
    PassState.REVOKED: "revoked",
    PassState.UNREADABLE: "could not be read",
}
"""What the screen calls the states."""
