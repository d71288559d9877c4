"""How fast to send: as fast as the service's limit allows, and no faster; pure, the clock given.

Nobody publishes the limit for creating passes; it differs by tenant and moves while others use it up. The `Pacer` finds
it from the only evidence there is: which steps were accepted, and when. `PacingState` says how far it has come:

                     the limit is met             and met again
        SEARCHING ────────────────────▶ MET_ONCE ───────────────▶ PACED ◀──────────────────┐
            ▲                                                       │                      │ accepted steps, or a limit
            │                                   throttled too early │                      │ that is proved, or
            │                                                       ▼                      │ single steps too early
            └─────────────────────────────────────────────────── SUSPECT ──────────────────┘
              throttled too early again and again: random throttling is on record,
              and what was measured under much of it is dropped

**Searching.** As long as the limit was not met there is no rate, only a *window* of steps in flight: one step first,
then as many more as were accepted, which doubles it with every round trip up to one batch of twenty. From there on it
grows by a share of itself each second, up to `concurrency` batches: the first throttle loses all that is in flight.

**Met once.** What was accepted until the first throttle says how large the service's bucket is and not how fast it is
refilled. The window starts small and grows as before.

**Paced.** Two throttles are a measurement, and `limit_estimate` says how: what was accepted between them, and what was
lost because the bucket was full, bound the limit from below and above, and the pace to send at climbs from just below
it through that interval. Steps are paid from `bucket_model`, a model of the service's bucket: empty at a throttle,
filled at that pace, also during a hold, up to the depth that was seen. Batches hold a tenth of a second's worth, so
that running into the limit costs little.

**Costly holds.** A service that names coarse waits, five seconds say, may hold longer than it has room to save up: each
hold then loses what overflows. Where that was seen (`costly_holds`), the pace is not led through the interval but
searched between one that was throttled soon and one that held, with stretches so long that a hold costs a small share
of them; nothing that was saved up is spent at once, and batches are as small as the line allows.

**Suspect.** A service may also throttle at random, at any rate. `random_throttling` tells this from the limit: a step
that is throttled at random costs its hold and nothing else, or a little of the pace where it comes early. Only what the
limit throttled is measured; where few steps are throttled at random, the pace climbs from what was measured meanwhile.
A batch without an answer is neither (`Pacer.unanswered`): more of them in a row back off.

**Holding**, in every state. Any throttled step holds everybody until the longest `Retry-After` of them has passed;
without one, until an exponential backoff with jitter has (`backoff`); and longer while the service accepts nothing at
all. Nothing leaves before.

**Ceilings**, in every state. `max_rate` is kept exactly where batches are begun: between any two no more steps than it
allows for the time in between. `x-ms-throttle-limit-percentage` (`usage_header`) only changes how fast the pace grows:
near the limit the search goes on with a single batch in flight; at the limit the pace grows slowly, and what is
throttled there is the limit's work, not random. Where the header came before and does not come now, the limit was
raised, or measured too low: the pace then grows faster.

All constants stand in `PacingTuning`, each with where it comes from.
"""

from bulktap.graph.pacing.pacer import Pacer, PacingLimits, PacingState
from bulktap.graph.pacing.tuning import PacingTuning

__all__ = ["Pacer", "PacingLimits", "PacingState", "PacingTuning"]
