"""Where hardly anybody of a roster exists: are they there under another domain of the tenant? A few are tried."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.permission_sample import spread
from bulktap.dispatch.queries import Query
from bulktap.graph.directory import UserFound, UserMissing, UserNotPermitted, judge_user, user_step
from bulktap.graph.refusals import service_failed
from bulktap.model.unknown_users import are_mostly_unknown, unknown_users

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.dispatch.reachability import Reachability
    from bulktap.graph.batch import StepResponse
    from bulktap.graph.directory import UserRetry
    from bulktap.model.passes import UserRef
    from bulktap.model.plan import UserFinding

PROBED = 5
"""So many users are tried under each domain."""
_MOST_DOMAINS = 8
_TRIES = 3


async def probe_other_domains(
    domains: Sequence[str],
    users: Mapping[str, UserRef],
    findings: Mapping[str, UserFinding],
    tools: ReadTools,
    reachability: Reachability,
) -> Mapping[str, int]:
    """Return in which of the tenant's domains how many of a few users exist; empty where most exist as they are named.

    Args:
        domains: the tenant's verified domains.
        users: whom the roster names, by folded text.
        findings: who the users are.
        tools: how to ask.
        reachability: whether the service can be reached at all.
    """
    if not are_mostly_unknown(findings):
        return {}
    unknown = [subject for subject in unknown_users(findings) if not users[subject].is_object_id]
    tried = {
        f"{local}@{domain}": domain
        for local, _, own in (users[subject].text.rpartition("@") for subject in spread(unknown, PROBED))
        for domain in domains[:_MOST_DOMAINS]
        if local and domain != own.casefold()
    }
    if not tried:
        return {}
    return Counter([tried[name] for name in await _existing(list(tried), tools, reachability)])


async def _existing(names: Sequence[str], tools: ReadTools, reachability: Reachability) -> list[str]:
    tools.observer.phase("looking for them elsewhere", len(names))

    def judge(subject: str, response: StepResponse) -> UserFound | UserMissing | UserNotPermitted | UserRetry:
        return judge_user(response, subject, tools.service_clock.now())

    query = Query[UserFound | UserMissing | UserNotPermitted](
        user_step,
        judge,
        lambda subject, cause, times: UserMissing(service_failed(subject, cause, times)),
        _TRIES,
    )
    async with BulkQuery(tools, query, reachability, len(names)) as bulk:
        verdicts = await bulk.read(names)
    return [name for name, verdict in verdicts.items() if isinstance(verdict, UserFound)]
