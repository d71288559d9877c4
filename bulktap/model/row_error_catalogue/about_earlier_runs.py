"""What earlier runs mean for a row, in words: requests that they lost, and doubts that later ones have settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.model.setting_names import Setting
from bulktap.model.zone_words import zoned_moment

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bulktap.model.passes import AccessPass


def lost_by_earlier_run(run: str, live: AccessPass, zone: ZoneInfo) -> RowError:
    """Return, as a warning, that the live pass is one of an earlier run whose passcode nobody has."""
    created = f", created on {zoned_moment(live.created_at, zone)}," if live.created_at else ""
    return _warning(
        f"The pass that this user holds{created} is one that the run {run} asked for and got no answer to: nobody has "
        "its passcode, and a new pass takes its place.",
        "Nothing to do.",
    )


def may_be_lost_by_earlier_run(run: str) -> RowError:
    """Return, as a warning, that a pass of an earlier run may turn up."""
    return _warning(
        f"{_no_answer(run)} No pass of it is there; should one turn up, it is known, and a new pass takes its place.",
        "Nothing to do.",
    )


def not_lost_by_earlier_run(run: str) -> RowError:
    """Return, as a warning, that the live pass is not the one that an earlier run may have lost."""
    return _warning(
        f"{_no_answer(run)} The pass that the user holds is not of that request: somebody else created it.",
        f"Ask who issued that pass; to issue a new one in its place, run with {Setting.EXISTING.to('replace')}.",
    )


def settled_by_later_run(run: str) -> RowError:
    """Return, as a warning, that a doubt is one no more."""
    return _warning(
        f"This row was in doubt. The run {run} has settled that, and has issued this user a pass.",
        "Nothing to do; the passcode is in the workbook of that run.",
    )


def takes_over(run: str) -> str:
    """Return what is noted of a row whose request an earlier run has lost."""
    return f"The run {run} had sent a request for this user and got no answer; this run took it over."


def _no_answer(run: str) -> str:
    return f"The run {run} sent a request for this user and got no answer."


def _warning(message: str, hint: str) -> RowError:
    return RowError(RowErrorCode.EARLIER_DOUBT, message, hint, severity=Severity.WARNING)
