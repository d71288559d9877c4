"""What the rows of workbooks cost: processor time, memory and size of plan.xlsx and of results.xlsx before encryption.

python tests/bench/bench_workbooks.py [ROWS ...]

Each workbook in a process of its own, so that none profits from what another has left behind. Plan and state are made
before; the digest is known.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING

from bench_planning_report import MADE, a_plan

from bulktap.model.exit_codes import ExitCode
from bulktap.model.outcomes import Issued, IssuedPass
from bulktap.model.passes import AccessPass
from bulktap.model.run_events import Closed, Settled
from bulktap.model.run_state import RowState, RunState
from bulktap.model.secret import Secret
from bulktap.results.comparison import AsOf
from bulktap.results.passes_workbook import results_workbook
from bulktap.results.plan_report.plan_workbook import plan_workbook
from bulktap.results.plan_view import PlanView
from bulktap.results.run_facts import RunFacts
from bulktap.results.run_view import RunView

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.model.plan import Plan

WORKBOOKS = ("plan.xlsx", "results.xlsx")


def main() -> None:
    """Print a line for each workbook and number of rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--one", choices=WORKBOOKS, help="measure this one in this very process")
    asked = parser.parse_args()
    for rows in asked.rows:
        if asked.one is not None:
            measure(asked.one, rows)
            continue
        for name in WORKBOOKS:
            subprocess.run([sys.executable, __file__, "--one", name, str(rows)], check=True)


def measure(name: str, rows: int) -> None:
    """Make a workbook twice, once for its time and once for its memory."""
    plan = a_plan(rows)
    make = planned(plan) if name == "plan.xlsx" else issued(plan)
    (planned(a_plan(3)) if name == "plan.xlsx" else issued(a_plan(3)))()  # loads what is loaded once
    began = time.process_time()
    size = len(make())
    seconds = time.process_time() - began
    tracemalloc.start()
    make()
    peak = tracemalloc.get_traced_memory()[1]
    print(f"{name}: {rows} rows, {seconds:.2f} CPU s, {peak / 1e6:.0f} MB at most, {size / 1e6:.1f} MB")


def planned(plan: Plan) -> Callable[[], bytes]:
    """Return what makes plan.xlsx."""
    view = PlanView(plan)
    view.digest  # noqa: B018 - computed once, and kept
    return lambda: plan_workbook(view)


def issued(plan: Plan) -> Callable[[], bytes]:
    """Return what makes the results workbook, all passes issued."""
    rows = {row.number: RowState(row.number, plan.user_text(row), row.object_id) for row in plan.creating()}
    state = RunState(plan.run, plan.tenant.tenant_id, rows)
    for number in rows:
        starts = MADE + timedelta(days=number % 5, seconds=number // 300)
        found = AccessPass(f"00000000-0000-4000-8000-{number:012d}", MADE, starts, 480, False, True)
        state.fold(Settled(number, Issued(IssuedPass(found, Secret(f"+code{number:07d}")))))
    state.fold(Closed())
    facts = RunFacts("run", "operator", "0", MADE, MADE, ExitCode.DONE, 0, None, AsOf(MADE), None)
    view = RunView(plan, state, facts=facts)
    view.digest  # noqa: B018 - computed once, and kept
    return lambda: results_workbook(view)


if __name__ == "__main__":
    main()
