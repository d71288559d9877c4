"""What can be wrong with a row beyond its cells, in words: the sentence and the remedy of each kind.

The directory, the tenant's policy, the service's refusals and the doubts of a lost reply. What the service said comes
as one line, `quote`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.row_error_catalogue.about_cells import NO_TENANT
from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.model.setting_names import Setting
from bulktap.model.zone_words import zoned_moment

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.passes import AccessPass

_OR_CHANGE = "or have the tenant's Temporary Access Pass policy changed."
_FEED_BACK = f"feed this row back in with {Setting.EXISTING.to('replace')}."
_FEED_BACK_LOST = "feed this row back in: the new run knows what this one sent."
_NUMERALS = {2: "two", 3: "three", 5: "five", 10: "ten"}


# The pass that is asked for


def pass_would_be_over(start: datetime, zone: ZoneInfo) -> RowError:
    """Return that a pass with that start would have ended before it could be created."""
    return RowError(
        RowErrorCode.START_IN_PAST,
        f"The pass would have started at {zoned_moment(start, zone)} and be over by now.",
        "Give the row a later start, or none to start at once.",
    )


def start_refused(start: str) -> RowError:
    """Return that the service found the start to be over."""
    return RowError(
        RowErrorCode.START_IN_PAST,
        f"The start {start} was in the past when the request arrived.",
        "Give a later start, or leave it empty to start at once; check this computer's clock and time zone.",
    )


def outside_working_hours(span: str) -> RowError:
    """Return, as a warning, that a pass works at no time of a working day."""
    return RowError(
        RowErrorCode.OUTSIDE_WORKING_HOURS,
        f"The pass works only at night or on a weekend: {span}.",
        "Check the start's date, time and time zone, and the lifetime.",
        severity=Severity.WARNING,
    )


def starts_outside_working_hours(span: str) -> RowError:
    """Return, as a warning, that a pass begins to work while hardly anybody is there to use it."""
    return RowError(
        RowErrorCode.STARTS_OUTSIDE_WORKING_HOURS,
        f"The pass begins to work at night or on a weekend: {span}.",
        "Check the start's date, time and time zone.",
        severity=Severity.WARNING,
    )


def ends_before_hand_out(end: str, *, over: bool) -> RowError:
    """Return, as a warning, that a pass is over before the last one of the run is issued, or soon after it."""
    when = "before the run is finished" if over else "less than half an hour after the run is finished"
    return RowError(
        RowErrorCode.ENDS_BEFORE_HAND_OUT,
        f"By the forecast, the pass ends at {end}, {when}.",
        "Ask for a longer lifetime or a later start, or make smaller runs.",
        severity=Severity.WARNING,
    )


def with_tenants_range(error: RowError, allowed: str, examples: str) -> RowError:
    """Return an error about a lifetime with this tenant's range in place of every tenant's."""
    message = error.message.partition(NO_TENANT)[0].removesuffix(".") + "."
    return replace(error, message=message, hint=f"Choose {allowed} (this tenant's policy), such as {examples}.")


def lifetime_outside_policy(given: str, allowed: str, hint: str) -> RowError:
    """Return that this tenant does not allow the lifetime; the hint leaves room for a change of the policy."""
    message = f"{given} is outside this tenant's {allowed}."
    return RowError(RowErrorCode.LIFETIME_OUTSIDE_POLICY, message, f"{hint}; {_OR_CHANGE}")


def lifetime_refused(minutes: int | None, allowed: tuple[str, str] | None) -> RowError:
    """Return that the service refuses the lifetime, with the range that it names, if it names one."""
    asked = "The default lifetime" if minutes is None else f"{minutes} minutes"
    span = f"{allowed[0]} to {allowed[1]} minutes" if allowed else "another range"
    hint = f"Choose a lifetime from {span}" if allowed else "Choose a lifetime that the policy allows"
    message = f"{asked} is outside what this tenant allows ({span})."
    return RowError(RowErrorCode.LIFETIME_OUTSIDE_POLICY, message, f"{hint}, {_OR_CHANGE}")


def with_one_time_only(error: RowError) -> RowError:
    """Return an error about a cell of the one-time column where the tenant allows one-time passes only."""
    return replace(error, hint="Write yes or leave the cell empty: this tenant allows one-time passes only.")


def one_time_forced(hint: str) -> RowError:
    """Return that a multi-use pass is asked for and the tenant allows none."""
    message = "A multi-use pass is asked for, but this tenant allows one-time passes only."
    return RowError(RowErrorCode.ONE_TIME_FORCED, message, f"{hint}; {_OR_CHANGE}")


def multi_use_refused() -> RowError:
    """Return that the service refuses a multi-use pass."""
    return RowError(
        RowErrorCode.ONE_TIME_FORCED,
        "A multi-use pass was asked for, but this tenant allows one-time passes only.",
        f"Ask for a one-time pass, {_OR_CHANGE}",
    )


# Several rows of one user


def different_passes(rows: str, values: str, heading: str | None) -> RowError:
    """Return that rows of one person ask for different passes, with the values that differ."""
    return RowError(
        RowErrorCode.DUPLICATE_CONFLICT,
        f"{rows} are one person's and ask for different passes ({values}); a person can hold only one.",
        "Write the same value into these rows, leave the others blank, or keep only one of the rows.",
        heading,
    )


def one_time_for_several_devices(rows: str, heading: str | None, *, forced: bool) -> RowError:
    """Return that a one-time pass would serve only the first of several devices."""
    reason = "this tenant allows one-time passes only" if forced else "a one-time pass was asked for"
    return RowError(
        RowErrorCode.DUPLICATE_ONE_TIME,
        f"{rows} are several devices of one person, but {reason}: it would serve the first only.",
        "Keep one row and issue the others later, or ask for a multi-use pass where the tenant allows it.",
        heading,
    )


# Whose row it is


# What the tenant holds now


def has_live_pass(live: AccessPass, zone: ZoneInfo, *, refused: bool) -> RowError:
    """Return that the user holds a pass that works: an error where that was asked for, else a warning."""
    message = f"The user already has a pass that works{_until(live, zone)}."
    if refused:
        hint = f"Let it run out, or run with {Setting.EXISTING.to('replace')} to issue a new one in its place."
        return RowError(RowErrorCode.HAS_LIVE_PASS, message, hint)
    hint = f"Nothing to do; to issue a new one in its place, run with {Setting.EXISTING.to('replace')}."
    return RowError(RowErrorCode.HAS_LIVE_PASS, message, hint, severity=Severity.WARNING)


def left_alone(live: AccessPass, zone: ZoneInfo) -> RowError:
    """Return, as a warning, that a live pass turned up that the plan does not name."""
    return RowError(
        RowErrorCode.LEFT_ALONE,
        "Somebody issued a pass to this user after the plan was made; it works"
        f"{_until(live, zone)} and was left alone.",
        f"Nothing to do; to replace it, make a new plan with {Setting.EXISTING.to('replace')}.",
        severity=Severity.WARNING,
    )


def not_selected(message: str) -> RowError:
    """Return, as a warning, that the operator's choice of rows leaves this one out."""
    hint = "Run again without that option to cover it."
    return RowError(RowErrorCode.NOT_SELECTED, message, hint, severity=Severity.WARNING)


