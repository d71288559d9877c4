"""From values to typed slices of what is done with the passes of a run: revoking, verifying, handing out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.operations.revoke_wishes import RevokeWishes
from bulktap.operations.verify_wishes import VerifyWishes
from bulktap.settings import declarations as declared
from bulktap.settings import handout_declarations as handout_declared
from bulktap.settings import issued_declarations as issued_declared
from bulktap.settings.slices import reading_settings, resume_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.model.secret import Secret
    from bulktap.operations.handout_settings import HandOutSettings
    from bulktap.operations.run_settings import RunSettings
    from bulktap.settings.values import Values


def revoke_settings(
    values: Values,
    roster_password: Secret | None = None,
    ask_password: Callable[[str], Secret | None] | None = None,
) -> RunSettings:
    """Return what revoking needs: what an earlier run needs, and how a list of received slips is read.

    Raises:
        UsageError: a value cannot be read.
    """
    settings = resume_settings(values)
    return replace(
        settings,
        reading=reading_settings(values, roster_password, ask_password),
        care=replace(settings.care, names=values.of(issued_declared.REVOKE_NAMES)),
    )


def verify_wishes(values: Values) -> VerifyWishes:
    """Return what verifying does beside asking once."""
    return VerifyWishes(
        values.of(issued_declared.WATCH), values.of(issued_declared.UNTIL), values.of(issued_declared.UNSERVED)
    )


def revoke_wishes(values: Values) -> RevokeWishes:
    """Return which passes are to be revoked."""
    return RevokeWishes(
        only=values.of(issued_declared.REVOKE_ONLY) or (),
        exclude=values.of(declared.EXCEPT) or (),
        received=values.of(issued_declared.NOT_RECEIVED),
        dry=values.is_set(issued_declared.REVOKE_DRY_RUN),
    )


def hand_out_settings(values: Values, paper: str, languages: tuple[str, ...]) -> HandOutSettings:
    """Return what a hand-out is to be.

    Args:
        values: what somebody said.
        paper: the sheet, if nobody said anything.
        languages: likewise.

    Raises:
        UsageError: more languages than a slip has room for, or one twice.
    """
    from bulktap.operations.handout_settings import HandOutSettings
    from bulktap.results.handout.languages import check_languages
    from bulktap.results.handout.sheets_model import Paper, Purpose, Style

    asked: tuple[str, ...] = values.of(handout_declared.LANGUAGE) or ()
    check_languages(asked or languages)
    return HandOutSettings(
        reports=values.sure(declared.REPORTS),
        by=values.of(handout_declared.BY) or (),
        to=values.of(handout_declared.TO),
        sort=values.of(handout_declared.SORT),
        only=values.of(declared.ONLY) or (),
        exclude=values.of(declared.EXCEPT) or (),
        style=Style(values.sure(handout_declared.STYLE)),
        as_workbooks=values.sure(handout_declared.FORMAT) == "xlsx",
        paper=Paper(values.of(handout_declared.PAPER) or paper),
        languages=asked or languages,
        seal_alike=values.sure(handout_declared.SEAL) == "run",
        logo=values.of(handout_declared.LOGO),
        template=values.of(handout_declared.TEMPLATE),
        call=values.of(handout_declared.CALL) or "",
        purpose=Purpose(values.sure(handout_declared.PURPOSE)),
        asked=values.asked,
    )
