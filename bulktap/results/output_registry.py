"""The registry of what bulktap hands back: a file that is listed here is rendered, written and named to people.

A new output is a module that declares an `Output`, and a line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.results.error_report import ERROR_REPORT
from bulktap.results.output import Output
from bulktap.results.passes_workbook import PASSES_WORKBOOK
from bulktap.results.plan_file.plan_json import plan_to_json
from bulktap.results.plan_report.plan_page import PLAN_PAGE
from bulktap.results.plan_report.plan_workbook import PLAN_WORKBOOK
from bulktap.results.run_report.run_page import RUN_PAGE
from bulktap.results.run_report.run_summary import RUN_SUMMARY
from bulktap.storage.run_names import PLAN_NAME

if TYPE_CHECKING:
    from bulktap.results.run_view import PlanView, RunView
    from bulktap.results.sign_off_view import SignOffView

PLAN_JSON: Output[PlanView] = Output(PLAN_NAME, lambda view: plan_to_json(view.plan, view.digest))
"""plan.json: the plan for programs, which `apply RUN` carries out."""

PLAN_OUTPUTS: Final[tuple[Output[SignOffView], ...]] = (ERROR_REPORT, PLAN_PAGE, PLAN_WORKBOOK, PLAN_JSON)
"""What a plan is written as; plan.json last, since a folder with one is a run."""

RUN_OUTPUTS: Final[tuple[Output[RunView], ...]] = (PASSES_WORKBOOK, ERROR_REPORT, RUN_PAGE, RUN_SUMMARY)
"""What is handed back of a run, in the order in which it is written: those with passcodes first."""


def names_for_people() -> list[str]:
    """Return the name of every output in the order in which people are told of them: for programs last."""
    secret = [output.name for output in RUN_OUTPUTS if output.secret]
    names = [*secret, *(output.name for output in PLAN_OUTPUTS), *(output.name for output in RUN_OUTPUTS)]
    return sorted(dict.fromkeys(names), key=lambda name: name.endswith(".json"))
