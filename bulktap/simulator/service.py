"""A batch, or a call on its own, from its arrival to its answer: token, envelope, weather, steps, state, answer.

What lands late is planned when the answer is about to leave, and lands at its own moment: `land_due` carries out what
is due, in order, before anything else happens to the tenant, so that it makes no difference when it is called.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Any

from bulktap.simulator import refusals
from bulktap.simulator.changes import CreatePlanned
from bulktap.simulator.content_types import content_type_refusal
from bulktap.simulator.envelope import Step, read_envelope
from bulktap.simulator.faults import BatchFault
from bulktap.simulator.ledger import Attempt, Ledger
from bulktap.simulator.mid_run import MidRun
from bulktap.simulator.pages import PAGES
from bulktap.simulator.refusals import Refusal
from bulktap.simulator.steps import StepRunner, Visit, batch_item, find_attempts
from bulktap.simulator.tokens import TokenProblem, TokenService

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from random import Random

    from bulktap.simulator.answers import Answer
    from bulktap.simulator.limit_profiles import Throttle
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.weather import Weather


class Cut(Enum):
    """Where the connection is cut."""

    NOWHERE = auto()
    BEFORE_ANSWER = auto()
    IN_ANSWER = auto()


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a request brings, apart from its steps."""

    authorization: str | None = field(repr=False)
    """The `Authorization` header."""
    client_request_id: str | None
    """The `client-request-id` header."""
    hung_up: Callable[[], bool]
    """Tells whether the client has closed the connection."""
    content_type: str | None = "application/json"
    """The `Content-Type` header."""
    graph_root: str = ""
    """The address by which the client knows Graph, for links to further pages; empty for the tenant's own."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    headers: dict[str, str]
    payload: bytes = field(default=b"", repr=False)
    cut: Cut = Cut.NOWHERE
    foreign: bool = False
    """Whether something between client and service answered."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long things take; each is spread by a fifth either way."""

    batch: float = 0.0
    """Seconds for a batch."""
    call: float = 0.0
    """Seconds for a call on its own."""


