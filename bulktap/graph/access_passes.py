"""Create, list and delete passes: a request becomes a step, a step's answer becomes a verdict; pure.

The verdict of a create says what is known about the pass, not what to do next:

    Created             a pass exists and this is its passcode
    CreateRefused       no pass was created, and none will be as the request stands
    CreateThrottled     no pass was created (429); ask again later
    CreateUnauthorized  no pass was created (401); the token was rejected
    CreateUnavailable   unproven (503): a pass may have been created, or may be later
    CreateDoubtful      unproven, for any other reason

Everything that is not positively one of the first four is unproven: 5xx, a success without a passcode, a 4xx that Graph
did not word or that `error_detail.is_refusal` does not take for one, and any status that should not occur.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bulktap.graph.batch import BatchStep, user_path
from bulktap.graph.error_detail import GraphErrorDetail, is_refusal, read_error, says_unavailable
from bulktap.graph.refusals import create_refusal, read_refusal
from bulktap.graph.wire_times import parse_moment, parse_retry_after
from bulktap.model.outcomes import IssuedPass
from bulktap.model.passes import AccessPass
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.secret import Secret
from bulktap.model.utc_times import as_utc

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulktap.graph.batch import StepResponse
    from bulktap.model.passes import PassRequest
    from bulktap.model.row_errors import RowError

_LONGEST_LIFETIME = 60 * 24 * 366
"""Minutes; Microsoft allows thirty days (temporaryAccessPassAuthenticationMethod). What is longer than a year is no
lifetime, and could not be counted with."""
_THROTTLE_HEADERS = ("x-ms-throttle-scope", "x-ms-throttle-information", "x-ms-throttle-limit-percentage")


@dataclass(frozen=True, slots=True)
class Created:
    """The pass exists and its passcode is here."""

    issued: IssuedPass
    """Its pass id is empty in the one case where the service showed a passcode without an id."""


@dataclass(frozen=True, slots=True)
class CreateRefused:
    """The service will not create this pass; nothing was done."""

    error: RowError
    detail: GraphErrorDetail


@dataclass(frozen=True, slots=True)
class CreateThrottled:
    """429: nothing was done, and the service asks to wait."""

    retry_after: float | None
    """Seconds; None when the service names none."""
    headers: Mapping[str, str]
    """The throttle headers, for the log: whose limit it is, and why."""


@dataclass(frozen=True, slots=True)
class CreateUnavailable:
    """503: the service asks to wait, and the pass may exist all the same, or come to exist later."""

    retry_after: float | None


@dataclass(frozen=True, slots=True)
class CreateUnauthorized:
    """401 for the step: nothing was done, and the token was rejected."""


@dataclass(frozen=True, slots=True)
class CreateDoubtful:
    """Unproven: a pass may exist, or come to exist later."""

    cause: str
    """In words, without anything of the reply."""


CreateVerdict = Created | CreateRefused | CreateThrottled | CreateUnavailable | CreateUnauthorized | CreateDoubtful


@dataclass(frozen=True, slots=True)
class Listed:
    """The passes of one user, at most one by today's documentation."""

    passes: tuple[AccessPass, ...]


@dataclass(frozen=True, slots=True)
class ListRefused:
    """The service will not show this user's passes."""

    error: RowError
    status: int
    """403 means the app may not look; whether that ends the run is for `dispatch` to say."""


@dataclass(frozen=True, slots=True)
class ListRetry:
    """No answer that could be used; reading changes nothing, so ask again."""

    retry_after: float | None
    throttled: bool


ListVerdict = Listed | ListRefused | ListRetry


@dataclass(frozen=True, slots=True)
class Deleted:
    """The pass is deleted."""


@dataclass(frozen=True, slots=True)
class NotThere:
    """There is no such pass, or its user is gone: it was deleted before, or replaced."""


@dataclass(frozen=True, slots=True)
class DeleteRefused:
    """The service will not delete it; nothing was done."""

    error: RowError
    status: int
    """403 means the app may not delete it; whether that ends the run is for `dispatch` to say."""


@dataclass(frozen=True, slots=True)
class DeleteRetry:
    """No answer that settles it; deleting by id may be repeated."""

    retry_after: float | None
    throttled: bool
    unproven: bool
    """Whether it may have been deleted all the same."""


DeleteVerdict = Deleted | NotThere | DeleteRefused | DeleteRetry


def create_step(step_id: str, user: str, request: PassRequest) -> BatchStep:
    """Return the step that creates a pass; what the request leaves open is not sent, and an empty body is valid."""
    terms, body = request.terms, dict[str, object]()
    if terms.starts_at is not None:
        moment = as_utc(terms.starts_at)
        # Always Z: with a local offset Graph answers that the start is in the past (msgraph-sdk-dotnet issue 2724).
        body["startDateTime"] = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
    # Without a lifetime the policy's default applies (page on creating a temporaryAccessPassMethod).
    if terms.lifetime_minutes is not None:
        body["lifetimeInMinutes"] = terms.lifetime_minutes
    if terms.usable_once is not None:
        body["isUsableOnce"] = terms.usable_once
    return BatchStep(step_id, "POST", _passes_of(user), body)


