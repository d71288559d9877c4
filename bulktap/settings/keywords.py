"""What the keyword arguments of a call say, as typed slices."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bulktap.model.secret import Secret
from bulktap.settings import declarations as declared
from bulktap.settings import handout_declarations as handout_declared
from bulktap.settings import issued_declarations as issued_declared
from bulktap.settings import roster_declarations as roster_declared
from bulktap.settings.issued_slices import hand_out_settings, revoke_settings, revoke_wishes
from bulktap.settings.slices import resume_settings, run_settings
from bulktap.settings.values import from_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.operations.handout_settings import HandOutSettings
    from bulktap.operations.revoke_wishes import RevokeWishes
    from bulktap.operations.run_settings import RunSettings
    from bulktap.settings.declaration import Declaration

_SENDING = (*declared.SENDING, declared.LOG_FILE)
_PLAN: tuple[Declaration[Any], ...] = (
    declared.NAME,
    declared.FORGET_AFTER,
    *(one for one in roster_declared.READING if one is not roster_declared.ROSTER_PASSWORD_FILE),
    *roster_declared.LISTS,
    *declared.PASSES,
    *declared.CARE,
    *declared.PAGE,
    *_SENDING,
    declared.ASSUME,
    declared.OFFLINE,
)
_REISSUE: tuple[Declaration[Any], ...] = (
    declared.ONLY,
    declared.EXCEPT,
    declared.LIFETIME,
    declared.START,
    *declared.GUARDS,
    *_SENDING,
    declared.REPORTS,
)


_REVOKE = (
    *(
        one
        for one in issued_declared.REVOKING
        if one not in {issued_declared.REVOKE_CONFIRM, issued_declared.REVOKE_TYPE_FROM_ROWS}
    ),
    *(one for one in roster_declared.READING if one is not roster_declared.ROSTER_PASSWORD_FILE),
    issued_declared.REVOKE_DRY_RUN,
    issued_declared.REVOKE_MAX_RATE,
    *declared.ASKING,
    declared.LOG_FILE,
    declared.REPORTS,
)


def run_wishes(keywords: Mapping[str, Any], reports: str | Path, *, offline: bool = False) -> RunSettings:
    """Return what shapes a run, from the keywords of a call.

    Raises:
        UsageError: there is no such keyword, or its value cannot be meant.
    """
    plain = {name: _plain(value) for name, value in keywords.items() if name != "roster_password"}
    password = keywords.get("roster_password")
    values = from_arguments((*_PLAN, declared.REPORTS), plain | {"reports": reports, "offline": offline})
    return run_settings(values, None if password is None else as_secret(password))


def resume_wishes(keywords: Mapping[str, Any], reports: str | Path) -> RunSettings:
    """Return what an earlier run needs, likewise."""
    known = (*_SENDING, declared.STOP_AFTER_FAILURES, declared.REPORTS)
    return resume_settings(from_arguments(known, {**keywords, "reports": reports}))


def revoke_call(keywords: Mapping[str, Any], reports: str | Path) -> tuple[RevokeWishes, RunSettings]:
    """Return which passes of a run are to be revoked, and what that needs, likewise."""
    plain = {name: _plain(value) for name, value in keywords.items() if name != "roster_password"}
    password = keywords.get("roster_password")
    values = from_arguments(_REVOKE, plain | {"reports": reports})
    return revoke_wishes(values), revoke_settings(values, None if password is None else as_secret(password))


def reissue_wishes(keywords: Mapping[str, Any], reports: str | Path) -> RunSettings:
    """Return what new passes in the place of a run's own are to be, likewise."""
    plain = {name: _plain(value) for name, value in keywords.items()}
    return run_settings(from_arguments(_REISSUE, plain | {"reports": reports}))


def hand_out_wishes(keywords: Mapping[str, Any], reports: str | Path) -> HandOutSettings:
    """Return what a hand-out is to be, likewise; A4 and English unless somebody says otherwise."""
    values = from_arguments((*handout_declared.HANDING_OUT, declared.REPORTS), {**keywords, "reports": reports})
    return hand_out_settings(values, "A4", ("en",))


def _plain(value: object) -> object:
    """Return a value as somebody would type it, where Python has a better type for it."""
    match value:
        case timedelta():
            return f"{value // timedelta(minutes=1)}m"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case dict():
            return tuple(f"{field}={heading}" for field, heading in value.items())
        case _:
            return value


def as_secret(text: str | Secret) -> Secret:
    """Return a secret, whichever way it was given."""
    return text if isinstance(text, Secret) else Secret(text)
