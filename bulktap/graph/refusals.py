"""What Microsoft Graph refuses, said as row errors; pure.

Every policy refusal is the same `400 badRequest`, so the stable beginnings of its messages are matched, as published
tools do; whatever is not recognised is passed on in the service's own words. A refusal is known to have created
nothing. Which column of the roster is to blame is not known in this room.

A 403 has many reasons, and `accessDenied` stands for several of them: where code or words do not say which, the message
names the likely one for a single user, and the hint says what it is if everybody is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.graph.error_detail import one_line
from bulktap.model.row_errors import RowError, RowErrorCode

if TYPE_CHECKING:
    from bulktap.graph.error_detail import GraphErrorDetail
    from bulktap.model.passes import PassRequest

_NUMERALS = {2: "two", 3: "three", 5: "five", 10: "ten"}
_RANGE = re.compile(r"between\s+(\d+)\s+and\s+(\d+)", re.ASCII | re.IGNORECASE)


def create_refusal(status: int, detail: GraphErrorDetail, request: PassRequest) -> RowError:
    """Return why the service will not create this pass."""
    text = detail.message.casefold()
    user = request.user.text
    # "Invalid LifetimeInMinutes specified. The valid range between 60 and 480." (microsoft-graph-docs 12187)
    if "invalid lifetimeinminutes" in text:
        return _lifetime(detail, request)
    if "invalid isusableonce" in text:
        return RowError(
            RowErrorCode.ONE_TIME_FORCED,
            "A multi-use pass was asked for, but this tenant allows one-time passes only.",
            "Ask for a one-time pass, or have the tenant's Temporary Access Pass policy changed.",
        )
    # "Invalid StartDateTime specified. It can not be a time in the past." (msgraph-sdk-dotnet issue 2724)
    if "invalid startdatetime" in text:
        return _start(detail, request)
    # "Converged UserCredentialPolicy does not allow creating or updating this authentication method." (azure-docs issue
    # 111778); a policy that was just changed takes minutes to apply.
    if "usercredentialpolicy" in text:
        return RowError(
            RowErrorCode.REFUSED_BY_POLICY,
            f"The tenant's policy allows no Temporary Access Pass for {user}.",
            "Enable Temporary Access Pass for this user or a group of theirs in the authentication methods policy; "
            "a change takes some minutes to apply.",
        )
    # "Temporary Access Pass cannot be added to an external guest user." (Entra's article on Temporary Access Pass)
    if "external guest" in text:
        return external_guest(user)
    return _by_status(status, detail, user)


def external_guest(user: str) -> RowError:
    """Return that a guest of another organisation cannot hold a pass."""
    return RowError(
        RowErrorCode.USER_EXTERNAL_GUEST,
        f"{user} is a guest of another organisation and cannot hold a Temporary Access Pass here.",
        "Their own organisation can issue one; otherwise take the row out.",
    )


def read_refusal(status: int, detail: GraphErrorDetail, user: str) -> RowError:
    """Return why the service will not show a user, or their passes."""
    return _by_status(status, detail, user)


def not_ready(user: str) -> RowError:
    """Return that the directory shows a user whom the authentication service does not know yet."""
    return RowError(
        RowErrorCode.USER_NOT_READY,
        f"{user} was found in the directory, but the authentication service does not know them yet.",
        "A user who was just created takes some minutes to get there: run the row again then.",
    )


def service_failed(user: str, cause: str, times: int) -> RowError:
    """Return that the service failed at this user again and again while it answered others."""
    often = f"{_NUMERALS.get(times, str(times))} times"
    return RowError(
        RowErrorCode.SERVICE_FAILED,
        f"Microsoft Graph could not look up {user} ({one_line(cause)}, {often}).",
        "Run the row again later; if it stays so, Microsoft's support asks for the request ids in log.jsonl.",
    )


def _by_status(status: int, detail: GraphErrorDetail, user: str) -> RowError:
    if status == 404 and not _says_no_such_path(detail):
        # "Unable to read the company information from the directory." comes from a replica without the tenant at hand
        # (terraform-provider-microsoft365 issue 3316): it is not about the user.
        if "company information" in detail.message.casefold():
            return not_ready(user)
        return RowError(
            RowErrorCode.USER_NOT_FOUND,
            f"This tenant has no user {user}.",
            "Check spelling and tenant; a user created minutes ago may still be unknown: then run the row again.",
        )
    if status == 403:
        return _forbidden(detail, user)
    return RowError(
        RowErrorCode.REFUSED,
        f"Microsoft Graph refused {user} ({_quote(status, detail)}).",
        "Act on what it says and run the row again; Microsoft's support asks for the request id in log.jsonl.",
    )


def _says_no_such_path(detail: GraphErrorDetail) -> bool:
    """Return whether a 404 is about the address that was asked rather than about the user in it."""
    return (detail.code.casefold() == "unknownerror" and not detail.message) or "no http resource" in (
        detail.message.casefold()
    )


def _forbidden(detail: GraphErrorDetail, user: str) -> RowError:
    text = detail.message.casefold()
    codes = {detail.code.casefold(), detail.innermost_code.casefold()}
    # "Self-service operations are currently not supported for user …" (Microsoft Q&A 836858)
    if "self-service" in text:
        return RowError(
            RowErrorCode.USER_SELF,
            f"{user} is the account that signed in, and nobody can create a pass for themselves.",
            "Have another administrator create this one.",
        )
    # microsoft-graph-docs issue 11986; also seen with "Authentication_" in front.
    if any("requestfromnonpremiumtenantorb2ctenant" in code for code in codes) or "premium license" in text:
        return RowError(
            RowErrorCode.TENANT_NOT_LICENSED,
            f"This tenant has no licence for what was asked about {user} ({_quote(403, detail)}).",
            "It takes Microsoft Entra ID P1 or P2; check under Billing, Licenses in the Entra admin center.",
        )
    # entra-docs issue 1544
    if "restricted management" in text or "administrative unit" in text:
        return RowError(
            RowErrorCode.USER_RESTRICTED,
            f"{user} is in a restricted management administrative unit, which this app may not manage "
            f"({_quote(403, detail)}).",
            "Have an administrator of that unit create the pass, or give the app a role with the unit as its scope.",
        )
    return RowError(
        RowErrorCode.REFUSED_NOT_PERMITTED,
        f"Microsoft Graph does not permit this for {user} ({_quote(403, detail)}). If it permits it for others, "
        "the user is probably an administrator or otherwise protected.",
        "Have a Privileged Authentication Administrator create this one. If everybody is refused, grant the app "
        "UserAuthMethod-TAP.ReadWrite.All with admin consent.",
    )


def _lifetime(detail: GraphErrorDetail, request: PassRequest) -> RowError:
    found = _RANGE.search(detail.message)
    allowed = f"{found[1]} to {found[2]} minutes" if found else "another range"
    asked = (
        "The default lifetime"
        if request.terms.lifetime_minutes is None
        else f"{request.terms.lifetime_minutes} minutes"
    )
    hint = f"Choose a lifetime from {allowed}" if found else "Choose a lifetime that the policy allows"
    return RowError(
        RowErrorCode.LIFETIME_OUTSIDE_POLICY,
        f"{asked} is outside what this tenant allows ({allowed}).",
        f"{hint}, or have the tenant's Temporary Access Pass policy changed.",
    )


def _start(detail: GraphErrorDetail, request: PassRequest) -> RowError:
    if request.terms.starts_at is None:
        return RowError(
            RowErrorCode.REFUSED,
            f"Microsoft Graph refused the start of the pass, though none was asked for ({_quote(400, detail)}).",
            "Run the row again, if need be with a start some minutes ahead.",
        )
    return RowError(
        RowErrorCode.START_IN_PAST,
        f"The start {request.terms.starts_at:%Y-%m-%d %H:%M} UTC was in the past when the request arrived.",
        "Give a later start, or leave it empty to start at once; check this computer's clock and time zone.",
    )


def _quote(status: int, detail: GraphErrorDetail) -> str:
    """Return status, code and message on one line, without control characters and not too long."""
    words = one_line(f"{status} {detail.code}")
    message = one_line(detail.message)
    return f"{words}: {message}" if message else words
