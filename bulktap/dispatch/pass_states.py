"""PassState: how a pass that was issued stands, by what the tenant lists for its user; pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.dispatch.doubt_rule import is_same_pass
from bulktap.model.zone_words import zoned_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.passes import AccessPass


class PassState(StrEnum):
    """How a pass stands."""

    LIVE = "live"
    NOT_YET_VALID = "not_yet_valid"
    USED = "used"
    """Of one-time passes only: the service does not say whether a multi-use pass was used."""
    EXPIRED = "expired"
    REPLACED = "replaced"
    """A pass that was created after it is listed in its place."""
    GONE = "gone"
    """It is not listed, nor is a later one."""
    DISABLED = "disabled"
    """The tenant's policy does not let its owner use it."""
    REVOKED = "revoked"
    """This run's own revocation deleted it."""
    UNREADABLE = "unreadable"
    """The tenant did not show the passes of its owner."""

    @property
    def as_recorded(self) -> bool:
        """True if the pass is what it was issued as, or has served its time."""
        return self not in {PassState.REPLACED, PassState.GONE, PassState.DISABLED, PassState.UNREADABLE}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one pass."""

    state: PassState
    detail: str = ""
    """A sentence without its full stop, where there is more to say; see `told` of a pass that was replaced."""
    pass_id: str = field(default="", compare=False)
    """The id under which the pass is listed; empty if it is not."""
    user_gone: bool = field(default=False, compare=False)
    """Whether the tenant has no such user any more."""
    in_the_way: AccessPass | None = None
    """A pass that works, or is going to, and is not the one that was issued."""

    def told(self, zone: ZoneInfo) -> str:
        """Return what more there is to say, as `detail`, with moments by the clocks of a zone."""
        other = self.in_the_way
        if self.state is not PassState.REPLACED or other is None:
            return self.detail
        created = f" of {zoned_moment(other.created_at, zone)}" if other.created_at is not None else ""
        return f"another pass{created} (ID {other.pass_id}) is there instead"


def judge_pass(held: AccessPass, listed: Sequence[AccessPass], now: datetime) -> Finding:
    """Return how a pass stands.

    Args:
        held: the pass as it was issued.
        listed: what the tenant lists for its user.
        now: the service's time.
    """
    shown = next((one for one in listed if is_same_pass(one, held)), None)
    if shown is not None:
        return replace(_judge_shown(shown, now), pass_id=shown.pass_id)
    later = [one for one in listed if not _was_before(one, held)]
    over = held.expires_at is not None and held.expires_at <= now
    replacing = next((one for one in later if not over or _was_during(one, held)), None)
    if replacing is not None:
        return Finding(PassState.REPLACED, in_the_way=replacing)
    if over:
        return Finding(PassState.EXPIRED, in_the_way=next((one for one in later if one.is_live(now)), None))
    return Finding(PassState.GONE, "the tenant does not list it")


def _judge_shown(shown: AccessPass, now: datetime) -> Finding:
    if shown.usability == "OneTimeUsed":
        return Finding(PassState.USED)
    over = shown.expires_at is not None and shown.expires_at <= now
    if over or shown.usability == "Expired":
        return Finding(PassState.EXPIRED)
    if shown.usability == "DisabledByPolicy":
        return Finding(PassState.DISABLED, "the tenant's policy does not let its owner use it")
    if shown.usability == "NotYetValid" or (shown.starts_at is not None and shown.starts_at > now):
        return Finding(PassState.NOT_YET_VALID)
    # Microsoft's own examples show `isUsable: false` beside `EnabledByPolicy`.
    if shown.is_usable is False and shown.usability not in {None, "EnabledByPolicy"}:
        return Finding(PassState.DISABLED, f"the service says that it does not work: {shown.usability}")
    return Finding(PassState.LIVE)


def _was_before(one: AccessPass, held: AccessPass) -> bool:
    return one.created_at is not None and held.created_at is not None and one.created_at < held.created_at


def _was_during(one: AccessPass, held: AccessPass) -> bool:
    """Return True if a pass was created while the held one had not expired, so that it took its place."""
    return one.created_at is not None and held.expires_at is not None and one.created_at < held.expires_at
