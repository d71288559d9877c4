"""UserLookUps: who the users of a roster are, fifteen a step by a filter, and alone whoever that does not show.

A filter's answer shows that users may be looked up, and whom it shows. It calls nobody missing: that, a refusal of one
user, and a service that fails at one, are found out by asking about them alone, which costs one step more for each. A
step that is refused, or fails twice, is taken apart in the same way, so that one odd name holds up none of the others.

Fifteen are taken from all over the roster, so that the first answers say something about all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.permission_sample import PermissionSample
from bulktap.dispatch.queries import Query
from bulktap.dispatch.read_stream import side_by_side
from bulktap.graph.directory import UserFound, UserMissing, UserNotPermitted, UserRetry, judge_user, user_step
from bulktap.graph.refusals import service_failed
from bulktap.graph.user_filter import (
    MOST_VALUES,
    UsersRefused,
    UsersShown,
    can_be_filtered,
    judge_users,
    users_step,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.dispatch.reachability import Reachability
    from bulktap.dispatch.read_stream import ReadStream
    from bulktap.graph.batch import BatchStep, StepResponse
    from bulktap.model.passes import UserRef

_TRIES_OF_FIFTEEN = 2
"""After so many failures fifteen users are asked about one by one."""

UserAnswer = UserFound | UserMissing | UserNotPermitted


class UserLookUps:
    """Looks users up, and hands each over as soon as it is known who they are."""

    def __init__(
        self,
        users: Mapping[str, UserRef],
        tools: ReadTools,
        reachability: Reachability,
        rows: Mapping[str, int] | None,
        tell: Callable[[str, UserAnswer], None],
    ) -> None:
        """Take whom to look up, and who hears what each of them is.

        Args:
            users: by folded text.
            tools: how to ask.
            reachability: whether the service can be reached at all.
            rows: the row that names a user, by folded text, for the log.
            tell: hears about every user once, by folded text.
        """
        self._users = users
        self._tools = tools
        self._reachability = reachability
        self._rows = rows
        self._tell = tell
        self._groups = _groups_of(users)
        self._sample = PermissionSample()
        self._unshown: list[str] = []
        """Users who are to be asked about alone."""
        self._filtered = self._filter_forbidden = False
        self.permitted = False
        """Whether looking users up is permitted at all, as far as it is known."""

    async def run(self, stream: ReadStream) -> None:
        """Look all of them up, in one window with whatever else goes on; where that is forbidden nobody is told of."""
        query = Query[UserAnswer](
            lambda step_id, subject: user_step(step_id, self._users[subject].text),
            self._judge_one,
            self._give_up_one,
            rows=self._rows,
        )
        async with BulkQuery(self._tools, query, self._reachability, len(self._users), stream) as singly:
            self._singly = singly
            await side_by_side(self._by_filter(stream), self._one_by_one())

    async def _by_filter(self, stream: ReadStream) -> None:
        grouped = {subject for group in self._groups.values() for subject in group}
        self._hand_on(subject for subject in self._users if subject not in grouped)
        if self._groups:
            query = Query[UsersShown | UsersRefused](
                self._step, self._judge_group, self._give_up_group, _TRIES_OF_FIFTEEN
            )
            async with BulkQuery(self._tools, query, self._reachability, len(self._users), stream) as bulk:
                verdicts = await bulk.read(list(self._groups), lambda: self._filter_forbidden)
            self._hand_on(subject for key, group in self._groups.items() if key not in verdicts for subject in group)
        self._filtered = True
        self._singly.feed()

    async def _one_by_one(self) -> None:
        await self._singly.drain(lambda: self._filtered)
        if self._unshown:
            place = {subject: number for number, subject in enumerate(self._users)}
            self._sample = PermissionSample(sorted(self._unshown, key=place.__getitem__))
            self.permitted = await self._sample.is_permitted(self._singly)
            if self.permitted:
                await self._singly.read(self._sample.rest())
        self.permitted = self.permitted or not self._unshown

    # Fifteen at a time

    def _step(self, step_id: str, key: str) -> BatchStep:
        return users_step(step_id, [self._users[subject] for subject in self._groups[key]])

    def _judge_group(self, key: str, response: StepResponse) -> UsersShown | UsersRefused | UserRetry:
        subjects = self._groups[key]
        verdict = judge_users(response, [self._users[one] for one in subjects], self._tools.service_clock.now())
        if isinstance(verdict, UserRetry):
            return verdict
        shown = verdict.users if isinstance(verdict, UsersShown) else {}
        if isinstance(verdict, UsersShown):
            self.permitted = True
        for subject, user in shown.items():
            self._tell(subject, UserFound(user))
        self._filter_forbidden = self._filter_forbidden or (isinstance(verdict, UsersRefused) and verdict.forbidden)
        self._hand_on(subject for subject in subjects if subject not in shown)
        return verdict

    def _give_up_group(self, key: str, _cause: str, _times: int) -> UsersRefused:
        self._hand_on(self._groups[key])
        return UsersRefused(forbidden=False)

    def _hand_on(self, subjects: Iterable[str]) -> None:
        """Have users asked about alone: at once where looking up is known to be permitted."""
        self._unshown.extend(subjects)
        if self.permitted and self._unshown:
            self._singly.feed(self._unshown)
            self._unshown = []

    # One by one

    def _judge_one(self, subject: str, response: StepResponse) -> UserAnswer | UserRetry:
        verdict = judge_user(response, self._users[subject].text, self._tools.service_clock.now())
        if not isinstance(verdict, UserRetry):
            self._sample.note(subject, forbidden=isinstance(verdict, UserNotPermitted))
            self._tell(subject, verdict)
        return verdict

    def _give_up_one(self, subject: str, cause: str, times: int) -> UserAnswer:
        verdict = UserMissing(service_failed(self._users[subject].text, cause, times))
        self._tell(subject, verdict)
        return verdict


def _groups_of(users: Mapping[str, UserRef]) -> dict[str, Sequence[str]]:
    """Return who is asked about together: up to fifteen of one kind, from all over the roster."""
    groups: dict[str, Sequence[str]] = {}
    for by_id in (False, True):
        kind = [key for key, user in users.items() if user.is_object_id is by_id and can_be_filtered(user)]
        count = -(-len(kind) // MOST_VALUES)
        members = [kind[first::count] for first in range(count)]
        groups |= {f"{by_id} {number}": group for number, group in enumerate(members) if len(group) > 1}
    return groups
