"""A list of checks on the screen and as JSON: how each stands, why, and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.cli.setting_options import with_options
from bulktap.model.checks import CheckState
from bulktap.model.plain_text import in_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.model.checks import Check

_STATE_WIDTH = max(len(state) for state in CheckState)


def check_lines(check: Check, *, details: bool) -> Iterator[str]:
    """Yield the lines of a check: how it stands, what was found, what helps.

    Args:
        check: the check.
        details: True to tell more of what was found, also where everything is in order.
    """
    yield f"{check.state.value:<{_STATE_WIDTH}}  {check.title}: {check.found}"
    indent = " " * (_STATE_WIDTH + 2)
    if details or check.state is not CheckState.OK:
        for line in check.details:
            yield f"{indent}  {line}"
    if check.remedy:
        yield f"{indent}To do: {check.remedy}"


def check_members(check: Check) -> dict[str, object]:
    """Return what `--json` says of a check."""
    return {
        "check": check.code,
        "title": check.title,
        "state": check.state.value,
        "found": with_options(check.found),
        "to_do": with_options(check.remedy),
        "details": [with_options(line) for line in check.details],
    }


def summary_of(checks: Sequence[Check]) -> str:
    """Return the result in one sentence."""
    counts = {state: sum(one.state is state for one in checks) for state in CheckState}
    if counts[CheckState.WRONG]:
        titles = dict.fromkeys(one.title for one in checks if one.state is CheckState.WRONG)
        return f"{_things(counts[CheckState.WRONG])} in the way of issuing passes: {', '.join(titles)}."
    if counts[CheckState.WARN]:
        return f"Passes can be issued; {_things(counts[CheckState.WARN])} worth knowing of."
    return "Everything is in place."


def _things(count: int) -> str:
    return in_number(count, "thing is", "things are")