class Service:
    """Microsoft Graph for one tenant."""

    def __init__(
        self,
        tenant: Tenant,
        tokens: TokenService,
        throttle: Throttle,
        weather: Weather,
        ledger: Ledger,
        *,
        latency: Latency,
        flush: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._tenant = tenant
        self._tokens = tokens
        self._weather = weather
        self._ledger = ledger
        self._latency = latency
        self._flush = flush
        self._sleep = sleep
        self._throttle = throttle
        tenant.clock_off = timedelta(seconds=weather.clock_off)
        tenant.new_seconds, tenant.opened_at = weather.new_seconds, tenant.clock()
        if weather.has_odd_users:
            tenant.odd = cache(weather.oddities)
        self._mid_run = MidRun(weather, tenant)
        self._runner = StepRunner(tenant, throttle, weather, ledger, self._mid_run)
        self._jitter = weather.random("latency")
        self._visits = 0
        self._graph_root = tenant.graph_root
        # A reopened tenant must not meet the weather of its first hour again.
        self._salt = tenant.changes

    async def batch(self, raw: bytes, incoming: Incoming) -> Reply:
        """Carry out a `$batch`."""
        self._ledger.statistics.batches += 1
        return self._counted(
            await self._carry_out(
                lambda: content_type_refusal("POST", incoming.content_type) or read_envelope(raw),
                incoming,
                single=False,
            )
        )

    async def call(self, step: Step | Refusal, incoming: Incoming) -> Reply:
        """Carry out a request that came on its own, or refuse it once its token has been looked at."""
        self._ledger.statistics.single_calls += 1
        return self._counted(
            await self._carry_out(lambda: step if isinstance(step, Refusal) else [step], incoming, single=True)
        )

    def land_due(self) -> bool:
        """Carry out the late creates whose moment has come, each as of that moment; tell whether there were any."""
        landed = False
        while (creates := self._tenant.late_creates()) and creates[0].due <= self._tenant.clock():
            with self._tenant.at(creates[0].due):
                self._mid_run.turn()
            self._ledger.land(creates[0].effect_id, self._tenant.land(creates[0]))
            landed = True
        return landed

    def seconds_to_landing(self) -> float | None:
        """Return how long it is until the next late create lands; None where there is none."""
        creates = self._tenant.late_creates()
        return (creates[0].due - self._tenant.clock()).total_seconds() if creates else None

    def _counted(self, reply: Reply) -> Reply:
        self._ledger.statistics.outer_statuses[0 if reply.cut is Cut.BEFORE_ANSWER else reply.status] += 1
        return reply

    async def _carry_out(self, read: Callable[[], list[Step] | Refusal], incoming: Incoming, *, single: bool) -> Reply:
        half = (self._latency.call if single else self._latency.batch) * self._jitter.uniform(0.4, 0.6)
        received_at = self._tenant.clock()
        if half > 0:
            await self._sleep(half)
        self._visits += 1
        request_id = str(uuid.uuid4())
        headers = {"request-id": request_id, "client-request-id": incoming.client_request_id or request_id}
        caller = self._tokens.check(incoming.authorization)
        if isinstance(caller, TokenProblem):
            challenge = {"WWW-Authenticate": caller.challenge}
            return self._refused(caller.refusal, {**headers, **challenge})
        steps = read()
        if isinstance(steps, Refusal):
            return self._refused(steps, headers)
        visit = Visit(
            self._visits, request_id, headers["client-request-id"], caller, incoming.graph_root or self._graph_root
        )
        self._begin(steps, visit, incoming, received_at)
        try:
            reply = await self._in_weather(steps, visit, headers, single=single)
            if half > 0:
                await self._sleep(half)
        finally:
            self._ledger.finish(list(visit.attempts.values()), self._tenant.clock())
            # Also where the client has hung up: what was accepted is carried out.
            self._plan_late(visit)
        return self._dated(reply, visit)

    def _plan_late(self, visit: Visit) -> None:
        now = self._tenant.clock()
        for late in visit.late:
            due = now + timedelta(seconds=late.delay)
            planned = self._tenant.plan_create(late.user, late.order, late.creator, late.client_request_id, due)
            if isinstance(planned, CreatePlanned) and late.attempt is not None:
                self._ledger.plan(late.attempt, planned)
        if visit.late:
            self._flush()

    def _dated(self, reply: Reply, visit: Visit) -> Reply:
        off = self._weather.date_shift(f"{self._salt}/{visit.number}") if self._weather.wrong_date else 0.0
        if not off or reply.foreign or reply.cut is Cut.BEFORE_ANSWER:
            return reply
        self._ledger.statistics.faults["wrong_date"] += 1
        date = format_datetime(self._tenant.clock() + timedelta(seconds=off), usegmt=True)
        return replace(reply, headers={**reply.headers, "Date": date})

    def _begin(self, steps: list[Step], visit: Visit, incoming: Incoming, received_at: datetime) -> None:
        own_ids = {step.step_id: step.headers.get("client-request-id") for step in steps}
        for step_id, user in find_attempts(steps, self._tenant).items():
            client_request_id = own_ids[step_id] or visit.client_request_id
            attempt = Attempt(user, visit.number, client_request_id, received_at)
            visit.attempts[step_id] = attempt
            self._ledger.begin(attempt, incoming.hung_up)

    async def _in_weather(self, steps: list[Step], visit: Visit, headers: dict[str, str], *, single: bool) -> Reply:
        writes = any(step.method != "GET" for step in steps)
        fault, random = self._weather.batch_fault(f"{self._salt}/{visit.number}", write=writes)
        if fault is not BatchFault.NONE:
            self._ledger.statistics.faults[fault.value] += 1
            for attempt in visit.attempts.values():
                attempt.fault = fault.value
        if fault is BatchFault.RESET:
            return Reply(0, {}, cut=Cut.BEFORE_ANSWER)
        if fault.is_proxys:
            return _page(fault)
        if fault is BatchFault.THROTTLED:
            wait = random.uniform(self._weather.wait_low, self._weather.wait_high)
            return self._refused(
                Refusal(429, "TooManyRequests", "Too many requests."), {**headers, "Retry-After": f"{wait:.3f}"}
            )
        if fault is BatchFault.DELAYED:
            await self._sleep(self._weather.delay)
            visit.delayed = True
        hides_all = fault in {BatchFault.HTML_PAGE, BatchFault.UNAVAILABLE}
        if not hides_all or random.random() < self._weather.done_all_the_same:
            answers = self._run(steps, visit, random if fault.is_late else None)
            # The state must be on disk before the answer is out: a client may be killed together with us.
            self._flush()
        else:
            answers = []
        return self._answered(answers, visit, headers, fault, random, single=single)

    def _run(self, steps: list[Step], visit: Visit, late: Random | None) -> list[tuple[Step, Answer]]:
        """Carry out the steps; with `late`, creates are only accepted."""
        self._tenant.graph_root = visit.graph_root
        failed: set[str] = set()
        answers = []
        for step in steps:
            self.land_due()
            if late is not None and step.step_id in visit.attempts:
                self._runner.defer(step, visit, late)
                continue
            if failed.isdisjoint(step.depends_on):
                answer = self._runner.run(step, visit)
            else:
                answer = self._runner.refuse(refusals.FAILED_DEPENDENCY, step, visit)
            if answer.status >= 400:
                failed.add(step.step_id.lower())
            answers.append((step, answer))
        return answers

    def _answered(
        self,
        answers: list[tuple[Step, Answer]],
        visit: Visit,
        headers: dict[str, str],
        fault: BatchFault,
        random: Random,
        *,
        single: bool,
    ) -> Reply:
        if fault in {BatchFault.LOST, BatchFault.LATE_LOST}:
            return Reply(0, {}, cut=Cut.BEFORE_ANSWER)
        if fault in PAGES:
            return _page(fault)
        if fault in {BatchFault.UNAVAILABLE, BatchFault.LATE_UNAVAILABLE}:
            return self._refused(refusals.UNAVAILABLE, headers)
        if single:
            answer = answers[0][1]
            status, body, text = answer.status, answer.body, answer.text
            headers = {**headers, **answer.headers}
        else:
            items = self._disturb([batch_item(step, answer) for step, answer in answers], visit, random)
            status, body, text = 200, {"responses": items}, None
        payload = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {**headers, "Content-Type": "application/json"} if payload else headers
        payload = payload or (text or "").encode()
        if fault is BatchFault.TRUNCATED:
            return Reply(status, headers, payload[: len(payload) // 2])
        if fault is BatchFault.BROKEN_OFF:
            return Reply(status, headers, payload, Cut.IN_ANSWER)
        for listing in visit.listings.values():
            listing.delivered = True
        return Reply(status, headers, payload)

    def _disturb(self, items: list[dict[str, Any]], visit: Visit, random: Random) -> list[dict[str, Any]]:
        faults = self._ledger.statistics.faults
        if visit.attempts and random.random() < self._weather.missing_item:
            faults["missing_item"] += 1
            missing = items.pop(random.randrange(len(items)))
            visit.listings.pop(missing["id"], None)
        if items and random.random() < self._weather.repeated_item:
            faults["repeated_item"] += 1
            items.append(random.choice(items))
        if random.random() < self._weather.shuffled:
            faults["shuffled"] += 1
            random.shuffle(items)
        if random.random() < self._weather.text_status:
            faults["text_status"] += 1
            items = [{**item, "status": str(item["status"])} for item in items]
        return items

    def _refused(self, refusal: Refusal, headers: dict[str, str]) -> Reply:
        body = refusal.body(self._tenant.clock(), headers["request-id"], headers["client-request-id"])
        headers = {**headers, "Content-Type": "application/json"}
        return Reply(refusal.status, headers, json.dumps(body).encode())


def _page(fault: BatchFault) -> Reply:
    page = PAGES[fault]
    headers = {**page.headers, "Content-Type": "text/html"} if page.payload else page.headers
    return Reply(page.status, headers, page.payload, foreign=fault.is_proxys)
