"""Hand back: what the journal says becomes the encrypted workbook, the error report and the summary."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap import __version__
from bulktap.model.errors import DiskRefuses, Locked
from bulktap.results.comparison import AsOf
from bulktap.results.error_report import error_report
from bulktap.results.passes_workbook import results_workbook
from bulktap.results.row_results import run_counts, unusable_rows
from bulktap.results.run_report.run_page import run_page
from bulktap.results.run_report.run_summary import RunFacts, recorded_head, run_summary
from bulktap.results.summary_sheet import workbook_head
from bulktap.storage import MEGABYTE, read_if_sound
from bulktap.storage.office_encryption import decrypt_workbook, encrypt_workbook
from bulktap.storage.output_files import MOST_BYTES, Outputs, all_copies, usual_name, was_completed
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState
    from bulktap.model.secret import Secret
    from bulktap.results.run_report.run_pictures import ThrottledSteps
    from bulktap.storage.run_folder import RunFolder


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
    workbook: Path | None = None
    """The passes workbook, which need not have its usual name; None if there is none or it could not be written."""
    lost_workbook: DiskRefuses | None = None
    """Why the passes workbook could not be written, if it could not; the journal has every passcode all the same."""
    notes: tuple[str, ...] = ()
    """A sentence on each other file that could not be written, and on each that has another name than usual."""


SUMMARY_BYTES = MEGABYTE
"""What no run.json comes near."""


def hand_back(
    folder: RunFolder,
    plan: Plan,
    state: RunState,
    passphrase: Secret | None,
    ending: Ending,
    *,
    keep_workbook: bool = False,
) -> HandedBack:
    """Write workbook, error report and summary, one by one; one that cannot be written keeps none of the others back.

    Args:
        folder: the run's folder.
        plan: the run's plan.
        state: what the journal says; the only source of what is written.
        passphrase: opens the workbook; None where there is no journal and so no passcode.
        ending: how the run ended.
        keep_workbook: whether a workbook that is there is kept in any case, under another name.
    """
    plan = replace(plan, typed=folder.to_type)
    writing = _Writing(Outputs(folder.path), ending.finished_at, [])
    # Under whichever name it was written the first time.
    workbook = next((path for path in ending.keep if usual_name(path.name) == folder.workbook.name), None)
    lost = None
    if passphrase is not None and workbook is None:
        workbook, lost = _write_workbook(writing, folder, (plan, state, ending), passphrase, keep=keep_workbook)
    if folder.error_report not in ending.keep:
        writing.attempt_or_remove(folder.error_report, error_report(plan, state))
    counts = run_counts(plan, state)
    unusable = tuple(plan.user_text(row) for row in unusable_rows(plan, state))
    exit_code = ending.failure_code if ending.failure_code is not None else code_for(counts, unusable=len(unusable))
    if lost is not None:
        exit_code = lost.exit_code
    head = head_count(folder)
    if workbook is not None:
        # Never lowered: an older copy of the journal must stay recognisable as one.
        head = max(head or 0, state.record_count)
    facts = RunFacts(
        folder=folder.run,
        operator=operator_name(),
        bulktap_version=__version__,
        started_at=ending.started_at,
        finished_at=ending.finished_at,
        exit_code=None if ending.comparing else exit_code,
        throttled_steps=ending.throttled_steps,
        journal_records=head,
        as_of=ending.as_of,
    )
    writing.attempt(folder.page, run_page(plan, state, facts, ending.throttling))
    writing.attempt(folder.summary, run_summary(plan, state, facts))
    if state.closed:
        writing.outputs.mark_complete(state.record_count)
    files = existing_files(folder, workbook)
    return HandedBack(counts, files, exit_code, unusable, workbook, lost, tuple(writing.notes))


def _write_workbook(
    writing: _Writing, folder: RunFolder, content: tuple[Plan, RunState, Ending], passphrase: Secret, *, keep: bool
) -> tuple[Path | None, DiskRefuses | None]:
    plan, state, ending = content
    plain = results_workbook(plan, state, as_of=ending.as_of, operator=operator_name(), bulktap_version=__version__)

    def set_aside(there: bytes) -> bool:
        return keep or _knows_more(there, passphrase, state.record_count)

    return writing.write(folder.workbook, encrypt_workbook(plain, passphrase), set_aside)


@dataclass(frozen=True, slots=True)
class _Writing:
    """The outputs of one command as they are written."""

    outputs: Outputs
    now: datetime
    notes: list[str]

    def write(
        self, path: Path, content: bytes, set_aside: Callable[[bytes], bool]
    ) -> tuple[Path | None, DiskRefuses | None]:
        """Return where it was written, or why it was not."""
        try:
            written = self.outputs.write(path.name, content, set_aside=set_aside, now=self.now)
        except DiskRefuses as refused:
            return None, refused
        if written.passed_over:
            self.notes.append(written.passed_over)
        return written.path, None

    def attempt(self, path: Path, content: bytes) -> None:
        """Write a file that the others do without."""
        _, refused = self.write(path, content, lambda _: False)
        if refused is not None:
            self.notes.append(f"{refused.message} {refused.hint} `bulktap results RUN` makes it again.")

    def attempt_or_remove(self, path: Path, content: bytes | None) -> None:
        """Write a file that the others do without, or remove the one that is there if there is nothing to be in it."""
        if content is not None:
            self.attempt(path, content)
        elif stays := self.outputs.remove(path.name):
            self.notes.append(stays)


def _knows_more(workbook: bytes, passphrase: Secret, record_count: int) -> bool:
    """Whether a workbook may hold passcodes that this journal does not: then it is kept."""
    head = _head_of(workbook, passphrase)
    return head is None or head > record_count


def _head_of(workbook: bytes, passphrase: Secret) -> int | None:
    try:
        return workbook_head(decrypt_workbook(workbook, passphrase))
    except Locked:
        return None


def known_records(folder: RunFolder, passphrase: Secret) -> int:
    """Return how many records the journal is known to have had, from the summary and from the workbooks.

    An older copy of the journal, put back, is sound in itself; these remember that there was more.
    """
    found = [head_count(folder) or 0]
    for path in all_copies(folder.workbook):
        content = read_if_sound(path, at_most=MOST_BYTES)
        found.append((content and _head_of(content, passphrase)) or 0)
    return max(found)


def code_for(counts: dict[str, int], *, unusable: int = 0) -> int:
    """Return the exit code of a run that nothing stopped: 3 when a row that should have a pass has none that works."""
    without = counts["invalid"] + counts["refused"] + counts["in_doubt"] + counts["not_sent"]
    return 3 if without + unusable else 0


def existing_files(folder: RunFolder, workbook: Path | None = None) -> tuple[Path, ...]:
    """Return the files of the run that people and scripts want, as far as they exist.

    Args:
        folder: the run's folder.
        workbook: the passes workbook that was just written, which need not have its usual name.
    """
    wanted = (
        workbook or folder.workbook,
        folder.error_report,
        folder.plan_page,
        folder.plan_workbook,
        folder.page,
        folder.plan,
        folder.summary,
        folder.journal,
        folder.log,
    )
    return tuple(path for path in wanted if path.is_file())


def head_count(folder: RunFolder) -> int | None:
    """Return the journal's head count that the last summary names, if there is one."""
    content = read_if_sound(folder.summary, at_most=SUMMARY_BYTES)
    return None if content is None else recorded_head(content)


def was_handed_back(folder: RunFolder, record_count: int | None = None) -> bool:
    """Whether the results of a finished run were written; `record_count` where its journal has been looked at."""
    summary = json_object(read_if_sound(folder.summary, at_most=SUMMARY_BYTES) or b"") or {}
    if summary.get("closed") is True:
        return True
    # Something was written, or stood in the way of it; where nothing is left, `resume` writes it all again.
    something_left = any(path.exists() for path in (folder.workbook, folder.summary))
    return record_count is not None and something_left and was_completed(folder.path, record_count)


def operator_name() -> str:
    """Return who runs the program, as the operating system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
