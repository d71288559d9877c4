"""Several rows of one user: one pass, or a row error where they name two people or ask for different passes; pure.

A second create would silently kill the first pass, so two rows of one person are never two creates. Two people with
one user are a cell that was copied down: the pass would be handed to both, and is good for one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.plan import Action, Field
from bulktap.model.row_error_catalogue import about_passes, about_users
from bulktap.model.row_ranges import row_ranges
from bulktap.planning.policy_defaults import stated
from bulktap.roster.cell_values import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.model.pass_terms import PassTerms
    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import PlanRow, RosterColumns
    from bulktap.model.row_errors import RowError
    from bulktap.roster.model import CheckedRow


def refused(row: PlanRow, *problems: RowError) -> PlanRow:
    """Return the row refused, with these reasons added to those it has."""
    return replace(row, action=Action.REFUSE, problems=(*row.problems, *problems))


_TERMS = {Field.START: "starts_at", Field.LIFETIME: "lifetime_minutes", Field.ONE_TIME: "usable_once"}
"""Which column says which of the terms."""
_MOST_NAMED = 3
"""People, or values, whom a message names."""


def merge_rows_of_one_user(
    rows: list[PlanRow], checked: Sequence[CheckedRow], policy: PassPolicy | None, columns: RosterColumns
) -> None:
    """Turn several rows of one user into one pass, or refuse them all where they are not one person's, or disagree.

    Whether they are one person's is asked of rows that get no pass too: a row that is left out today may be the one
    whose user was copied down.
    """
    by_user: dict[str, list[PlanRow]] = defaultdict(list)
    for row, source in zip(rows, checked, strict=True):
        if source.user is not None:
            by_user[row.object_id or source.user.folded].append(row)
    for same_user in by_user.values():
        if len(same_user) == 1:
            continue
        sources = {row.number: checked[row.number - 1] for row in same_user}
        error = _different_people(same_user, sources, columns)
        issuing = [row for row in same_user if row.action is Action.ISSUE and row.request is not None]
        if error is not None:
            decided = [refused(row, error) for row in same_user if row.action is not Action.SKIP]
        else:
            decided = _merged(issuing, sources, policy, columns) if len(issuing) > 1 else []
        for row in decided:
            rows[row.number - 1] = row


def _different_people(
    same_user: Sequence[PlanRow], sources: Mapping[int, CheckedRow], columns: RosterColumns
) -> RowError | None:
    """Return what is wrong where rows of one user name different people; who is named in no row is nobody else.

    Rows of one list have their names from one source, so a given name alone is not enough here.
    """
    people: list[CheckedRow] = []
    for row in same_user:
        source = sources[row.number]
        if not source.name or len(people) > _MOST_NAMED:
            continue
        if not any(_one_person(source, other) for other in people):
            people.append(source)
    if len(people) < 2:
        return None
    named = [f"{one.name.text} in row {one.source.number}" for one in people[:_MOST_NAMED]]
    if len(people) > _MOST_NAMED:
        named.append("and others")
    first = sources[same_user[0].number].user
    user = first.text if first else ""
    heading = columns.heading(Field.USER)
    return about_users.different_people(_row_list(same_user), user, ", ".join(named), heading)


def _one_person(row: CheckedRow, other: CheckedRow) -> bool:
    if row.name == other.name:
        return True
    from bulktap.planning.name_words import words_of
    from bulktap.planning.person_names import Likeness, likeness

    found = likeness(words_of(row.name), (words_of(other.name),))
    return found is Likeness.UNKNOWN or found >= Likeness.CLOSE


def _merged(
    same_user: Sequence[PlanRow],
    sources: Mapping[int, CheckedRow],
    policy: PassPolicy | None,
    columns: RosterColumns,
) -> list[PlanRow]:
    common = _common_terms(same_user, policy, columns)
    if isinstance(common, list):
        heading = columns.heading(_written(common[0], columns))
        values = "; ".join(_values(same_user, field, columns) for field in common)
        error = about_passes.different_passes(_row_list(same_user), values, heading or columns.heading(Field.USER))
        return [refused(row, error) for row in same_user]
    rows = [_asking(row, common) for row in same_user]
    if len({sources[row.number].device for row in rows} - {None, ""}) > 1:
        forced = policy is not None and policy.forces_one_time
        if common.usable_once or forced:
            heading = columns.heading(Field.ONE_TIME) or columns.heading(Field.USER)
            error = about_passes.one_time_for_several_devices(_row_list(rows), heading, forced=forced)
            return [refused(row, error) for row in rows]
        # One person sets up several devices with it, so the first sign-in must not use it up.
        rows[0] = _asking(rows[0], replace(common, usable_once=False))
    first, others = rows[0], rows[1:]
    kept = replace(first, merged_rows=tuple(row.number for row in others))
    return [kept, *(replace(row, action=Action.MERGE, merged_into=first.number) for row in others)]


def _asking(row: PlanRow, terms: PassTerms) -> PlanRow:
    return row if row.request is None else replace(row, request=replace(row.request, terms=terms))


def _common_terms(
    same_user: Sequence[PlanRow], policy: PassPolicy | None, columns: RosterColumns
) -> PassTerms | list[Field]:
    """Return the terms that all rows can mean, or the fields in which they contradict each other.

    A row whose cell is blank asks for what another one asks for in words.
    """
    requests = {row.number: row.request for row in same_user if row.request is not None}
    common = requests[same_user[0].number].terms
    contradicted = []
    for field, member in _TERMS.items():
        saying = [row for row in same_user if _cell(row, field, columns)] or same_user
        values = {getattr(stated(requests[row.number].terms, policy), member) for row in saying}
        if len(values) > 1:
            contradicted.append(field)
        asked = {getattr(requests[row.number].terms, member) for row in saying} - {None}
        common = replace(common, **{member: next(iter(asked), None)})
    return contradicted or common


def _written(field: Field, columns: RosterColumns) -> Field:
    """Return the field in which a roster writes another down: a lifetime, for example, as the end of the pass."""
    ends = field is Field.LIFETIME and columns.index(field) is None and columns.index(Field.END) is not None
    return Field.END if ends else field


def _cell(row: PlanRow, field: Field, columns: RosterColumns) -> str:
    texts = [as_text(row.source.cells[column]) for column in columns.fields.get(_written(field, columns), ())]
    return " ".join([text for text in texts if text])


def _values(same_user: Sequence[PlanRow], field: Field, columns: RosterColumns) -> str:
    """Return what the rows say in a column, each value with the first row that says it."""
    first: dict[str, PlanRow] = {}
    for row in same_user:
        if text := _cell(row, field, columns):
            first.setdefault(text, row)
    among = {row.source.place for row in same_user}
    said = [f"{text} in {row_ranges([row.source.key], among=among)}" for text, row in list(first.items())[:_MOST_NAMED]]
    more = ", ..." if len(first) > _MOST_NAMED else ""
    return (
        f"{columns.heading(_written(field, columns)) or field.value}: {', '.join(said)}{more}" if said else field.value
    )


def _row_list(rows: Sequence[PlanRow]) -> str:
    words = row_ranges(row.source.key for row in rows)
    return words[0].upper() + words[1:] if words.startswith("row") else words
