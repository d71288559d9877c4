"""Why signing in failed, in plain words; pure.

The identity platform's texts begin with a number (`AADSTS…`) that its documentation lists but does not promise to
keep. The numbers only choose better words: whatever is not in the table is passed on as the platform put it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.graph.error_detail import one_line
from bulktap.model.errors import ServiceUnreachable, SignInFailed
from bulktap.model.secret import struck

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"AADSTS(\d+)", re.ASCII)

_TRANSIENT_ERRORS = frozenset({"temporarily_unavailable", "server_error"})
"""OAuth's words for a failure that passes (RFC 6749, section 4.1.2.1)."""
_TRANSIENT_NUMBERS = frozenset({50196, 90006, 90012, 90024, 90033, 90055})
"""AADSTS numbers of failures that pass: a client that asked too often (50196), another server (90006), a timeout
(90012), a request budget (90024), a service that is unavailable for a moment (90033), a throttled tenant (90055).
"""

_KNOWN: Mapping[int, tuple[str, str]] = {
    7000215: (
        "The client secret is wrong",
        "Use the secret's value, not its id; it is shown only once, so make a new one under Certificates & secrets.",
    ),
    7000222: ("The client secret has expired", "Make a new client secret for the app under Certificates & secrets."),
    7000112: ("The app is disabled in this tenant", "Enable it under Enterprise applications."),
    700016: (
        "The tenant does not know this app",
        "Check AZURE_CLIENT_ID and AZURE_TENANT_ID; the app must be registered, or have admin consent, in the tenant.",
    ),
    90002: ("There is no such tenant", "Check AZURE_TENANT_ID and that the cloud is the right one."),
    900023: ("The tenant's id is not a GUID or a domain name", "Check AZURE_TENANT_ID."),
    900382: ("The tenant belongs to another cloud", "Set AZURE_AUTHORITY_HOST to the tenant's own cloud."),
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
    found = _NUMBER.search(text)
    known = _KNOWN.get(int(found[1])) if found else None
    if known is not None and found is not None:
        message, hint = known
        return SignInFailed(f"Signing in as app {client_id} failed: {message} ({found[0]}).", hint=hint)
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
    description, error = answer.get("error_description"), answer.get("error")
    found = _NUMBER.search(description) if isinstance(description, str) else None
    if found is not None and int(found[1]) in _TRANSIENT_NUMBERS:
        return found[0]
    return error if isinstance(error, str) and error in _TRANSIENT_ERRORS else None


def explain_unknown_tenant(tenant_id: str, host: str) -> SignInFailed:
    """Return the exception for a tenant whose discovery document is refused."""
    return SignInFailed(
        f"{host} does not know the tenant {tenant_id}.",
        hint="Check AZURE_TENANT_ID, and AZURE_AUTHORITY_HOST if the tenant is in a national cloud.",
    )


def _first_line(text: str) -> str:
    """Return the sentence before trace id, correlation id and time stamp."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    return one_line(line.split(" Trace ID:")[0])
