"""Several rows of one user: one pass, or a row error where they ask for different ones; pure.

A second create would silently kill the first pass, so two rows of one person are never two creates.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.plan import Action, Field
from bulktap.model.row_error_catalogue import about_passes
from bulktap.planning.terms import stated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import PlanRow, RosterColumns
    from bulktap.model.row_errors import RowError


def refused(row: PlanRow, *problems: RowError) -> PlanRow:
    """Return the row refused, with these reasons added to those it has."""
    return replace(row, action=Action.REFUSE, problems=(*row.problems, *problems))


def merge_rows_of_one_user(
    rows: list[PlanRow], devices: Mapping[int, str | None], policy: PassPolicy | None, columns: RosterColumns
) -> None:
    """Turn several rows of one user into one pass, or refuse them all where they ask for different ones."""
    by_user: dict[str, list[PlanRow]] = defaultdict(list)
    for row in rows:
        if row.action is Action.ISSUE and row.request is not None:
            by_user[row.object_id or row.request.user.folded].append(row)
    for same_user in by_user.values():
        if len(same_user) == 1:
            continue
        for row in _merged(same_user, devices, policy, columns):
            rows[row.number - 1] = row


def _merged(
    same_user: Sequence[PlanRow], devices: Mapping[int, str | None], policy: PassPolicy | None, columns: RosterColumns
) -> list[PlanRow]:
    requests = [row.request for row in same_user if row.request is not None]
    # A row that leaves open what another one asks for in words asks for the same pass.
    if len({stated(request.terms, policy) for request in requests}) > 1:
        error = about_passes.different_passes(_row_list(same_user), columns.heading(Field.USER))
        return [refused(row, error) for row in same_user]
    first, others = same_user[0], same_user[1:]
    request = requests[0]
    if len({devices[row.number] for row in same_user} - {None, ""}) > 1:
        forced = policy is not None and policy.forces_one_time
        if request.terms.usable_once or forced:
            heading = columns.heading(Field.ONE_TIME) or columns.heading(Field.USER)
            error = about_passes.one_time_for_several_devices(_row_list(same_user), heading, forced=forced)
            return [refused(row, error) for row in same_user]
        # One person sets up several devices with it, so the first sign-in must not use it up.
        request = replace(request, terms=replace(request.terms, usable_once=False))
    kept = replace(first, request=request, merged_rows=tuple(row.number for row in others))
    return [kept, *(replace(row, action=Action.MERGE, merged_into=first.number) for row in others)]


def _row_list(rows: Sequence[PlanRow]) -> str:
    numbers = [str(row.source.number) for row in rows]
    return f"{', '.join(numbers[:-1])} and {numbers[-1]}"
