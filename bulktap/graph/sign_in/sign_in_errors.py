"""Why signing in failed, in plain words; pure.

The identity platform's texts begin with a number (`AADSTS…`) that its documentation lists but does not promise to
keep. The numbers only choose better words: whatever is not in the table is passed on as the platform put it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.graph.sign_in.refusal_numbers import ABOUT_TOKEN, CONSENT_PAGE, REFUSALS, TRANSIENT_NUMBERS
from bulktap.model.errors import ServiceUnreachable, SignInFailed
from bulktap.model.plain_text import one_line
from bulktap.model.secret import struck
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"AADSTS(\d{1,9})", re.ASCII)
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)

_TRANSIENT_ERRORS = frozenset({"temporarilyunavailable", "servererror", "serviceunavailable"})
"""Words for a failure that passes (RFC 6749, 4.1.2.1), without regard to how they are spelt.

`slow_down` (RFC 8628, 3.5) is none of them: it is about a code that a person has yet to enter, and MSAL obeys it.
"""

_WORDS: Mapping[str, tuple[str, str]] = {
    "interaction_required": ("A person has to sign in again", "Run the command again and sign in."),
    "access_denied": ("Whoever was asked has said no, or closed the page", "Run the command again and sign in."),
    "expired_token": ("The code was not entered in time", "Run the command again, and enter the new code."),
    "code_expired": ("The code was not entered in time", "Run the command again, and enter the new code."),
    "authorization_declined": ("Whoever was asked has said no", "Run the command again and sign in."),
}
"""Errors that have a meaning without a number (RFC 6749, 4.1.2.1; RFC 8628, 3.5)."""


class SignInUnreachable(ServiceUnreachable, SignInFailed):
    """The identity platform gave no usable answer: the network or the platform failed, which is no refusal."""

    code = "sign-in-unreachable"

    def __init__(self, message: str, *, hint: str = "", permanent: bool = False) -> None:
        """Take message and hint; `permanent` if asking again cannot help."""
        super().__init__(message, hint=hint)
        self.permanent = permanent


def explained_numbers() -> Mapping[int, tuple[str, str]]:
    """Return the platform's numbers that are told in plain words, each with what it means and what to do."""
    return {**REFUSALS, **TRANSIENT_NUMBERS}


def explain_refusal(answer: Mapping[str, object], who: str, consent_page: str = "", vouched: str = "") -> SignInFailed:
    """Return the exception for an answer without a token.

    Args:
        answer: what the platform, or MSAL in its place, answered.
        who: who signs in, such as `app 1234`.
        consent_page: where an administrator consents to what this app asks for in this tenant.
        vouched: what the token says of itself with which somebody else vouches for the app.
    """
    description = answer.get("error_description")
    text = struck(description) if isinstance(description, str) else ""
    number = next((number for number in _numbers(answer) if number in REFUSALS), None)
    if number is not None:
        message, hint = REFUSALS[number]
        if consent_page:
            hint = hint.replace(CONSENT_PAGE, consent_page)
        if vouched and number in ABOUT_TOKEN:
            hint = f"{hint} {vouched}"
        return SignInFailed(f"Signing in as {who} failed: {message} (AADSTS{number}).", hint=hint)
    error = answer.get("error")
    if isinstance(error, str) and error in _WORDS and not _numbers(answer):
        message, hint = _WORDS[error]
        return SignInFailed(f"Signing in as {who} failed: {message}.", hint=hint)
    words = _first_line(text) or (
        struck(error) if isinstance(error, str) and error else "no token and no reason came back"
    )
    return SignInFailed(
        f"Signing in as {who} failed: {words}",
        hint="Look the AADSTS number up at https://login.microsoftonline.com/error, or see the app's sign-in log.",
    )


def transient_error(answer: object) -> str | None:
    """Return in a few words which failure that passes an error answer means; None when it is a refusal."""
    if not isinstance(answer, dict):
        return None
    number = next((number for number in _numbers(answer) if number in TRANSIENT_NUMBERS), None)
    if number is not None:
        meaning, _ = TRANSIENT_NUMBERS[number]
        return f"{meaning[0].lower()}{meaning[1:]} (AADSTS{number})"
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