def not_in_scope() -> RowError:
    """Return, as a warning, that the tenant's policy does not cover the user."""
    return RowError(
        RowErrorCode.NOT_IN_SCOPE,
        "The tenant's policy allows Temporary Access Passes to some groups only, and this user is in none of them, so "
        "the pass may be refused, or not work.",
        "Add the user to a group that the policy includes before the pass is issued; a change takes some minutes to "
        "apply.",
        severity=Severity.WARNING,
    )


# The service's word


def refused_by_policy(user: str) -> RowError:
    """Return that the tenant's policy allows this user no pass."""
    return RowError(
        RowErrorCode.REFUSED_BY_POLICY,
        f"The tenant's policy allows no Temporary Access Pass for {user}.",
        "Enable Temporary Access Pass for this user or a group of theirs in the authentication methods policy; "
        "a change takes some minutes to apply.",
    )


def refused_not_permitted(user: str, quote: str) -> RowError:
    """Return that the service forbids this for the user."""
    return RowError(
        RowErrorCode.REFUSED_NOT_PERMITTED,
        f"Microsoft Graph does not permit this for {user} ({quote}). If it permits it for others, "
        "the user is probably an administrator or otherwise protected.",
        "Have a Privileged Authentication Administrator create this one. If everybody is refused, grant the app "
        "UserAuthMethod-TAP.ReadWrite.All with admin consent.",
    )


def may_be_another_rows(user: str) -> RowError:
    """Return that the user may not be looked up, and may be the one whom another row names in the other way."""
    return RowError(
        RowErrorCode.REFUSED_NOT_PERMITTED,
        f"{user} may not be looked up, so it cannot be determined whether another row, which names "
        "its user in the other way, is the same person.",
        "Name this user as the other rows name theirs: all by sign-in name, or all by object id.",
    )


