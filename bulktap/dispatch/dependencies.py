"""What looking up and carrying out need besides users and plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph.pacing import PacingLimits

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.dispatch.doubt_times import DoubtTimes
    from bulktap.dispatch.observer import Observer
    from bulktap.dispatch.recorder import Recorder
    from bulktap.dispatch.sender import Sender
    from bulktap.dispatch.service_clock import ServiceClock
    from bulktap.model.clock import Clock

READ_LIMITS = PacingLimits(concurrency=24, full_from_start=True)
"""Questions change nothing and take nothing from anybody, so that the operator's ceilings are not for them."""
LIST_LIMITS = PacingLimits(concurrency=READ_LIMITS.concurrency)
"""The same for lists during a run; they begin small, since the service may count them against the creates' limit."""


@dataclass(frozen=True, slots=True)
class ReadTools:
    """The dependencies of the look-ups."""

    sender: Sender
    clock: Clock
    service_clock: ServiceClock
    observer: Observer
    limits: PacingLimits
    random: Callable[[], float]
    """Uniform in [0, 1); spreads retries."""


@dataclass(frozen=True, slots=True)
class IssueTools:
    """The dependencies of one run."""

    sender: Sender
    recorder: Recorder
    clock: Clock
    service_clock: ServiceClock
    observer: Observer
    times: DoubtTimes
    limits: PacingLimits
    """For creates."""
    random: Callable[[], float]
    """Uniform in [0, 1); spreads retries."""
    list_limits: PacingLimits = LIST_LIMITS
    """For the lists beside and after them."""
