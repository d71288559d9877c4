"""One process of bulktap: a loop of its own on the common clock, the real dispatcher, a journal, an end by surprise."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scripted.clock import Killed, VirtualLoop
from silent_observer import SilentObserver
from simulation.rules import Rule, Violation
from simulation.watch import Sender as Sending

from bulktap.dispatch.dependencies import IssueTools
from bulktap.dispatch.issuance import Issuance
from bulktap.dispatch.recorder import Recorder
from bulktap.dispatch.sender import Sender
from bulktap.dispatch.service_clock import ServiceClock
from bulktap.graph.access_passes import list_step
from bulktap.graph.pacing import PacingLimits
from bulktap.graph.sign_in import SignInUnreachable
from bulktap.model.errors import BulktapError, SignInFailed
from bulktap.model.outcomes import InDoubt, Refused
from bulktap.model.passes import AccessPass
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.run_events import Confirmed, Settled
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.journals import Journal
    from simulation.service import Service
    from simulation.truth import Look, TruePass, User

    from bulktap.dispatch.issuance import IssuanceReport
    from bulktap.graph.batch import BatchStep
    from bulktap.graph.replies import BatchReply
    from bulktap.model.run_events import Event
    from bulktap.model.run_state import RunState

IN_A_ROW = 40
"""Refusals after which it is not the rows: twenty, and a sample of twenty."""
NOBODY = "00000000-0000-4000-8000-000000000000"
_LIMITS = [PacingLimits(concurrency=number) for number in range(1, 9)]


class Process(Sending):
    """Carries a plan out, or goes on with it, until it ends or is ended."""

    def __init__(
        self,
        name: str,
        service: Service,
        journal: Journal,
        *,
        resumed: bool,
        plan_looks: Mapping[int, Look],
        recent: Mapping[int, TruePass],
        concurrency: int = 6,
    ) -> None:
        self.name, self.journal, self.service = name, journal, service
        self.clock = service.clock
        journal.siblings.add(name)
        self.resumed = resumed
        self.began = self.clock.seconds
        self.stopped_at: float | None = None
        self.rows = {row.number: row for row in journal.plan.creating()}
        self.looks: dict[int, list[Look]] = {} if resumed else {row: [look] for row, look in plan_looks.items()}
        self.recent = dict(recent)
        self.alive = [True]
        self.bad_requests = 0
        self.replies = 0
        self.refused_in_a_row: list[int] = []
        """Users refused since anybody was served, for reasons of the whole tenant."""
        self.systematic: set[int] = set()
        """Rows that were among so many refusals in a row that the run has to stop."""
        self.report: IssuanceReport | None = None
        self.state: RunState | None = None
        self.settled_told = 0
        self.loop = VirtualLoop(self.clock)
        self.main: asyncio.Task[Any] | None = None
        self.issuing: Issuance | None = None
        self._limits = _LIMITS[concurrency - 1]
        self._requests = 0
        self._token = 0
        self.violations: list[Violation] = []

    # Its life

    def begin(self) -> None:
        """Start it; its loop has to be the running one."""
        self.main = self.loop.create_task(self._work())

    def stop(self) -> None:
        """Ask it to stop, as Ctrl-C does."""
        if self.alive[0] and self.issuing is not None and self.stopped_at is None:
            self.stopped_at = self.clock.seconds
            self.tell("is asked to stop")
            self.issuing.request_stop()

    def kill(self) -> None:
        """End it at once."""
        if self.alive[0]:
            raise Killed(self)

    def die(self) -> None:
        """Take it out of the world: it writes and sends nothing any more; its loop has to be the running one."""
        self.alive[0] = False
        self.tell("is killed")
        self.loop.end_tasks()

    def end(self) -> None:
        """Take note of how it ended by itself."""
        assert self.main is not None
        self.alive[0] = False
        error = None if self.main.cancelled() else self.main.exception()
        if isinstance(error, BulktapError) and self.issuing is None:
            self.tell(f"ends before it began: {error}")
        elif error is not None:
            self._break(Rule.FAULT, f"{type(error).__name__}: {error}")
        elif not self.main.cancelled():
            self.report = self.main.result()
            failure = self.report.failure
            words = "complete" if self.report.complete else "not complete"
            self.tell(f"ends, {words}" + (f": {type(failure).__name__} {failure}" if failure else ""))
        self.loop.end_tasks()
        for complaint in self.loop.complaints:
            self._break(Rule.COMPLAINT, complaint[:200])

    def tell(self, words: str) -> None:
        """Say what happens to it, when a seed is replayed."""
        if self.service.say:
            self.service.say(f"{self.name} {words}")

    def _break(self, rule: Rule, detail: str) -> None:
        self.violations.append(Violation(rule, self.clock.seconds, f"{self.name}: {detail}"))

    def see(self, user: User, look: Look) -> None:
        """Take note of a list that it was answered."""
        if self.alive[0]:
            self.looks.setdefault(user.number, []).append(look)
            self.journal.looks.setdefault(user.number, []).append(look)

    def refuse(self, user: User) -> None:
        """Take note of a refusal that hits everybody; forty in a row are to stop the run."""
        self.refused_in_a_row.append(user.number)
        if len(self.refused_in_a_row) >= IN_A_ROW:
            self.systematic.update(self.refused_in_a_row)

    def refuse_alone(self, user: User) -> None:
        """Take note of a refusal that hits this user, whoever else is served."""
        self.systematic.discard(user.number)

    def serve(self, user: User) -> None:
        """Take note that not everybody is refused, and this user least of all."""
        self.refused_in_a_row.clear()
        self.systematic.discard(user.number)

    async def _work(self) -> IssuanceReport:
        service_clock = ServiceClock(self.clock)
        observer = SilentObserver()
        async with Recorder(self, self.clock, observer) as recorder:
            sender = Sender(self, self, service_clock, observer, self._next_request)
            if self.clock.wrong_by:
                # Every command reads the tenant's name before anything else, and so learns the service's time.
                await sender.send([list_step("1", NOBODY)], self._next_request(), creates=False)
            tools = IssueTools(
                sender=sender,
                recorder=recorder,
                clock=self.clock,
                service_clock=service_clock,
                observer=observer,
                times=self.service.weather.times,
                limits=self._limits,
                random=lambda: 0.5,
            )
            self.state = self.journal.state()
            self.issuing = Issuance(
                self.journal.plan,
                self.state,
                tools,
                resumed=self.resumed,
                recent={object_id(user): described(one) for user, one in self.recent.items()},
                when_settled=self._when_settled,
            )
            return await self.issuing.run()

    async def _when_settled(self) -> None:
        self.settled_told += 1
        self.tell("hands back the results")
        if self.settled_told > 1:
            self._break(Rule.HOOK, "a second time")
        open_rows = [number for number, row in self.journal.state().rows.items() if not row.phase.settled]
        if open_rows:
            self._break(Rule.HOOK, f"rows {open_rows} have no outcome")
        await self.clock.sleep(0.5)

    # What surrounds the dispatcher

    def record(self, events: Sequence[Event]) -> None:
        """See `recorder.EventStore`."""
        assert self.alive[0], "a dead process writes nothing"
        self.journal.record(events)
        if self.service.say:
            for event in events:
                self.tell(f"records {event}")
        for row in self.journal.broken:
            self._break(Rule.SENT_AFTER_OUTCOME, f"row {row}")
        self.journal.broken.clear()
        for event in events:
            if isinstance(event, Settled) and event.row in self.systematic and is_refused_alike(event):
                self._break(Rule.SYSTEMATIC, f"row {event.row}")
        if not self.settled_told and any(isinstance(event, Confirmed) for event in events):
            self._break(Rule.HOOK, "compared before the results were handed back")

    def token(self) -> Secret:
        """See `sender.Tokens`."""
        return self.refreshed(None) if self._token == 0 else Secret(str(self._token))

    def refreshed(self, claims: str | None) -> Secret:
        """See `sender.Tokens`."""
        del claims
        now = self.clock.seconds - 1000.0
        if any(span.covers(now) for span in self.service.weather.sign_in_fails):
            raise (SignInUnreachable if int(now) % 2 else SignInFailed)("No token.", hint="Try again.")
        self._token = 1 + sum(end <= now for end in self.service.weather.token_ends)
        return Secret(str(self._token))

    async def post_batch(
        self, steps: Sequence[BatchStep], token: Secret, request_id: str, *, creates: bool
    ) -> BatchReply:
        """See `sender.Poster`."""
        assert self.alive[0], "a dead process sends nothing"
        return await self.service.post(self, steps, int(token.reveal()) - 1, request_id, creates=creates)

    def _next_request(self) -> str:
        self._requests += 1
        return f"{self.name}.{self._requests}"


def object_id(user: int) -> str:
    """Return the object id of a user."""
    return f"00000000-0000-4000-8000-{user:012d}"


def is_refused_alike(event: Settled) -> bool:
    """Return True if the outcome is one of those that everybody got."""
    if isinstance(event.outcome, InDoubt):
        return "cannot be listed" in event.outcome.error.message
    codes = {RowErrorCode.REFUSED_NOT_PERMITTED, RowErrorCode.REFUSED_BY_POLICY}
    return isinstance(event.outcome, Refused) and event.outcome.error.code in codes


def described(one: TruePass) -> AccessPass:
    """Return a pass as another run of ours has it on record."""
    return AccessPass(one.pass_id, one.created_at, one.starts_at, one.lifetime, one.once, True, "EnabledByPolicy")


def run_together(processes: Sequence[Process], until: float) -> None:
    """Let processes run at the same time until each has ended; whatever goes on after `until` is killed."""
    clock, running = processes[0].clock, list(processes)
    for process in running:
        asyncio._set_running_loop(process.loop)  # noqa: SLF001 - documented for those who write loops
        process.begin()
    try:
        while running:
            if not _take_turns(running):
                _advance(clock, running, until)
    finally:
        asyncio._set_running_loop(None)  # noqa: SLF001


def _take_turns(running: list[Process]) -> bool:
    """Give each process that has something to do one round; say whether any had."""
    busy = False
    for process in list(running):
        loop = process.loop
        if len(running) > 1:
            asyncio._set_running_loop(loop)  # noqa: SLF001
        try:
            while loop.ready:
                loop.turn()
                busy = True
                if len(running) > 1:
                    break
        except Killed:
            _bury(process, running)
            continue
        if process.main is not None and process.main.done():
            process.end()
            running.remove(process)
            _switch_to(running)
    return busy


def _advance(clock: Any, running: list[Process], until: float) -> None:
    if not running:
        return
    for process in list(running):
        if clock.seconds > until or process.loop.round > 400_000:
            process._break(Rule.UNBOUNDED, f"still at work after {process.loop.round} rounds")  # noqa: SLF001
            _bury(process, running)
    if not running:
        return
    try:
        clock.advance()
    except Killed as killed:
        _bury(killed.args[0], running)
    except RuntimeError as stuck:
        process = running[0]
        process._break(Rule.UNBOUNDED, str(stuck))  # noqa: SLF001
        _bury(process, running)


def _bury(process: Process, running: list[Process]) -> None:
    asyncio._set_running_loop(process.loop)  # noqa: SLF001
    process.die()
    running.remove(process)
    _switch_to(running)


def _switch_to(running: list[Process]) -> None:
    if running:
        asyncio._set_running_loop(running[0].loop)  # noqa: SLF001
