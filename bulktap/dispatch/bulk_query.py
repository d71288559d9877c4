"""BulkQuery: one question about each of many subjects, in batches, several at once, until each has an answer.

Nothing that happens to one subject holds up the others: its pauses are its own; a batch that is lost again and again,
or rejected as a whole, is taken apart, and its subjects are asked about one at a time; and where the service fails for
good at one of them, that one gets its outcome (`row_failures`).
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from bulktap.dispatch.batch_loop import BatchLoop
from bulktap.dispatch.giving_up import cause_of, step_cause
from bulktap.dispatch.queries import AskLater, Query, nothing_answered, probed, rejected, tokens_rejected
from bulktap.dispatch.reachability import trouble_of
from bulktap.dispatch.read_stream import ReadStream
from bulktap.dispatch.row_failures import RowFailures
from bulktap.graph.access_passes import ListRetry
from bulktap.graph.batch import StepResponse
from bulktap.graph.client import Answered, EnvelopeRefused, NotSent, Throttled, Unavailable
from bulktap.graph.directory import UserRetry

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from types import TracebackType

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.dispatch.reachability import Reachability
    from bulktap.graph.client import BatchReply

_RECONNECT_SECONDS = 2.0
_LOOK_SECONDS = 5.0
"""While a reply is awaited, so often it is looked whether there is something to tell the operator."""
_LOST_BEFORE_ALONE = 3
"""A subject whose batch was lost so often is asked about alone: it may be what the batch breaks at."""
_REJECTIONS_OF_ONE = 3
"""So often a step that is alone in its batch is rejected before that is about it, and no whim of a gateway's."""
_REJECTIONS_THAT_STOP = 20
"""So many batches of one step rejected as a whole in a row, and nothing answered: it is not about the subjects."""
_REJECTED_TOKENS_THAT_STOP = 5
"""So many batches in a row in which the service answers nothing but 401."""
_THROTTLES_OF_ONE, _THROTTLED_SECONDS_OF_ONE = 20, 600.0
"""So often, and for so long, one subject is throttled before that counts as a failure at it, like any other."""
_PROBE = "\0"
"""Stands for the subject of a step that only asks whether the service is well."""

Verdict = TypeVar("Verdict")


