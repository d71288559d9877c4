"""What the files of a run tell of it: which there are, whether results were handed back, whether a journal was there.

Apart from `hand_back`, so that neither a plan nor a list of runs loads what the reports of runs are made with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import JournalDamaged
from bulktap.model.exit_codes import ExitCode
from bulktap.results.output_names import FOR_PEOPLE
from bulktap.storage import MEGABYTE, read_if_sound
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.storage.run_folder import RunFolder

SUMMARY_BYTES = MEGABYTE
"""What no run.json comes near."""


def head_count(folder: RunFolder) -> int | None:
    """Return the journal's head count that the last summary names, if there is one."""
    from bulktap.results.run_report.run_summary import recorded_head

    content = read_if_sound(folder.summary, at_most=SUMMARY_BYTES)
    return None if content is None else recorded_head(content)


def require_no_lost_journal(folder: RunFolder) -> None:
    """Make sure that a run without a journal was planned only.

    Raises:
        JournalDamaged: what lies beside it says that there were passes.
    """
    if not folder.journal.exists() and (folder.workbook.exists() or head_count(folder)):
        raise JournalDamaged(
            f"The journal of {folder.run} is gone, although passes were issued.",
            hint=f"Put {folder.journal} back from a backup; the last workbook is still good.",
        )


def was_handed_back(folder: RunFolder, record_count: int | None = None, *, reopened: bool = False) -> bool:
    """Whether the results of a finished run were written.

    Args:
        folder: the run's folder.
        record_count: records that results depend on, where its journal has been looked at.
        reopened: whether new passes were asked for after the run was finished: then the summary may be of before.
    """
    summary = json_object(read_if_sound(folder.summary, at_most=SUMMARY_BYTES) or b"") or {}
    if summary.get("closed") is True and not reopened:
        return True
    from bulktap.storage.output_files import was_completed

    # Something was written, or stood in the way of it; where nothing is left, `resume` writes it all again.
    something_left = any(path.exists() for path in (folder.workbook, folder.summary))
    return record_count is not None and something_left and was_completed(folder.path, record_count)


def code_for(counts: Mapping[str, int], *, unusable: int = 0) -> ExitCode:
    """Return the exit code of a run that nothing stopped: incomplete if a row that should have a pass has none."""
    without = counts["invalid"] + counts["refused"] + counts["in_doubt"] + counts["not_sent"]
    return ExitCode.INCOMPLETE if without + unusable else ExitCode.DONE


def existing_files(folder: RunFolder, workbook: Path | None = None) -> tuple[Path, ...]:
    """Return the files of the run that people and scripts want, as far as they exist.

    Args:
        folder: the run's folder.
        workbook: the passes workbook that was just written, which need not have its usual name.
    """
    outputs = (folder.path / name for name in FOR_PEOPLE)
    wanted = (*outputs, folder.journal, folder.log)
    renamed = {folder.workbook: workbook} if workbook is not None else {}
    return tuple(path for usual in wanted if (path := renamed.get(usual, usual)).is_file())
