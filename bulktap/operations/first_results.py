"""FirstResults: results are handed back as soon as every row has its outcome, before the passes are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.errors import BulktapError
from bulktap.operations.hand_back import hand_back
from bulktap.results.comparison import to_compare, what_row_says
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
    from bulktap.operations.results_ahead import ResultsAhead
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
        ahead: ResultsAhead | None = None,
    ) -> None:
        """Take what is handed back from, who is told, and what has been made ahead, where something is."""
        self._ahead = ahead
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
        self.state = state = self._journal.state() if self._ahead is None else self._ahead.finish()
        self._said = _what_rows_say(state, ending.as_of, self._zone)
        made = None if self._ahead is None else self._ahead.rows_for(state, ending.as_of)
        if made is not None:
            self._kept.workbook_rows = made
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
    return [what_row_says(row, state, as_of, zone) for row in state.rows.values()]
