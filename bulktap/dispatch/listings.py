"""Listings: one batch of lists during a run, and what it means for each of its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from bulktap.dispatch.control_questions import MOST_ASKED, may_still_list
from bulktap.dispatch.create_outcomes import not_permitted, rejected
from bulktap.dispatch.doubt_rule import CLOCK_TOLERANCE
from bulktap.dispatch.failing_lists import UNVOUCHED_ROUNDS, FailingLists
from bulktap.dispatch.giving_up import pause_after, step_cause
from bulktap.dispatch.reissuing import may_replace_own, refusal
from bulktap.dispatch.settlements import Circumstances, Next, Settlement, settle
from bulktap.dispatch.systematic_refusals import Withheld
from bulktap.graph.access_passes import Listed, ListRefused, ListRetry, ListVerdict, judge_list, list_step
from bulktap.graph.client import Answered, EnvelopeRefused, Throttled, Unavailable
from bulktap.graph.pacing import Pacer
from bulktap.graph.refusals import service_failed
from bulktap.model.errors import BulktapError, NotPermitted, ServiceContradiction, SignInFailed
from bulktap.model.outcomes import InDoubt, Refused
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Confirmed, Event, Noted, Settled
from bulktap.model.setting_names import Command

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine, Mapping, Sequence
    from datetime import datetime

    from bulktap.dispatch.creates import Commit
    from bulktap.dispatch.dependencies import IssueTools
    from bulktap.dispatch.giving_up import Patience
    from bulktap.dispatch.outage import Outage
    from bulktap.dispatch.row_queues import RowQueues, RowWork
    from bulktap.graph.client import BatchReply
    from bulktap.model.passes import AccessPass

COMPARISON_NOTE = "Whether this is the live pass could not be compared in the end: "
_UNVOUCHED_WAIT = 120.0
"""Seconds until a user who may not be listed is asked about again, where nobody else could be listed either."""


@dataclass(frozen=True, slots=True)
class RunCircumstances:
    """What is true of the whole run and decides about each of its lists."""

    resumed_from: datetime | None
    """When a resumed run began; None for one that begins now."""
    default_lifetime: int | None
    """Minutes that the tenant gives to who asks for none, where its policy may be read."""
    recent: Mapping[str, AccessPass]
    """Passes that other runs of ours issued lately, by folded object id and folded user."""
    creates: Outage
    """How the creates fare: what is lost while the service fails at everything is no row's own."""


