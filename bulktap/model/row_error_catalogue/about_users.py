"""What can be wrong with a row's user, in words: who is not there, may not have a pass, or is somebody else."""

from __future__ import annotations

from bulktap.model.row_errors import RowError, RowErrorCode, Severity


def user_not_found(user: str) -> RowError:
    """Return that this tenant has no such user."""
    return RowError(
        RowErrorCode.USER_NOT_FOUND,
        f"This tenant has no user {user}.",
        "Check spelling and tenant; a user created minutes ago may still be unknown: then run the row again.",
    )


def id_not_found(object_id: str) -> RowError:
    """Return that this tenant has no user with this object id."""
    return RowError(
        RowErrorCode.USER_NOT_FOUND,
        f"This tenant has no user with the object id {object_id}.",
        "Ids of devices, groups and apps are easily mistaken for it: take the one that Entra shows under Users. A user "
        "created minutes ago may still be unknown: then run the row again.",
    )


def user_disabled() -> RowError:
    """Return, as a warning, that the account is blocked from signing in."""
    return RowError(
        RowErrorCode.USER_DISABLED,
        "The account is blocked from signing in, so the pass will not work until it is enabled.",
        "Enable the account in the Entra admin center before the pass is handed out.",
        severity=Severity.WARNING,
    )


def external_guest(user: str | None = None) -> RowError:
    """Return that a guest of another organisation cannot hold a pass; with the user, as the service refuses it."""
    if user is not None:
        message = f"{user} is a guest of another organisation and cannot hold a Temporary Access Pass here."
        return RowError(
            RowErrorCode.USER_EXTERNAL_GUEST,
            message,
            "Their own organisation can issue one; otherwise take the row out.",
        )
    return RowError(
        RowErrorCode.USER_EXTERNAL_GUEST,
        "This account belongs to another organisation; the service gives no pass to an external guest.",
        "Ask the person's own organisation for a pass, or name their account in this tenant.",
    )


def user_guest() -> RowError:
    """Return, as a warning, that a user is a guest who can hold a pass of this tenant all the same."""
    return RowError(
        RowErrorCode.USER_GUEST,
        "The directory calls this user a guest; the account is this tenant's, so the pass works as a member's does.",
        "Leave the row as it is if guests are meant to be on this list; otherwise take it out.",
        severity=Severity.WARNING,
    )


def not_ready(user: str) -> RowError:
    """Return that the directory shows a user whom the authentication service does not know yet."""
    return RowError(
        RowErrorCode.USER_NOT_READY,
        f"{user} was found in the directory, but the authentication service does not know them yet.",
        "A user who was just created takes some minutes to get there: run the row again then.",
    )


def user_self(user: str) -> RowError:
    """Return that nobody can create a pass for their own account."""
    return RowError(
        RowErrorCode.USER_SELF,
        f"{user} is the account that signed in, and nobody can create a pass for themselves.",
        "Have another administrator create this one.",
    )


def name_differs(roster: str, tenant: str, heading: str | None) -> RowError:
    """Return, as a warning, that roster and directory name two people."""
    return RowError(
        RowErrorCode.NAME_DIFFERS,
        f"The roster names {roster}, but the tenant says that the account is {tenant}'s.",
        "Compare the row with its source: a column may have been sorted or moved by itself.",
        heading,
        severity=Severity.WARNING,
    )


def different_people(rows: str, user: str, people: str, heading: str | None) -> RowError:
    """Return that rows with one user name different people."""
    return RowError(
        RowErrorCode.DIFFERENT_PEOPLE,
        f"{rows} give the user {user} to different people ({people}), and a pass is for one person.",
        "Write each person's own user into these rows; a cell may have been copied down.",
        heading,
    )


def may_not_be_looked_up_again(user: str) -> RowError:
    """Return that the user of a saved plan may not be looked up any more."""
    return RowError(
        RowErrorCode.REFUSED_NOT_PERMITTED,
        f"{user} may not be looked up any more, so it cannot be known whether the object id in the plan is still "
        "theirs.",
        "Have the app permitted to look this user up, or have an administrator create this pass.",
    )


def user_restricted(user: str, quote: str) -> RowError:
    """Return that the user is in a restricted management administrative unit."""
    return RowError(
        RowErrorCode.USER_RESTRICTED,
        f"{user} is in a restricted management administrative unit, which this app may not manage ({quote}).",
        "Have an administrator of that unit create the pass, or give the app a role with the unit as its scope.",
    )
