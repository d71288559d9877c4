"""How long the planning report of 10,000 rows takes: page and JSON within 2 s, workbook within 5 s.

python tests/bench/bench_planning_report.py [ROWS]
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PassRequest, UserRef
from bulktap.model.plan import (
    Action,
    Field,
    Plan,
    PlanRow,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    RosterRow,
    TenantInfo,
)
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.planning.forecast import forecast
from bulktap.planning.plan_review import review
from bulktap.results.plan_outputs import PLAN_OUTPUTS
from bulktap.results.sign_off_view import SignOffFacts, SignOffView

MADE = datetime(2035, 8, 20, 9, 0, tzinfo=UTC)


def a_plan(rows: int) -> Plan:
    """Return a plan with a class for every thirty people and a fault in every twentieth row."""
    made = []
    for number in range(1, rows + 1):
        user = f"student{number}@contoso.com"
        row = PlanRow(
            number=number,
            source=RosterRow("students.xlsx", "Students", number + 1, (user, f"Student {number}", f"{number // 30}")),
            action=Action.ISSUE,
            request=PassRequest(UserRef(user), PassTerms(MADE + timedelta(days=number % 5), 480, None)),
            upn=user,
            display_name=f"Student {number}",
            group=str(number // 30),
        )
        if number % 20 == 0:
            fault = RowError(
                RowErrorCode.LIFETIME_MALFORMED, "'half a day' is not a duration.", "Write 8h.", "Lifetime"
            )
            row = replace(row, action=Action.REFUSE, request=None, problems=(fault,))
        made.append(row)
    return Plan(
        run="2035-08-20T0900Z-students-3fa9",
        created_at=MADE,
        expires_at=MADE + timedelta(days=1),
        tenant=TenantInfo("11111111-2222-3333-4444-555555555555", "Contoso", "global", simulated=False),
        roster=RosterInfo("students.xlsx", "Students", "0" * 64, rows),
        columns=RosterColumns(
            ("User", "Name", "Class"), {Field.USER: (0,), Field.DISPLAY_NAME: (1,), Field.GROUP: (2,)}
        ),
        settings=PlanSettings("Europe/Berlin", "skip"),
        rows=tuple(made),
        forecast=forecast(rows),
    )


def main() -> None:
    """Print a line for each renderer."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    plan = a_plan(rows)
    view = SignOffView(plan, facts=SignOffFacts(review(plan), "otto", "ADMIN-PC"))
    for output in PLAN_OUTPUTS:
        began = time.perf_counter()
        data = output.render(view) or b""
        print(f"{output.name}: {rows} rows, {time.perf_counter() - began:.2f} s, {len(data) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