class Listings:
    """Sees batches of lists through; repeating a list harms nobody, so everything that fails is tried again."""

    def __init__(
        self,
        tools: IssueTools,
        queues: RowQueues,
        commit: Commit,
        patience: Patience,
        works: Collection[RowWork],
        run: RunCircumstances,
    ) -> None:
        """Take the run's parts and all its rows, as far as they were listed already."""
        self._tools = tools
        self._works = works
        self._queues = queues
        self._commit = commit
        self._patience = patience
        self._run = run
        self._others_at_work = False
        self._withheld = Withheld()
        """Rows whose users may not be listed, as long as that may be everybody's lot and not the user's."""
        self._failing = FailingLists(tools, queues, self._others_to_ask, run.creates, alone=len(works) == 1)
        self._batches = 0
        self._pacer = Pacer(tools.list_limits, tools.clock.monotonic(), tools.random)
        self.steps_in_flight = 0
        self.listed = 0
        """Users listed so far."""

    @property
    def hold_until(self) -> float:
        """No batch leaves before this moment."""
        return self._pacer.hold_until

    def allowance(self, now: float) -> int:
        """Return how many steps may leave now in one batch."""
        return self._pacer.allowance(now)

    def next_at(self, now: float) -> float | None:
        """Return when it is worth asking again; None when only a reply can change the answer."""
        return self._pacer.next_at(now)

    def start(self, works: Sequence[RowWork]) -> Coroutine[None, None, None]:
        """Reserve room for one batch of lists, and return the coroutine that sees it through."""
        self._pacer.sent(len(works), self._tools.clock.monotonic())
        self.steps_in_flight += len(works)
        return self._list(works)

    async def _list(self, works: Sequence[RowWork]) -> None:
        self._batches += 1
        number = self._batches
        asked = {str(position): work for position, work in enumerate(works, 1)}
        reply: BatchReply | None = None
        try:
            steps = [list_step(step_id, work.target) for step_id, work in asked.items()]
            rows = {step_id: work.row.source.number for step_id, work in asked.items()}
            sender = self._tools.sender
            reply = await sender.send(steps, sender.new_request_id(), creates=False, rows=rows)
        except SignInFailed:
            for work in works:
                self._queues.queue_list(work)
            raise
        finally:
            self.steps_in_flight -= len(works)
            verdicts = self._judge(reply, asked)
            self._tell_pacer(reply, verdicts, works)
        if isinstance(reply, EnvelopeRefused):
            verdicts = self._rejected(reply, asked)
        await self._take_in(verdicts, asked, number)
        if self._withheld.convincing:
            await self.settle_refusals()

    def _judge(self, reply: BatchReply | None, asked: dict[str, RowWork]) -> dict[str, ListVerdict]:
        if not isinstance(reply, Answered):
            return {}
        now = self._tools.service_clock.now()
        responses = reply.answer.responses
        verdicts: dict[str, ListVerdict] = {}
        for step_id, work in asked.items():
            if (response := responses.get(step_id)) is not None:
                verdicts[step_id] = verdict = judge_list(response, work.user, now)
                if not isinstance(verdict, Listed):
                    work.list_failure = step_cause(response)
        return verdicts

    def _rejected(self, refused: EnvelopeRefused, asked: dict[str, RowWork]) -> dict[str, ListVerdict]:
        """Let the rows of a batch that was rejected travel alone; one that already did is refused."""
        if failure := not_permitted(refused):
            raise failure
        verdicts: dict[str, ListVerdict] = {}
        for step_id, work in asked.items():
            if work.is_malformed():
                verdicts[step_id] = ListRefused(rejected(work.user, refused), refused.status)
        return verdicts

    @property
    def suspicious(self) -> bool:
        """Whether so many users in a row may not be listed that a sample has to show whether nobody may."""
        return self._withheld.suspicious

    @property
    def withheld(self) -> int:
        """How many rows wait because their users may not be listed."""
        return len(self._withheld)

    @property
    def last_withheld(self) -> RowError | None:
        """The last of them."""
        return self._withheld.last if len(self._withheld) else None

    async def settle_refusals(self) -> None:
        """Judge, and then settle, the rows that were withheld.

        Raises:
            NotPermitted, ServiceContradiction: as for `judge_refusals`.
        """
        await self.take_refusals(own=await self.judge_refusals(suspicious=self._withheld.suspicious))

    async def judge_refusals(self, *, suspicious: bool) -> bool | None:
        """Return whether the users of the withheld rows, and not everybody, may not be listed; None if nothing tells.

        Args:
            suspicious: whether so much was refused in a row that it is everybody's unless something says otherwise.

        Raises:
            NotPermitted, ServiceContradiction: nobody was listed, or so many in a row were not: no row is settled.
        """
        others = self._others_to_ask() if self.withheld else []
        may = (await may_still_list(others, self._tools) if others else None) if self.withheld else True
        # Where others were not refused either, but could not be listed for another reason, few are the rows' own.
        everybody = suspicious or self._withheld.were_listed or not (self.listed or others)
        if may is False or (may is None and everybody):
            raise self._no_permission()
        return may

    async def take_refusals(self, *, own: bool | None) -> None:
        """Settle rows whose users were judged not to be listable; where nothing told, they are listed again first."""
        refused, again = self._withheld.told_apart(asked=own is True)
        for work in again:
            self._queues.queue_list(work)
        if own is None:
            early = [work for work, _ in refused if work.unvouched_rounds < UNVOUCHED_ROUNDS]
            refused = [(work, error) for work, error in refused if work not in early]
            for work in early:
                work.unvouched_rounds += 1
                self._queues.queue_list_at(work, self._tools.clock.monotonic() + _UNVOUCHED_WAIT)
        await self._commit([event for work, error in refused for event in _unlistable(work, error)], keep=True)

    def _others_to_ask(self) -> list[str]:
        """Choose, and mark, a few users to ask about who could be listed, here or for the plan, or were served."""
        known = [
            work
            for work in self._works
            if (work.listed_at or work.row.listed_at is not None or work.state.phase is RowPhase.ISSUED)
            and not work.failed_lists
            and work not in self._withheld
        ]
        unlikely = {RowPhase.REFUSED, RowPhase.IN_DOUBT}
        known.sort(key=lambda work: (not work.state.confirmed, work.listed_at is None, work.state.phase in unlikely))
        chosen = known[:MOST_ASKED]
        for work in chosen:
            work.asked_about = True
        return [work.target for work in chosen]

    def _no_permission(self) -> BulktapError:
        if RowErrorCode.REFUSED_REQUEST in self._withheld.kinds:
            return ServiceContradiction(
                f"Microsoft Graph rejects one well-formed request after the other. {self._withheld.last.message}",
                hint=f"Please report this with the log file; {Command.RESUME} finishes the run.",
            )
        return NotPermitted(
            "The app may not list Temporary Access Passes, so it cannot be determined whose pass a new one would "
            f"replace. {self._withheld.last.message}",
            hint=f"Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run {Command.RESUME}.",
        )

    def _tell_pacer(self, reply: BatchReply | None, verdicts: dict[str, ListVerdict], works: Sequence[RowWork]) -> None:
        """Tell the pacer what was turned away; lost answers and failures say nothing about a limit."""
        steps = len(works)
        answered = sum(isinstance(verdict, Listed | ListRefused) for verdict in verdicts.values())
        retries = [verdict for verdict in verdicts.values() if isinstance(verdict, ListRetry)]
        turned_away = steps if isinstance(reply, Throttled | Unavailable) else sum(map(_is_throttled, retries))
        waits = [verdict.retry_after for verdict in retries]
        if isinstance(reply, Throttled | Unavailable):
            waits.append(reply.retry_after)
        retry_after = max((wait for wait in waits if wait is not None), default=None)
        now = self._tools.clock.monotonic()
        if reply is not None:
            self._patience.note(reply)
        if isinstance(reply, EnvelopeRefused):
            self._pacer.answered(accepted=0, throttled=0, retry_after=None, now=now)
            return
        if answered:
            self._failing.outage.worked()
        elif turned_away < steps:
            self._failing.outage.failed((work.row.number for work in works), now)
        if retry_after is not None:
            self._patience.excuse(now + retry_after)
        if verdicts or turned_away:
            self._pacer.answered(accepted=answered, throttled=turned_away, retry_after=retry_after, now=now)
        else:
            self._pacer.unanswered(now)

    async def _take_in(self, verdicts: dict[str, ListVerdict], asked: dict[str, RowWork], number: int) -> None:
        events: list[Event] = []
        settlements: list[tuple[RowWork, Settlement]] = []
        now = self._tools.service_clock.now()
        somebody = any(isinstance(verdict, Listed) for verdict in verdicts.values())
        seen, monotonic = self._circumstances(now), self._tools.clock.monotonic()
        for step_id, work in asked.items():
            verdict = verdicts.get(step_id)
            if isinstance(verdict, Listed):  # also one that comes too early to be judged by
                verdict = Listed(work.with_seen(verdict.passes, monotonic))
            if (wait := work.seconds_to_settle(self._tools.times, now, monotonic)) > 0:
                self._queues.queue_list_at(work, monotonic + wait)
            elif isinstance(verdict, ListRefused) and _is_withheld(work, verdict):
                self._withheld.add(number, [(work, verdict.error)])
            elif (settlement := self._settle(work, verdict, seen)) is not None:
                events.extend(settlement.events)
                settlements.append((work, settlement))
        if somebody:
            own, again = self._withheld.told_apart(asked=True, sent_by=number)
            events.extend(event for work, error in own for event in _unlistable(work, error))
            for work in again:
                self._queues.queue_list(work)
        for work in await self._failing.given_up():
            error = service_failed(work.user, work.list_failure, work.failed_lists)
            settlements.append((work, Settlement(_unlistable(work, error), Next.DONE)))
            events.extend(settlements[-1][1].events)
        compared = all(isinstance(event, Confirmed) for event in events)
        done = all(settlement.next is Next.DONE for _, settlement in settlements)
        await self._commit(events, keep=True, hurry=not (compared and done))
        self._queue(settlements)

    def _settle(self, work: RowWork, verdict: ListVerdict | None, seen: Circumstances) -> Settlement | None:
        """Return what a list means for its row; None where the row waits for another one."""
        if isinstance(verdict, Listed):
            work.listed_at, work.asked_about = seen.now, False
            self.listed += 1
            self._failing.answered(work)
            self._withheld.answered_otherwise([work.row.number])
            settlement = settle(work, verdict.passes, self._as_for(work, seen))
            self._others_at_work = self._others_at_work or _lost_to_others(work, settlement)
            return settlement
        if not isinstance(verdict, ListRefused):
            return self._ask_again(work, verdict)
        if work.is_awaited(verdict.error):
            self._queues.queue_list_at(work, self._tools.clock.monotonic() + pause_after(work.unknown))
            return None
        return Settlement(_unlistable(work, work.told_of_unknown(verdict.error)), Next.DONE)

    def _circumstances(self, now: datetime) -> Circumstances:
        """Return what decides about a list and is the same for all rows of a batch."""
        return Circumstances(
            times=self._tools.times,
            now=now,
            monotonic=self._tools.clock.monotonic(),
            ahead=self._tools.service_clock.perhaps_ahead,
            default_lifetime=self._run.default_lifetime,
            losses_count=not self._run.creates.is_general,
        )

    def _as_for(self, work: RowWork, seen: Circumstances) -> Circumstances:
        """Return what decides about a row's list, its own part included."""
        began, recent = self._began(work), self._recent_pass(work)
        if began is None and recent is None and not self._others_at_work:
            return seen
        return replace(seen, resumed_from=began, recent=recent, others_at_work=self._others_at_work)

    def _recent_pass(self, work: RowWork) -> AccessPass | None:
        if not self._run.recent:
            return None
        names = (work.row.object_id, work.user)
        recent = (self._run.recent.get(name.casefold()) for name in names if name)
        return next((access_pass for access_pass in recent if access_pass is not None), None)

    def _ask_again(self, work: RowWork, verdict: ListRetry | None) -> Settlement | None:
        """List a row again: as soon as the pacer lets it, or after a while where the service failed at it.

        A row at which the service keeps failing while others are served gets its outcome.
        """
        if verdict is None or _is_throttled(verdict):
            self._queues.queue_list(work)
            return None
        self._failing.failed(work)
        return None

    def _began(self, work: RowWork) -> datetime | None:
        """Return when a resumed run began; our clock may have been wrong then, but the first listing was not."""
        began = self._run.resumed_from
        if began is None:
            return None
        corrected = began + self._tools.service_clock.ahead
        return min(began, corrected, work.row.listed_at or began) - CLOCK_TOLERANCE

    def _queue(self, settlements: Sequence[tuple[RowWork, Settlement]]) -> None:
        self._queues.queue_creates(
            [work for work, settlement in settlements if settlement.next is Next.CREATE], first=True
        )
        now = self._tools.clock.monotonic()
        if any(settlement.next is Next.DONE for _, settlement in settlements):
            # A row that is listed again only because its create is throttled is no progress.
            self._patience.accepted()
        for work, settlement in settlements:
            if settlement.next is Next.LOOK_AGAIN:
                self._queues.queue_list_at(work, now + settlement.wait)