class BulkQuery(Generic[Verdict]):
    """Reads one thing about each of many subjects; an async context manager."""

    def __init__(
        self,
        tools: ReadTools,
        query: Query[Verdict],
        reachability: Reachability,
        total: int | None = None,
        stream: ReadStream | None = None,
    ) -> None:
        """Take the query.

        Args:
            tools: how to ask.
            query: what to ask.
            reachability: whether the service can be reached at all.
            total: how many subjects the whole phase has, for the progress line.
            stream: what it shares with others that run beside it.
        """
        self._tools = tools
        self._query = query
        self._reachability = reachability
        self._total = total
        self._loop = BatchLoop(tools.clock, [self])
        self._stream = ReadStream(tools) if stream is None else stream
        self._pacer = self._stream.join(self._loop.wake)
        self._patience = self._stream.patience
        self._failures = RowFailures(query.tries)
        self._asked: set[str] = set()
        self._pending: deque[str] = deque()
        self._alone: deque[str] = deque()
        """Subjects that are asked about in a batch of their own."""
        self._later: list[tuple[float, int, str]] = []
        self._later_count = 0
        self._solitary: set[str] = set()
        """Subjects that stay alone from now on."""
        self._lost: Counter[str] = Counter()
        self._throttles: Counter[str] = Counter()
        self._throttled_since: dict[str, float] = {}
        self._vouching: str | None = None
        """A subject about which the service gave an answer."""
        self._checking = self._check_wanted = False
        self._rejections = 0
        self._rejected: Counter[str] = Counter()
        self._rejected_tokens = 0
        self._paused_until = 0.0
        self._under_way = 0
        self._verdicts: dict[str, Verdict] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._loop.close()
        while self._under_way:  # ended before they began
            self._landed()

    async def read(self, subjects: Sequence[str], enough: Callable[[], bool] = lambda: False) -> Mapping[str, Verdict]:
        """Ask about more subjects, and return a verdict for each so far.

        Args:
            subjects: what the steps are about, each once.
            enough: asked again and again; as soon as it says so, what is missing is left to the next call.

        Raises:
            ServiceUnreachable, ThrottledTooLong: the service gave no answers for too long.
            NotPermitted: it rejects whole batches for lack of a permission.
            SignInFailed: no token, or a fresh one was rejected.
        """
        self.feed(subjects)
        await self._run(lambda: len(self._verdicts) == len(self._asked) or enough())
        return self._verdicts

    def feed(self, subjects: Sequence[str] = ()) -> None:
        """Take more subjects, or none and look whether there will be more, while others are being asked about."""
        self._asked.update(subjects)
        self._pending.extend(subjects)
        self._loop.wake()

    async def drain(self, fed: Callable[[], bool]) -> None:
        """Ask about whatever is fed until `fed` says that this was all; see `read`."""
        await self._run(lambda: fed() and len(self._verdicts) == len(self._asked))

    def stop(self) -> None:
        """Let nothing leave any more; `read` returns what there is when what is under way has been answered."""
        self._loop.stop()

    async def _run(self, until: Callable[[], bool]) -> None:
        await self._loop.run(lambda: self._loop.error is not None or until(), self._each_round)
        if self._loop.error is not None:
            raise self._loop.error

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdicts so far."""
        return self._verdicts

    def is_troubled(self, subject: str) -> bool:
        """Whether the service failed at the subject before."""
        return self._failures.is_troubled(subject)

    # What leaves

    def next_batch(self, now: float) -> Coroutine[None, None, None] | None:
        """See `batch_loop.StepKind`."""
        if not self._stream.has_room:
            return None
        if self._check_wanted:
            self._check_wanted, self._checking = False, True
            return self._start([_PROBE])
        while self._later and self._later[0][0] <= now:
            self._queue(heapq.heappop(self._later)[2])
        room = 0 if now < self._hold_until else self._pacer.allowance(now)
        subjects = [self._pending.popleft() for _ in range(min(room, len(self._pending)))]
        if not subjects and room and self._alone:
            subjects = [self._alone.popleft()]
        if not subjects:
            return None
        # Is the service well, or is this an outage? Somebody who was answered before is asked about again.
        troubled = all(map(self._failures.is_troubled, subjects))
        self._check_wanted = troubled and self._vouching is not None and not self._checking
        return self._start(subjects)

    def next_at(self, now: float) -> float | None:
        """See `batch_loop.StepKind`."""
        moments = [now + _LOOK_SECONDS]
        if self._later:
            moments.append(self._later[0][0])
        waiting = self._stream.has_room and (self._pending or self._alone)
        if waiting and (next_at := self._pacer.next_at(now)) is not None:
            moments.append(max(next_at, self._hold_until))
        return min(moments)

    def _start(self, subjects: list[str]) -> Coroutine[None, None, None]:
        self._pacer.sent(len(subjects), self._tools.clock.monotonic())
        self._under_way += 1
        self._stream.left()
        self._reachability.asked()
        return self._exchange(subjects)

    def _landed(self) -> None:
        self._under_way -= 1
        self._stream.ended()

    def _queue(self, subject: str) -> None:
        (self._alone if subject in self._solitary else self._pending).append(subject)

    def _queue_later(self, subject: str, seconds: float) -> None:
        self._later_count += 1
        heapq.heappush(self._later, (self._tools.clock.monotonic() + seconds, self._later_count, subject))

    @property
    def _hold_until(self) -> float:
        return max(self._pacer.hold_until, self._paused_until)

    # What comes back

    async def _exchange(self, subjects: list[str]) -> None:
        asked = {str(number): subject for number, subject in enumerate(subjects, 1)}
        steps = [self._query.step(step_id, self._subject(subject)) for step_id, subject in asked.items()]
        known = self._query.rows or {}
        rows = {step_id: known[subject] for step_id, subject in asked.items() if subject in known}
        sender = self._tools.sender
        try:
            reply = await sender.send(steps, sender.new_request_id(), creates=False, rows=rows)
        finally:
            self._landed()
        if _PROBE in subjects:
            self._checking = False
        self._patience.note(reply)
        now = self._tools.clock.monotonic()
        match reply:
            case Answered() if reply.answer.responses:
                self._take_in(asked, reply)
            case EnvelopeRefused():
                self._take_apart(subjects, reply)
            case NotSent():
                self._paused_until = now + _RECONNECT_SECONDS
                self._reachability.failed(trouble_of(reply, reply.cause))
                self._pacer.unanswered(now, self._reachability.decides_at)
                self._ask_again(subjects)
            case Throttled():
                self._reachability.heard()
                self._patience.excuse(now + (reply.retry_after or 0.0))
                self._pacer.answered(accepted=0, throttled=len(subjects), retry_after=reply.retry_after, now=now)
                self._ask_again(subjects)
            case _:
                self._lose(subjects, reply)

    def _subject(self, subject: str) -> str:
        return self._vouching or "" if subject == _PROBE else subject

    def _ask_again(self, subjects: Sequence[str]) -> None:
        for subject in filter(_PROBE.__ne__, subjects):
            self._queue(subject)

    def _take_in(self, asked: Mapping[str, str], reply: Answered) -> None:
        """Take the answers of a batch into account: first what succeeded, for that says what a failure is worth."""
        answered = 0
        throttled: dict[str, float | None] = {}
        failed: dict[str, tuple[str, float | None]] = {}
        for step_id, subject in asked.items():
            response = reply.answer.responses.get(step_id)
            if response is None:
                failed[subject] = ("no answer in the reply", None)
                continue
            verdict = probed(response) if subject == _PROBE else self._query.judge(subject, response)
            if not isinstance(verdict, ListRetry | UserRetry):
                answered += 1
                self._settle(subject, verdict)
                if 200 <= response.status < 300 and subject != _PROBE:
                    self._vouching = subject
            elif verdict.throttled and not self._takes_throttle_as_failure(subject):
                throttled[subject] = verdict.retry_after
                self._ask_again([subject])
            else:
                failed[subject] = (step_cause(response), verdict.retry_after)
        # Where nobody is answered, a wait that is asked for is asked of everybody; otherwise it is the row's own.
        held = [] if answered else [one for one in failed if failed[one][1] is not None and one not in self._throttles]
        waits = [*throttled.values(), *(failed[one][1] for one in held)]
        self._note(reply, answered, len(throttled) + len(held), max((wait for wait in waits if wait), default=None))
        for subject, (cause, wait) in failed.items():
            self._fail(subject, cause, wait or 0.0)
            if self._vouching is not None and self._failures.is_worth_telling(subject):
                self._tools.observer.warn(
                    f"Microsoft Graph fails at some of {self._query.wording.what} ({cause.rstrip('.')}); each is "
                    "tried up to ten times, which takes some minutes."
                )

    def _takes_throttle_as_failure(self, subject: str) -> bool:
        """Count a throttle; return True if it is taken for a failure at this subject: limits are everybody's."""
        now = self._tools.clock.monotonic()
        self._throttles[subject] += 1
        since = self._throttled_since.setdefault(subject, now)
        return self._throttles[subject] >= _THROTTLES_OF_ONE and now - since >= _THROTTLED_SECONDS_OF_ONE

    def _settle(self, subject: str, verdict: Verdict | AskLater) -> None:
        self._failures.succeeded()
        self._rejections, self._reachability.answered = 0, True
        if subject == _PROBE:
            return
        if isinstance(verdict, AskLater):
            self._queue_later(subject, verdict.seconds)
        else:
            self._verdicts[subject] = verdict

    def _note(self, reply: Answered, answered: int, throttled: int, retry_after: float | None) -> None:
        now = self._tools.clock.monotonic()
        if answered:
            self._patience.accepted()
        if retry_after is not None:
            self._patience.excuse(now + retry_after)
        if answered or throttled:
            self._rejected_tokens = 0
            self._reachability.heard()
        else:
            first = next(iter(reply.answer.responses.values()))  # there is one, or the batch counts as lost
            self._reachability.failed(trouble_of(reply, cause_of(reply) or step_cause(first)))
            self._require_token(reply)
        self._pacer.answered(accepted=answered, throttled=throttled, retry_after=retry_after, now=now)

    def _require_token(self, reply: Answered) -> None:
        """Stop where every step of batch after batch is a 401: each new batch carries a fresh token."""
        statuses = {response.status for response in reply.answer.responses.values()}
        self._rejected_tokens = self._rejected_tokens + 1 if statuses == {HTTPStatus.UNAUTHORIZED} else 0
        if self._rejected_tokens >= _REJECTED_TOKENS_THAT_STOP:
            raise tokens_rejected()

    def _fail(self, subject: str, cause: str, wait: float = 0.0, *, most: bool = False) -> None:
        """Take note that the service failed at a subject: it is asked about later, or has its outcome.

        Args:
            subject: whom the step was about.
            cause: why, in words.
            wait: seconds that the service asked to wait.
            most: whether it is not to be asked about any more.
        """
        if subject == _PROBE:
            self._failures.failed_somewhere()
            return
        self._failures.failed(subject, cause, now := self._tools.clock.monotonic())
        if most or self._failures.is_up(subject, now):
            times = self._failures.times(subject)
            self._verdicts[subject] = self._query.give_up(subject, self._failures.cause(subject), times)
        else:
            self._queue_later(subject, max(wait, self._failures.pause(subject)))

    def _lose(self, subjects: Sequence[str], reply: BatchReply) -> None:
        """Ask again about the subjects of a batch that came to nothing, in the end about each alone."""
        now, cause = self._tools.clock.monotonic(), cause_of(reply) or "none of the answers in the reply could be read"
        self._reachability.failed(trouble_of(reply, cause))
        if isinstance(reply, Unavailable):
            self._patience.excuse(now + (reply.retry_after or 0.0))
            self._pacer.answered(accepted=0, throttled=len(subjects), retry_after=reply.retry_after, now=now)
        else:
            self._pacer.unanswered(now, self._reachability.decides_at)
        if len(subjects) == 1:
            self._fail(subjects[0], cause)
            return
        if self._failures.failed_somewhere():
            self._lost.update(subjects)
            self._solitary.update(one for one in subjects if self._lost[one] >= _LOST_BEFORE_ALONE)
        self._ask_again(subjects)

    def _take_apart(self, subjects: Sequence[str], refused: EnvelopeRefused) -> None:
        """Ask about each subject of a rejected batch alone; what is said of the batch is not said of the user.

        Only a 403 is taken for an answer, in the end: whoever may not ask at all may not ask about anybody.
        """
        self._reachability.heard()
        self._reachability.rejection = refused
        self._pacer.answered(accepted=0, throttled=0, retry_after=None, now=self._tools.clock.monotonic())
        if len(subjects) > 1:
            self._solitary.update(subjects)
            self._ask_again(subjects)
            return
        self._rejections += 1
        if self._rejections >= _REJECTIONS_THAT_STOP:
            raise rejected(refused, self._query.wording)
        subject = subjects[0]
        self._rejected[subject] += 1
        most = self._rejected[subject] >= _REJECTIONS_OF_ONE
        if most and subject != _PROBE and refused.status == HTTPStatus.FORBIDDEN:
            error = {"error": {"code": refused.code, "message": refused.message}}
            verdict = self._query.judge(subject, StepResponse("1", refused.status, {}, error))
            if not isinstance(verdict, ListRetry | UserRetry | AskLater):
                self._verdicts[subject] = verdict
                return
        self._fail(subject, cause_of(refused) or "", most=most)

    # What is said

    def _each_round(self) -> None:
        if self._loop.error is None:
            self._check()
        self._show()

    def _check(self) -> None:
        self._reachability.check()
        if self._patience.exhausted:
            raise nothing_answered(self._patience, self._query.wording)

    def _show(self) -> None:
        total = len(self._asked) if self._total is None else self._total
        self._tools.observer.standing(self._stream.standing(self._pacer, len(self._verdicts), total))
