"""Sign-in methods of a user: which ones were registered, and when; step and verdict, pure.

Needs `UserAuthenticationMethod.Read.All`, which issuing passes does not: whoever has not granted it is answered 403.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulktap.graph.batch import BatchStep, user_path
from bulktap.graph.error_detail import is_refusal, read_error
from bulktap.graph.wire_times import parse_moment, parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulktap.graph.batch import StepResponse

_KINDS: Final = {
    "fido2authenticationmethod": "passkey",
    "microsoftauthenticatorauthenticationmethod": "Authenticator app",
    "phoneauthenticationmethod": "phone",
    "windowshelloforbusinessauthenticationmethod": "Windows Hello",
    "softwareoathauthenticationmethod": "software token",
    "platformcredentialauthenticationmethod": "platform credential",
    "qrcodepinauthenticationmethod": "QR code",
    "externalauthenticationmethod": "external method",
    "emailauthenticationmethod": "email",
}
"""The types that derive from `authenticationMethod` in v1.0, in words."""
_NOT_REGISTERED: Final = frozenset({"passwordauthenticationmethod", "temporaryaccesspassauthenticationmethod"})
"""Everybody has a password, and the pass is what was issued."""


@dataclass(frozen=True, slots=True)
class RegisteredMethods:
    """The methods of one user, by kind in words, and when each was registered, where the service says that."""

    methods: tuple[tuple[str, datetime | None], ...]

    def since(self, moment: datetime) -> tuple[str, ...]:
        """Return the kinds of those that were registered at that moment or later; others do not count."""
        kinds = [kind for kind, registered_at in self.methods if registered_at is not None and registered_at >= moment]
        return tuple(dict.fromkeys(kinds))


@dataclass(frozen=True, slots=True)
class MethodsRefused:
    """The service does not show them."""

    status: int


@dataclass(frozen=True, slots=True)
class MethodsRetry:
    """No answer that could be used; reading changes nothing, so ask again."""

    retry_after: float | None
    throttled: bool


def methods_step(step_id: str, user: str) -> BatchStep:
    """Return the step that lists a user's sign-in methods."""
    return BatchStep(step_id, "GET", f"{user_path(user)}/authentication/methods")


def judge_methods(
    response: StepResponse, service_now: datetime | None = None
) -> RegisteredMethods | MethodsRefused | MethodsRetry:
    """Return the methods of a user, or why there are none."""
    status = response.status
    items = response.body.get("value") if status == 200 and isinstance(response.body, dict) else None
    if isinstance(items, list) and all(isinstance(item, dict) for item in items):
        return RegisteredMethods(tuple(found for item in items if (found := _read(item)) is not None))
    if is_refusal(status, read_error(response.body)):
        return MethodsRefused(status)
    wait = parse_retry_after(response.headers.get("retry-after"), service_now)
    return MethodsRetry(wait, throttled=status == 429)


def _read(item: Mapping[str, object]) -> tuple[str, datetime | None] | None:
    kind = str(item.get("@odata.type", "")).rpartition(".")[2].casefold()
    if not kind or kind in _NOT_REGISTERED:
        return None
    # Of many methods, old ones above all, the service does not say when they were registered.
    return _KINDS.get(kind, "another method"), parse_moment(item.get("createdDateTime"))
