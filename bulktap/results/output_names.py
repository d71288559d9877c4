"""What the files are called that bulktap hands back, without loading what makes them.

They are declared, and rendered, by what `plan_outputs` and `run_outputs` list.
"""

from __future__ import annotations

from typing import Final

from bulktap.storage.run_folder import ERROR_REPORT_NAME, PASSES_NAME, SUMMARY_NAME
from bulktap.storage.run_names import PLAN_NAME

PLAN_PAGE_NAME: Final = "plan.html"
PLAN_WORKBOOK_NAME: Final = "plan.xlsx"
RUN_PAGE_NAME: Final = "run.html"

OF_PLANS: Final = (ERROR_REPORT_NAME, PLAN_PAGE_NAME, PLAN_WORKBOOK_NAME, PLAN_NAME)
"""What a plan is written as."""
OF_RUNS: Final = (PASSES_NAME, ERROR_REPORT_NAME, RUN_PAGE_NAME, SUMMARY_NAME)
"""What is handed back of a run."""
FOR_PEOPLE: Final = (
    PASSES_NAME, ERROR_REPORT_NAME, PLAN_PAGE_NAME, PLAN_WORKBOOK_NAME, RUN_PAGE_NAME, PLAN_NAME, SUMMARY_NAME,
)  # fmt: skip
"""All of them in the order in which people are told of them: passcodes first, what is for programs last."""
