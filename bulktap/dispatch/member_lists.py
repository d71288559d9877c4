"""Lists of the tenant, read to their last page: throttled, lost and repeated pages are asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.queries import Query, Wording
from bulktap.dispatch.reachability import Reachability
from bulktap.graph.batch import BatchStep
from bulktap.graph.member_lists import ListPage, ListRefused, judge_page
from bulktap.model.errors import ServiceContradiction, ServiceUnreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.graph.batch import StepResponse
    from bulktap.graph.directory import UserRetry


async def read_list(url: str, graph_url: str, what: str, tools: ReadTools) -> list[Mapping[str, object]] | ListRefused:
    """Return all items of a list, or why it is refused.

    Args:
        url: of its first page, relative to the version root.
        graph_url: root of Microsoft Graph as it is reached now.
        what: is read, in words.
        tools: how to ask.

    Raises:
        ServiceContradiction: a page leads elsewhere, or round in a circle.
        SignInFailed, ServiceUnreachable, ThrottledTooLong: see `bulk_query.BulkQuery`.
    """
    tools.observer.phase(f"reading {what}", 0)

    def judge(_url: str, response: StepResponse) -> ListPage | ListRefused | UserRetry:
        return judge_page(response, graph_url, tools.service_clock.now())

    query = Query[ListPage | ListRefused](
        lambda step_id, page_url: BatchStep(step_id, "GET", page_url),
        judge,
        lambda _url, cause, _times: ListRefused(0, cause),
        wording=Wording(what=what),
    )
    items: list[Mapping[str, object]] = []
    seen: set[str] = set()
    reachability = Reachability(tools.clock, tools.observer)
    async with BulkQuery(tools, query, reachability) as bulk:
        following: str | None = url
        while following is not None:
            seen.add(following)
            page = (await bulk.read([following]))[following]
            if isinstance(page, ListRefused):
                return _refused(page, what)
            items += page.items
            following = page.next_url
            if page.leads_away or following in seen:
                raise _wrong_link(what)
    return items


def _refused(refused: ListRefused, what: str) -> ListRefused:
    if refused.status == 0:
        raise ServiceUnreachable(
            f"Microsoft Graph failed again and again at {what}: {refused.message.rstrip('.')}.",
            hint="Run the command again later; log.jsonl has the request ids that Microsoft's support asks for.",
        )
    return refused


def _wrong_link(what: str) -> ServiceContradiction:
    return ServiceContradiction(
        f"A page of {what} names a next page that is no page of Microsoft Graph behind it; it was not followed.",
        hint="Check whether a proxy changes the answers of Microsoft Graph, then run the command again.",
    )
