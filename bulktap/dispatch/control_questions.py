"""Control: whether refusals in a row are everybody's, where no row is left that could show it.

The last rows of a sorted roster may all be administrators; then each refusal is the row's own. What tells is a question
that the same permission, or the same policy, has to answer: may the passes of somebody whom this run served be listed,
and is the method still switched on?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.giving_up import pause_after
from bulktap.graph.access_passes import Listed, ListRefused, judge_list, list_step
from bulktap.graph.client import Answered
from bulktap.graph.directory import UserRetry, judge_policy, policy_step
from bulktap.model.passes import PassPolicy, PolicyState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.dispatch.dependencies import IssueTools
    from bulktap.graph.batch import BatchStep, StepResponse

_TRIES = 5  # with their pauses about half a minute; a sign-in or a gateway may fail meanwhile
MOST_ASKED = 5
"""So many are asked about at once."""


async def may_still_list(targets: Sequence[str], tools: IssueTools) -> bool | None:
    """Return whether the passes of anybody whom this run served may be listed, as before; None if nothing tells.

    Args:
        targets: whom to ask about, a few of them: one may be odd.
        tools: how to ask.
    """
    asked = {str(number): target for number, target in enumerate(targets[:MOST_ASKED], 1)}
    for failures in range(1, _TRIES + 1):
        answers = await _ask([list_step(step_id, target) for step_id, target in asked.items()], tools)
        verdicts = [judge_list(response, asked[step_id]) for step_id, response in answers.items()]
        if any(isinstance(verdict, Listed) for verdict in verdicts):
            return True
        if verdicts and all(isinstance(verdict, ListRefused) for verdict in verdicts):
            return False
        await tools.clock.sleep(pause_after(failures))
    return None


async def is_still_switched_on(tools: IssueTools) -> bool | None:
    """Return whether the tenant's policy still allows passes; None if it cannot be read."""
    for failures in range(1, _TRIES + 1):
        response = (await _ask([policy_step("1")], tools)).get("1")
        verdict = None if response is None else judge_policy(response, tools.service_clock.now())
        if isinstance(verdict, PassPolicy):
            return verdict.state is PolicyState.ENABLED
        if response is not None and not isinstance(verdict, UserRetry):
            return None
        await tools.clock.sleep(pause_after(failures))
    return None


async def _ask(steps: Sequence[BatchStep], tools: IssueTools) -> Mapping[str, StepResponse]:
    reply = await tools.sender.send(steps, tools.sender.new_request_id(), creates=False)
    return reply.answer.responses if isinstance(reply, Answered) else {}
