"""One step through limits and weather to its answer."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bulktap.simulator import refusals
from bulktap.simulator.access_passes import PassOrder, read_order
from bulktap.simulator.addresses import Address, Resource, read_address
from bulktap.simulator.ledger import Attempt, Ledger, Listing
from bulktap.simulator.profiles import RequestKind, Throttle, Throttled
from bulktap.simulator.refusals import Refusal
from bulktap.simulator.routes import Answer, Caller, Routes
from bulktap.simulator.weather import StepFault, Weather

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from bulktap.simulator.envelope import Step
    from bulktap.simulator.tenant import Tenant


@dataclass(slots=True)
class Visit:
    """One batch, or one call on its own, while it is being carried out."""

    number: int
    """From 1."""
    request_id: str
    client_request_id: str
    caller: Caller
    attempts: dict[str, Attempt] = field(default_factory=dict)
    """The creates in it, by step id."""
    listings: dict[str, Listing] = field(default_factory=dict)
    """The lists in it that were carried out, by step id."""


class StepRunner:
    """Carries out steps, one at a time."""

    def __init__(self, tenant: Tenant, throttle: Throttle, weather: Weather, ledger: Ledger) -> None:
        self._tenant = tenant
        self._throttle = throttle
        self._weather = weather
        self._ledger = ledger
        self._routes = Routes(tenant)
        self._visits: Counter[str] = Counter()
        self._wordings = itertools.cycle(range(4))
        # A reopened tenant must not meet the weather of its first hour again.
        self._salt = str(tenant.changes)

    def run(self, step: Step, visit: Visit) -> Answer:
        """Carry out one step."""
        statistics = self._ledger.statistics
        statistics.steps_received += 1
        address = read_address(step.url)
        answer = self._answer(step, address, visit)
        statistics.step_statuses[answer.status] += 1
        if answer.status < 400:
            statistics.steps_accepted += 1
        elif answer.status == 429:
            statistics.steps_throttled += 1
        if attempt := visit.attempts.get(step.step_id):
            attempt.status = answer.status
        return answer

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
        if not self._weather.touches_steps:
            return self._carry_out(step, address, visit, verdict.headers)
        self._visits[key] += 1
        is_write = step.method != "GET"
        fault, random = self._weather.step_fault(f"{self._salt}/{key}", self._visits[key], write=is_write)
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
            self._meddle(step, address)
        if fault is StepFault.NONE:
            answer = self._carry_out(step, address, visit, headers)
        else:
            answer = self._faulty(step, address, visit, fault, random)
            if step.step_id in visit.attempts:
                visit.attempts[step.step_id].fault = fault.value
                meddles = meddles or random.random() < weather.somebody_else_after_fault
        if meddles and not meddles_first:
            self._meddle(step, address)
        return answer

    def _faulty(self, step: Step, address: Address, visit: Visit, fault: StepFault, random: Random) -> Answer:
        self._ledger.statistics.faults[fault.value] += 1
        wait = random.uniform(self._weather.wait_low, self._weather.wait_high)
        if fault is StepFault.THROTTLED:
            key, now = f"{step.method} {step.url.lower()}", self._tenant.clock().timestamp()
            return self._throttled(self._throttle.refuse(key, wait, now), visit)
        if step.method != "GET" and random.random() < self._weather.done_all_the_same:
            self._carry_out(step, address, visit, {})
        refusal = refusals.UNAVAILABLE if fault is StepFault.UNAVAILABLE else refusals.GATEWAY_TIMEOUT
        answer = self.refuse(refusal, step, visit)
        told = {"Retry-After": f"{wait:.3f}"} if random.random() < 0.5 else {}
        return Answer(answer.status, answer.body, told)

    def _carry_out(self, step: Step, address: Address, visit: Visit, headers: dict[str, str]) -> Answer:
        client_request_id = step.headers.get("client-request-id", visit.client_request_id)
        now = self._tenant.clock()
        attempt = visit.attempts.get(step.step_id)
        if attempt is not None:
            attempt.started_at = now
        answer = self._routes.answer(step, address, visit.caller, client_request_id)
        if isinstance(answer, Refusal):
            return self.refuse(answer, step, visit)
        if attempt is not None:
            attempt.pass_id = answer.pass_id
            self._ledger.statistics.creates_accepted += 1
        elif step.method == "GET" and address.resource is Resource.PASSES:
            user = self._tenant.find(address.user) if address.user else None
            object_id = user.object_id if user else visit.caller.user or ""
            listing = Listing(object_id, visit.number, now, answer.pass_id)
            visit.listings[step.step_id] = listing
            self._ledger.listings.append(listing)
        return Answer(answer.status, answer.body, {**answer.headers, **headers}, answer.pass_id)

    def _meddle(self, step: Step, address: Address) -> None:
        user = self._tenant.find(address.user) if address.user else None
        if user is None:
            return
        order = read_order(step.body)
        asked = order.lifetime_minutes if isinstance(order, PassOrder) else None
        if self._tenant.somebody_else_issues(user, unlike=asked):
            self._ledger.statistics.faults["somebody_else"] += 1

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
