"""What keeps a row from a pass although nothing is wrong with it: the operator's guards, in words."""

from __future__ import annotations

from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.setting_names import Setting

_MAY_EXIST = "An earlier request of this run may have made a pass whose passcode nobody has."
_DELETE_IT = "Look at the account's authentication methods in the Entra admin center, and delete a pass that is there."


def never_listed(user: str, place: str) -> RowError:
    """Return that the account stands in a kept list of those that never get a pass."""
    return RowError(
        RowErrorCode.NEVER_LISTED,
        f"{user} never gets a pass: {place} names the account.",
        "Take the row out; if the account does not belong in that list, correct the list.",
    )


def perhaps_never_listed(user: str, place: str) -> RowError:
    """Return that it cannot be told whether the account stands in such a list, so that it gets no pass."""
    return RowError(
        RowErrorCode.NEVER_LISTED,
        f"It cannot be determined whether {user} is an account that {place} names, because users may not be looked up.",
        "Grant the app User.Read.All, or write sign-in name and object id of that account on one line of the list.",
    )


def not_allowed(user: str, patterns: str) -> RowError:
    """Return that the user is outside what is allowed."""
    return RowError(
        RowErrorCode.NOT_ALLOWED,
        f"{user} is not among the users that {Setting.ALLOW} names ({patterns}).",
        f"Take the row out, or widen {Setting.ALLOW} if the user belongs to those who get a pass.",
    )


def denied(user: str, pattern: str) -> RowError:
    """Return that the user is among those who get no pass."""
    return RowError(
        RowErrorCode.DENIED,
        f"{user} is among the users that {Setting.DENY} names ({pattern}).",
        f"Take the row out, or narrow {Setting.DENY} if the user belongs to those who get a pass.",
    )


def perhaps_denied(user: str, pattern: str) -> RowError:
    """Return that it cannot be told whether the user is among them, so that there is no pass."""
    return RowError(
        RowErrorCode.DENIED,
        f"It cannot be determined whether {user} is among the users that {Setting.DENY} names ({pattern}), because "
        "users may not be looked up.",
        "Grant the app User.Read.All, or name the users in the same way in both places.",
    )


def barred_after_doubt(error: RowError) -> RowError:
    """Return what a barred row says when an earlier request of its own may have been carried out."""
    return RowError(error.code, f"{error.message} {_MAY_EXIST}", _DELETE_IT)
