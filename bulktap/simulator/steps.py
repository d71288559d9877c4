"""One step through limits and weather to its answer."""

from __future__ import annotations

import base64
import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bulktap.simulator.access_passes import SOMEBODY_ELSE, PassOrder, read_order
from bulktap.simulator.addresses import Address, Resource, read_address
from bulktap.simulator.answers import Answer, Caller
from bulktap.simulator.content_types import content_type_refusal
from bulktap.simulator.faults import STEP_WORDS, StepFault
from bulktap.simulator.ledger import Attempt, Ledger, Listing
from bulktap.simulator.limit_profiles import RequestKind, Throttle, Throttled
from bulktap.simulator.refusals import Refusal
from bulktap.simulator.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

    from bulktap.simulator.envelope import Step
    from bulktap.simulator.mid_run import MidRun
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User
    from bulktap.simulator.weather import Weather


@dataclass(frozen=True, slots=True)
class LateCreate:
    """A create that is carried out some time after its batch was answered."""

    user: User
    order: PassOrder
    creator: str
    client_request_id: str
    delay: float
    """Seconds after the answer."""
    attempt: Attempt | None = None
    """The client's, where it is one."""


@dataclass(slots=True)
class Visit:
    """One batch, or one call on its own, while it is being carried out."""

    number: int
    """From 1."""
    request_id: str
    client_request_id: str
    caller: Caller
    graph_root: str
    """The address by which the client knows Graph."""
    attempts: dict[str, Attempt] = field(default_factory=dict)
    """The creates in it, by step id."""
    listings: dict[str, Listing] = field(default_factory=dict)
    """The lists in it that were carried out, by step id."""
    delayed: bool = False
    """Whether the whole batch is carried out late already; its creates are not late once more."""
    late: list[LateCreate] = field(default_factory=list)
    """What is to be carried out after its answer."""


