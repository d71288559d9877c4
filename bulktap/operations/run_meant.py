"""Whether a word on the command line means a roster, or the run with a saved plan that is to be carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError
from bulktap.model.late_patterns import LatePattern
from bulktap.model.run_names import LATEST
from bulktap.model.setting_names import Command
from bulktap.operations.guards import carried_out
from bulktap.storage.run_folder import ERROR_REPORT_NAME, SUMMARY_NAME, find_run, is_planned_only, saved_run
from bulktap.storage.run_names import JOURNAL_NAME, PLAN_NAME, runs_meant

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.roster.files.input_bytes import RosterInput
    from bulktap.storage.run_folder import RunFolder

_RUN_LIKE = LatePattern(r"\d{4}-\d{2}-\d{2}T\d{4}Z-")
"""How the id of a run begins."""
_NO_ROSTERS = frozenset({PLAN_NAME, "plan.html", SUMMARY_NAME, "run.html", JOURNAL_NAME, "log.jsonl"})
"""Files of a run that hold no people; of its workbooks, the error report is a roster."""


def named_run(name: Path, reports: Path) -> RunFolder | None:
    """Return the run with a saved plan that a name means; None if it means a roster.

    Raises:
        PlanRefused: it means a run of which only the journal is left.
        UsageError: it is the name of a run, and there is none, or it can mean several; or it is a file of a run.
    """
    folder, word = saved_run(reports, name), name.name
    if folder is None and word in _NO_ROSTERS and name.is_file() and (run := saved_run(reports, name.parent)):
        raise UsageError(
            f"{name} is a file of the run {run.run}, and no roster.",
            hint=f"To carry out its plan, give its folder: {Command.APPLY.of(run.path)}. "
            f"Rows that got no pass are in its {ERROR_REPORT_NAME}.",
        )
    if folder is not None or name.is_file():
        return folder
    if _RUN_LIKE.match(word):
        raise carried_out(find_run(reports, name))
    if word != str(name) or name.exists():
        return None
    if word.casefold() == LATEST:
        return find_run(reports, name, is_planned_only)
    if not runs_meant(reports, word):
        return None
    folder = find_run(reports, name)
    if not folder.plan.is_file():
        raise carried_out(folder)
    return folder


def run_among(source: RosterInput, reports: Path) -> RunFolder | None:
    """Return the run with a saved plan that somebody named; None if it is a roster, of one file or several.

    Raises:
        PlanRefused, UsageError: see `named_run`; or a run was named beside something else.
    """
    if len(source.paths) == 1:
        return named_run(source.path, reports)
    for path in source.paths:
        if path.is_dir() and saved_run(reports, path) is not None:
            raise UsageError(f"{path} is the folder of a run, not a roster.", hint="Give it alone.")
    return None
