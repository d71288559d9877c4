"""Who is covered by a policy that is not for everybody: looked up before anything is decided.

Only a policy for some groups makes anybody be asked about; what cannot be found out is said once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.permission_sample import PermissionSample
from bulktap.dispatch.queries import Query
from bulktap.graph.memberships import MembershipsUnread, judge_memberships, memberships_step
from bulktap.model.pass_scope import Memberships

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.dispatch.reachability import Reachability
    from bulktap.graph.batch import StepResponse
    from bulktap.graph.directory import UserRetry
    from bulktap.model.pass_scope import PassScope
    from bulktap.model.plan import UserFinding

UNCHECKED_NOTE = (
    "The tenant's policy allows passes to some groups only, and who is in them could not be read (that takes "
    "User.Read.All), so whoever is left out is found out only when their pass is created."
)
_TRIES = 4
"""What the run can do without is not asked for long."""


async def check_scope(
    scope: PassScope, findings: Mapping[str, UserFinding], tools: ReadTools, reachability: Reachability
) -> tuple[dict[str, UserFinding], list[str]]:
    """Find out whom the policy covers.

    Args:
        scope: for whom the policy allows passes.
        findings: who the users are.
        tools: how to ask.
        reachability: whether the service can be reached at all.

    Returns:
        the findings with what was found out, and what could not be, a sentence each.
    """
    if scope.is_everybody:
        return dict(findings), []
    known = {
        subject: finding.object_id
        for subject, finding in findings.items()
        if finding.object_id is not None and finding.error is None and not finding.external_guest
    }
    groups = await _memberships(known, tools, reachability) if scope.needs_memberships else {}
    checked = {
        subject: replace(finding, in_scope=scope.covers(known[subject], groups.get(subject)))
        if subject in known
        else finding
        for subject, finding in findings.items()
    }
    unread = not known or any(checked[subject].in_scope is None for subject in known)
    able = [finding for finding in findings.values() if finding.error is None and not finding.external_guest]
    return checked, [UNCHECKED_NOTE] if able and unread else []


async def _memberships(
    known: Mapping[str, str], tools: ReadTools, reachability: Reachability
) -> Mapping[str, Memberships]:
    """Ask for the groups of each user; who is not in the answer could not be asked about."""
    tools.observer.phase("looking groups up", len(known))
    sample = PermissionSample(known)

    def judge(subject: str, response: StepResponse) -> Memberships | MembershipsUnread | UserRetry:
        verdict = judge_memberships(response, tools.service_clock.now())
        if isinstance(verdict, Memberships | MembershipsUnread):
            sample.note(subject, forbidden=isinstance(verdict, MembershipsUnread) and verdict.forbidden)
        return verdict

    query = Query[Memberships | MembershipsUnread](
        lambda step_id, subject: memberships_step(step_id, known[subject]),
        judge,
        lambda _subject, _cause, _times: MembershipsUnread(forbidden=False),
        _TRIES,
    )
    async with BulkQuery(tools, query, reachability, len(known)) as bulk:
        verdicts = await bulk.read(sample.rest()) if await sample.is_permitted(bulk) else {}
    return {subject: one for subject, one in verdicts.items() if isinstance(one, Memberships)}
