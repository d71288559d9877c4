"""Reading: many steps that change nothing, in batches, several at once, repeated until each has an answer."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from bulktap.dispatch.observer import Standing
from bulktap.dispatch.patience import Patience, pause_after
from bulktap.errors import BulktapError, NotPermitted, ServiceUnreachable, ThrottledTooLong
from bulktap.graph.access_passes import ListRetry
from bulktap.graph.client import Answered, EnvelopeRefused, NotSent, Throttled, Unavailable
from bulktap.graph.directory import UserRetry
from bulktap.graph.pacing import Pacer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.dispatch.tools import ReadTools
    from bulktap.graph.batch import BatchStep, StepResponse
    from bulktap.graph.client import BatchReply

_PATIENCE_UNREACHABLE_SECONDS = 60.0
"""Nothing is at stake before the first create, so a dead line is reported soon."""
_RECONNECT_SECONDS = 2.0

Verdict = TypeVar("Verdict")


class Reading(Generic[Verdict]):
    """Reads one thing about each of many subjects."""

    def __init__(
        self,
        tools: ReadTools,
        make_step: Callable[[str, str], BatchStep],
        judge: Callable[[str, StepResponse], Verdict | ListRetry | UserRetry],
    ) -> None:
        """Take what makes a step for a subject (step id, subject) and what judges the answer (subject, answer)."""
        self._tools = tools
        self._make_step = make_step
        self._judge = judge
        self._pacer = Pacer(replace(tools.limits, max_rate=None), tools.clock.monotonic(), tools.random)
        self._pending: deque[str] = deque()
        self._verdicts: dict[str, Verdict] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._patience = Patience(tools.clock)
        self._refused_since: float | None = None
        self._failures: Counter[str] = Counter()
        """How often the service failed at each subject."""

    async def read(self, subjects: Sequence[str], total: int) -> dict[str, Verdict]:
        """Return a verdict for each subject.

        Args:
            subjects: what the steps are about, each once.
            total: how many there are in the whole phase, for the progress line.

        Raises:
            ServiceUnreachable, ThrottledTooLong: the service gave no answers for too long.
            SignInFailed: no token, or a fresh one was turned down.
        """
        self._pending.extend(subjects)
        wanted = len(self._verdicts) + len(self._pending)
        try:
            while len(self._verdicts) < wanted:
                self._launch()
                await self._wait()
                self._check_patience()
                self._show(total)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._tasks.clear()
        return dict(self._verdicts)

    def _launch(self) -> None:
        now = self._tools.clock.monotonic()
        while self._pending and now >= self._pacer.hold_until and (room := self._pacer.allowance(now)):
            subjects = [self._pending.popleft() for _ in range(min(room, len(self._pending)))]
            self._pacer.sent(len(subjects), now)
            self._tasks.add(asyncio.create_task(self._exchange(subjects)))

    async def _wait(self) -> None:
        now = self._tools.clock.monotonic()
        next_at = self._pacer.next_at(now) if self._pending else None
        waiting: set[asyncio.Task[None]] = set(self._tasks)
        alarm: asyncio.Task[None] | None = None
        if next_at is not None:
            pause = max(next_at, self._pacer.hold_until) - now
            alarm = asyncio.ensure_future(self._tools.clock.sleep(max(0.001, pause)))
            waiting.add(alarm)
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if alarm is not None:
                alarm.cancel()
                await asyncio.gather(alarm, return_exceptions=True)
        for task in done & self._tasks:
            self._tasks.discard(task)
            task.result()

    async def _exchange(self, subjects: list[str]) -> None:
        asked = {str(number): subject for number, subject in enumerate(subjects, 1)}
        steps = [self._make_step(step_id, subject) for step_id, subject in asked.items()]
        sender = self._tools.sender
        reply = await sender.send(steps, sender.new_request_id(), creates=False)
        answered, turned_away, waits = 0, 0, [_wait_of(reply)]
        failed: list[str] = []
        for step_id, subject in asked.items():
            response = reply.answer.responses.get(step_id) if isinstance(reply, Answered) else None
            verdict = None if response is None else self._judge(subject, response)
            if verdict is None:
                # A lost answer says nothing about a limit.
                turned_away += isinstance(reply, Throttled | Unavailable)
                self._pending.append(subject)
            elif not isinstance(verdict, ListRetry | UserRetry):
                self._verdicts[subject] = verdict
                answered += 1
            elif verdict.throttled or verdict.retry_after is not None:
                waits.append(verdict.retry_after)
                turned_away += 1
                self._pending.append(subject)
            else:
                failed.append(subject)
        await self._report(reply, answered, turned_away, max((w for w in waits if w), default=None))
        await self._ask_again_later(failed)

    async def _ask_again_later(self, failed: Sequence[str]) -> None:
        """Put subjects back at which the service failed, after a pause that grows with their failures."""
        if not failed:
            return
        self._failures.update(failed)
        times = min(self._failures[subject] for subject in failed)
        await self._tools.clock.sleep(pause_after(times))
        self._pending.extend(failed)

    async def _report(self, reply: BatchReply, answered: int, turned_away: int, retry_after: float | None) -> None:
        now = self._tools.clock.monotonic()
        if answered:
            self._patience.accepted()
        if retry_after is not None:
            self._patience.excuse(now + retry_after)
        if answered or turned_away or (isinstance(reply, Answered) and reply.answer.responses):
            self._pacer.answered(accepted=answered, throttled=turned_away, retry_after=retry_after, now=now)
        else:
            self._pacer.unanswered(now)
        if isinstance(reply, NotSent):
            self._refused_since = now if self._refused_since is None else self._refused_since
            await self._tools.clock.sleep(_RECONNECT_SECONDS)
        else:
            self._refused_since = None
        if isinstance(reply, EnvelopeRefused):
            raise _turned_down(reply)

    def _check_patience(self) -> None:
        now = self._tools.clock.monotonic()
        if self._refused_since is not None and now - self._refused_since > _PATIENCE_UNREACHABLE_SECONDS:
            raise ServiceUnreachable(
                "Microsoft Graph cannot be reached from this computer; nothing was sent.",
                hint="Check the network, and HTTPS_PROXY if you are behind a proxy, then run the command again.",
            )
        if self._patience.exhausted:
            raise ThrottledTooLong(
                "The service answered none of the look-ups for half an hour; nothing was sent.",
                hint="Other programs may be using the tenant's quota; run the command again later.",
            )

    def _show(self, total: int) -> None:
        now = self._tools.clock.monotonic()
        self._tools.observer.standing(
            Standing(
                done=len(self._verdicts),
                total=total,
                held_seconds=max(0.0, self._pacer.hold_until - now),
                rate=self._pacer.rate(now),
                throttled=self._pacer.throttled_steps,
            )
        )


def _wait_of(reply: BatchReply) -> float | None:
    return reply.retry_after if isinstance(reply, Throttled | Unavailable) else None


def _turned_down(reply: EnvelopeRefused) -> BulktapError:
    if reply.status == 403:
        return NotPermitted(
            f"Microsoft Graph refused the look-ups: {reply.message or reply.code}.",
            hint="Check the app registration, its permissions and conditional access with your administrator.",
        )
    return ServiceUnreachable(
        f"Microsoft Graph turned a look-up down ({reply.status} {reply.code}).",
        hint="Check the Graph address and the app registration with your administrator.",
    )
