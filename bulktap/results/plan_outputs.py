"""The registry of what a plan is written as: a file that is listed here is rendered, and written.

A new output is a module that declares an `Output`, a line here, and its name in `output_names`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.results.error_report import ERROR_REPORT
from bulktap.results.output import Output
from bulktap.results.plan_file.plan_json import plan_to_json
from bulktap.results.plan_report.plan_page import PLAN_PAGE
from bulktap.results.plan_report.plan_workbook import PLAN_WORKBOOK
from bulktap.storage.run_names import PLAN_NAME

if TYPE_CHECKING:
    from bulktap.results.plan_view import PlanView
    from bulktap.results.sign_off_view import SignOffView

PLAN_JSON: Output[PlanView] = Output(PLAN_NAME, lambda view: plan_to_json(view.plan, view.digest))
"""plan.json: the plan for programs, which `apply RUN` carries out."""

PLAN_OUTPUTS: Final[tuple[Output[SignOffView], ...]] = (ERROR_REPORT, PLAN_PAGE, PLAN_WORKBOOK, PLAN_JSON)
"""What a plan is written as; plan.json last, since a folder with one is a run."""
