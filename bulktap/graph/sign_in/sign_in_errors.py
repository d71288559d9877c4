"""Why signing in failed, in plain words; pure.

The identity platform's texts begin with a number (`AADSTS…`) that its documentation lists but does not promise to
keep. The numbers only choose better words: whatever is not in the table is passed on as the platform put it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.model.errors import ServiceUnreachable, SignInFailed
from bulktap.model.plain_text import one_line
from bulktap.model.secret import struck
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"AADSTS(\d{1,9})", re.ASCII)
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)

_TRANSIENT_ERRORS = frozenset({"temporarilyunavailable", "servererror", "serviceunavailable", "slowdown"})
"""Words for a failure that passes (OAuth: RFC 6749, 4.1.2.1; RFC 8628, 3.5), without regard to how they are spelt."""
_TRANSIENT_NUMBERS = frozenset({50196, 90006, 90012, 90024, 90033, 90055})
"""AADSTS numbers of failures that pass: a client that asked too often (50196), another server (90006), a timeout
(90012), a request budget (90024), a service that is unavailable for a moment (90033), a throttled tenant (90055).
"""

_CONSENT = "the app must be registered, or have admin consent, in the tenant."
_KNOWN: Mapping[int, tuple[str, str]] = {
    7000215: (
        "The client secret is wrong",
        "Use the secret's value, not its id; it is shown only once, so make a new one under Certificates & secrets.",
    ),
    7000222: ("The client secret has expired", "Make a new client secret for the app under Certificates & secrets."),
    7000112: ("The app is disabled in this tenant", "Enable it under Enterprise applications."),
    700016: (
        "The tenant does not know this app",
        f"Check {Setting.CLIENT_ID} and {Setting.TENANT_ID}; {_CONSENT}",
    ),
    90002: ("There is no such tenant", f"Check {Setting.TENANT_ID} and that the cloud is the right one."),
    900023: ("The tenant's id is not a GUID or a domain name", f"Check {Setting.TENANT_ID}."),
    900382: ("The tenant belongs to another cloud", f"Set {Setting.AUTHORITY_HOST} to the tenant's own cloud."),
    500011: (
        "The tenant does not know this Microsoft Graph",
        "Check that the addresses of sign-in and Microsoft Graph belong to the same cloud.",
    ),
    53003: (
        "A conditional access policy blocks this app",
        "Have the policy changed for the app, or run from a place that it allows.",
    ),
    530035: ("Access is blocked by security defaults", "Have the tenant's administrator look at the sign-in log."),
}


class SignInUnreachable(ServiceUnreachable, SignInFailed):
    """The identity platform gave no usable answer: the network or the platform failed, which is no refusal."""

    code = "sign-in-unreachable"

    def __init__(self, message: str, *, hint: str = "", permanent: bool = False) -> None:
        """Take message and hint; `permanent` if asking again cannot help."""
        super().__init__(message, hint=hint)
        self.permanent = permanent


def explain_refusal(answer: Mapping[str, object], client_id: str) -> SignInFailed:
    """Return the exception for an answer without a token."""
    description = answer.get("error_description")
    text = struck(description) if isinstance(description, str) else ""
    number = next((number for number in _numbers(answer) if number in _KNOWN), None)
    if number is not None:
        message, hint = _KNOWN[number]
        return SignInFailed(f"Signing in as app {client_id} failed: {message} (AADSTS{number}).", hint=hint)
    error = answer.get("error")
    words = _first_line(text) or (
        struck(error) if isinstance(error, str) and error else "no token and no reason came back"
    )
    return SignInFailed(
        f"Signing in as app {client_id} failed: {words}",
        hint="Look the AADSTS number up at https://login.microsoftonline.com/error, or see the app's sign-in log.",
    )


def transient_error(answer: object) -> str | None:
    """Return in a few words which failure that passes an error answer means; None when it is a refusal."""
    if not isinstance(answer, dict):
        return None
    number = next((number for number in _numbers(answer) if number in _TRANSIENT_NUMBERS), None)
    if number is not None:
        return f"AADSTS{number}"
    words = (answer.get(name) for name in ("error", "suberror"))
    return next((word for word in words if isinstance(word, str) and _spelt_alike(word) in _TRANSIENT_ERRORS), None)


def _numbers(answer: Mapping[str, object]) -> list[int]:
    """Return the platform's numbers: they stand in `error_codes` too, and there alone where the text is another's."""
    codes, text = answer.get("error_codes"), answer.get("error_description")
    listed = codes if isinstance(codes, list) else [codes]
    told = [str(code) for code in listed if isinstance(code, int | str) and not isinstance(code, bool)]
    numbers = [int(code) for code in told if _DIGITS.fullmatch(code)]
    return numbers + [int(found) for found in _NUMBER.findall(text if isinstance(text, str) else "")]


def _spelt_alike(word: str) -> str:
    return word.strip().casefold().replace("_", "").replace("-", "").replace(" ", "")


def explain_unknown_tenant(tenant_id: str, host: str) -> SignInFailed:
    """Return the exception for a tenant whose discovery document is refused."""
    return SignInFailed(
        f"{host} does not know the tenant {tenant_id}.",
        hint=f"Check {Setting.TENANT_ID}, and {Setting.AUTHORITY_HOST} if the tenant is in a national cloud.",
    )


def _first_line(text: str) -> str:
    """Return the sentence before trace id, correlation id and time stamp."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    return one_line(line.split(" Trace ID:")[0])
