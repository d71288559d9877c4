"""One request to the pretend tenant with its reply, and which operation of Microsoft Graph it was."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from contract.contract import Contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BATCH = "POST /$batch"
OUTSIDE = (
    "GET /policies/authenticationMethodsPolicy",
    "PATCH /policies/authenticationMethodsPolicy",
    "GET /policies/authenticationMethodsPolicy/authenticationMethodConfigurations",
    "GET /organization/{}",
    "GET /users/$count",
    "GET /users/{}/authentication/methods",
    "GET /users/{}/memberOf",
    "GET /users/{}/transitiveMemberOf",
    "GET /groups",
    "GET /groups/$count",
    "GET /groups/{}",
    "GET /groups/{}/members",
    "GET /groups/{}/transitiveMembers",
    "GET /directory/administrativeUnits",
    "GET /directory/administrativeUnits/{}",
    "GET /directory/administrativeUnits/{}/members",
    BATCH,
)
"""Operations that the contract does not have and bulktap or the pretend tenant does."""
OPERATIONS = (*Contract.read().operations, *OUTSIDE)
"""All of them, in the order of the report."""
_KEYED = re.compile(r"\A/(\w+)\('((?:[^']|'')*)'\)")
_PATTERNS = {
    operation: re.compile(
        re.escape(operation.partition(" ")[2]).replace(re.escape("{}"), "[^/]+") + r"\Z", re.IGNORECASE
    )
    for operation in sorted(OPERATIONS, key=lambda one: one.count("{}"))  # `users/$count` is no user's name
}


def operation_of(method: str, url: str) -> str | None:
    """Return which operation that is, as `OPERATIONS` has it; `url` is relative to the version root."""
    path = "/" + url.partition("?")[0].lstrip("/")
    path = unquote(_KEYED.sub(r"/\1/\2", path))
    fitting = (one for one, pattern in _PATTERNS.items() if one.startswith(f"{method} ") and pattern.match(path))
    return next(fitting, None)


@dataclass(frozen=True)
class Exchange:
    """A request on its own, a batch, or a step of one."""

    method: str
    url: str
    """Relative to the version root."""
    status: int
    request_headers: Mapping[str, str] = field(default_factory=dict)
    """By name in lower case, without the token."""
    request_body: object = field(default=None, repr=False)
    """What the JSON says; None for no body."""
    reply_headers: Mapping[str, str] = field(default_factory=dict)
    """By name in lower case."""
    reply_body: object = field(default=None, repr=False)
    """As above."""
    has_token: bool = True
    in_batch: bool = False
    """Whether it was a step of a batch."""

    @property
    def operation(self) -> str:
        """As `OPERATIONS` has it; a request that is none of them as it came."""
        return operation_of(self.method, self.url) or f"{self.method} {self.url}"

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        return self.url.partition("?")[2]

    def steps(self) -> Iterator[Exchange]:
        """Yield the steps of a batch whose replies are there."""
        if self.operation != BATCH or not isinstance(self.request_body, dict) or self.status != 200:
            return
        assert isinstance(self.reply_body, dict)
        replies = {reply["id"]: reply for reply in self.reply_body["responses"]}
        for step in self.request_body["requests"]:
            if step["id"] in replies:
                yield _step(step, replies[step["id"]], has_token=self.has_token)


def _step(step: Mapping[str, Any], reply: Mapping[str, Any], *, has_token: bool) -> Exchange:
    return Exchange(
        step["method"].upper(),
        "/" + step["url"].lstrip("/"),
        int(reply["status"]),
        by_lower_name((step.get("headers") or {}).items()),
        step.get("body"),
        by_lower_name((reply.get("headers") or {}).items()),
        reply.get("body"),
        has_token,
        in_batch=True,
    )


def by_lower_name(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers without the token, by name in lower case."""
    return {name.lower(): text for name, text in headers if name.lower() != "authorization"}


def body_of(raw: bytes) -> object:
    """Return what a body says; None for none, the bytes where they are no JSON."""
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw
