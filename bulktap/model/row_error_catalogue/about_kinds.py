"""One sentence for many rows with the same warning: what a screen says once where each row says it for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.model.row_errors import RowErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS: Final[Mapping[RowErrorCode, tuple[str, str]]] = {
    RowErrorCode.USER_DISABLED: (
        "account is blocked from signing in; its pass will not work until it is enabled",
        "accounts are blocked from signing in; their passes will not work until they are enabled",
    ),
}


def of_kind(code: RowErrorCode, count: int) -> str | None:
    """Return a count with what all these rows have in common; None for a kind whose rows differ in what they say."""
    words = _KINDS.get(code)
    return None if words is None else f"{count:,} {words[0] if count == 1 else words[1]}"
