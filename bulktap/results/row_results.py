"""What became of each row of the roster, and how many rows there are of each kind."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from bulktap.model.plan import Action
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.usability import REPLACED_SINCE, not_usable_note, tells_not_usable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.run_state import RowState, RunState

_RULES_OF_OURS = {
    RowErrorCode.START_IN_PAST, RowErrorCode.HAS_LIVE_PASS, RowErrorCode.NEVER_LISTED, RowErrorCode.NOT_ALLOWED,
    RowErrorCode.DENIED,
}  # fmt: skip
"""What bulktap itself refuses a row for at the moment of sending."""


class RowResult(StrEnum):
    """What became of a row; the names are the keys of `counts`."""

    ISSUED = "issued"
    REPLACED = "replaced"
    MERGED = "merged"
    SKIPPED = "skipped"
    INVALID = "invalid"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    NOT_SENT = "not_sent"

    @property
    def has_pass(self) -> bool:
        """Whether a pass of this run serves the row."""
        return self in {RowResult.ISSUED, RowResult.REPLACED, RowResult.MERGED}


def row_results(plan: Plan, state: RunState | None) -> dict[int, RowResult]:
    """Return what became of each row, by plan number; without a state, as if nothing had been sent."""
    rows = state.rows if state else {}
    own = {row.number: _own_result(row, rows) for row in plan.rows if row.action is not Action.MERGE}
    found: dict[int, RowResult] = {}
    for row in plan.rows:
        result = own[serving_number(row)]
        merged = row.action is Action.MERGE and result.has_pass
        found[row.number] = RowResult.MERGED if merged else result
    return found


def run_counts(plan: Plan, state: RunState | None) -> dict[str, int]:
    """Return the contract's counts: `rows`, and disjoint parts that sum to it."""
    return counts_of(row_results(plan, state))


def counts_of(results: Mapping[int, RowResult]) -> dict[str, int]:
    """Return the contract's counts of rows whose results are known."""
    counts = no_counts() | {"rows": len(results)}
    for result in results.values():
        counts[result.value] += 1
    return counts


def no_counts() -> dict[str, int]:
    """Return the counts of a run of which no row is known."""
    return {"rows": 0} | {result.value: 0 for result in RowResult}


def checked_counts(rows: int, invalid: int, skipped: int = 0) -> dict[str, int]:
    """Return the counts of a roster that was checked and not planned yet: what is not invalid was not sent."""
    return no_counts() | {"rows": rows, "skipped": skipped, "invalid": invalid, "not_sent": rows - invalid - skipped}


def unusable_rows(plan: Plan, state: RunState) -> list[PlanRow]:
    """Return the rows whose pass was created and does not work, nor is it going to: see the note of each."""
    return [row for row in plan.rows if (sent := state.rows.get(row.number)) is not None and is_unusable(sent)]


def is_unusable(sent: RowState) -> bool:
    """Return True if a row's pass was created and does not work, nor is it going to."""
    if sent.phase is not RowPhase.ISSUED or sent.issued is None:
        return False
    # It may also be found out only when the passes are compared; then nothing but the note says so.
    return any(map(tells_not_usable, sent.notes)) or not_usable_note(sent.issued.access_pass) is not None


def is_replaced(sent: RowState) -> bool:
    """Return True if somebody else is known to have issued another pass in the place of a row's."""
    return any(note.startswith(REPLACED_SINCE) for note in sent.notes)


def serving_number(row: PlanRow) -> int:
    """Return the plan number of the row whose pass serves this one: mostly its own."""
    return row.merged_into if row.action is Action.MERGE and row.merged_into is not None else row.number


def was_left_out(row: PlanRow) -> bool:
    """Return True if a row was not asked for when the run was planned."""
    return row.action is Action.SKIP and any(one.code is RowErrorCode.NOT_SELECTED for one in row.problems)


def row_faults(row: PlanRow, rows: Mapping[int, PlanRow], state: RunState | None) -> list[RowError]:
    """Return what kept the row from a pass: what the plan holds against it, then what sending brought."""
    serving = rows[serving_number(row)]
    faults = [problem for problem in row.problems if problem.refuses]
    if serving is not row:
        faults += [problem for problem in serving.problems if problem.refuses and problem not in faults]
    sent = state.rows.get(serving.number) if state else None
    if sent is not None and sent.error is not None and sent.phase is not RowPhase.ISSUED:
        faults.append(sent.error)
    elif sent is not None and sent.phase is RowPhase.SENT and state is not None:
        faults.append(about_passes.unanswered(f"`bulktap resume {state.to_type}`"))
    return faults


def _refused_by_us(sent: RowState | None) -> bool:
    return sent is not None and not sent.attempts and sent.error is not None and sent.error.code in _RULES_OF_OURS


def _own_result(row: PlanRow, rows: Mapping[int, RowState]) -> RowResult:
    match row.action:
        case Action.ISSUE | Action.REPLACE:
            return _sent_result(row, rows.get(row.number))
        case Action.SKIP:
            return RowResult.SKIPPED
        case Action.REFUSE | Action.MERGE:
            return RowResult.INVALID
        case _:
            assert_never(row.action)


def _sent_result(row: PlanRow, sent: RowState | None) -> RowResult:
    match sent.phase if sent else RowPhase.NOT_SENT:
        case RowPhase.RELEASED if sent is not None and sent.keeps_pass:
            return RowResult.REPLACED if row.action is Action.REPLACE else RowResult.ISSUED
        case RowPhase.NOT_SENT | RowPhase.RELEASED:
            return RowResult.NOT_SENT
        case RowPhase.SENT | RowPhase.IN_DOUBT:
            return RowResult.IN_DOUBT
        case RowPhase.ISSUED:
            return RowResult.REPLACED if row.action is Action.REPLACE else RowResult.ISSUED
        case RowPhase.REFUSED:
            return RowResult.INVALID if _refused_by_us(sent) else RowResult.REFUSED
        case RowPhase.SKIPPED:
            return RowResult.SKIPPED
