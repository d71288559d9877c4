"""A pretend tenant whose replies follow a script; it notes every promise that is broken."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import Answered, BatchReply, Doubtful, Unauthorized
from bulktap.model.run_events import Sent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scripted.clock import VirtualClock
    from scripted.stand_ins import Store

    from bulktap.graph.batch import BatchStep
    from bulktap.model.secret import Secret

POLICY = "authenticationMethodsPolicy"
"""What stands in place of a user in the address of the policy."""


@dataclass
class Fate:
    """What becomes of one create."""

    status: int = 201
    """0 leaves its answer out of the reply."""
    done: bool = True
    """Whether the pass is created."""
    retry_after: float | None = None
    message: str = ""
    late: float | None = None
    """Seconds after sending at which it is created; None for half the latency."""


@dataclass
class BatchFate:
    """What becomes of one batch as a whole."""

    reply: BatchReply | None = None
    """None answers step by step."""
    done: bool = False
    """Whether its steps are carried out all the same."""
    takes: float | None = None
    late: float | None = None


@dataclass
class LivePass:
    """A pass in the tenant."""

    pass_id: str
    passcode: str
    ours: bool
    created_at: datetime
    starts_at: datetime
    lifetime: int
    once: bool

    def listed(self, now: datetime) -> dict[str, object]:
        """Return it as the service lists it."""
        live = self.starts_at + timedelta(minutes=self.lifetime) > now
        return {
            "id": self.pass_id,
            "createdDateTime": self.created_at.isoformat(),
            "startDateTime": self.starts_at.isoformat(),
            "lifetimeInMinutes": self.lifetime,
            "isUsableOnce": self.once,
            "isUsable": live,
            "methodUsabilityReason": "EnabledByPolicy" if live else "Expired",
        }


class Tenant:
    """A tenant with replace semantics, whose replies follow a script; it notes every broken promise."""

    def __init__(self, clock: VirtualClock, store: Store, reply_timeout: float) -> None:
        self._clock = clock
        self._store = store
        self._reply_timeout = reply_timeout
        self.latency = 0.2
        self.list_lag = 0.0
        self.dates = True
        self.bad_tokens: set[str] = set()
        self.fate_of: Callable[[int, int], Fate | None] = lambda _row, _attempt: None
        self.list_fate_of: Callable[[int, int], Fate | None] = lambda _row, _time: None
        self.batch_fate_of: Callable[[int, bool], BatchFate | None] = lambda _batch, _creates: None
        self.history: dict[str, list[tuple[float, LivePass | None]]] = {}
        self.replaceable: set[str] = set()
        self.allows_passes = True
        """What the tenant's policy says when it is read."""
        self.unusable: set[str] = set()
        """Users outside the scope of the policy, who may hold a pass and not use it."""
        self.last_listing: dict[str, float] = {}
        self.arrived: dict[str, int] = {}
        self.listings: dict[str, int] = {}
        self.departing: tuple[int, ...] = ()
        """The rows of the batch whose fate is being asked for."""
        self.departures: list[tuple[float, bool, tuple[int, ...]]] = []
        self.violations: list[str] = []
        self.forbidden_from: float | None = None
        self.recorded_at_stop: set[str] | None = None
        self._landings: list[tuple[float, int, Callable[[], None]]] = []
        self._in_flight: set[str] = set()
        self._passes = 0

    # What a test does and asks

    def issue_elsewhere(self, row: int, **members: Any) -> str:
        """Let somebody else issue a pass now, of another lifetime unless said otherwise."""
        self._passes += 1
        now = self._clock.service_now()
        made = LivePass(f"other-{self._passes}", f"theirs-{self._passes}", False, now, now, 600, False)
        self.put(object_id(row), replace(made, **members))
        return made.pass_id

    def live(self, row: int) -> LivePass | None:
        """Return the user's pass."""
        self.settle()
        return self._at(object_id(row), self._clock.seconds)

    def made_by_us(self, row: int) -> int:
        """Count the passes of ours that were ever created for the user."""
        self.settle()
        return sum(bool(made and made.ours) for _, made in self.history.get(object_id(row), []))

    # The interface

    async def post_batch(
        self, steps: Sequence[BatchStep], token: Secret, request_id: str, *, creates: bool
    ) -> BatchReply:
        """See `sender.Poster`."""
        assert request_id
        assert 1 <= len(steps) <= 20
        self.settle()
        users = [step.url.split("/")[2] for step in steps]
        self.departing = tuple(row_of(user) for user in users)
        fate = self.batch_fate_of(len(self.departures), creates) or BatchFate()
        self.departures.append((self._clock.seconds, creates, self.departing))
        if token.reveal() in self.bad_tokens:
            fate = BatchFate(Unauthorized(None))
        if creates:
            self._check_departure(users, request_id)
        landed: dict[str, LivePass] = {}
        fates = [self._step_fate(user, creates=creates) for user in users]
        if fate.reply is None or fate.done:
            for step, user, step_fate in zip(steps, users, fates, strict=True):
                if creates and step_fate.done:
                    late = fate.late if fate.late is not None else step_fate.late
                    self._land_later(step, user, self.latency / 2 if late is None else late, landed)
        try:
            lost = isinstance(fate.reply, Doubtful) and fate.late is not None
            await self._clock.sleep(fate.takes or (self._reply_timeout if lost else self.latency))
        finally:
            self._in_flight -= set(users) if creates else set()
        self.settle()
        if fate.reply is not None:
            return replace(fate.reply, service_date=self._date())
        responses = {}
        for step, user, step_fate in zip(steps, users, fates, strict=True):
            if (response := self._answer(step, user, step_fate, landed.get(user), creates=creates)) is not None:
                responses[step.step_id] = response
        return Answered(BatchAnswer(responses), self.latency, service_date=self._date())

    def settle(self) -> None:
        """Carry out what has arrived by now."""
        while self._landings and self._landings[0][0] <= self._clock.seconds:
            heapq.heappop(self._landings)[2]()

    def _date(self) -> datetime | None:
        return self._clock.service_now().replace(microsecond=0) if self.dates else None

    def _step_fate(self, user: str, *, creates: bool) -> Fate:
        row = row_of(user)
        counts = self.arrived if creates else self.listings
        counts[user] = counts.get(user, 0) + 1
        chosen = (self.fate_of if creates else self.list_fate_of)(row, counts[user])
        return chosen or Fate(201 if creates else 200)

    def _check_departure(self, users: list[str], request_id: str) -> None:
        if self.forbidden_from is not None and self._clock.seconds >= self.forbidden_from:
            self.violations.append(f"sent creates at {self._clock.seconds - 1000}")
        if self.recorded_at_stop is not None and request_id not in self.recorded_at_stop:
            self.violations.append(f"batch {request_id} was recorded and left after the request to stop")
        for user in users:
            if user in self._in_flight:
                self.violations.append(f"two attempts in flight for {user}")
            last = self._store.last_phase_event(row_of(user))
            if not isinstance(last, Sent):
                self.violations.append(f"{user} left without being recorded as sent")
        self._in_flight |= set(users)

    def _land_later(self, step: BatchStep, user: str, after: float, landed: dict[str, LivePass]) -> None:
        body = step.body or {}

        def land() -> None:
            self._passes += 1
            now = self._clock.service_now()
            start = body.get("startDateTime")
            made = LivePass(
                f"ours-{self._passes}", f"Code{self._passes}!", True, now,
                datetime.fromisoformat(str(start)) if start else now,
                int(str(body.get("lifetimeInMinutes", 60))), bool(body.get("isUsableOnce", False)),
            )  # fmt: skip
            self._check_replacing(user)
            self.put(user, made)
            landed[user] = made

        heapq.heappush(self._landings, (self._clock.seconds + after, self._passes + len(self._landings), land))

    def _check_replacing(self, user: str) -> None:
        history = self.history.get(user, [])
        if not history or history[-1][1] is None:
            return
        since, made = history[-1]
        listed = self.last_listing.get(user, 1000.0)
        over = made.starts_at + timedelta(minutes=made.lifetime) <= self._clock.service_now()
        known = since <= listed - self.list_lag
        if known and not over and not made.ours and made.pass_id not in self.replaceable:
            self.violations.append(f"the pass {made.pass_id} of somebody else was replaced")

    def put(self, user: str, made: LivePass | None) -> None:
        """Give the user this pass, or none, from now on."""
        self.history.setdefault(user, []).append((self._clock.seconds, made))

    def _at(self, user: str, seconds: float) -> LivePass | None:
        return next((made for since, made in reversed(self.history.get(user, [])) if since <= seconds), None)

    def _answer(
        self, step: BatchStep, user: str, fate: Fate, made: LivePass | None, *, creates: bool
    ) -> StepResponse | None:
        if fate.status == 0:
            return None
        headers = {} if fate.retry_after is None else {"retry-after": f"{fate.retry_after}"}
        body: object = {"error": {"code": "x", "message": fate.message}}
        now = self._clock.service_now()
        scope = {"isUsable": False, "methodUsabilityReason": "DisabledByPolicy"} if user in self.unusable else {}
        if creates and fate.status == 201 and made is not None:
            body = {**made.listed(now), **scope, "temporaryAccessPass": made.passcode}
        elif not creates and fate.status == 200 and user == POLICY:
            body = {"state": "enabled" if self.allows_passes else "disabled"}
        elif not creates and fate.status == 200:
            seen = self._at(user, self._clock.seconds - self.list_lag)
            self.last_listing[user] = self._clock.seconds
            body = {"value": [{**seen.listed(now), **scope}] if seen else []}
        return StepResponse(step.step_id, fate.status, headers, body)


def object_id(row: int) -> str:
    """Return the object id of the user of a row."""
    return f"00000000-0000-4000-8000-{row:012d}"


def row_of(user: str) -> int:
    """Return the row of a user."""
    return int(user[-12:]) if user[-12:].isdecimal() else 0
