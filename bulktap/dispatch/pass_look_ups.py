"""PassLookUps: which passes the users of a roster hold, asked as soon as it is known who each of them is."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.new_users import Newcomers
from bulktap.dispatch.permission_sample import PermissionSample
from bulktap.dispatch.queries import AskLater, Query
from bulktap.graph.access_passes import Listed, ListRefused, ListRetry, judge_list, list_step
from bulktap.graph.refusals import service_failed
from bulktap.model.errors import NotPermitted
from bulktap.model.row_error_catalogue import about_users
from bulktap.model.row_errors import RowError, RowErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.dispatch.reachability import Reachability
    from bulktap.dispatch.read_stream import ReadStream
    from bulktap.graph.batch import StepResponse
    from bulktap.model.passes import UserRef

PassAnswer = Listed | ListRefused


class PassLookUps:
    """Lists the passes of users who are handed over one by one."""

    def __init__(
        self,
        users: Mapping[str, UserRef],
        tools: ReadTools,
        reachability: Reachability,
        rows: Mapping[str, int] | None,
        tell: Callable[[str, PassAnswer, datetime], None],
    ) -> None:
        """Take who may be handed over, and who hears which passes each of them holds, as of when.

        Args:
            users: by folded text, in the order of the roster.
            tools: how to ask.
            reachability: whether the service can be reached at all.
            rows: the row that names a user, by folded text, for the log.
            tell: hears about everybody who was handed over, once.
        """
        self._users = users
        self._tools = tools
        self._reachability = reachability
        self._rows = rows
        self._tell = tell
        self._targets: dict[str, str] = {}
        self._created: dict[str, datetime | None] = {}
        """The users whom the directory has shown, and when their accounts were created."""
        self._newcomers = Newcomers(self._created, tools.observer)
        self._sample = PermissionSample(place={subject: number for number, subject in enumerate(users)})
        self._bulk: BulkQuery[PassAnswer] | None = None
        self._open = self._complete = False
        self._news = asyncio.Event()

    def hand_over(self, subject: str, target: str) -> None:
        """Take a user whose passes are to be listed, by the name or id that the service knows them by."""
        self._targets[subject] = target
        if self._open and self._bulk is not None:
            self._bulk.feed([subject])
        else:
            self._sample.add(subject)
        self._news.set()

    def shown(self, subject: str, created: datetime | None) -> None:
        """Take note that the directory has shown a user, and when the account was created."""
        self._created[subject] = created

    def complete(self) -> None:
        """Take note that nobody else is handed over."""
        self._complete = True
        self._news.set()
        if self._bulk is not None:
            self._bulk.feed()

    async def run(self, stream: ReadStream) -> None:
        """List the passes of all of them.

        Raises:
            NotPermitted: nobody of a sample from all over the roster may be listed.
            SignInFailed, ServiceUnreachable, ThrottledTooLong: see `bulk_query.BulkQuery`.
        """
        query = Query[PassAnswer](
            lambda step_id, subject: list_step(step_id, self._targets[subject]),
            self._judge,
            self._give_up,
            rows=self._rows,
        )
        async with BulkQuery(self._tools, query, self._reachability, len(self._users), stream) as bulk:
            self._bulk = bulk
            if not await self._sample.is_permitted(bulk, self._until_there):
                self._reachability.require_answers()
                raise _may_not_list([one.error for one in bulk.verdicts.values() if isinstance(one, ListRefused)])
            self._open = True
            bulk.feed(self._sample.rest())
            await bulk.drain(lambda: self._complete)

    async def _until_there(self, count: int) -> None:
        while not self._complete and len(self._sample.rest()) < count:
            self._news.clear()
            await self._news.wait()

    def _judge(self, subject: str, response: StepResponse) -> PassAnswer | ListRetry | AskLater:
        now, user = self._tools.service_clock.now(), self._users[subject].text
        verdict = judge_list(response, user, now)
        if isinstance(verdict, ListRetry):
            return verdict
        refused = isinstance(verdict, ListRefused)
        self._sample.note(subject, forbidden=refused and response.status == HTTPStatus.FORBIDDEN)
        if isinstance(verdict, ListRefused) and self._may_be_new(subject, verdict, response):
            pause = self._newcomers.pause(subject, now)
            if pause is not None:
                return AskLater(pause)
            verdict = ListRefused(about_users.not_ready(user), response.status)
        # A finding ages from its own reply: listing thousands of users may take longer than a finding is good for.
        self._tell(subject, verdict, now)
        return verdict

    def _may_be_new(self, subject: str, refused: ListRefused, response: StepResponse) -> bool:
        """Return whether the authentication service may only not have heard of the user yet."""
        if response.status != HTTPStatus.NOT_FOUND or refused.error.code is RowErrorCode.REFUSED:
            return False  # the latter is a 404 that is about the address
        return subject in self._newcomers or refused.error.code is RowErrorCode.USER_NOT_READY

    def _give_up(self, subject: str, cause: str, times: int) -> PassAnswer:
        verdict = ListRefused(service_failed(self._users[subject].text, cause, times), 0)
        self._tell(subject, verdict, self._tools.service_clock.now())
        return verdict


def _may_not_list(errors: Sequence[RowError]) -> NotPermitted:
    """Return that nobody may be listed; where all of them are refused for one other reason, that is the reason."""
    codes = {error.code for error in errors}
    if len(codes) == 1 and codes != {RowErrorCode.REFUSED_NOT_PERMITTED}:
        return NotPermitted(f"No passes may be listed. {errors[0].message}", hint=errors[0].hint)
    return NotPermitted(
        "The app may not list Temporary Access Passes, so it cannot be known whose pass a new one would replace.",
        hint="Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run the command again. If it has "
        "that, these users may all be administrators, whose passes only a Privileged Authentication Administrator may "
        "see.",
    )
