"""One sentence for many rows with the same warning: what a screen says once where each row says it for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.model.row_errors import RowErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS: Final[Mapping[RowErrorCode, tuple[str, str]]] = {
    RowErrorCode.NAME_DIFFERS: (
        "row names somebody else than the directory does",
        "rows name somebody else than the directory does",
    ),
    RowErrorCode.USER_DISABLED: (
        "account is blocked from signing in; its pass will not work until it is enabled",
        "accounts are blocked from signing in; their passes will not work until they are enabled",
    ),
    RowErrorCode.USER_GUEST: (
        "account is a guest; it gets a pass all the same",
        "accounts are guests; they get passes all the same",
    ),
    RowErrorCode.START_WITHOUT_TIME: (
        "start is a date without a time, so its pass begins to work at 00:00",
        "starts are dates without a time, so their passes begin to work at 00:00",
    ),
    RowErrorCode.START_PASSED: (
        "start has passed; its pass starts as soon as it is issued",
        "starts have passed; their passes start as soon as they are issued",
    ),
    RowErrorCode.START_IN_PAST: (
        "pass would be over by now and is not issued",
        "passes would be over by now and are not issued",
    ),
    RowErrorCode.OUTSIDE_WORKING_HOURS: (
        "pass works only at night or on a weekend",
        "passes work only at night or on a weekend",
    ),
    RowErrorCode.STARTS_OUTSIDE_WORKING_HOURS: (
        "pass begins to work at night or on a weekend",
        "passes begin to work at night or on a weekend",
    ),
    RowErrorCode.ENDS_BEFORE_HAND_OUT: (
        "pass ends before, or less than half an hour after, the last one is issued",
        "passes end before, or less than half an hour after, the last one is issued",
    ),
    RowErrorCode.NOT_IN_SCOPE: (
        "user is not in scope of the tenant's policy; the pass may be refused, or not work",
        "users are not in scope of the tenant's policy; their passes may be refused, or not work",
    ),
}

SAID_BY_ROW: Final = frozenset({RowErrorCode.NAME_DIFFERS})
"""Kinds of which the first row's own words are worth reading too."""


def of_kind(code: RowErrorCode, count: int) -> str | None:
    """Return a count with what all these rows have in common; None for a kind whose rows differ in what they say."""
    words = _KINDS.get(code)
    return None if words is None else f"{count:,} {words[0] if count == 1 else words[1]}"
