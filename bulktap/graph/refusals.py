"""What Microsoft Graph refuses, said as row errors; pure.

Every policy refusal is the same `400 badRequest`, so the stable beginnings of its messages are matched, as published
tools do; whatever is not recognised is passed on in the service's own words. A refusal is known to have created
nothing. Which column of the roster is to blame is not known in this room.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.row_errors import RowError, RowErrorCode

if TYPE_CHECKING:
    from bulktap.graph.error_detail import GraphErrorDetail
    from bulktap.passes import PassRequest

_LONGEST_QUOTE = 300
_RANGE = re.compile(r"between\s+(\d+)\s+and\s+(\d+)", re.ASCII | re.IGNORECASE)


def create_refusal(status: int, detail: GraphErrorDetail, request: PassRequest) -> RowError:
    """Return why the service will not create this pass."""
    text = detail.message.casefold()
    user = request.user.text
    if "invalid lifetimeinminutes" in text:
        return _lifetime(detail, request)
    if "invalid isusableonce" in text:
        return RowError(
            RowErrorCode.ONE_TIME_FORCED,
            "A multi-use pass was asked for, but this tenant allows one-time passes only.",
            "Ask for a one-time pass, or have the tenant's Temporary Access Pass policy changed.",
        )
    if "invalid startdatetime" in text:
        return RowError(
            RowErrorCode.START_IN_PAST,
            f"The start {_start(request)} was in the past when the request arrived.",
            "Give a later start, or leave it empty to start at once; check this computer's clock and time zone.",
        )
    if "usercredentialpolicy" in text:
        return RowError(
            RowErrorCode.REFUSED_BY_POLICY,
            f"The tenant's policy allows no Temporary Access Pass for {user}.",
            "Enable Temporary Access Pass for this user or a group of theirs in the authentication methods policy; "
            "a change takes some minutes to apply.",
        )
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


def _by_status(status: int, detail: GraphErrorDetail, user: str) -> RowError:
    if status == 404:
        return RowError(
            RowErrorCode.USER_NOT_FOUND,
            f"This tenant has no user {user}.",
            "Check spelling and tenant; a user created minutes ago may still be unknown: then run the row again.",
        )
    if status == 403 and "self-service" in detail.message.casefold():
        return RowError(
            RowErrorCode.USER_SELF,
            f"{user} is the account that signed in, and nobody can create a pass for themselves.",
            "Have another administrator create this one.",
        )
    if status == 403:
        return RowError(
            RowErrorCode.REFUSED_NOT_PERMITTED,
            f"Microsoft Graph does not permit this for {user} ({_quote(status, detail)}).",
            "Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent; passes for administrators also need "
            "the role Privileged Authentication Administrator when a person signs in.",
        )
    return RowError(
        RowErrorCode.REFUSED,
        f"Microsoft Graph refused {user} ({_quote(status, detail)}).",
        "Act on what it says and run the row again; Microsoft's support asks for the request id in log.jsonl.",
    )


def _lifetime(detail: GraphErrorDetail, request: PassRequest) -> RowError:
    found = _RANGE.search(detail.message)
    allowed = f"{found[1]} to {found[2]} minutes" if found else "another range"
    asked = "The default lifetime" if request.lifetime_minutes is None else f"{request.lifetime_minutes} minutes"
    hint = f"Choose a lifetime from {allowed}" if found else "Choose a lifetime that the policy allows"
    return RowError(
        RowErrorCode.LIFETIME_OUTSIDE_POLICY,
        f"{asked} is outside what this tenant allows ({allowed}).",
        f"{hint}, or have the tenant's Temporary Access Pass policy changed.",
    )


def _start(request: PassRequest) -> str:
    return "" if request.starts_at is None else f"{request.starts_at:%Y-%m-%d %H:%M} UTC"


def _quote(status: int, detail: GraphErrorDetail) -> str:
    """Return status, code and message on one line, without control characters and not too long."""
    words = " ".join(f"{status} {detail.code}".split())
    message = " ".join("".join(letter if letter.isprintable() else " " for letter in detail.message).split())
    return f"{words}: {message[:_LONGEST_QUOTE]}" if message else words
