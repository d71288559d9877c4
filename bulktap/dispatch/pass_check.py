"""PassCheck: passes that were issued are listed in read batches, and judged; nothing is changed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.pass_states import Finding, PassState, judge_pass
from bulktap.dispatch.permission_sample import PermissionSample
from bulktap.dispatch.queries import AskLater, Query
from bulktap.dispatch.reachability import Reachability
from bulktap.graph.access_passes import Listed, ListRetry, judge_list, list_step
from bulktap.model.errors import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.graph.batch import StepResponse
    from bulktap.model.passes import AccessPass

_LAG = timedelta(minutes=15)
"""For so long after it was issued a pass may be missing from lists that lag."""
_LOOK_AGAIN = (5.0, 15.0)
"""Seconds until a pass that was issued a moment ago and is not listed is looked for again."""


async def check_passes(
    targets: Mapping[int, str], held: Mapping[int, AccessPass], tools: ReadTools, *, patient: bool = True
) -> dict[int, Finding]:
    """Judge every pass by what the tenant lists; one that lists do not show yet is looked for again.

    Args:
        targets: by row, whose passes to list: an object id or a sign-in name.
        held: by row, the pass that was issued.
        tools: how to ask.
        patient: whether a pass that was issued a moment ago and is not listed is looked for again.

    Raises:
        NotPermitted: the app may not list passes.
        SignInFailed, ServiceUnreachable, ThrottledTooLong: see `bulk_query.BulkQuery`.
    """
    tools.observer.phase("asking about passes", len(targets))
    rows = {str(number): number for number in targets}
    judge = _PassJudge(targets, held, tools, _LOOK_AGAIN if patient else ())
    query = Query[Finding](
        lambda step_id, subject: list_step(step_id, targets[rows[subject]]),
        lambda subject, response: judge.judge(subject, rows[subject], response),
        lambda _, cause, times: Finding(PassState.UNREADABLE, f"the service failed {times} times: {cause}"),
        rows=rows,
    )
    async with BulkQuery(tools, query, Reachability(tools.clock, tools.observer), len(targets)) as bulk:
        if not await judge.sample.is_permitted(bulk):
            raise NotPermitted(
                "The app may not list Temporary Access Passes, so nothing can be said about those of this run.",
                hint="Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run the command again.",
            )
        findings = await bulk.read(judge.sample.rest())
    return {number: findings[str(number)] for number in targets}


def is_perhaps_not_listed_yet(held: AccessPass, now: datetime) -> bool:
    """Whether a pass is so young that a list which does not show it may only lag."""
    return held.created_at is None or now - held.created_at < _LAG


class _PassJudge:
    """Judges the lists of users, by row."""

    def __init__(
        self, targets: Mapping[int, str], held: Mapping[int, AccessPass], tools: ReadTools, look_again: Sequence[float]
    ) -> None:
        self._targets = targets
        self._held = held
        self._clock = tools.service_clock
        self._look_again = look_again
        self._looks: Counter[int] = Counter()
        self.sample = PermissionSample([str(number) for number in targets])

    def judge(self, subject: str, number: int, response: StepResponse) -> Finding | ListRetry | AskLater:
        """Return how the pass of a row stands, or that the question must be asked again."""
        now, held = self._clock.now(), self._held[number]
        verdict = judge_list(response, self._targets[number], now)
        if isinstance(verdict, ListRetry):
            return verdict
        self.sample.note(subject, forbidden=response.status == HTTPStatus.FORBIDDEN)
        if not isinstance(verdict, Listed):
            user_gone = response.status == HTTPStatus.NOT_FOUND
            state = PassState.GONE if user_gone else PassState.UNREADABLE
            return Finding(state, verdict.error.message.rstrip("."), user_gone=user_gone)
        finding = judge_pass(held, verdict.passes, now)
        lags = is_perhaps_not_listed_yet(held, now)
        if finding.state is not PassState.GONE or not lags or self._looks[number] == len(self._look_again):
            return finding
        self._looks[number] += 1
        return AskLater(self._look_again[self._looks[number] - 1])
