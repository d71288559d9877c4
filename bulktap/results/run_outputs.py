"""The registry of what is handed back of a run: a file that is listed here is rendered, and written.

A new output is a module that declares an `Output`, a line here, and its name in `output_names`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.results.error_report import ERROR_REPORT
from bulktap.results.passes_workbook import PASSES_WORKBOOK
from bulktap.results.run_report.run_page import RUN_PAGE
from bulktap.results.run_report.run_summary import RUN_SUMMARY

if TYPE_CHECKING:
    from bulktap.results.output import Output
    from bulktap.results.run_view import RunView

RUN_OUTPUTS: Final[tuple[Output[RunView], ...]] = (PASSES_WORKBOOK, ERROR_REPORT, RUN_PAGE, RUN_SUMMARY)
"""What is handed back of a run, in the order in which it is written: those with passcodes first."""
