"""The pretend service: it creates and lists passes, late, wrongly or not at all, as the weather of the seed has it."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scripted.clock import START
from simulation import answers
from simulation.answers import NO_REPLY, NOTHING_DONE, whole_reply
from simulation.truth import Attempt, Look, Proof, Terms, TruePass, User
from simulation.watch import Sending, check_sending

from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import Answered

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from scripted.clock import VirtualClock
    from simulation.process import Process
    from simulation.rules import Violation
    from simulation.weather import Weather

    from bulktap.graph.batch import BatchStep
    from bulktap.graph.replies import BatchReply

NOBODY = "0" * 12
"""The end of the object id of somebody who is not in the roster."""
POLICY = {"state": "enabled", "minimumLifetimeInMinutes": 10, "maximumLifetimeInMinutes": 43_200}


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one step."""

    status: int
    """0 leaves its answer out of the reply."""
    body: object
    proof: Proof
    lands: float | None = None
    """Seconds after sending at which it takes effect."""
    wait: float | None = None


class Service:
    """One tenant of a seed."""

    def __init__(self, clock: VirtualClock, weather: Weather, dice: random.Random, rows: int) -> None:
        self.clock, self.weather, self._dice = clock, weather, dice
        self.users = {number: User(number) for number in range(1, rows + 1)}
        self.violations: list[Violation] = []
        self.say: Callable[[str], None] | None = None
        """Hears, when a seed is replayed, what happens."""
        self.when_landed: Callable[[User], None] = lambda _user: None
        self._landings: list[tuple[float, int, Attempt]] = []
        self._count = 0

    # What else happens in the tenant

    def settle(self) -> None:
        """Carry out what has taken effect by now."""
        while self._landings and self._landings[0][0] <= self.clock.seconds:
            self._land(heapq.heappop(self._landings)[2])

    def _land(self, attempt: Attempt) -> None:
        assert attempt.lands is not None
        user, terms = self.users[attempt.user], attempt.terms
        attempt.made = self._make(user, attempt.lands, attempt.request_id, terms)
        if self.say:
            self.say(f"user {user.number}: {attempt.request_id} makes {attempt.made.pass_id}")
        self.when_landed(user)

    def _make(self, user: User, at: float, request_id: str, terms: Terms) -> TruePass:
        self._count += 1
        created = START + timedelta(seconds=at - 1000.0)
        # What it asked for may be over when it takes effect: it then starts at once.
        start = created if terms.starts_at is None else max(created, terms.starts_at)
        name = f"{request_id}/{user.number}"
        made = TruePass(name, f"Code{self._count}!", request_id, at, created, start, terms.lifetime, terms.once)
        user.history.append((at, made))
        return made

    def make_earlier(self, user: User, at: float, terms: Terms) -> None:
        """Let the user have a pass from before the run."""
        self._make(user, at, f"else-{self._count}", terms)

    def act_elsewhere(self, user: User, terms: Terms | None) -> None:
        """Let somebody else create a pass for the user now, or delete the one that is there."""
        self.settle()
        user.foreign_acts.append(self.clock.seconds)
        if terms is None:
            user.history.append((self.clock.seconds, None))
        else:
            self._make(user, self.clock.seconds, f"else-{self._count}", terms)
        if self.say:
            self.say(f"user {user.number}: somebody else {'deletes the pass' if terms is None else 'creates a pass'}")

    # The interface

    async def post(
        self, process: Process, steps: Sequence[BatchStep], token: int, request_id: str, *, creates: bool
    ) -> BatchReply:
        """See `sender.Poster`."""
        self.settle()
        now = self.clock.seconds
        if not steps[0].url.startswith("/users/") or steps[0].url[31:43] == NOBODY:
            return await self._tell_policy(process, steps[0])
        users = [self.users[int(step.url[31:43])] for step in steps]
        fault = self._batch_fault(process, token, creates=creates)
        takes = self._dice.uniform(*self.weather.latency)
        if self.weather.slow and self._dice.random() < self.weather.slow:
            takes = self._dice.uniform(0.3, 0.97) * self.weather.times.reply_timeout
        if fault == "silence":
            takes = self.weather.times.reply_timeout
        kind = "creates" if creates else "lists"
        if self.say:
            numbers = ", ".join(str(user.number) for user in users)
            self.say(f"{process.name} {request_id} {kind} for {numbers}" + (f"  [{fault}]" if fault else ""))
        if creates:
            return await self._create(process, steps, users, request_id, fault, takes)
        return await self._list(process, steps, users, now, fault, takes)

    def _batch_fault(self, process: Process, token: int, *, creates: bool) -> str:
        now, weather = self.clock.seconds - 1000.0, self.weather
        if token < sum(end <= now for end in weather.token_ends):
            return "unauthorized"
        if any(span.covers(now) for span in weather.outages) and self._dice.random() < 0.5:
            return self._dice.choice(["unavailable", "failed", "refused-connection"])
        fault = weather.fault(weather.create_batches if creates else weather.list_batches, self._dice, now)
        if fault == "bad-request":  # a second one for the same rows would end the run, rightly
            process.bad_requests += 1
            return fault if process.bad_requests <= 2 else ""
        return fault

    async def _tell_policy(self, process: Process, step: BatchStep) -> BatchReply:
        sent = self.clock.seconds
        await self.clock.sleep(0.1)
        now = self.clock.seconds - 1000.0
        if any(span.covers(now) for span in self.weather.forbidden):
            response = StepResponse(step.step_id, 403, {}, answers.FORBIDDEN)
        else:
            off = any(span.covers(now) for span in self.weather.switched_off)
            response = StepResponse(step.step_id, 200, {}, {**POLICY, "state": "disabled" if off else "enabled"})
        return Answered(BatchAnswer({step.step_id: response}), 0.1, service_date=self._date(process, sent))

    def _date(self, process: Process, sent: float) -> datetime | None:
        weather = self.weather
        if weather.dates == "none":
            return None
        date = self.clock.service_now()
        process.replies += 1
        if weather.dates == "early":
            date = START + timedelta(seconds=sent - 1000.0)
        elif weather.dates == "wrong" and process.replies > 1 and self._dice.random() < 0.05 and self._is_foul():
            date += timedelta(seconds=self._dice.choice([-1, 1]) * weather.date_error)
        return date.replace(microsecond=0)

    def _is_foul(self) -> bool:
        return self.clock.seconds - 1000.0 < self.weather.clears_at

    def _whole(
        self, process: Process, fault: str, steps: Sequence[BatchStep], sent: float
    ) -> tuple[BatchReply, float | None]:
        wait = self._dice.choice([None, 1.0, 3.0, 20.0]) if fault in {"throttled", "unavailable"} else None
        date = None if fault in NO_REPLY else self._date(process, sent)
        reply = whole_reply(fault, self._dice.random(), [step.step_id for step in steps], wait, date)
        return replace(reply, service_date=date), wait

    # Creates

    async def _create(
        self,
        process: Process,
        steps: Sequence[BatchStep],
        users: Sequence[User],
        request_id: str,
        fault: str,
        takes: float,
    ) -> BatchReply:
        sent = self.clock.seconds
        attempts = [self._depart(process, *one, request_id) for one in zip(steps, users, strict=True)]
        if fault:
            for attempt in attempts:
                if fault not in NOTHING_DONE:
                    self._plan_landing(attempt, self._landing(takes))
            await self.clock.sleep(takes)
            reply, wait = self._whole(process, fault, steps, sent)
            for attempt in attempts:
                proof = Proof.NOTHING_DONE if fault in NOTHING_DONE else Proof.UNPROVEN
                self._answer(attempt, Proof.THROTTLED if fault == "throttled" else proof, wait)
            self.settle()
            return reply
        fates = [self._fate(process, user, attempt, takes) for user, attempt in zip(users, attempts, strict=True)]
        for attempt, fate in zip(attempts, fates, strict=True):
            self._plan_landing(attempt, fate.lands)
        await self.clock.sleep(takes)
        self.settle()
        responses = {}
        for step, attempt, fate in zip(steps, attempts, fates, strict=True):
            self._answer(attempt, fate.proof, fate.wait)
            if fate.status:
                responses[step.step_id] = self._response(step, attempt, fate)
        return Answered(BatchAnswer(responses), takes, service_date=self._date(process, sent))

    def _depart(self, process: Process, step: BatchStep, user: User, request_id: str) -> Attempt:
        body = step.body or {}
        start = body.get("startDateTime")
        terms = Terms(
            datetime.fromisoformat(str(start)) if start is not None else None,
            int(str(body.get("lifetimeInMinutes", 0))),
            bool(body.get("isUsableOnce", False)),
        )
        attempt = Attempt(user.number, request_id, self.clock.seconds, terms, process.name, process.alive)
        sending = Sending(
            process, user, attempt, weather=self.weather, now=self.clock.seconds, service_now=self.clock.service_now()
        )
        self.violations += check_sending(sending)
        user.attempts.append(attempt)
        return attempt

    def _landing(self, takes: float) -> float | None:
        """Return when what proves nothing takes effect, in seconds after sending, if it does."""
        if self._dice.random() >= self.weather.done_share:
            return None
        if self._dice.random() >= self.weather.late_share:
            return self._dice.uniform(0.0, takes)
        return self._dice.uniform(min(takes, self.weather.times.reply_timeout), self.weather.times.reply_timeout)

    def _plan_landing(self, attempt: Attempt, after: float | None) -> None:
        if after is not None and self._may_create(self.users[attempt.user]):
            attempt.lands = attempt.sent + after
            self._count += 1
            heapq.heappush(self._landings, (attempt.lands, self._count, attempt))

    def _may_create(self, user: User) -> bool:
        now, weather = self.clock.seconds - 1000.0, self.weather
        refused = any(span.covers(now) for span in (*weather.forbidden, *weather.switched_off))
        return not refused and user.odd not in {"create-refused", "create-unknown"}

    def _answer(self, attempt: Attempt, proof: Proof, wait: float | None) -> None:
        attempt.proof, attempt.answered, attempt.retry_after = proof, self.clock.seconds, wait
        if self.say:
            self.say(f"user {attempt.user}: {attempt.request_id} is answered: {proof.name.lower()}")

    def _response(self, step: BatchStep, attempt: Attempt, fate: Step) -> StepResponse:
        body = fate.body
        if fate.proof is Proof.CREATED and attempt.made is not None:
            body = {**attempt.made.body, "temporaryAccessPass": attempt.made.passcode}
        headers = {} if fate.wait is None else {"retry-after": f"{fate.wait:.0f}"}
        return StepResponse(step.step_id, fate.status, headers, body)

    def _fate(self, process: Process, user: User, attempt: Attempt, takes: float) -> Step:
        now, weather, dice = self.clock.seconds - 1000.0, self.weather, self._dice
        if refusal := self._refusal(process, user, now):
            return refusal
        process.serve(user)
        if user.odd == "create-unavailable":
            return Step(503, answers.FAILED, Proof.UNPROVEN)
        if spell := self._spell(now, takes):
            return spell
        if fault := weather.fault(weather.creates, dice, now):
            return self._faulty(fault, takes)
        if attempt.terms.starts_at is not None and attempt.terms.starts_at < self.clock.service_now():
            return Step(400, answers.PAST_START, Proof.REFUSED)
        return Step(201, None, Proof.CREATED, dice.uniform(0.0, takes))

    def _spell(self, now: float, takes: float) -> Step | None:
        """Return what a create is answered while the service throttles, or fails at, everybody."""
        if any(span.covers(now) for span in self.weather.throttling):
            return Step(429, answers.TOO_MANY, Proof.THROTTLED, wait=self._dice.choice([None, 1.0, 5.0, 30.0]))
        if any(span.covers(now) for span in self.weather.outages):
            return Step(self._dice.choice([500, 503]), answers.FAILED, Proof.UNPROVEN, self._landing(takes))
        return None

    def _refusal(self, process: Process, user: User, now: float) -> Step | None:
        forbidden = any(span.covers(now) for span in self.weather.forbidden)
        if forbidden or any(span.covers(now) for span in self.weather.switched_off):
            process.refuse(user)
            if forbidden:
                return Step(403, answers.FORBIDDEN, Proof.REFUSED)
            return Step(400, answers.SWITCHED_OFF, Proof.REFUSED)
        if user.odd == "create-refused":
            return Step(403, answers.FORBIDDEN, Proof.REFUSED)
        if user.odd == "create-unknown":
            return Step(404, answers.UNKNOWN_USER, Proof.REFUSED)
        return None

    def _faulty(self, fault: str, takes: float) -> Step:
        dice, times = self._dice, self.weather.times
        wait = dice.choice([None, None, 0.0, 1.0, 4.0, 25.0])
        if fault == "throttled":
            return Step(429, answers.TOO_MANY, Proof.THROTTLED, wait=wait)
        if fault == "throttled-late":
            # What a 429 did all the same is seen by a list that is made a settle wait after it.
            latest = times.settle_wait - self.weather.lag - 1.0
            late = dice.uniform(0.0, latest) if latest > 0 else None
            return Step(429, answers.TOO_MANY, Proof.THROTTLED, late, wait)
        if fault == "unauthorized":
            return Step(401, answers.UNAUTHORIZED, Proof.NOTHING_DONE)
        lands = self._landing(takes)
        members: dict[str, tuple[int, object]] = {
            "unavailable": (503, answers.FAILED),
            "failed": (dice.choice(answers.FAILED_STATUSES), answers.FAILED),
            "conflict": (dice.choice(answers.CONFLICT_STATUSES), answers.CONFLICT),
            "said-unavailable": (400, answers.SAID_UNAVAILABLE),
            "page": (dice.choice([403, 404, 400]), answers.PAGE),
            "missing": (0, None),
            "no-passcode": (201, {}),
        }
        status, body = members[fault]
        return Step(status, body, Proof.UNPROVEN, lands, wait if status == 503 else None)

    # Lists

    async def _list(
        self,
        process: Process,
        steps: Sequence[BatchStep],
        users: Sequence[User],
        sent: float,
        fault: str,
        takes: float,
    ) -> BatchReply:
        await self.clock.sleep(takes)
        self.settle()
        if fault:
            for user in users:
                user.list_failed(self.clock.seconds)
            return self._whole(process, fault, steps, sent)[0]
        responses = {}
        for step, user in zip(steps, users, strict=True):
            status, headers, body = self._listed(process, user, sent, takes)
            if status:
                responses[step.step_id] = StepResponse(step.step_id, status, headers, body)
        return Answered(BatchAnswer(responses), takes, service_date=self._date(process, sent))

    def _listed(self, process: Process, user: User, sent: float, takes: float) -> tuple[int, dict[str, str], object]:
        status, wait, body = self._list_fault(user)
        if status != 200 or body is not None:
            if status == 403:
                user.refused_lists += 1
                if user.odd:
                    process.refuse_alone(user)
                else:
                    process.refuse(user)
            user.list_failed(self.clock.seconds)
            return status, {} if wait is None else {"retry-after": f"{wait:.0f}"}, body
        user.list_answered()
        process.serve(user)
        as_of = max(sent, self.clock.seconds - 0.1 - takes / 2) - self.weather.lag_of(self._dice)
        shown = user.at(as_of)
        process.see(user, Look(sent, as_of, shown, process.name))
        if self.say:
            self.say(f"user {user.number}: the list shows {shown.pass_id if shown else 'nothing'} as of {as_of:.3f}")
        return 200, {}, {"value": [shown.listed(self.clock.service_now())] if shown else []}

    def _list_fault(self, user: User) -> tuple[int, float | None, object]:
        """Return 200 and None where the list is answered."""
        now, weather, dice = self.clock.seconds - 1000.0, self.weather, self._dice
        if user.odd == "list-fails":
            return 500, None, answers.FAILED
        if user.odd == "list-refused" or any(span.covers(now) for span in weather.forbidden):
            return 403, None, answers.FORBIDDEN
        if user.odd == "list-garbled":
            return 200, None, {"value": [{"id": 5}]}
        if any(span.covers(now) for span in weather.outages):
            return dice.choice([500, 503]), None, answers.FAILED
        fault = weather.fault(weather.lists, dice, now)
        members: dict[str, tuple[int, float | None, object]] = {
            "": (200, None, None),
            "throttled": (429, dice.choice([None, 1.0, 4.0]), answers.TOO_MANY),
            "unavailable": (503, dice.choice([None, 1.0]), answers.FAILED),
            "failed": (dice.choice([500, 502, 504]), None, answers.FAILED),
            "missing": (0, None, None),
            "garbled": (200, None, {"value": "soon"}),
            "unauthorized": (401, None, answers.UNAUTHORIZED),
        }
        return members[fault]
