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

from bulktap.model.passes import is_guid
from bulktap.model.plain_text import one_line
from bulktap.model.row_error_catalogue import about_passes, about_users

if TYPE_CHECKING:
    from bulktap.graph.error_detail import GraphErrorDetail
    from bulktap.model.passes import PassRequest
    from bulktap.model.row_errors import RowError

_RANGE = re.compile(r"between\s+(\d+)\s+and\s+(\d+)", re.ASCII | re.IGNORECASE)


def create_refusal(status: int, detail: GraphErrorDetail, request: PassRequest) -> RowError:
    """Return why the service will not create this pass."""
    text = detail.message.casefold()
    user = request.user.text
    # "Invalid LifetimeInMinutes specified. The valid range between 60 and 480." (microsoft-graph-docs 12187)
    if "invalid lifetimeinminutes" in text:
        return _lifetime(detail, request)
    if "invalid isusableonce" in text:
        return about_passes.multi_use_refused()
    # "Invalid StartDateTime specified. It can not be a time in the past." (msgraph-sdk-dotnet issue 2724)
    if "invalid startdatetime" in text:
        return _start(detail, request)
    # "Converged UserCredentialPolicy does not allow creating or updating this authentication method." (azure-docs issue
    # 111778); a policy that was just changed takes minutes to apply.
    if "usercredentialpolicy" in text:
        return about_passes.refused_by_policy(user)
    # "Temporary Access Pass cannot be added to an external guest user." (Entra's article on Temporary Access Pass)
    if "external guest" in text:
        return about_users.external_guest(user)
    return _by_status(status, detail, user)


def read_refusal(status: int, detail: GraphErrorDetail, user: str) -> RowError:
    """Return why the service will not show a user, or their passes."""
    return _by_status(status, detail, user)


def service_failed(user: str, cause: str, times: int) -> RowError:
    """Return that the service failed at this user again and again while it answered others."""
    return about_passes.service_failed(user, one_line(cause), times)


def _by_status(status: int, detail: GraphErrorDetail, user: str) -> RowError:
    if status == 404 and not _says_no_such_path(detail):
        # "Unable to read the company information from the directory." comes from a replica without the tenant at hand
        # (terraform-provider-microsoft365 issue 3316): it is not about the user.
        if "company information" in detail.message.casefold():
            return about_users.not_ready(user)
        return about_users.id_not_found(user) if is_guid(user) else about_users.user_not_found(user)
    if status == 403:
        return _forbidden(detail, user)
    return about_passes.refused(user, _quote(status, detail))


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
        return about_users.user_self(user)
    # microsoft-graph-docs issue 11986; also seen with "Authentication_" in front.
    if any("requestfromnonpremiumtenantorb2ctenant" in code for code in codes) or "premium license" in text:
        return about_passes.tenant_not_licensed(user, _quote(403, detail))
    # entra-docs issue 1544
    if "restricted management" in text or "administrative unit" in text:
        return about_users.user_restricted(user, _quote(403, detail))
    return about_passes.refused_not_permitted(user, _quote(403, detail))


def _lifetime(detail: GraphErrorDetail, request: PassRequest) -> RowError:
    found = _RANGE.search(detail.message)
    return about_passes.lifetime_refused(request.terms.lifetime_minutes, (found[1], found[2]) if found else None)


def _start(detail: GraphErrorDetail, request: PassRequest) -> RowError:
    if request.terms.starts_at is None:
        return about_passes.refused_without_start(_quote(400, detail))
    return about_passes.start_refused(f"{request.terms.starts_at:%Y-%m-%d %H:%M} UTC")


def _quote(status: int, detail: GraphErrorDetail) -> str:
    """Return status, code and message on one line, without control characters and not too long."""
    words = one_line(f"{status} {detail.code}")
    message = one_line(detail.message)
    return f"{words}: {message}" if message else words