def malformed_request(user: str, quote: str) -> RowError:
    """Return that the batch is rejected for this row's request, though nothing else is in it."""
    return RowError(
        RowErrorCode.REFUSED_REQUEST,
        f"Microsoft Graph rejects the request for {user} as malformed ({quote}).",
        "Check how the row names the user, or name them by their object id; if it fails again, please report it with "
        "log.jsonl.",
    )


def tenant_not_licensed(user: str, quote: str) -> RowError:
    """Return that the tenant has no licence for what was asked."""
    return RowError(
        RowErrorCode.TENANT_NOT_LICENSED,
        f"This tenant has no licence for what was asked about {user} ({quote}).",
        "It takes Microsoft Entra ID P1 or P2; check under Billing, Licenses in the Entra admin center.",
    )


def service_failed(user: str, cause: str, times: int) -> RowError:
    """Return that the service failed at this user again and again while it answered others."""
    return RowError(
        RowErrorCode.SERVICE_FAILED,
        f"Microsoft Graph could not look up {user} ({cause}, {_NUMERALS.get(times, str(times))} times).",
        "Run the row again later; if it stays so, Microsoft's support asks for the request ids in log.jsonl.",
    )


def refused(user: str, quote: str) -> RowError:
    """Return any other refusal, in the service's own words."""
    return RowError(
        RowErrorCode.REFUSED,
        f"Microsoft Graph refused {user} ({quote}).",
        "Act on what it says and run the row again; Microsoft's support asks for the request id in log.jsonl.",
    )


def refused_without_start(quote: str) -> RowError:
    """Return that the service refuses the start of a pass for which none was asked."""
    return RowError(
        RowErrorCode.REFUSED,
        f"Microsoft Graph refused the start of the pass, though none was asked for ({quote}).",
        "Run the row again, if need be with a start some minutes ahead.",
    )


def refused_after_doubt(error: RowError) -> RowError:
    """Return what a refused row says when an earlier request of its own may have been carried out."""
    if error.code is RowErrorCode.USER_NOT_FOUND:
        return error
    message = f"{error.message} An earlier request for this row may have made a pass whose passcode nobody has."
    return replace(error, message=message, hint=f"{error.hint} Then {_FEED_BACK_LOST}")


# In doubt


def replaced_by_somebody(live: AccessPass, zone: ZoneInfo, *, had_ours: bool) -> RowError:
    """Return that the live pass is somebody else's."""
    ours = "Our pass is no longer the live one" if had_ours else "The reply to our request was lost"
    return RowError(
        RowErrorCode.IN_DOUBT,
        f"{ours}, and the user now holds a pass that somebody else created{_created(live, zone)}; it was left alone.",
        f"Ask who issued that pass. To replace it, {_FEED_BACK}",
    )


def unknown_to_journal(live: AccessPass, zone: ZoneInfo) -> RowError:
    """Return that a pass turned up since the run began that its journal does not know."""
    return RowError(
        RowErrorCode.IN_DOUBT,
        f"The user holds a pass that was created{_created(live, zone)}, after this run had begun, and its journal "
        "knows nothing of it: somebody else's, or one of this run's if an older copy of the journal was put back. It "
        "was left alone.",
        f"Look into the latest workbook of this run and ask who issued the pass; to replace it, {_FEED_BACK}",
    )


def never_settled(tries: int) -> RowError:
    """Return that replies kept getting lost."""
    return RowError(
        RowErrorCode.IN_DOUBT,
        f"The outcome could not be settled: after {tries} attempts a pass may exist whose passcode nobody has.",
        f"Check the connection or proxy, then {_FEED_BACK_LOST}",
    )


def lost_and_unlistable(error: RowError) -> RowError:
    """Return that a reply was lost and the user's passes cannot be listed, for that reason."""
    message = f"The reply to our request was lost, and the user's passes cannot be listed: {error.message}"
    return RowError(RowErrorCode.IN_DOUBT, message, error.hint)


def unanswered(command: str) -> RowError:
    """Return that the journal knows of a request and of no answer; `command` finishes the run."""
    return RowError(
        RowErrorCode.IN_DOUBT,
        "The request was sent and no answer was read: a pass may exist whose passcode nobody has.",
        f"Run {command}: it asks the tenant and settles the row.",
    )


def _until(live: AccessPass, zone: ZoneInfo) -> str:
    return f" until {zoned_moment(live.expires_at, zone)}" if live.expires_at else ""


def _created(live: AccessPass, zone: ZoneInfo) -> str:
    return f" on {zoned_moment(live.created_at, zone)}" if live.created_at else ""
