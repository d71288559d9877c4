"""Control: whether refusals in a row are everybody's, where no row is left that could show it.

The last rows of a sorted roster may all be administrators; then each refusal is the row's own. What tells is a question
that the same permission, or the same policy, has to answer: may the passes of somebody whom this run served be listed,
and is the method still switched on?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.patience import pause_after
from bulktap.graph.access_passes import Listed, ListRefused, judge_list, list_step
from bulktap.graph.client import Answered
from bulktap.graph.directory import UserRetry, judge_policy, policy_step
from bulktap.passes import PassPolicy, PolicyState

if TYPE_CHECKING:
    from bulktap.dispatch.tools import IssueTools
    from bulktap.graph.batch import BatchStep, StepResponse

_TRIES = 5


async def may_still_list(target: str, tools: IssueTools) -> bool | None:
    """Return whether the passes of a user whom this run served may be listed, as before; None if nothing tells."""
    for failures in range(1, _TRIES + 1):
        response = await _ask(list_step("1", target), tools)
        verdict = None if response is None else judge_list(response, target, tools.service_clock.now())
        if isinstance(verdict, Listed | ListRefused):
            return isinstance(verdict, Listed)
        await tools.clock.sleep(pause_after(failures))
    return None


async def is_still_switched_on(tools: IssueTools) -> bool | None:
    """Return whether the tenant's policy still allows passes; None if it cannot be read."""
    for failures in range(1, _TRIES + 1):
        response = await _ask(policy_step("1"), tools)
        verdict = None if response is None else judge_policy(response, tools.service_clock.now())
        if isinstance(verdict, PassPolicy):
            return verdict.state is PolicyState.ENABLED
        if response is not None and not isinstance(verdict, UserRetry):
            return None
        await tools.clock.sleep(pause_after(failures))
    return None


async def _ask(step: BatchStep, tools: IssueTools) -> StepResponse | None:
    reply = await tools.sender.send([step], tools.sender.new_request_id(), creates=False)
    return reply.answer.responses.get(step.step_id) if isinstance(reply, Answered) else None
