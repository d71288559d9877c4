"""A virtual clock, a pretend tenant that follows a script, a journal in memory, and runs that are checked afterwards.

Nothing here waits: the event loop's selector moves the clock on whenever every task waits, and what would run on a
thread runs at once, so that a run is the same every time.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import selectors
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.dispatch.doubts import DoubtTimes
from bulktap.dispatch.issuing import Issuing
from bulktap.dispatch.observer import SilentObserver
from bulktap.dispatch.recording import Recorder
from bulktap.dispatch.sending import Sender
from bulktap.dispatch.service_clock import ServiceClock
from bulktap.dispatch.tools import IssueTools, ReadTools
from bulktap.errors import DiskRefuses
from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.pacing import PacingLimits
from bulktap.graph.replies import Answered, BatchReply, Doubtful, NotSent, Unauthorized
from bulktap.passes import Issued, PassPolicy, PassRequest, PolicyState, UserRef
from bulktap.plan import Action, Plan, PlanRow, PlanSettings, RosterColumns, RosterInfo, RosterRow, TenantInfo
from bulktap.run_state import Event, RowPhase, RowState, RunState, Sent, Settled
from bulktap.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

    from bulktap.dispatch.issuing import IssueReport
    from bulktap.graph.batch import BatchStep

START = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone; raised out of the event loop."""


