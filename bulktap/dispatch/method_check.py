"""Which users have registered a sign-in method since they were given a pass; nothing is changed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.permission_sample import PermissionSample
from bulktap.dispatch.queries import Query
from bulktap.dispatch.reachability import Reachability
from bulktap.graph.access_passes import ListRetry
from bulktap.graph.registered_methods import (
    MethodsRefused,
    MethodsRetry,
    RegisteredMethods,
    judge_methods,
    methods_step,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.graph.batch import StepResponse


async def registered_methods(
    targets: Mapping[int, str], tools: ReadTools
) -> dict[int, RegisteredMethods | None] | None:
    """Return the sign-in methods of users, by row.

    Args:
        targets: by row, the user's object id or sign-in name.
        tools: how to ask.

    Returns:
        None for a user whose methods are not shown; None for all if the app may not read anybody's.

    Raises:
        SignInFailed, ServiceUnreachable, ThrottledTooLong: see `bulk_query.BulkQuery`.
    """
    tools.observer.phase("asking who has signed up", len(targets))
    rows = {str(number): number for number in targets}
    sample = PermissionSample(list(rows))

    def judge(subject: str, response: StepResponse) -> RegisteredMethods | MethodsRefused | ListRetry:
        verdict = judge_methods(response, tools.service_clock.now())
        if isinstance(verdict, MethodsRetry):
            return ListRetry(verdict.retry_after, verdict.throttled)
        sample.note(subject, forbidden=response.status == HTTPStatus.FORBIDDEN)
        return verdict

    query = Query[RegisteredMethods | MethodsRefused](
        lambda step_id, subject: methods_step(step_id, targets[rows[subject]]),
        judge,
        lambda *_: MethodsRefused(HTTPStatus.SERVICE_UNAVAILABLE),
        rows=rows,
    )
    async with BulkQuery(tools, query, Reachability(tools.clock, tools.observer), len(targets)) as bulk:
        if not await sample.is_permitted(bulk):
            return None
        found = await bulk.read(sample.rest())
    return {
        number: None if isinstance(verdict := found[str(number)], MethodsRefused) else verdict for number in targets
    }
