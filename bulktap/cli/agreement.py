"""Whether somebody agrees: a yes, or what has to be typed where a yes is not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.cli.console import Console
    from bulktap.planning.guards import TypedConfirmation


def is_agreed(
    console: Console, question: str, typed: TypedConfirmation | None, show: Callable[[], None] | None = None
) -> bool:
    """Return true if somebody agrees at the terminal.

    Args:
        console: where they are asked.
        question: what they are asked, with its question mark.
        typed: what has to be typed for it; None where a yes will do.
        show: shows what has not been shown yet before something is typed for it.

    Raises:
        UsageError: it has to be typed, and there is no terminal.
    """
    if typed is None:
        return console.confirm(question)
    if not console.can_ask:
        raise UsageError(
            f"Somebody has to type the tenant's {typed.kind} ({' and '.join(typed.because)}), and there is no "
            "terminal to ask on.",
            hint=f"Run this command in a terminal. {Setting.YES} does not answer that, because "
            f"{Setting.CONFIRM.to('type')} is set.",
        )
    if show is not None:
        show()
    console.always(f"These are {' and '.join(typed.because)}, so a yes is not enough.")
    return console.confirm_typed(
        f"{question} To agree, type the tenant's {typed.kind} ({typed.words[0]}):", typed.is_answered_by
    )
