"""Which column of a run's roster a setting names; pure."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError
from bulktap.planning.patterns import folded
from bulktap.roster.columns.headings import squeeze

if TYPE_CHECKING:
    from bulktap.model.plan import RosterColumns
    from bulktap.model.setting_names import Setting

_LONGEST_NAMED = 40


def named_column(setting: Setting, name: str, columns: RosterColumns) -> int:
    """Return the position of the column that a setting names by its heading.

    Case and the width and composition of letters do not matter; where that finds none, neither do blanks, hyphens and
    what stands behind a heading to say that it must be filled in.

    Raises:
        UsageError: there is none, or more than one; the hint lists those that there are.
    """
    for compared in (folded, squeeze):
        found = [at for at, heading in enumerate(columns.headings) if compared(heading) == compared(name)]
        if len(found) == 1:
            return found[0]
        if found:
            meant = ", ".join(_cut(columns.headings[at]) for at in found)
            raise UsageError(f"{setting.to(_cut(name))} could be any of {meant}.", hint="Write the heading as it is.")
    close = get_close_matches(folded(name)[:200], {folded(one): one for one in columns.headings}, n=1, cutoff=0.6)
    meant = next((_cut(one) for one in columns.headings if close and folded(one) == close[0]), "")
    there = ", ".join(_cut(heading) for heading in columns.headings)
    raise UsageError(
        f"The roster of this run has no column {_cut(name)}.",
        hint=f"{f'Did you mean {setting.to(meant)}? ' if meant else ''}The columns are {there}.",
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAMED else f"{text[:_LONGEST_NAMED]}…"
