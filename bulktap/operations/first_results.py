"""FirstResults: results are handed back as soon as every row has its outcome, before the passes are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.errors import BulktapError
from bulktap.operations.hand_back import hand_back
from bulktap.results.comparison import to_compare, waiting_note
from bulktap.results.kept_rendering import KeptRendering
from bulktap.results.wording import counted
from bulktap.storage.output_files import is_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.dispatch.observer import Observer
    from bulktap.journal import Journal
    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState
    from bulktap.operations.hand_back import Ending
    from bulktap.results.comparison import AsOf
    from bulktap.storage.office_encryption import WorkbookKey
    from bulktap.storage.run_folder import RunFolder


class FirstResults:
    """Hands back once, remembers what was said, and tells later which files still say the right thing."""

    def __init__(
        self,
        folder: RunFolder,
        plan: Plan,
        journal: Journal,
        key: WorkbookKey,
        observer: Observer,
        say: Callable[[str], None],
    ) -> None:
        """Take what is handed back from, and who is told."""
        self._folder = folder
        self._plan = plan
        self._zone = ZoneInfo(plan.settings.timezone)
        self._journal = journal
        self._key = key
        self._observer = observer
        self._say = say
        self._said: object = None
        self._written = False
        self._kept = KeptRendering()
        self.state: RunState | None = None
        """What was read of the journal then, once that was done."""
        self._workbook = folder.workbook

    def hand_back(self, ending: Ending) -> None:
        """Write the results as they stand, and say so; a disk that refuses them is asked again at the end of the run.

        To be called while nothing else uses the journal.
        """
        self._observer.phase("writing results", 0)
        self.state = state = self._journal.state()
        self._said = _what_rows_say(state, ending.as_of, self._zone)
        try:
            done = hand_back(self._folder, self._plan, state, self._key, replace(ending, kept=self._kept))
        except BulktapError as refusal:
            self._observer.warn(f"{refusal.message} {refusal.hint}")
            return
        if done.workbook is None:
            if done.lost_workbook is not None:
                self._observer.warn(f"{done.lost_workbook.message} {done.lost_workbook.hint}")
            return
        self._workbook = done.workbook
        self._written = not done.notes  # what could not be written is tried again at the end
        passes = counted(len(to_compare(state)), "pass", "passes")
        self._say(f"{done.workbook.name} is ready; comparing {passes} once more (Ctrl-C is safe).")

    def brought_up_to(self, state: RunState, ending: Ending) -> Ending:
        """Return the ending with what need not be made, or written, again, if the rows say now what they said then.

        The workbook's summary changes all the same, so that it is written again unless somebody has it open.
        """
        if self._said is None or self._said != _what_rows_say(state, ending.as_of, self._zone):
            return ending
        report = self._folder.error_report
        good = (report, self._workbook) if is_open(self._workbook) else (report,)
        return replace(ending, keep=good if self._written else (), kept=self._kept)


def _what_rows_say(state: RunState, as_of: AsOf, zone: ZoneInfo) -> object:
    """Return what tells two hand-backs apart as far as rows are concerned."""
    return [
        (
            row.phase,
            row.issued and row.issued.access_pass,
            row.handed_out is None,
            row.error,
            tuple(row.notes),
            bool(row.attempts),
            waiting_note(row, state, as_of, zone),
        )
        for row in state.rows.values()
    ]
