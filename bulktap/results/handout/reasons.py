"""Why somebody gets no slip, in the few kinds that whoever hands out can tell apart; each language has a text for each.

The screen, JSON and workbooks say more, in English; sheets are read in the language that they are printed in.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.model.row_errors import RowErrorCode
from bulktap.results.row_results import RowResult

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoSlip(StrEnum):
    """Why there is no slip; the names are the keys of the table `reasons` in each language's file."""

    NO_SIGN_IN_NAME = "no_sign_in_name"
    BAD_SIGN_IN_NAME = "bad_sign_in_name"
    UNKNOWN_ACCOUNT = "unknown_account"
    ACCOUNT_NOT_READY = "account_not_ready"
    ACCOUNT_BLOCKED = "account_blocked"
    GUEST = "guest"
    OPERATOR = "operator"
    """It is the account that issues the passes."""
    WRONG_ENTRY = "wrong_entry"
    """A time, a lifetime or another cell of the row."""
    ENTRIES_DISAGREE = "entries_disagree"
    """Several rows of one person."""
    NAME_DIFFERS = "name_differs"
    HAS_CODE = "has_code"
    """A pass that is not of this run, and was left to them."""
    LEFT_OUT = "left_out"
    NOT_ALLOWED = "not_allowed"
    """By the operator's guards, the tenant's policy or a permission."""
    REFUSED = "refused"
    """By the service, for another reason."""
    NOT_ISSUED = "not_issued"
    """Not yet."""
    UNCERTAIN = "uncertain"
    """Whether there is a pass that works, and for how long, is not known."""
    UNREADABLE = "unreadable"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    USED = "used"
    OVER = "over"
    DOES_NOT_WORK = "does_not_work"
    ELSEWHERE = "elsewhere"
    """There is one, with another group."""


_CODES: Mapping[NoSlip, tuple[RowErrorCode, ...]] = {
    NoSlip.NO_SIGN_IN_NAME: (RowErrorCode.USER_MISSING,),
    NoSlip.BAD_SIGN_IN_NAME: (RowErrorCode.USER_MALFORMED, RowErrorCode.USER_MIXED_SCRIPT, RowErrorCode.USER_DAMAGED),
    NoSlip.UNKNOWN_ACCOUNT: (RowErrorCode.USER_NOT_FOUND,),
    NoSlip.ACCOUNT_NOT_READY: (RowErrorCode.USER_NOT_READY,),
    NoSlip.ACCOUNT_BLOCKED: (RowErrorCode.USER_DISABLED,),
    NoSlip.GUEST: (RowErrorCode.USER_EXTERNAL_GUEST, RowErrorCode.USER_GUEST),
    NoSlip.OPERATOR: (RowErrorCode.USER_SELF,),
    NoSlip.WRONG_ENTRY: (
        RowErrorCode.START_MALFORMED,
        RowErrorCode.START_WITHOUT_TIME,
        RowErrorCode.START_PASSED,
        RowErrorCode.START_AMBIGUOUS,
        RowErrorCode.START_IN_PAST,
        RowErrorCode.START_NONEXISTENT,
        RowErrorCode.START_TWICE,
        RowErrorCode.OUTSIDE_WORKING_HOURS,
        RowErrorCode.STARTS_OUTSIDE_WORKING_HOURS,
        RowErrorCode.ENDS_BEFORE_HAND_OUT,
        RowErrorCode.LIFETIME_MALFORMED,
        RowErrorCode.LIFETIME_OUT_OF_RANGE,
        RowErrorCode.LIFETIME_OUTSIDE_POLICY,
        RowErrorCode.ONE_TIME_MALFORMED,
        RowErrorCode.ONE_TIME_FORCED,
        RowErrorCode.ROW_MALFORMED,
        RowErrorCode.CELL_ERROR,
    ),
    NoSlip.ENTRIES_DISAGREE: (
        RowErrorCode.DUPLICATE_CONFLICT,
        RowErrorCode.DUPLICATE_ONE_TIME,
        RowErrorCode.DIFFERENT_PEOPLE,
    ),
    NoSlip.NAME_DIFFERS: (RowErrorCode.NAME_DIFFERS,),
    NoSlip.HAS_CODE: (RowErrorCode.HAS_LIVE_PASS, RowErrorCode.LEFT_ALONE),
    NoSlip.LEFT_OUT: (RowErrorCode.LEFT_OUT, RowErrorCode.NOT_SELECTED),
    NoSlip.NOT_ALLOWED: (
        RowErrorCode.NEVER_LISTED,
        RowErrorCode.NOT_ALLOWED,
        RowErrorCode.DENIED,
        RowErrorCode.NOT_IN_SCOPE,
        RowErrorCode.REFUSED_BY_POLICY,
        RowErrorCode.REFUSED_NOT_PERMITTED,
        RowErrorCode.USER_RESTRICTED,
        RowErrorCode.TENANT_NOT_LICENSED,
    ),
    NoSlip.REFUSED: (RowErrorCode.REFUSED, RowErrorCode.REFUSED_REQUEST, RowErrorCode.SERVICE_FAILED),
    NoSlip.UNCERTAIN: (RowErrorCode.EARLIER_DOUBT, RowErrorCode.IN_DOUBT),
    NoSlip.NOT_ISSUED: (RowErrorCode.NOTE,),
}

NO_SLIP_BY_CODE: Mapping[RowErrorCode, NoSlip] = {code: kind for kind, codes in _CODES.items() for code in codes}
"""By what is wrong with a row."""

NO_SLIP_BY_RESULT: Mapping[RowResult, NoSlip] = {
    RowResult.SKIPPED: NoSlip.LEFT_OUT,
    RowResult.INVALID: NoSlip.WRONG_ENTRY,
    RowResult.REFUSED: NoSlip.REFUSED,
    RowResult.IN_DOUBT: NoSlip.UNCERTAIN,
    RowResult.NOT_SENT: NoSlip.NOT_ISSUED,
}
"""By what became of a row that has no pass, where nothing more is said of it."""