class StepRunner:
    """Carries out steps, one at a time."""

    def __init__(self, tenant: Tenant, throttle: Throttle, weather: Weather, ledger: Ledger, mid_run: MidRun) -> None:
        self._tenant = tenant
        self._mid_run = mid_run
        self._throttle = throttle
        self._weather = weather
        self._ledger = ledger
        self._routes = Routes(tenant)
        self._visits: Counter[str] = Counter()
        self._wordings = itertools.cycle(range(4))
        # A reopened tenant must not meet the weather of its first hour again.
        self._salt = str(tenant.changes)
        self._draws = weather.touches_steps or weather.list_lag > 0

    def run(self, step: Step, visit: Visit) -> Answer:
        """Carry out one step."""
        statistics = self._ledger.statistics
        statistics.steps_received += 1
        self._mid_run.turn()
        self._mid_run.creates += step.step_id in visit.attempts
        address = _read(step)
        answer = self._answer(step, address, visit)
        statistics.step_statuses[answer.status] += 1
        if answer.status < 400:
            statistics.steps_accepted += 1
        elif answer.status == 429:
            statistics.steps_throttled += 1
        if attempt := visit.attempts.get(step.step_id):
            attempt.status = answer.status
        return answer

    def defer(self, step: Step, visit: Visit, random: Random) -> None:
        """Accept a create whose batch is answered before it is carried out."""
        self._ledger.statistics.steps_received += 1
        self._mid_run.turn()
        self._mid_run.creates += 1
        address = _read(step)
        if isinstance(address, Refusal):
            return
        key, now = f"{step.method} {step.url.lower()}", self._tenant.clock().timestamp()
        if not isinstance(self._throttle.judge(key, _kind(step, address), now), Throttled):
            self._carry_out_late(step, address, visit, random)

    def refuse(self, refusal: Refusal, step: Step, visit: Visit) -> Answer:
        """Put a refusal into the step's answer."""
        client_request_id = step.headers.get("client-request-id", visit.client_request_id)
        return Answer(refusal.status, refusal.body(self._tenant.clock(), visit.request_id, client_request_id))

    def _answer(self, step: Step, address: Address | Refusal, visit: Visit) -> Answer:
        if isinstance(address, Refusal):
            return self.refuse(address, step, visit)
        key = f"{step.method} {step.url.lower()}"
        verdict = self._throttle.judge(key, _kind(step, address), self._tenant.clock().timestamp())
        if isinstance(verdict, Throttled):
            self._ledger.statistics.early_retries += verdict.early
            return self._throttled(verdict, visit)
        if not self._draws:
            return self._carry_out(step, address, visit, verdict.headers)
        self._visits[key] += 1
        is_write, may_be_late = step.method != "GET", step.step_id in visit.attempts and not visit.delayed
        fault, random = self._weather.step_fault(
            f"{self._salt}/{key}", self._visits[key], write=is_write, create=may_be_late
        )
        return self._in_weather(step, address, visit, verdict.headers, fault, random)

    def _in_weather(
        self,
        step: Step,
        address: Address,
        visit: Visit,
        headers: dict[str, str],
        fault: StepFault,
        random: Random,
    ) -> Answer:
        weather = self._weather
        meddles = step.step_id in visit.attempts and random.random() < weather.somebody_else
        meddles_first = random.random() < 0.5
        if meddles and meddles_first:
            self._meddle(step, address, visit, random)
        if fault is StepFault.NONE:
            answer = self._carry_out(step, address, visit, headers)
        else:
            answer = self._faulty(step, address, visit, fault, random)
            if step.step_id in visit.attempts:
                visit.attempts[step.step_id].fault = fault.value
                meddles = meddles or random.random() < weather.somebody_else_after_fault
        if meddles and not meddles_first:
            self._meddle(step, address, visit, random)
        if step.step_id in visit.attempts and random.random() < weather.somebody_else_later:
            self._meddle(step, address, visit, random, later=True)
        return answer

    def _faulty(self, step: Step, address: Address, visit: Visit, fault: StepFault, random: Random) -> Answer:
        self._ledger.statistics.faults[fault.value] += 1
        wait = random.uniform(self._weather.wait_low, self._weather.wait_high)
        if fault.is_late:
            self._carry_out_late(step, address, visit, random)
        if fault.is_throttling:
            key, now = f"{step.method} {step.url.lower()}", self._tenant.clock().timestamp()
            return self._throttled(self._throttle.refuse(key, wait, now), visit)
        if fault is StepFault.REPEATED_POST:
            # A refusal of the first request is what the repeated one is told too.
            first = self._carry_out(step, address, visit, {})
            if first.status >= 400:
                return first
        elif step.method != "GET" and not fault.is_late and random.random() < self._weather.done_all_the_same:
            self._carry_out(step, address, visit, {})
        answer = self.refuse(STEP_WORDS[fault], step, visit)
        told = {"Retry-After": f"{wait:.3f}"} if random.random() < 0.5 else {}
        return Answer(answer.status, answer.body, told)

    def _carry_out(self, step: Step, address: Address, visit: Visit, headers: dict[str, str]) -> Answer:
        client_request_id = step.headers.get("client-request-id", visit.client_request_id)
        now = self._tenant.clock()
        attempt = visit.attempts.get(step.step_id)
        if attempt is not None:
            attempt.started_at = now
        replica, as_of = self._seen_by(step, now)
        answer = self._routes.answer(step, address, visit.caller, client_request_id, as_of)
        if isinstance(answer, Refusal):
            return self.refuse(answer, step, visit)
        if attempt is not None:
            attempt.pass_id = answer.pass_id
            self._ledger.statistics.creates_accepted += 1
        elif step.method == "GET" and address.resource is Resource.PASSES:
            user = self._tenant.find(address.user) if address.user else None
            object_id = user.object_id if user else visit.caller.user or ""
            listing = Listing(object_id, visit.number, now, answer.pass_id, as_of, replica)
            visit.listings[step.step_id] = listing
            self._ledger.listings.append(listing)
        return replace(answer, headers={**answer.headers, **headers})

    def _seen_by(self, step: Step, now: datetime) -> tuple[int, datetime]:
        """Return which replica answers a read, and the moment that it has got to."""
        if step.method != "GET" or not self._weather.list_lag:
            return 0, now
        key = f"{step.method} {step.url.lower()}"
        replica, lag = self._weather.read_lag(f"{self._salt}/{key}", self._visits[key])
        return replica, now - timedelta(seconds=lag)

    def _carry_out_late(self, step: Step, address: Address, visit: Visit, random: Random) -> None:
        accepted = self._routes.accept(step, address, visit.caller)
        if isinstance(accepted, Refusal):
            return
        user, order = accepted
        client_request_id = step.headers.get("client-request-id", visit.client_request_id)
        attempt, creator = visit.attempts[step.step_id], visit.caller.client_id
        visit.late.append(LateCreate(user, order, creator, client_request_id, self._late_by(random), attempt))

    def _meddle(self, step: Step, address: Address, visit: Visit, random: Random, *, later: bool = False) -> None:
        user = self._tenant.find(address.user) if address.user else None
        if user is None:
            return
        order = read_order(step.body)
        ours = order if isinstance(order, PassOrder) else PassOrder()
        alike = random.random() < self._weather.somebody_else_alike
        faults = self._ledger.statistics.faults
        if not later:
            faults["somebody_else"] += self._tenant.somebody_else_issues(user, ours, alike=alike) is not None
        elif theirs := self._tenant.somebody_elses_order(ours, alike=alike):
            faults["somebody_else_later"] += 1
            visit.late.append(LateCreate(user, theirs, SOMEBODY_ELSE, "", self._late_by(random)))

    def _late_by(self, random: Random) -> float:
        return random.uniform(self._weather.late_low, self._weather.late_high)

    def _throttled(self, verdict: Throttled, visit: Visit) -> Answer:
        wording = next(self._wordings)
        headers = dict(verdict.headers)
        if wording % 2 and "Retry-After" in headers:
            headers["retry-after"] = headers.pop("Retry-After")  # seen in either spelling
        return Answer(429, _throttled_body(wording, self._tenant, visit), headers)


