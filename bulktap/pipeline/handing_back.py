"""Hand back: what the journal says becomes the encrypted workbook, the error report and the summary."""

from __future__ import annotations

import getpass
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap import __version__
from bulktap.durable import write_file
from bulktap.errors import Locked
from bulktap.office_encryption import decrypt_workbook, encrypt_workbook
from bulktap.results.comparison import AsOf
from bulktap.results.error_report import error_report
from bulktap.results.run_report import run_page
from bulktap.results.run_summary import RunFacts, recorded_head, run_summary
from bulktap.results.tally import run_counts, unusable_rows
from bulktap.results.workbook import results_workbook
from bulktap.results.workbook_head import workbook_head

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from bulktap.pipeline.run_folder import RunFolder
    from bulktap.plan import Plan
    from bulktap.results.run_pictures import ThrottledSteps
    from bulktap.run_state import RunState
    from bulktap.secret import Secret


@dataclass(frozen=True, slots=True)
class Ending:
    """What only the command knows about how the run ended."""

    started_at: datetime
    finished_at: datetime
    throttled_steps: int
    failure_code: int | None
    """Exit code of what stopped the run; None when nothing did."""
    throttling: Sequence[ThrottledSteps] | None = None
    """When steps were turned away; None where nobody watched."""
    window: timedelta = timedelta()
    """How long after it was sent a request may still take effect."""
    comparing: bool = False
    """True if the process has not ended: it goes on to compare the passes."""
    keep: Collection[Path] = ()
    """Files that say already what they would say if they were written again."""

    @property
    def as_of(self) -> AsOf:
        """The moment for which results are written."""
        return AsOf(self.finished_at, self.window, self.comparing)


@dataclass(frozen=True, slots=True)
class HandedBack:
    """What was written."""

    counts: dict[str, int]
    """The contract's counts."""
    files: tuple[Path, ...]
    """The files of the run that exist now."""
    exit_code: int
    """What the program exits with."""
    unusable: tuple[str, ...] = ()
    """The users whose pass was issued and does not work, as the roster names them."""


def hand_back(folder: RunFolder, plan: Plan, state: RunState, passphrase: Secret | None, ending: Ending) -> HandedBack:
    """Write workbook, error report and summary; each is complete or absent.

    Args:
        folder: the run's folder.
        plan: the run's plan.
        state: what the journal says; the only source of what is written.
        passphrase: opens the workbook; None where there is no journal and so no passcode.
        ending: how the run ended.

    Raises:
        DiskRefuses: a file cannot be written; the journal has everything, and `results` writes it later.
    """
    operator = operator_name()
    plan = replace(plan, typed=folder.to_type)
    if passphrase is not None and folder.workbook not in ending.keep:
        plain = results_workbook(plan, state, as_of=ending.as_of, operator=operator, bulktap_version=__version__)
        if _knows_more(folder, state, passphrase):
            folder.keep_workbook(ending.finished_at)
        write_file(folder.workbook, encrypt_workbook(plain, passphrase))
    if folder.error_report not in ending.keep:
        _write_error_report(folder, plan, state)
    counts = run_counts(plan, state)
    unusable = tuple(plan.user_text(row) for row in unusable_rows(plan, state))
    exit_code = ending.failure_code if ending.failure_code is not None else code_for(counts, unusable=len(unusable))
    facts = RunFacts(
        folder=folder.run,
        operator=operator,
        bulktap_version=__version__,
        started_at=ending.started_at,
        finished_at=ending.finished_at,
        exit_code=None if ending.comparing else exit_code,
        throttled_steps=ending.throttled_steps,
        # Never lowered: an older copy of the journal must stay recognisable as one.
        journal_records=max(head_count(folder) or 0, state.record_count) if passphrase is not None else None,
        as_of=ending.as_of,
    )
    write_file(folder.page, run_page(plan, state, facts, ending.throttling))
    write_file(folder.summary, run_summary(plan, state, facts))
    return HandedBack(counts, existing_files(folder), exit_code, unusable)


def _write_error_report(folder: RunFolder, plan: Plan, state: RunState) -> None:
    report = error_report(plan, state)
    if report is not None:
        write_file(folder.error_report, report)
    else:
        folder.error_report.unlink(missing_ok=True)


def _knows_more(folder: RunFolder, state: RunState, passphrase: Secret) -> bool:
    """Whether the workbook that is there may hold passcodes that this journal does not: then it is kept."""
    head = _workbook_head(folder, passphrase)
    return folder.workbook.exists() and (head is None or head > state.record_count)


def _workbook_head(folder: RunFolder, passphrase: Secret) -> int | None:
    try:
        return workbook_head(decrypt_workbook(folder.workbook.read_bytes(), passphrase))
    except (OSError, Locked):
        return None


def known_records(folder: RunFolder, passphrase: Secret) -> int:
    """Return how many records the journal is known to have had, from the summary and from the workbook.

    An older copy of the journal, put back, is sound in itself; these two remember that there was more.
    """
    return max(head_count(folder) or 0, _workbook_head(folder, passphrase) or 0)


def code_for(counts: dict[str, int], *, unusable: int = 0) -> int:
    """Return the exit code of a run that nothing stopped: 3 when a row that should have a pass has none that works."""
    without = counts["invalid"] + counts["refused"] + counts["in_doubt"] + counts["not_sent"]
    return 3 if without + unusable else 0


def existing_files(folder: RunFolder) -> tuple[Path, ...]:
    """Return the files of the run that people and scripts want, as far as they exist."""
    wanted = (
        folder.workbook,
        folder.error_report,
        folder.plan_page,
        folder.plan_workbook,
        folder.page,
        folder.plan,
        folder.summary,
        folder.journal,
        folder.log,
    )
    return tuple(path for path in wanted if path.exists())


def head_count(folder: RunFolder) -> int | None:
    """Return the journal's head count that the last summary names, if there is one."""
    try:
        return recorded_head(folder.summary.read_bytes())
    except OSError:
        return None


def was_handed_back(folder: RunFolder) -> bool:
    """Whether the results of the finished run were written: the summary, which is the last of them, says so."""
    try:
        summary = json.loads(folder.summary.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(summary, dict) and summary.get("closed") is True


def operator_name() -> str:
    """Return who runs the program, as the operating system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
