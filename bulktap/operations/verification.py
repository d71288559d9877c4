"""Verification: what the tenant says about the passes of a run, and about their owners."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.dispatch.pass_states import PassState
from bulktap.results.figures import natural_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from bulktap.dispatch.pass_states import Finding
    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import TenantInfo

_OVER = frozenset({PassState.USED, PassState.EXPIRED, PassState.REPLACED, PassState.GONE, PassState.REVOKED})
_UNSERVED = frozenset({PassState.EXPIRED, PassState.GONE, PassState.REVOKED})


@dataclass(frozen=True, slots=True)
class VerifiedPass:
    """One pass of a run, and how it stands."""

    user: str
    """The roster's text."""
    object_id: str | None
    access_pass: AccessPass
    finding: Finding
    upn: str | None = None
    """The sign-in name, where plan.json has it; like the two that follow."""
    display_name: str | None = None
    group: str | None = None
    registered: tuple[str, ...] | None = None
    """The sign-in methods that the user has registered since it was issued; None where that is not known."""

    @property
    def is_over(self) -> bool:
        """Whether it does not work any more."""
        return self.finding.state in _OVER

    @property
    def is_in(self) -> bool | None:
        """Whether the user has used it, or has registered a sign-in method since; None where that is not known.

        Whether a pass that works many times was used cannot be read from it.
        """
        state, once = self.finding.state, self.access_pass.usable_once is True
        if state is PassState.USED or self.registered:
            return True
        listed = state in {PassState.LIVE, PassState.DISABLED} or (state is PassState.EXPIRED and self.finding.pass_id)
        # What this run revoked had been listed as not used a moment before.
        unused = state is PassState.NOT_YET_VALID or (once and (listed or state is PassState.REVOKED))
        return False if unused or self.registered is not None else None

    @property
    def is_unserved(self) -> bool:
        """Whether the pass is over without its owner being in, as far as is known; they need another one."""
        return self.finding.state in _UNSERVED and not self.finding.user_gone and self.is_in is not True


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How far one group has come."""

    group: str | None
    """None for those without a group."""
    passes: int
    arrived: int
    """Those who are in."""
    unknown: int
    """Those of whom that is not known."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What the tenant says about the passes of a run."""

    tenant: TenantInfo
    asked_at: datetime
    """By the service's clock."""
    passes: Sequence[VerifiedPass]
    so_far: bool
    """True if the run is not finished, so that there may be more."""
    zone: ZoneInfo
    """Zone of the run's times."""
    may_read_methods: bool | None = None
    """Whether the app may read who has registered a sign-in method; None if there was no need to ask."""
    unserved_file: Path | None = None
    """Where those are who need another pass, if they were written."""

    @property
    def counts(self) -> dict[PassState, int]:
        """How many there are of each state, all of which are there."""
        found = Counter(one.finding.state for one in self.passes)
        return {state: found[state] for state in PassState}

    @property
    def not_as_recorded(self) -> list[VerifiedPass]:
        """The passes that are not what they were issued as."""
        return [one for one in self.passes if not one.finding.state.as_recorded]

    @property
    def arrived(self) -> int:
        """How many people are in."""
        return sum(one.is_in is True for one in self.passes)

    @property
    def unknown(self) -> int:
        """Of how many that is not known."""
        return sum(one.is_in is None for one in self.passes)

    @property
    def unserved(self) -> list[VerifiedPass]:
        """Those who never used their pass, as far as is known, and whose pass is over."""
        return [one for one in self.passes if one.is_unserved]

    @property
    def groups(self) -> list[GroupCount]:
        """How far each group has come, in the order in which people count; empty if no row has one."""
        by_group: dict[str | None, list[VerifiedPass]] = {}
        for one in self.passes:
            by_group.setdefault(one.group or None, []).append(one)
        if not any(by_group):
            return []
        names = sorted(by_group, key=lambda name: (name is None, natural_order(name or "")))
        return [
            GroupCount(
                name,
                len(by_group[name]),
                sum(one.is_in is True for one in by_group[name]),
                sum(one.is_in is None for one in by_group[name]),
            )
            for name in names
        ]

    @property
    def is_complete(self) -> bool:
        """Whether nothing will change any more: everybody is in, or their pass is over."""
        return not self.so_far and all(one.is_in is True or one.is_over for one in self.passes)
