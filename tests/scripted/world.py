"""A plan, a journal in memory and a scripted tenant; every run is checked when it has ended."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scripted.clock import START, Killed, VirtualClock, VirtualLoop
from scripted.stand_ins import Listener, Store, Tokens
from scripted.tenant import Tenant, object_id

from bulktap.dispatch.dependencies import LIST_LIMITS, READ_LIMITS, IssueTools, ReadTools
from bulktap.dispatch.doubt_times import DoubtTimes
from bulktap.dispatch.issuance import Issuance
from bulktap.dispatch.recorder import Recorder
from bulktap.dispatch.run_guards import RunGuards
from bulktap.dispatch.sender import Sender
from bulktap.dispatch.service_clock import ServiceClock
from bulktap.graph.pacing import PacingLimits
from bulktap.model.outcomes import Issued
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass, PassPolicy, PassRequest, PolicyState, UserRef
from bulktap.model.plan import Action, Plan, PlanRow, PlanSettings, RosterColumns, RosterInfo, RosterRow, TenantInfo
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Sent, Settled
from bulktap.model.run_state import RowState, RunState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from bulktap.dispatch.issuance import IssuanceReport


def plan_row(number: int, **members: Any) -> PlanRow:
    """Return a row that asks for a pass of eight hours, just listed."""
    upn = f"user{number}@contoso.com"
    row = PlanRow(
        number=number,
        source=RosterRow("staff.xlsx", "Staff", number + 1, (upn,)),
        action=Action.ISSUE,
        request=PassRequest(UserRef(upn), PassTerms(None, 480, False)),
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
    lists_at_once: int = LIST_LIMITS.concurrency

    def __post_init__(self) -> None:
        self.clock = VirtualClock()
        self.store = Store()
        self.tenant = Tenant(self.clock, self.store, self.times.reply_timeout)
        self.tenant.replaceable = {row.existing_pass_id for row in self.rows if row.existing_pass_id}
        self.tokens = Tokens()
        self.listener = Listener()
        self.lot = 0.5
        """What chance says, 0 to 1."""
        self.plan = make_plan(self.rows)
        self.issuing: Issuance | None = None
        self.complaints: list[str] = []
        self.rounds = 0
        self.alive = False
        self.task: asyncio.Task[Any] | None = None
        self.requests = 0
        self.recent: dict[str, AccessPass] = {}
        self.guards = RunGuards()
        self.when_settled: Callable[[], Awaitable[None]] | None = None

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
    ) -> IssuanceReport | None:
        """Carry the plan out; None when the process was killed."""
        loop = VirtualLoop(self.clock)
        self.tenant.recorded_at_stop = None
        if stop_in_round is not None:
            loop.interruptions[stop_in_round] = self.stop
        if kill_in_round is not None:
            loop.interruptions[kill_in_round] = self.kill
        report: IssuanceReport | None = None
        try:
            report = loop.run(self._issue(resumed=resumed))
        except Killed:
            return None
        finally:
            self.rounds = loop.round
            self.complaints += loop.complaints
            self.store.gone = False
        return report

    def call(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run any coroutine on the virtual clock."""
        loop = VirtualLoop(self.clock)
        try:
            return loop.run(coroutine)
        finally:
            self.complaints += loop.complaints

    def sender(self, service_clock: ServiceClock) -> Sender:
        """Return a real sender over the pretend tenant."""
        return Sender(self.tenant, self.tokens, service_clock, self.listener, self._next_request)

    def _next_request(self) -> str:
        self.requests += 1
        return f"request-{self.requests}"

    def read_tools(self) -> ReadTools:
        """Return the dependencies of look-ups."""
        service_clock = ServiceClock(self.clock)
        sender = self.sender(service_clock)
        return ReadTools(sender, self.clock, service_clock, self.listener, READ_LIMITS, lambda: self.lot)

    async def _issue(self, *, resumed: bool) -> IssuanceReport:
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
                random=lambda: self.lot,
                list_limits=PacingLimits(concurrency=self.lists_at_once),
            )
            self.issuing = Issuance(
                self.plan,
                self.state(),
                tools,
                resumed=resumed,
                recent=self.recent,
                guards=self.guards,
                when_settled=self.when_settled,
            )
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
