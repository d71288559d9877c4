"""Rows of the passes workbook that were made before the run had ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.outcomes import InDoubt, Issued, Refused, Skipped
from bulktap.model.pass_terms import PassTerms
from bulktap.model.person_events import ReissueAsked
from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode, Severity
from bulktap.model.run_events import Confirmed, Doubted, Noted, Released, Sent, Settled
from bulktap.results.comparison import AsOf
from bulktap.results.kept_rendering import KeptRendering
from bulktap.results.passes_ahead import PassesAhead
from bulktap.results.passes_workbook import results_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.results.sheets.filling import KeptRows

ROWS = 1_234
WINDOW = timedelta(seconds=130)


def sent(row: int, build: ModuleType) -> Sent:
    """Return an attempt."""
    found: Sent = build.sent(row)
    return found


def issued(row: int, build: ModuleType, *, again: int = 0) -> list[Any]:
    """Return how a row gets its pass; some passcodes look like formulas, and some texts come again."""
    first = ("=", "+", "", "", "<r>")[row % 5]
    return [sent(row, build), Settled(row, Issued(build.issued_pass(row + again * 10_000, f"{first}Code{row}{again}")))]


def in_order(build: ModuleType) -> list[list[Any]]:
    """Issue row after row."""
    return [issued(row, build) for row in range(1, ROWS + 1)]


def out_of_order(build: ModuleType) -> list[list[Any]]:
    """Issue them as replies come in."""
    rows = sorted(range(1, ROWS + 1), key=lambda row: row + row * 7_919 % 211)
    return [issued(row, build) for row in rows]


def with_rows_without_a_pass(build: ModuleType) -> list[list[Any]]:
    """Every seventh is refused, left alone, in doubt for good, or turned away and sent again later."""
    refused = build.fault(RowErrorCode.REFUSED, None)
    ends = [Refused(refused), Skipped(refused), InDoubt(refused)]
    parts = in_order(build)
    for row in range(7, ROWS + 1, 7):
        parts[row - 1] = [sent(row, build), Settled(row, ends[row % 3])]
    parts[99] = [sent(100, build), Released(100, 429, perhaps_done=False)]
    parts[800] += issued(100, build)
    return parts


def without_the_last_ones(build: ModuleType) -> list[list[Any]]:
    """Somebody stops the run."""
    return in_order(build)[:-100]


def with_a_note_late(build: ModuleType) -> list[list[Any]]:
    """A row beyond those that were made gets a note: the column of notes is printed then."""
    return [*in_order(build), [Noted(ROWS, "Something is odd.")]]


def with_a_note_in_between(build: ModuleType) -> list[list[Any]]:
    """The same, while rows are being made."""
    parts = in_order(build)
    parts[600] = [*parts[600], Noted(601, "Something is odd.")]
    return parts


def with_a_note_afterwards(build: ModuleType) -> list[list[Any]]:
    """A row that was made long ago gets a note."""
    return [*in_order(build), [Noted(3, "Something is odd.")]]


def with_a_pass_replaced(build: ModuleType) -> list[list[Any]]:
    """A row that was made long ago gets another pass."""
    return [*in_order(build), issued(3, build, again=1)]


def with_a_pass_in_doubt_again(build: ModuleType) -> list[list[Any]]:
    """A row that was made long ago has no pass any more that is known to be live."""
    return [*in_order(build), [sent(3, build), Doubted(3, "502")]]


def with_a_pass_asked_anew(build: ModuleType) -> list[list[Any]]:
    """A row is asked for anew before it is made, keeps its pass meanwhile, and gets the other one late."""
    parts = in_order(build)
    parts[300] += [Confirmed(250), ReissueAsked(250, build.ISSUED_AT, "pass-250", PassTerms())]
    parts[900] += issued(250, build, again=1)
    return parts


def with_a_pass_sent_anew(build: ModuleType) -> list[list[Any]]:
    """The same, but its create has left: no row is made before it is known whose pass it is."""
    parts = in_order(build)
    leaves, comes_back = issued(250, build, again=1)
    parts[300] += [Confirmed(250), ReissueAsked(250, build.ISSUED_AT, "pass-250", PassTerms()), leaves]
    parts[900] += [comes_back]
    return parts


def with_an_earlier_attempt(build: ModuleType) -> list[list[Any]]:
    """An earlier request may still take effect: a note says so, until that is over."""
    parts = in_order(build)
    parts[2] = [sent(3, build), Doubted(3, "504"), *issued(3, build)]
    return parts


def with_one_served_late(build: ModuleType) -> list[list[Any]]:
    """A row in doubt, over which rows were made, has got its pass after all."""
    parts = in_order(build)
    parts[4] = [sent(5, build), Settled(5, InDoubt(build.fault(RowErrorCode.IN_DOUBT, None)))]
    return [*parts, issued(5, build)]


def a_plan(build: ModuleType, **members: Any) -> Plan:
    """Return a plan of many rows, one of which shares its pass, and one of which gets none; members of row 700."""
    rows: list[PlanRow] = [build.plan_row(number, f"user{number}") for number in range(1, ROWS + 1)]
    rows[699] = replace(rows[699], **members)
    rows[9] = replace(rows[9], merged_rows=(ROWS + 1,))
    merged = build.plan_row(ROWS + 1, "user10", Action.MERGE, merged_into=10)
    refused = build.plan_row(ROWS + 2, "=nobody", Action.REFUSE, request=None, problems=(build.fault(),))
    plan: Plan = build.make_plan(*rows, merged, refused)
    return plan


def made_both_ways(
    build: ModuleType, plan: Plan, parts: Sequence[Sequence[Any]], *, later: timedelta = timedelta()
) -> tuple[bytes, bytes, KeptRows | None]:
    """Return the workbook with rows that were made ahead, and without; and these rows, if they are good."""
    as_of = AsOf(build.LATER, WINDOW, comparing=True)
    state = build.make_state(plan, closed=False)
    view, ahead = build.run_view(plan, state, as_of), PassesAhead(plan)
    for number, part in enumerate(parts):
        for event in part:
            state.fold(event)
        if number % 97 == 0:
            ahead.take_in(view)
    as_of = replace(as_of, now=as_of.now + later)
    kept = ahead.rows_for(state, as_of)
    made = 0 if kept is None else sum(part.rows for part in kept.parts.values())
    end = build.run_view(plan, state, as_of)
    plain = results_workbook(end)
    end = replace(build.run_view(plan, state, as_of), kept=KeptRendering(kept) if kept else KeptRendering())
    told = results_workbook(end)
    assert made in {0, 500, 1_000}
    return told, plain, kept if made else None


@pytest.mark.parametrize(
    ("story", "good"),
    [
        (in_order, True),
        (out_of_order, True),
        (with_rows_without_a_pass, True),
        (without_the_last_ones, True),
        (with_a_note_late, True),
        (with_a_note_in_between, True),
        (with_a_note_afterwards, False),
        (with_a_pass_replaced, False),
        (with_a_pass_in_doubt_again, False),
        (with_a_pass_asked_anew, False),
        (with_a_pass_sent_anew, True),
        (with_an_earlier_attempt, True),
        (with_one_served_late, False),
    ],
)
def test_the_workbook_is_the_same_to_the_byte(build: ModuleType, story: Any, *, good: bool) -> None:
    """Whether rows were made ahead or not, and whether what was made is still good."""
    told, plain, kept = made_both_ways(build, a_plan(build), story(build))

    assert told == plain
    assert (kept is not None) == good


@pytest.mark.parametrize("later", [timedelta(), WINDOW * 2])
def test_a_note_that_goes_with_the_time_is_not_there_any_more(build: ModuleType, later: timedelta) -> None:
    """Rows say what they say as of a moment."""
    parts = with_an_earlier_attempt(build)
    told, plain, kept = made_both_ways(build, a_plan(build), parts, later=later)

    assert told == plain
    assert kept is not None or later


@pytest.mark.parametrize(
    "members",
    [
        {"upn": None},
        {"problems": None},
        {"display_name": "Somebody with a name that is longer than all others, and wraps " * 3},
        {"object_id": None},
    ],
)
def test_a_row_that_changes_how_all_are_laid_out_is_heeded(build: ModuleType, members: dict[str, Any]) -> None:
    """Somebody without a sign-in name, or with a warning, decides which columns are printed."""
    if "problems" in members:
        members = {"problems": (replace(build.fault(), severity=Severity.WARNING),)}
    told, plain, _ = made_both_ways(build, a_plan(build, **members), in_order(build))

    assert told == plain


@pytest.mark.parametrize("rows", [0, 1, 499, 500, 501])
def test_few_rows_are_made_at_the_end(build: ModuleType, rows: int) -> None:
    """Nothing is made ahead before there are enough of them to measure columns by."""
    told, plain, kept = made_both_ways(build, a_plan(build), in_order(build)[:rows])

    assert told == plain
    assert kept is None or rows >= 500