def _is_withheld(work: RowWork, verdict: ListRefused) -> bool:
    """Return True if the refusal may be everybody's; a pass that was issued is only noted as not compared."""
    systematic = verdict.status == HTTPStatus.FORBIDDEN or verdict.error.code is RowErrorCode.REFUSED_REQUEST
    return systematic and work.state.phase is not RowPhase.ISSUED


def _is_throttled(retry: ListRetry) -> bool:
    return retry.throttled or retry.retry_after is not None


def _lost_to_others(work: RowWork, settlement: Settlement) -> bool:
    """Return True if somebody else was found to have replaced a pass of ours."""
    issued = work.state.phase is RowPhase.ISSUED
    return issued and any(
        isinstance(event, Settled) and isinstance(event.outcome, InDoubt) for event in settlement.events
    )


def _unlistable(work: RowWork, error: RowError) -> tuple[Event, ...]:
    """Settle a row whose user's passes may not be listed, by how far it has come."""
    number, state = work.row.number, work.state
    if state.phase is RowPhase.ISSUED:
        return (Noted(number, COMPARISON_NOTE + error.message), Confirmed(number, shown=False))
    if may_replace_own(state) and not state.tried_anew:
        return (refusal(state, error),)
    if state.attempts:
        return (Settled(number, InDoubt(about_passes.lost_and_unlistable(error))),)
    return (Settled(number, Refused(error)),)
