"""From values to typed slices, one for each room that obeys them; what is done with issued passes: `issued_slices`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError
from bulktap.model.plan import Field
from bulktap.model.setting_names import Setting
from bulktap.operations.guard_settings import guards_of
from bulktap.operations.run_settings import (
    CareSettings,
    ListWish,
    PageSettings,
    PassSettings,
    ReadingSettings,
    RunSettings,
    SendingWishes,
)
from bulktap.planning.forecast import ASSUMABLE, AssumedLimit, read_limit
from bulktap.roster.reading_options import OPTION_NAMES, RosterPassword, from_table
from bulktap.settings import declarations as declared
from bulktap.settings import roster_declarations as roster_declared

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.model.guards import Guards
    from bulktap.model.secret import Secret
    from bulktap.settings.values import Values


def run_settings(
    values: Values,
    roster_password: Secret | None = None,
    ask_password: Callable[[str], Secret | None] | None = None,
) -> RunSettings:
    """Return what shapes a new run, and how a protected roster is opened.

    Raises:
        UsageError: a value cannot be read.
    """
    return RunSettings(
        reports=values.sure(declared.REPORTS),
        reading=reading_settings(values, roster_password, ask_password),
        passes=PassSettings(
            values.of(declared.LIFETIME),
            values.of(declared.START),
            values.of(declared.ONE_TIME),
            values.sure(declared.EXISTING),
        ),
        care=CareSettings(
            strict=values.is_set(declared.STRICT),
            offline=values.is_set(declared.OFFLINE),
            limit=values.of(declared.LIMIT),
            only=values.of(declared.ONLY) or (),
            exclude=values.of(declared.EXCEPT) or (),
            guards=guards_said(values),
            plan_valid_for=values.sure(declared.PLAN_VALID_FOR),
            ticket=values.of(declared.TICKET),
            reason=values.of(declared.REASON),
            names=values.of(declared.NAMES),
            accept=values.of(declared.ACCEPT) or (),
        ),
        sending=sending_wishes(values),
        page=PageSettings(values.is_set(declared.BOARD), values.is_set(declared.PRINT_ROWS)),
        log_file=values.of(declared.LOG_FILE),
        name=values.of(declared.NAME),
        forget_after_minutes=values.of(declared.FORGET_AFTER),
        source=_source(values),
        asked=values.asked,
    )


def _source(values: Values) -> ListWish | None:
    wish = ListWish(
        values.of(roster_declared.GROUP),
        values.of(roster_declared.ADMINISTRATIVE_UNIT),
        values.of(roster_declared.CREATED_SINCE),
    )
    return wish if wish.kept else None


def resume_settings(values: Values) -> RunSettings:
    """Return what an earlier run needs: where it is, how batches are sent, where the log is written.

    Raises:
        UsageError: a value cannot be read.
    """
    return RunSettings(
        values.sure(declared.REPORTS),
        care=CareSettings(guards=guards_said(values)),
        sending=sending_wishes(values),
        log_file=values.of(declared.LOG_FILE),
        asked=values.asked,
    )


def reading_settings(
    values: Values,
    password: Secret | None = None,
    ask_password: Callable[[str], Secret | None] | None = None,
) -> ReadingSettings:
    """Return how a roster is to be read.

    Raises:
        UsageError: a column is not named as it should be.
    """
    said = {
        one.name: value for one in roster_declared.READING if one.name in OPTION_NAMES and (value := values.of(one))
    }
    if (join := values.of(roster_declared.JOIN)) is not None:
        said[roster_declared.JOIN.name] = str(join.absolute())
    columns = {"column": _mapping(values.of(roster_declared.COLUMN) or ())}
    return ReadingSettings(from_table(said | columns), RosterPassword(password, ask_password))


def sending_wishes(values: Values) -> SendingWishes:
    """Return how batches are to be sent.

    Raises:
        UsageError: the limit that the forecast counts on cannot be read.
    """
    return SendingWishes(
        max_rate=values.of(declared.MAX_RATE),
        concurrency=values.sure(declared.CONCURRENCY),
        reply_timeout=values.of(declared.REPLY_TIMEOUT),
        settle_wait=values.of(declared.SETTLE_WAIT),
        assume=_assumed(values.of(declared.ASSUME)),
    )


def guards_said(values: Values) -> Guards:
    """Return the guards of options, variables and the user's own files, added up.

    Raises:
        UsageError: one cannot be read.
    """
    said = {one.name: values.of(one) or None for one in declared.GUARDS if one is not declared.MAX_ROWS}
    said[declared.MAX_ROWS.name] = values.of(declared.MAX_ROWS)
    try:
        guards = guards_of(said)
    except ValueError as wrong:
        raise UsageError(f"A guard cannot be read: {wrong}", hint="The help of the command shows examples.") from None
    for path, table in values.guards:
        try:
            guards = guards.with_also(guards_of(table))
        except ValueError as wrong:
            raise UsageError(f"{path}, guards: {wrong}", hint="Correct it, or take it away.") from None
    return guards


def _assumed(text: str | None) -> AssumedLimit | None:
    try:
        return read_limit(text) if text else None
    except ValueError as error:
        raise UsageError(str(error), hint=f"{Setting.ASSUME} takes {ASSUMABLE}.") from None


def _mapping(words: tuple[str, ...]) -> dict[Field, str]:
    mapping: dict[Field, str] = {}
    for word in words:
        name, sign, heading = word.partition("=")
        if not sign or name not in set(Field):
            raise UsageError(
                f"{Setting.COLUMN} {word} is not of the form FIELD=HEADING.",
                hint=f"FIELD is one of {', '.join(Field)}; for example {Setting.COLUMN} user='Login name'.",
            )
        mapping[Field(name)] = heading
    return mapping
