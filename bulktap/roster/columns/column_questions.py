"""Questions about columns: which one is meant, with samples of what each holds. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bulktap.model.plan import Field
    from bulktap.roster.model import Roster

_MOST_OFFERED = 20


def which_column(
    roster: Roster,
    headings: Sequence[str],
    field: Field,
    text: str,
    columns: Iterable[int],
    told: Mapping[int, str] | None = None,
) -> Question:
    """Return the question which column gives a field.

    Args:
        roster: what was read; columns that must not be read are not in it.
        headings: what each column can be called in the answer.
        field: what the column is to give.
        text: what is the matter.
        columns: those that are offered.
        told: what is said of a column in place of a sample.
    """
    offered = list(columns)[:_MOST_OFFERED]
    choices = [
        Choice(f"{field.value}={headings[column]}", _label(roster, headings[column], column, told or {}))
        for column in offered
    ]
    return Question(
        Setting.COLUMN, f"{field.value}-column", text, choices=tuple(choices), example=f"{field.value}=HEADING"
    )


def _label(roster: Roster, name: str, column: int, told: Mapping[int, str]) -> str:
    said = told.get(column) or sample((row.cells[column] for row in roster.rows), 2)
    return f"{name}: {said}" if said else f"{name} (empty)"
