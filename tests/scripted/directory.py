"""A pretend directory that answers look-ups by script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import Answered, BatchReply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.graph.batch import BatchStep
    from bulktap.model.secret import Secret

_VALUES = re.compile(r"'((?:[^']|'')*)'")
POLICY = {"state": "enabled", "isUsableOnce": True, "maximumLifetimeInMinutes": 600}


class Directory:
    """Answers look-ups; a test sets what it says."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self.status: Callable[[str, str], int] = lambda _kind, _user: 200
        self.whole: Callable[[int], BatchReply | None] = lambda _number: None
        self.of_batch: Callable[[list[str]], BatchReply | None] = lambda _urls: None
        self.error: dict[str, object] = {"code": "x"}
        self.created: dict[str, str] = {}
        self.retry_after: dict[int, str] = {429: "4"}
        self.policy: dict[str, object] = dict(POLICY)
        self.asked_at: dict[str, list[float]] = {}
        self.takes = 0.2
        self.organization: dict[str, object] = {"displayName": "Contoso"}
        self.groups: dict[str, list[str]] = {}
        self.more_groups = False
        self.passes: dict[str, list[dict[str, object]]] = {}
        self.sent: list[tuple[str, ...]] = []
        self.searched: list[tuple[str, ...]] = []
        """Who was asked about by each filter."""
        self.hidden: set[str] = set()
        """Sign-in names that no filter finds."""

    async def post_batch(
        self, steps: Sequence[BatchStep], token: Secret, request_id: str, *, creates: bool
    ) -> BatchReply:
        """See `sender.Poster`."""
        assert not creates
        assert token
        assert request_id
        self.sent.append(tuple(step.url for step in steps))
        number = len(self.sent)
        for step in steps:
            self.asked_at.setdefault(step.url, []).append(self._clock.seconds)
        await self._clock.sleep(self.takes)
        reply = self.whole(number) or self.of_batch([unquote(step.url) for step in steps])
        if reply is not None:
            return reply
        answers = {step.step_id: self._answer(step) for step in steps}
        return Answered(BatchAnswer(answers), 0.2, service_date=self._clock.service_now())

    def _answer(self, step: BatchStep) -> StepResponse:
        if step.url.startswith("/users?"):
            return self._search(step)
        user = unquote(f"{step.url}/".split("/")[2].partition("?")[0])
        kind, body = "user", self._user(user)
        if "authenticationMethodsPolicy" in step.url:
            kind, body = "policy", self.policy
        elif step.url.startswith("/organization"):
            kind, body = "organization", {"value": [self.organization]}
        elif "/transitiveMemberOf" in step.url:
            kind, body = "groups", {"value": [{"id": group} for group in self.groups.get(user, [])]}
            body |= {"@odata.nextLink": "x"} if self.more_groups else {}
        elif step.url.endswith("temporaryAccessPassMethods"):
            kind, body = "passes", {"value": self.passes.get(user, [])}
        status = self.status(kind, user)
        headers = {"retry-after": self.retry_after[status]} if status in self.retry_after else {}
        return StepResponse(step.step_id, status, headers, body if status == 200 else {"error": self.error})

    def _search(self, step: BatchStep) -> StepResponse:
        """Answer a filter: whoever is not to be seen is left out, and one who fails fails the step."""
        asked = [
            value.replace("''", "'") for value in _VALUES.findall(parse_qs(step.url.partition("?")[2])["$filter"][0])
        ]
        self.searched.append(tuple(asked))
        statuses = [self.status("user", user) for user in asked]
        failed = [status for status in statuses if status not in {200, 403, 404}]
        status = failed[0] if failed else 403 if set(statuses) == {403} else 200
        headers = {"retry-after": self.retry_after[status]} if status in self.retry_after else {}
        value = [self._user(user) for user, status in zip(asked, statuses, strict=True) if status == 200]
        value = [user for user in value if user["userPrincipalName"] not in self.hidden]
        return StepResponse(step.step_id, status, headers, {"value": value} if status == 200 else {"error": self.error})

    def _user(self, user: str) -> dict[str, object]:
        name = user.partition("@")[0]
        number = int("".join(filter(str.isdigit, name))[-12:] or 0)
        return {
            "id": f"ABCDEF00-0000-4000-8000-{number:012d}",
            "userPrincipalName": f"user{number}@contoso.com",
            "displayName": f"User {number}",
            "accountEnabled": True,
            "userType": "Member",
            "createdDateTime": self.created.get(user),
        }


def names(count: int) -> list[str]:
    """Return so many sign-in names."""
    return [f"user{number}@contoso.com" for number in range(1, count + 1)]


ODD = "user37@contoso.com"


def of_odd(url: str) -> bool:
    """Whether a step is about the odd user."""
    return "user37@" in url or "000000000037" in url
