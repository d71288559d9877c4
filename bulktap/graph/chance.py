"""Chance: whether a throttled step came of the service's limit or of chance; pure, used by `pacing` alone.

A limit that binds turns away nearly all that comes while its bucket is empty, and nothing while there is something in
it. Chance (a busy server, a front end that is being replaced) turns away the same small share at any rate, scattered
over batches of which most is accepted. Slowing down helps against the first only.

**Evidence** is a cumulative sum (Page's test): each throttled step speaks for a limit, each accepted step against it,
weighed by how much likelier it is with the one than with the other, and the sum does not fall below nought. At
`_ENOUGH` a limit is proved: by half of a batch of twenty, or by three steps in a row; so it is where the service itself
says that its limit is used up. Throttled steps whose evidence went back to nought are *forgiven*.

**At a measured limit** going over it turns away few steps, so that any throttled step is the limit's, as long as it
comes when the limit was to be met, or the measurement allows for it. Where chance is *on record*, its share is known
from the forgiven steps, and only clearly more than that is the limit's.

**The record** is opened when steps were forgiven on the way to a limit that was not known yet, or by *suspicion*: too
many batches met the measured limit early. Then what was measured is forgotten, and the search begins anew. The record
is closed when too little was forgiven from one finding of the limit to the next; each time that happens, it takes twice
the suspicion to open it again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_ENOUGH = 4.0
"""Evidence that proves a limit: about 50 to 1."""
_SEARCHING = (0.15, 0.6)
"""The largest share that chance takes, and the least that a limit takes while it is far exceeded."""
_NOTICEABLE = 0.15
"""How much more than its usual share is turned away when it is not chance alone."""
_LEAST_SHARE = 0.01
"""Forgiven steps among those sent before the limit; fewer are no record."""
_FEW_FORGIVEN = 3
"""Batches with forgiven steps; fewer are no record."""
_SMALLEST_USUAL, _LARGEST_USUAL = 0.03, 0.3
"""Between these lies the share that chance is believed to take."""
_SLOW = 200
"""Steps in which the known share follows a new one."""
_RARE, _FREQUENT = 0.01, 0.07
"""Of steps Batches turned away early, per step: with a limit that was measured well, and with chance."""
_FIRST_SUSPICION = 6.5
"""Suspicion that opens the record: four early batches without much between them."""
_HIGHEST_SUSPICION = 100.0


@dataclass(frozen=True, slots=True)
class _Forgiven:
    """Steps that were turned away, and no limit is blamed for it."""

    steps: int = 0
    batches: int = 0

    def more(self, steps: int, batches: int) -> _Forgiven:
        """Return the sum."""
        return _Forgiven(self.steps + steps, self.batches + batches)


class Chance:
    """Judges throttled steps."""

    def __init__(self) -> None:
        self.on_record = False
        """Whether steps are turned away by chance here."""
        self._share = _SMALLEST_USUAL
        self._evidence = 0.0
        self._pending = _Forgiven()
        self._forgiven = _Forgiven()
        self._accepted = 0
        self._suspicion = 0.0
        self._enough_suspicion = _FIRST_SUSPICION

    def take_in(
        self,
        accepted: int,
        throttled: int,
        *,
        paced: bool,
        early: bool,
        plausible: bool,
        straggles: bool,
        told: bool,
    ) -> bool:
        """Take note of a batch, and return whether the limit turned it away, wholly or in part.

        Args:
            accepted: its steps that the service did not throttle.
            throttled: its steps that it did.
            paced: whether a limit was measured.
            early: whether the limit was to be met later only: the pace is under it, or something was saved up.
            plausible: whether the limit could be met just now, by what was accepted since it was met last.
            straggles: whether the batch was under way when the limit was met.
            told: whether the service says that its limit is used up.
        """
        self._weigh(accepted, throttled, paced=paced)
        if early and not straggles:
            self._note(accepted, throttled)
        proved = throttled > 0 and (told or self._evidence >= _ENOUGH)
        if proved:
            self._evidence, self._suspicion, self._pending = 0.0, 0.0, _Forgiven()
        elif paced and early and not straggles and not self.on_record:
            self._suspect(accepted, throttled)
        met = proved or (throttled > 0 and plausible and not self.on_record)
        if met and not straggles:
            self._decide(paced=paced)
        return met

    def _weigh(self, accepted: int, throttled: int, *, paced: bool) -> None:
        usual, unusual = (self._share, self._share + _NOTICEABLE) if paced and self.on_record else _SEARCHING
        self._evidence = max(0.0, self._evidence + _evidence(accepted, throttled, usual, unusual))

    def _note(self, accepted: int, throttled: int) -> None:
        self._accepted += accepted
        if throttled:
            self._pending = self._pending.more(throttled, 1)
        if self._evidence == 0.0:
            self._forgiven = self._forgiven.more(self._pending.steps, self._pending.batches)
            self._pending = _Forgiven()

    def _suspect(self, accepted: int, throttled: int) -> None:
        self._suspicion = max(
            0.0,
            self._suspicion + _evidence(accepted, min(throttled, 1), _RARE, _FREQUENT),
        )
        if self._suspicion >= self._enough_suspicion:
            self.on_record, self._share = True, _FREQUENT
            self._forgiven, self._accepted = _Forgiven(), 0

    def _decide(self, *, paced: bool) -> None:
        """Decide, at a finding of the limit, what the time since the last one says about chance."""
        seen = self._forgiven.steps + self._accepted
        scattered = self._forgiven.batches >= _FEW_FORGIVEN and self._forgiven.steps >= _LEAST_SHARE * seen
        if scattered and (self.on_record or not paced):
            share = min(_LARGEST_USUAL, max(_SMALLEST_USUAL, self._forgiven.steps / seen))
            weight = min(1.0, seen / _SLOW) if self.on_record else 1.0
            self._share += weight * (share - self._share)
            self.on_record, self._enough_suspicion = True, _FIRST_SUSPICION
        elif self.on_record and self._share * seen < _FEW_FORGIVEN + 1 + 2 * self._forgiven.batches:
            return  # too little was seen to say that chance is gone
        elif self.on_record:
            self.on_record = False
            self._enough_suspicion = min(_HIGHEST_SUSPICION, 2 * self._enough_suspicion)
        self._forgiven, self._accepted = _Forgiven(), 0


def _evidence(accepted: int, throttled: int, usual: float, unusual: float) -> float:
    """Return the logarithm of how much likelier a batch is with the unusual share than with the usual one."""
    return throttled * math.log(unusual / usual) - accepted * math.log((1 - usual) / (1 - unusual))