def batch_item(step: Step, answer: Answer) -> dict[str, Any]:
    """Return a step's answer as an item of the batch's."""
    item: dict[str, Any] = {"id": step.step_id, "status": answer.status}
    headers = {"Cache-Control": "no-cache", **answer.headers}
    if answer.body is not None:
        headers["Content-Type"] = "application/json"
        item["body"] = answer.body
    elif answer.text is not None:
        item["body"] = base64.b64encode(answer.text.encode()).decode()  # seen of every body that is no JSON
    item["headers"] = headers
    return item


def find_attempts(steps: Sequence[Step], tenant: Tenant) -> dict[str, str]:
    """Return the object id, or the address as it came, of every create among the steps, by step id."""
    users = {}
    for step in steps:
        if step.method != "POST":
            continue
        address = read_address(step.url)
        if isinstance(address, Address) and address.resource is Resource.PASSES:
            user = tenant.find(address.user) if address.user else None
            users[step.step_id] = user.object_id if user else (address.user or "me")
    return users


def _read(step: Step) -> Address | Refusal:
    address = read_address(step.url)
    if isinstance(address, Refusal):
        return address
    return content_type_refusal(step.method, step.headers.get("content-type")) or address


def _kind(step: Step, address: Address) -> RequestKind:
    if address.resource in {Resource.PASS, Resource.PASSES}:
        return RequestKind.METHOD_READ if step.method == "GET" else RequestKind.METHOD_WRITE
    return RequestKind.DIRECTORY_READ


def _throttled_body(wording: int, tenant: Tenant, visit: Visit) -> dict[str, object]:
    """Return one of the four bodies that were seen with a 429; only the status is the same in all of them."""
    date = tenant.clock().strftime("%Y-%m-%dT%H:%M:%S")
    ids = {"request-id": visit.request_id, "client-request-id": visit.client_request_id}
    code, message, inner = "TooManyRequests", "Too many requests.", {"date": date, **ids}
    if wording == 1:
        message = "Please retry again later."
        inner = {"code": "429", "date": date, "message": "Please retry after", **ids, "status": "429"}
    elif wording == 2:
        identifier = tenant.registration.client_id
        message = (
            f"Too many requests from Identifier:{identifier} under category:aadgraph.app.tenant_large. "
            "Please try again later."
        )
        inner = {"date": date}
    elif wording == 3:
        code, message = "UnknownError", ""
    return {"error": {"code": code, "message": message, "innerError": inner}}
