"""RandomThrottling: whether the service's limit throttled a step, or the service at random; pure.

A limit that binds throttles nearly all that comes while its bucket is empty, and nothing while there is something in
it. Random throttling (a busy server, a front end that is being replaced) takes the same small share at any rate,
scattered over batches of which most is accepted. Slowing down helps against the first only.

**Evidence** is a cumulative sum (Page's test): each throttled step speaks for a limit, each accepted step against it,
weighed by how much likelier it is with the one than with the other, and the sum does not fall below zero. At
`PacingTuning.proof` a limit is proved: by half of a batch of twenty, or by three steps in a row; so it is where the
service itself says that its limit is used up. Throttled steps whose evidence went back to zero are *forgiven*.

**At a measured limit** going over it throttles few steps, so that any throttled step is the limit's, as long as it
comes when the limit was to be met, or the measurement allows for it. Where random throttling is *on record*, its share
is known from the forgiven steps, and only clearly more than that is the limit's.

**The record** is opened when steps were forgiven on the way to a limit that was not known yet, or by *suspicion*: more
batches met the measured limit early than one that is known so well lets expect, be it one step in a hundred. Then the
pace climbs from where it is; where it is more than a few in a hundred, what was measured is forgotten, and the search
begins anew. On the record, suspicion goes on: what has become more frequent would prove a limit again and again; it
takes more of it, since a limit that fell is met early as well, until the measurement has followed it. The record is
closed when too little was forgiven from one finding of the limit to the next; each time that happens, it takes twice
the suspicion to open it again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph.pacing.tuning import DEFAULT_TUNING

if TYPE_CHECKING:
    from bulktap.graph.pacing.tuning import PacingTuning


@dataclass(frozen=True, slots=True)
class _Forgiven:
    """Throttled steps that no limit is blamed for."""

    steps: int = 0
    batches: int = 0

    def more(self, steps: int, batches: int) -> _Forgiven:
        """Return the sum."""
        return _Forgiven(self.steps + steps, self.batches + batches)


class RandomThrottling:
    """Judges throttled steps."""

    def __init__(self, tuning: PacingTuning = DEFAULT_TUNING) -> None:
        self.on_record = False
        """True if this service throttles at random."""
        self._tuning = tuning
        self._share = tuning.smallest_usual_share
        self._evidence = 0.0
        self._pending = _Forgiven()
        self._forgiven = _Forgiven()
        self._accepted = 0
        self._suspicion = 0.0
        self._suspected = self._suspected_of = 0
        self.findings = 0
        """How often it was found, or found to have become more frequent, at a measured limit."""
        self._enough_suspicion = tuning.first_suspicion

    @property
    def is_frequent(self) -> bool:
        """True if it takes so many steps that a limit which was measured meanwhile is worth nothing."""
        return self.on_record and self._share >= self._tuning.frequent_share

    @property
    def suspected(self) -> bool:
        """True if batches met a measured limit early, and too few of them to open the record."""
        return self._suspicion > 0.0 and not self.on_record

    def take_in(
        self,
        accepted: int,
        throttled: int,
        *,
        paced: bool,
        early: bool,
        width: float = 0.0,
        plausible: bool,
        straggles: bool,
        exhausted: bool,
    ) -> bool:
        """Take note of a batch, and return True if the limit throttled it, wholly or in part.

        Args:
            accepted: its steps that the service did not throttle.
            throttled: its steps that it did.
            paced: True if a limit was measured.
            early: True if the limit was to be met later only: the pace is below it, or something was saved up.
            width: how roughly the limit is known, in parts of it.
            plausible: True if the limit could be met just now, by what was accepted since it was met last.
            straggles: True if the batch was under way when the limit was met.
            exhausted: True if the service says that its limit is used up.
        """
        self._weigh(accepted, throttled, paced=paced)
        if early and not straggles:
            self._note(accepted, throttled)
        suspicious = paced and early and not straggles and not exhausted
        if self.on_record and suspicious and self._suspect(accepted, throttled, width):
            return False
        proved = throttled > 0 and (exhausted or self._evidence >= self._tuning.proof)
        if proved:
            self._evidence, self._pending = 0.0, _Forgiven()
            if not self.on_record:
                self._clear_suspicion()
        elif suspicious and not self.on_record:
            self._suspect(accepted, throttled, width)
        met = proved or (throttled > 0 and plausible and not self.on_record)
        if met and not straggles:
            self._decide(paced=paced)
        return met

    def _weigh(self, accepted: int, throttled: int, *, paced: bool) -> None:
        if paced and self.on_record:
            usual, unusual = self._share, self._share + self._tuning.noticeable_excess
        else:
            usual, unusual = self._tuning.largest_random_share, self._tuning.smallest_limit_share
        self._evidence = max(0.0, self._evidence + _evidence(accepted, throttled, usual, unusual))

    def _note(self, accepted: int, throttled: int) -> None:
        self._accepted += accepted
        if throttled:
            self._pending = self._pending.more(throttled, 1)
        if self._evidence == 0.0:
            self._forgiven = self._forgiven.more(self._pending.steps, self._pending.batches)
            self._pending = _Forgiven()

    def _suspect(self, accepted: int, throttled: int, width: float) -> bool:
        """Take note of a batch that should not have met the limit, and return True if too many were throttled."""
        tuning = self._tuning
        if self.on_record:
            usual, enough = self._share, tuning.risen_suspicion
            unusual = min(tuning.smallest_limit_share, tuning.risen_times * usual)
        else:
            usual = tuning.stray_share_of_width * width
            usual = min(tuning.most_stray_share, max(tuning.least_stray_share, usual))
            unusual, enough = tuning.suspicious_times * usual, self._enough_suspicion
        self._suspicion = max(0.0, self._suspicion + _evidence(accepted, min(throttled, 1), usual, unusual))
        if self._suspicion == 0.0:
            self._clear_suspicion()
            return False
        self._suspected += throttled
        self._suspected_of += accepted + throttled
        if self._suspicion < enough:
            return False
        share = self._usual(self._suspected / self._suspected_of)
        # A limit that fell looks like that too: what is believed then must not keep it from being found.
        self._share = min(share, tuning.risen_times * self._share) if self.on_record else share
        self.on_record = True
        self._evidence, self._accepted = 0.0, 0
        self._pending = self._forgiven = _Forgiven()
        self._clear_suspicion()
        self.findings += 1
        return True

    def _clear_suspicion(self) -> None:
        self._suspicion = 0.0
        self._suspected = self._suspected_of = 0

    def _usual(self, share: float) -> float:
        """Return a share as far as random throttling is believed to take it."""
        return min(self._tuning.largest_usual_share, max(self._tuning.smallest_usual_share, share))

    def _decide(self, *, paced: bool) -> None:
        """Decide, when the limit was met, what the time since it was met last says about random throttling."""
        tuning = self._tuning
        seen = self._forgiven.steps + self._accepted
        enough = self._forgiven.steps >= tuning.recorded_share * seen
        scattered = self._forgiven.batches >= tuning.recorded_batches and enough
        if scattered and (self.on_record or not paced):
            share = self._usual(self._forgiven.steps / seen)
            weight = min(1.0, seen / tuning.share_memory) if self.on_record else 1.0
            self._share += weight * (share - self._share)
            self.on_record, self._enough_suspicion = True, tuning.first_suspicion
        elif self.on_record and self._share * seen < tuning.missed_steps + 2 * self._forgiven.batches:
            return  # too little was seen to say that it is over
        elif self.on_record:
            self.on_record = False
            self._clear_suspicion()
            self._enough_suspicion = min(tuning.highest_suspicion, 2 * self._enough_suspicion)
        self._forgiven, self._accepted = _Forgiven(), 0


def _evidence(accepted: int, throttled: int, usual: float, unusual: float) -> float:
    """Return the logarithm of how much likelier a batch is with the unusual share than with the usual one."""
    return throttled * math.log(unusual / usual) - accepted * math.log((1 - usual) / (1 - unusual))