class VirtualClock:
    """A clock that the event loop moves on when nothing else is left to do."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.wrong_by = timedelta()
        """How far this machine's clock runs ahead of the service's."""
        self.wakeups = 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        """Return the machine's time."""
        return self.service_now() + self.wrong_by

    def service_now(self) -> datetime:
        """Return the service's time."""
        return START + timedelta(seconds=self.seconds - 1000.0)

    def monotonic(self) -> float:
        """Return seconds."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been moved on."""
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.seconds + max(0.0, seconds), self._count, sleeper))
        await sleeper

    def call_at(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something at a moment, counted from the beginning."""
        at = 1000.0 + seconds
        waiting: Any = SimpleNamespace(done=lambda: False, set_result=lambda _: action())
        self._count += 1
        heapq.heappush(self._sleepers, (at, self._count, waiting))

    def advance(self) -> None:
        """Move on to the next moment at which anybody wants to wake."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        if not self._sleepers:
            raise RuntimeError("every task waits for another: a wake-up was lost")
        self.wakeups += 1
        due, _, sleeper = heapq.heappop(self._sleepers)
        self.seconds = max(self.seconds, due)
        sleeper.set_result(None)


class _Selector(selectors.SelectSelector):
    """Moves the clock on instead of blocking, and counts the rounds of the loop."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock
        self.round = 0
        self.interruptions: dict[int, Callable[[], None]] = {}

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """See the base class."""
        self.round += 1
        ready = super().select(0)
        if interruption := self.interruptions.pop(self.round, None):
            interruption()
        elif not ready and (timeout is None or timeout > 0):
            self._clock.advance()
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop without threads and without waiting."""

    def __init__(self, clock: VirtualClock) -> None:
        self.virtual = _Selector(clock)
        super().__init__(self.virtual)
        self.complaints: list[str] = []
        self.set_exception_handler(lambda _, context: self.complaints.append(str(context)))

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> asyncio.Future[Any]:
        """Run at once, and let the caller hear of it in the next round, as from a thread."""
        del executor
        done = self.create_future()

        def finish() -> None:
            if done.cancelled():
                return
            try:
                done.set_result(func(*args))
            except Exception as error:  # noqa: BLE001 - handed to whoever waits
                done.set_exception(error)

        self.call_soon(finish)
        return done


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
        self.last_listing: dict[str, float] = {}
        self.arrived: dict[str, int] = {}
        self.listings: dict[str, int] = {}
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
        """See `sending.Poster`."""
        assert request_id
        assert 1 <= len(steps) <= 20
        self.settle()
        fate = self.batch_fate_of(len(self.departures), creates) or BatchFate()
        users = [step.url.split("/")[2] for step in steps]
        self.departures.append((self._clock.seconds, creates, tuple(row_of(user) for user in users)))
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
        if creates and fate.status == 201 and made is not None:
            body = {**made.listed(now), "temporaryAccessPass": made.passcode}
        elif not creates and fate.status == 200:
            seen = self._at(user, self._clock.seconds - self.list_lag)
            self.last_listing[user] = self._clock.seconds
            body = {"value": [seen.listed(now)] if seen else []}
        return StepResponse(step.step_id, fate.status, headers, json.loads(json.dumps(body)))


class Store:
    """A journal in memory that refuses when it is told to."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.commits: list[tuple[Event, ...]] = []
        self.refuses: Callable[[], bool] = lambda: False
        self.gone = False

    def record(self, events: Sequence[Event]) -> None:
        """See `recording.EventStore`."""
        assert not self.gone, "a dead process writes nothing"
        if self.refuses():
            raise DiskRefuses("The disk is full.", hint="Free some space.")
        self.events.extend(events)
        self.commits.append(tuple(events))

    def requests(self) -> set[str]:
        """Return the batches that are on record as sent."""
        return {event.request_id for event in self.events if isinstance(event, Sent)}

    def last_phase_event(self, row: int) -> Event | None:
        """Return the last event of the row that moved it."""
        kinds = ("Sent", "Released", "Settled", "Doubted")
        mine = (event for event in reversed(self.events) if getattr(event, "row", 0) == row)
        return next((event for event in mine if type(event).__name__ in kinds), None)


class Tokens:
    """Hands out numbered tokens."""

    def __init__(self) -> None:
        self.number = 1
        self.asked = 0
        self.refusing: Exception | None = None

    def token(self) -> Secret:
        """See `sending.Tokens`."""
        self.asked += 1
        return Secret(f"token-{self.number}")

    def refreshed(self, claims: str | None) -> Secret:
        """See `sending.Tokens`."""
        del claims
        if self.refusing is not None:
            error, self.refusing = self.refusing, None
            raise error
        self.number += 1
        return self.token()


class Listener(SilentObserver):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.logged: list[str] = []
        self.standings: list[Any] = []

    def warn(self, message: str) -> None:
        """Keep the message."""
        self.warnings.append(message)

    def log(self, event: str, **details: str | float | bool | None) -> None:
        """Keep the event."""
        del details
        self.logged.append(event)

    def standing(self, standing: Any) -> None:
        """Keep the standing."""
        self.standings.append(standing)


def object_id(row: int) -> str:
    """Return the object id of the user of a row."""
    return f"00000000-0000-4000-8000-{row:012d}"


def row_of(user: str) -> int:
    """Return the row of a user."""
    return int(user[-12:]) if user[-12:].isdecimal() else 0


def plan_row(number: int, **members: Any) -> PlanRow:
    """Return a row that asks for a pass of eight hours, just listed."""
    upn = f"user{number}@contoso.com"
    row = PlanRow(
        number=number,
        source=RosterRow("staff.xlsx", "Staff", number + 1, (upn,)),
        action=Action.ISSUE,
        request=PassRequest(UserRef(upn), None, 480, False),
        object_id=object_id(number),
        upn=upn,
        listed_at=START,
    )
    return replace(row, **members)


def make_plan(rows: Sequence[PlanRow]) -> Plan:
    """Return a plan of these rows."""
    return Plan(
        run="2035-09-01T0800Z-staff-1a2b",
        created_at=START,
        expires_at=START + timedelta(days=1),
        tenant=TenantInfo("11111111-2222-4333-8444-555555555555", "Contoso", "global", simulated=True),
        roster=RosterInfo("staff.xlsx", "Staff", "ab" * 32, len(rows)),
        columns=RosterColumns(("User",), {}),
        settings=PlanSettings("UTC", "skip"),
        rows=tuple(rows),
        policy=PassPolicy(PolicyState.ENABLED, 10, 43_200, 60, 8, forces_one_time=False),
    )


@dataclass
class World:
    """One plan, one tenant, one journal; runs and resumes, and checks what became of it."""

    rows: list[PlanRow]
    times: DoubtTimes = field(default_factory=lambda: DoubtTimes(100.0, 30.0))
    concurrency: int = 6

    def __post_init__(self) -> None:
        self.clock = VirtualClock()
        self.store = Store()
        self.tenant = Tenant(self.clock, self.store, self.times.reply_timeout)
        self.tenant.replaceable = {row.existing_pass_id for row in self.rows if row.existing_pass_id}
        self.tokens = Tokens()
        self.listener = Listener()
        self.plan = make_plan(self.rows)
        self.issuing: Issuing | None = None
        self.complaints: list[str] = []
        self.rounds = 0
        self.alive = False
        self.task: asyncio.Task[Any] | None = None
        self.requests = 0

    def state(self) -> RunState:
        """Return what the journal adds up to."""
        rows = {
            row.number: RowState(row.number, row.request.user.text if row.request else "", row.object_id)
            for row in self.plan.creating()
        }
        state = RunState(self.plan.run, self.plan.tenant.tenant_id, rows)
        for event in self.store.events:
            state.fold(event)
        return state

    def run(
        self, *, resumed: bool = False, stop_in_round: int | None = None, kill_in_round: int | None = None
    ) -> IssueReport | None:
        """Carry the plan out; None when the process was killed."""
        loop = VirtualLoop(self.clock)
        self.tenant.recorded_at_stop = None
        if stop_in_round is not None:
            loop.virtual.interruptions[stop_in_round] = self.stop
        if kill_in_round is not None:
            loop.virtual.interruptions[kill_in_round] = self.kill
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                return runner.run(self._issue(resumed=resumed))
        except Killed:
            return None
        finally:
            self.rounds = loop.virtual.round
            self.complaints += loop.complaints
            self.store.gone = False

    def call(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run any coroutine on the virtual clock."""
        loop = VirtualLoop(self.clock)
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                return runner.run(coroutine)
        finally:
            self.complaints += loop.complaints

    def sender(self, service_clock: ServiceClock) -> Sender:
        """Return a real sender over the pretend tenant."""
        return Sender(self.tenant, self.tokens, service_clock, self.listener, self._next_request)

    def _next_request(self) -> str:
        self.requests += 1
        return f"request-{self.requests}"

    def read_tools(self) -> ReadTools:
        """Return the collaborators of look-ups."""
        service_clock = ServiceClock(self.clock)
        limits = PacingLimits(concurrency=self.concurrency)
        sender = self.sender(service_clock)
        return ReadTools(sender, self.clock, service_clock, self.listener, limits, lambda: 0.5)

    async def _issue(self, *, resumed: bool) -> IssueReport:
        service_clock = ServiceClock(self.clock)
        async with Recorder(self.store, self.clock, self.listener) as recorder:
            tools = IssueTools(
                sender=self.sender(service_clock),
                recorder=recorder,
                clock=self.clock,
                service_clock=service_clock,
                observer=self.listener,
                times=self.times,
                limits=PacingLimits(concurrency=self.concurrency),
                random=lambda: 0.5,
            )
            self.issuing = Issuing(self.plan, self.state(), tools, resumed=resumed)
            self.task = asyncio.current_task()
            self.alive = True
            try:
                return await self.issuing.run()
            finally:
                self.alive = False

    def stop(self) -> None:
        """Ask the run to stop; what is not on record as sent by now must not leave."""
        if self.issuing is not None:
            self.tenant.recorded_at_stop = self.store.requests()
            self.issuing.request_stop()

    def cancel(self) -> None:
        """Cancel the run from outside."""
        assert self.task is not None
        self.task.cancel()

    def kill(self) -> None:
        """End the process at once, if it is working."""
        if not self.alive:
            return
        self.store.gone = True
        raise Killed

    def phases(self) -> list[RowPhase]:
        """Return the phase of each row."""
        return [row.phase for row in self.state().rows.values()]

    def check(self) -> None:
        """Check every promise."""
        assert self.tenant.violations == []
        assert self.complaints == []
        state = self.state()
        for number, row in state.rows.items():
            live = self.tenant.live(number)
            if row.phase is RowPhase.ISSUED:
                assert row.issued is not None
                if live is None or live.ours:
                    assert live is not None, f"row {number}: no pass in the tenant"
                    assert live.passcode == row.issued.value.reveal(), f"row {number}: a dead passcode"
            if self.tenant.made_by_us(number) > 1 and row.phase.settled:
                assert row.notes or row.error, f"row {number}: issued twice without a note"
        shown = [
            event.row for event in self.store.events if isinstance(event, Settled) and isinstance(event.outcome, Issued)
        ]
        sent = [event.row for event in self.store.events if isinstance(event, Sent)]
        assert all(sent.count(row) >= 1 for row in shown)


@pytest.fixture
def world() -> Iterator[Callable[..., World]]:
    """Return a maker of worlds: with so many rows, or with these."""

    def make(rows: int | Sequence[PlanRow] = 3, **options: Any) -> World:
        chosen = [plan_row(n) for n in range(1, rows + 1)] if isinstance(rows, int) else list(rows)
        return World(chosen, **options)

    return make


@pytest.fixture
def kit() -> SimpleNamespace:
    """Return what scripts are written with."""
    return SimpleNamespace(
        Fate=Fate, BatchFate=BatchFate, plan_row=plan_row, object_id=object_id, START=START, NotSent=NotSent
    )
