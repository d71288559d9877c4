"""How each row of the roster stands, and how many there are of each kind."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from bulktap.model.plan import Action
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.run_state import NOT_USABLE_NOTE, RowPhase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.run_state import RowState, RunState

_RULES_OF_OURS = {RowErrorCode.START_IN_PAST, RowErrorCode.HAS_LIVE_PASS}
"""What bulktap itself refuses a row for at the moment of sending."""


class Standing(StrEnum):
    """How a row stands; the names are the keys of `counts`."""

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
        return self in {Standing.ISSUED, Standing.REPLACED, Standing.MERGED}


def standings(plan: Plan, state: RunState | None) -> dict[int, Standing]:
    """Return how each row stands, by plan number; without a state, as if nothing had been sent."""
    rows = state.rows if state else {}
    own = {row.number: _own_standing(row, rows) for row in plan.rows if row.action is not Action.MERGE}
    found: dict[int, Standing] = {}
    for row in plan.rows:
        standing = own[serving_number(row)]
        merged = row.action is Action.MERGE and standing.has_pass
        found[row.number] = Standing.MERGED if merged else standing
    return found


def run_counts(plan: Plan, state: RunState | None) -> dict[str, int]:
    """Return the contract's counts: `rows`, and disjoint parts that sum to it."""
    counts = no_counts() | {"rows": len(plan.rows)}
    for standing in standings(plan, state).values():
        counts[standing.value] += 1
    return counts


def no_counts() -> dict[str, int]:
    """Return the counts of a run of which no row is known."""
    return {"rows": 0} | {standing.value: 0 for standing in Standing}


def checked_counts(rows: int, invalid: int) -> dict[str, int]:
    """Return the counts of a roster that was checked and not planned yet: what is not invalid was not sent."""
    return no_counts() | {"rows": rows, "invalid": invalid, "not_sent": rows - invalid}


_WORKS_OR_WILL = {"EnabledByPolicy", "NotYetValid", None}
"""What the service says of a pass that there is nothing to say about; None where it says nothing."""


def unusable_rows(plan: Plan, state: RunState) -> list[PlanRow]:
    """Return the rows whose pass was created and does not work, nor is it going to: the policy disables it, mostly."""
    return [row for row in plan.rows if (sent := state.rows.get(row.number)) is not None and _is_unusable(sent)]


def _is_unusable(sent: RowState) -> bool:
    if sent.phase is not RowPhase.ISSUED or sent.issued is None:
        return False
    created = sent.issued.access_pass
    # The policy may also be found out only when the passes are compared; then nothing but the note says so.
    return NOT_USABLE_NOTE in sent.notes or (created.usability not in _WORKS_OR_WILL and created.is_usable is not True)


def serving_number(row: PlanRow) -> int:
    """Return the plan number of the row whose pass serves this one: mostly its own."""
    return row.merged_into if row.action is Action.MERGE and row.merged_into is not None else row.number


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
        faults.append(_unanswered(state.run))
    return faults


def _unanswered(run: str) -> RowError:
    return RowError(
        RowErrorCode.IN_DOUBT,
        "The request was sent and no answer was read: a pass may exist whose passcode nobody has.",
        f"Run `bulktap resume {run}`: it asks the tenant and settles the row.",
    )


def _refused_by_us(sent: RowState | None) -> bool:
    return sent is not None and not sent.attempts and sent.error is not None and sent.error.code in _RULES_OF_OURS


def _own_standing(row: PlanRow, rows: Mapping[int, RowState]) -> Standing:
    match row.action:
        case Action.ISSUE | Action.REPLACE:
            return _sent_standing(row, rows.get(row.number))
        case Action.SKIP:
            return Standing.SKIPPED
        case Action.REFUSE | Action.MERGE:
            return Standing.INVALID
        case _:
            assert_never(row.action)


def _sent_standing(row: PlanRow, sent: RowState | None) -> Standing:
    match sent.phase if sent else RowPhase.NOT_SENT:
        case RowPhase.NOT_SENT | RowPhase.RELEASED:
            return Standing.NOT_SENT
        case RowPhase.SENT | RowPhase.IN_DOUBT:
            return Standing.IN_DOUBT
        case RowPhase.ISSUED:
            return Standing.REPLACED if row.action is Action.REPLACE else Standing.ISSUED
        case RowPhase.REFUSED:
            return Standing.INVALID if _refused_by_us(sent) else Standing.REFUSED
        case RowPhase.SKIPPED:
            return Standing.SKIPPED
