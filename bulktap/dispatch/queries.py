"""Queries: what is asked about each subject of a bulk query, and what its answers, or none at all, mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Generic, TypeVar

from bulktap.dispatch.row_failures import FAILURES_OF_ONE
from bulktap.graph.directory import UserRetry
from bulktap.model.errors import BulktapError, GaveUp, NotPermitted, ServiceUnreachable, SignInFailed, ThrottledTooLong
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulktap.dispatch.giving_up import Patience
    from bulktap.graph.access_passes import ListRetry
    from bulktap.graph.batch import BatchStep, StepResponse
    from bulktap.graph.replies import EnvelopeRefused

Verdict = TypeVar("Verdict")


@dataclass(frozen=True, slots=True)
class AskLater:
    """An answer that may be another one after a while; it is no failure."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Wording:
    """How sentences about a bulk query speak of it."""

    what: str = "the look-ups"
    """What was asked for."""
    so_far: str = "nothing was sent"
    """What is known to have been done where it comes to a bad end."""
    again: str = "run the command again"
    """How it is done again."""


@dataclass(frozen=True)  # with slots, Python 3.11 fails at `Query[...](...)`: typing sets an attribute of it
class Query(Generic[Verdict]):
    """What is asked about each subject, and what its answers mean."""

    step: Callable[[str, str], BatchStep]
    """Makes the step, from step id and subject."""
    judge: Callable[[str, StepResponse], Verdict | ListRetry | UserRetry | AskLater]
    """Judges the answer about a subject."""
    give_up: Callable[[str, str, int], Verdict]
    """Makes the outcome of a subject at which the service failed: subject, cause in words, how often."""
    tries: int = FAILURES_OF_ONE
    """After so many failures that count."""
    rows: Mapping[str, int] | None = None
    """The row that names the subject, for the log."""
    wording: Wording = field(default_factory=Wording)


def rejected(reply: EnvelopeRefused, wording: Wording | None = None) -> BulktapError:
    """Return what stops the look-ups where whole batches are rejected and nothing is answered."""
    what = (wording or Wording()).what
    if reply.status == 403:
        return NotPermitted(
            f"Microsoft Graph refused {what}: {reply.message or reply.code}.",
            hint="Check the app registration, its permissions and conditional access with your administrator.",
        )
    return ServiceUnreachable(
        f"Microsoft Graph rejected {what} ({reply.status} {reply.code}).",
        hint=f"Check {Setting.GRAPH_URL} if you set it, and the app registration with your administrator.",
    )


def nothing_answered(patience: Patience, wording: Wording | None = None) -> GaveUp:
    """Return what stops the look-ups where patience has come to an end."""
    words = wording or Wording()
    again = f"{words.again[0].upper()}{words.again[1:]}"
    if patience.cause:
        return ServiceUnreachable(
            "Microsoft Graph answered none of the look-ups for half an hour; nothing was sent. "
            f"The last cause: {patience.cause.rstrip('.')}.",
            hint=f"{again} later; log.jsonl has the request ids that Microsoft's support asks for.",
        )
    return ThrottledTooLong(
        f"The service throttled all of {words.what} for half an hour; {words.so_far}.",
        hint=f"Other programs may be using the tenant's quota; {words.again} later.",
    )


def tokens_rejected() -> SignInFailed:
    """Return what stops the look-ups where tokens come and none of them is taken."""
    return SignInFailed(
        "Microsoft Graph rejected fresh access tokens for every single request.",
        hint="Check that the app registration still exists in this tenant, then run the command again.",
    )


def probed(response: StepResponse) -> AskLater | UserRetry:
    """Return what the answer to a step says that only asks whether the service is well."""
    well = 200 <= response.status < 300 and isinstance(response.body, dict)
    return AskLater(0.0) if well else UserRetry(None, throttled=response.status == HTTPStatus.TOO_MANY_REQUESTS)
