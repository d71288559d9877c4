"""What the files beside a journal tell of it: whether results were handed back, and whether it was there at all.

Apart from `hand_back`, so that a list of runs does not load what reports are made with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import JournalDamaged
from bulktap.storage import MEGABYTE, read_if_sound
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
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
