"""The codes of everything that can be wrong with a row; `row_error_catalogue` has the sentences.

A row error is data, never an exception: a roster is checked to its end and all that is wrong is said in one go.
Tests, scripts and the error report key on the code; the wording is free to improve.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.model.setting_names import spelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.model.setting_names import Spelling


class Severity(StrEnum):
    """Whether the row gets no pass, or gets one with a word of warning."""

    ERROR = "error"
    WARNING = "warning"


class RowErrorCode(StrEnum):
    """Stable names; the comment says when each is used."""

    # The user
    USER_MISSING = "user-missing"  # the identity cell is empty
    USER_MALFORMED = "user-malformed"  # neither a user principal name nor an object id
    USER_MIXED_SCRIPT = "user-mixed-script"  # letters of several scripts that look alike
    USER_DAMAGED = "user-damaged"  # a spreadsheet or encoding fault ate part of it
    USER_NOT_FOUND = "user-not-found"  # this tenant has no such user
    USER_DISABLED = "user-disabled"  # warning: the account is blocked from signing in
    USER_EXTERNAL_GUEST = "user-external-guest"  # a guest of another organisation cannot hold a pass
    USER_GUEST = "user-guest"  # warning: a guest with an account of this tenant
    USER_NOT_READY = "user-not-ready"  # the directory shows the user, the authentication service does not know them yet
    USER_SELF = "user-self"  # nobody can create a pass for their own account
    # The pass that is asked for
    START_MALFORMED = "start-malformed"  # not a date and time
    START_WITHOUT_TIME = "start-without-time"  # warning: a date alone, which means 00:00
    START_PASSED = "start-passed"  # warning: the start is over, so the pass starts when it is issued
    START_AMBIGUOUS = "start-ambiguous"  # day or month first
    START_IN_PAST = "start-in-past"  # start + lifetime, or the start itself, is over
    START_NONEXISTENT = "start-nonexistent"  # skipped by the change to summer time
    START_TWICE = "start-twice"  # occurs twice at the end of summer time
    OUTSIDE_WORKING_HOURS = "outside-working-hours"  # warning: works only at night or on a weekend
    STARTS_OUTSIDE_WORKING_HOURS = "starts-outside-working-hours"  # warning: begins to work at night or on a weekend
    ENDS_BEFORE_HAND_OUT = "ends-before-hand-out"  # warning: over before, or soon after, the run is finished
    LIFETIME_MALFORMED = "lifetime-malformed"  # not a duration
    LIFETIME_OUT_OF_RANGE = "lifetime-out-of-range"  # outside 10 to 43,200 minutes
    LIFETIME_OUTSIDE_POLICY = "lifetime-outside-policy"  # outside what this tenant allows
    ONE_TIME_MALFORMED = "one-time-malformed"  # neither yes nor no
    ONE_TIME_FORCED = "one-time-forced"  # multi-use asked, the tenant allows one-time only
    # Several rows of one user
    DUPLICATE_CONFLICT = "duplicate-conflict"  # rows of one user ask for different passes
    DUPLICATE_ONE_TIME = "duplicate-one-time"  # several devices cannot share a one-time pass
    # Whose row it is
    NAME_DIFFERS = "name-differs"  # warning: the roster names somebody else than the directory does
    DIFFERENT_PEOPLE = "different-people"  # rows with one user name different people
    # The row itself
    ROW_MALFORMED = "row-malformed"  # more fields than headings, a NUL character, another table's row
    CELL_ERROR = "cell-error"  # Excel's #N/A and its kin, a formula without a result
    # The tenant's present state
    HAS_LIVE_PASS = "has-live-pass"  # a live pass exists (the setting `existing` decides what that means)
    LEFT_ALONE = "left-alone"  # a live pass turned up that the plan does not name
    LEFT_OUT = "left-out"  # left out while reading: inactive, hidden, a remark, an example, a device without a user
    NOT_SELECTED = "not-selected"  # cut by `limit` or `only`
    NOT_IN_SCOPE = "not-in-scope"  # warning: the tenant's policy does not cover the user
    # The operator's guards
    NEVER_LISTED = "never-listed"  # the user stands in a never.txt
    NOT_ALLOWED = "not-allowed"  # outside what `allow` names
    DENIED = "denied"  # within what `deny` names
    # The service's word
    REFUSED_BY_POLICY = "refused-by-policy"  # passes are off, or the user is not in scope
    REFUSED_NOT_PERMITTED = "refused-not-permitted"  # 403 for this user
    REFUSED_REQUEST = "refused-request"  # the batch is rejected for this row's request, which is well formed
    USER_RESTRICTED = "user-restricted"  # 403: in a restricted management administrative unit
    TENANT_NOT_LICENSED = "tenant-not-licensed"  # 403: the tenant has no licence for it; systematic, like a permission
    SERVICE_FAILED = "service-failed"  # the service failed at this user again and again, and not at others
    REFUSED = "refused"  # any other refusal, with the service's own words
    EARLIER_DOUBT = "earlier-doubt"  # warning: an earlier run sent a request for this user and lost the answer
    IN_DOUBT = "in-doubt"  # sent, and the outcome could not be settled
    NOTE = "note"  # warning: worth a line, nothing to do

    @property
    def short_name(self) -> str:
        """A short name for people; most codes already are one."""
        return _TITLES.get(self) or self.value.replace("-", " ").capitalize()


_TITLES: Mapping[RowErrorCode, str] = {
    RowErrorCode.USER_MISSING: "No sign-in name",
    RowErrorCode.USER_MALFORMED: "Not a sign-in name",
    RowErrorCode.USER_DAMAGED: "Damaged sign-in name",
    RowErrorCode.USER_SELF: "The account that signs in",
    RowErrorCode.USER_DISABLED: "Account blocked",
    RowErrorCode.USER_EXTERNAL_GUEST: "External guest",
    RowErrorCode.USER_GUEST: "Guest",
    RowErrorCode.START_WITHOUT_TIME: "Start without a time of day",
    RowErrorCode.START_PASSED: "Start has passed",
    RowErrorCode.START_IN_PAST: "Start is over",
    RowErrorCode.OUTSIDE_WORKING_HOURS: "Works at night or on a weekend only",
    RowErrorCode.STARTS_OUTSIDE_WORKING_HOURS: "Begins at night or on a weekend",
    RowErrorCode.ENDS_BEFORE_HAND_OUT: "Ends before it can be handed out",
    RowErrorCode.START_NONEXISTENT: "Start skipped by summer time",
    RowErrorCode.START_TWICE: "Start occurs twice",
    RowErrorCode.LIFETIME_OUTSIDE_POLICY: "Lifetime outside the tenant's policy",
    RowErrorCode.ONE_TIME_FORCED: "Only one-time passes allowed",
    RowErrorCode.DUPLICATE_CONFLICT: "Rows of one person disagree",
    RowErrorCode.DUPLICATE_ONE_TIME: "One-time pass for several devices",
    RowErrorCode.NAME_DIFFERS: "Another name in the directory",
    RowErrorCode.DIFFERENT_PEOPLE: "One user, different people",
    RowErrorCode.HAS_LIVE_PASS: "Has a pass that works",
    RowErrorCode.EARLIER_DOUBT: "In doubt in an earlier run",
    RowErrorCode.LEFT_ALONE: "Left alone",
    RowErrorCode.LEFT_OUT: "Left out while reading",
    RowErrorCode.NOT_IN_SCOPE: "Not in scope of the tenant's policy",
    RowErrorCode.NEVER_LISTED: "Never gets a pass",
    RowErrorCode.REFUSED: "Refused by the service",
    RowErrorCode.REFUSED_BY_POLICY: "Refused by the tenant's policy",
    RowErrorCode.REFUSED_NOT_PERMITTED: "Not permitted",
}


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong with one row."""

    code: RowErrorCode
    """Stable name of the fault."""
    message: str
    """What is wrong, with the value as it stands in the cell."""
    hint: str
    """How to fix it."""
    column: str | None = None
    """Heading of the cell at fault as the roster writes it; None when the row as a whole is."""
    severity: Severity = Severity.ERROR
    """An error refuses the row; a warning goes with it."""

    @property
    def refuses(self) -> bool:
        """Whether the row gets no pass because of this."""
        return self.severity is Severity.ERROR

    def spelled(self, spelling: Spelling) -> RowError:
        """Return the error with settings named as this spelling has it."""
        return replace(self, message=spelled(self.message, spelling), hint=spelled(self.hint, spelling))