def list_step(step_id: str, user: str) -> BatchStep:
    """Return the step that lists a user's passes."""
    # The page on listing rules out OData's query options, although Microsoft's OpenAPI offers them.
    return BatchStep(step_id, "GET", _passes_of(user))


def delete_step(step_id: str, user: str, pass_id: str) -> BatchStep:
    """Return the step that deletes one pass, by its id: a later pass of the same user has another one."""
    return BatchStep(step_id, "DELETE", f"{_passes_of(user)}/{quote(pass_id, safe='')}")


def _passes_of(user: str) -> str:
    return f"{user_path(user)}/authentication/temporaryAccessPassMethods"


def judge_create(response: StepResponse, request: PassRequest, service_now: datetime | None) -> CreateVerdict:
    """Return what the answer to a create proves."""
    status = response.status
    if 200 <= status < 300:
        # The only reply with the passcode: it is null in every later one (temporaryAccessPassAuthenticationMethod).
        issued = _read_issued(response.body)
        return Created(issued) if issued else CreateDoubtful(f"HTTP {status} without a passcode")
    # The status decides and never the code: TooManyRequests (microsoft-graph-docs-contrib issue 1975) and UnknownError
    # were seen, and activityLimitReached is documented.
    if status == 429:
        headers = {name: response.headers[name] for name in _THROTTLE_HEADERS if name in response.headers}
        return CreateThrottled(_wait(response, service_now), headers)
    if status == 401:
        return CreateUnauthorized()
    detail = read_error(response.body)
    if status == 503 or says_unavailable(status, detail):
        return CreateUnavailable(_wait(response, service_now))
    if is_refusal(status, detail):
        return CreateRefused(create_refusal(status, detail, request), detail)
    return CreateDoubtful(f"HTTP {status}")


def judge_list(response: StepResponse, user: str = "the user", service_now: datetime | None = None) -> ListVerdict:
    """Return the user's passes, or why there is no list; `user` is only for the words."""
    status = response.status
    if status == 200:
        passes = _read_list(response.body)
        return ListRetry(None, throttled=False) if passes is None else Listed(passes)
    detail = read_error(response.body)
    if is_refusal(status, detail):
        return ListRefused(read_refusal(status, detail, user), status)
    return ListRetry(_wait(response, service_now), throttled=status == 429)


def judge_delete(response: StepResponse, user: str, service_now: datetime | None = None) -> DeleteVerdict:
    """Return what the answer to a delete proves; `user` is only for the words."""
    status = response.status
    if status == 204:  # as documented; another success is looked into
        return Deleted()
    detail = read_error(response.body)
    if is_refusal(status, detail):
        error = read_refusal(status, detail, user)
        if error.code is RowErrorCode.USER_NOT_FOUND:
            return NotThere()
        if error.code is not RowErrorCode.USER_NOT_READY:
            return DeleteRefused(error, status)
    return DeleteRetry(_wait(response, service_now), throttled=status == 429, unproven=status not in {401, 404, 429})


def limit_percentage(response: StepResponse) -> float | None:
    """Return how far the limit is used up, 1.0 being where throttling begins; None when nothing is said."""
    try:
        return float(response.headers["x-ms-throttle-limit-percentage"])
    except (KeyError, ValueError):
        return None


def _wait(response: StepResponse, service_now: datetime | None) -> float | None:
    return parse_retry_after(response.headers.get("retry-after"), service_now)


def _read_list(body: object) -> tuple[AccessPass, ...] | None:
    items = body.get("value") if isinstance(body, dict) else None
    if not isinstance(items, list):
        return None
    passes = [_read_pass(item) for item in items if isinstance(item, dict)]
    if len(passes) != len(items) or not all(found.pass_id for found in passes):
        return None
    return tuple(passes)


def _read_issued(body: object) -> IssuedPass | None:
    if not isinstance(body, dict):
        return None
    value = body.get("temporaryAccessPass")
    if not isinstance(value, str) or not value or not _is_whole(value):
        return None
    # As it came: a passcode may begin with `+` ("+drkzqAD" in Microsoft's own example) or end in a symbol, and its case
    # matters.
    return IssuedPass(_read_pass(body), Secret(value))


def _is_whole(text: str) -> bool:
    """Return True unless half of a character is in it, which could be neither sealed nor shown."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _read_pass(item: Mapping[str, object]) -> AccessPass:
    said = item.get
    pass_id, minutes, usability = said("id"), said("lifetimeInMinutes"), said("methodUsabilityReason")
    # `isUsable` and `methodUsabilityReason` are in v1.0 only; the beta schema has neither.
    once, usable = said("isUsableOnce"), said("isUsable")
    return AccessPass(
        pass_id if isinstance(pass_id, str) and _is_whole(pass_id) else "",
        parse_moment(said("createdDateTime")),
        parse_moment(said("startDateTime")),
        minutes if type(minutes) is int and 0 <= minutes <= _LONGEST_LIFETIME else None,
        once if isinstance(once, bool) else None,
        usable if isinstance(usable, bool) else None,
        usability if isinstance(usability, str) and _is_whole(usability) else None,
    )
