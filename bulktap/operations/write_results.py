"""Write the results of a run again, from its journal, or from what is intact of it; the tenant is not asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.journal import require_remembered, rewrap_key, salvage
from bulktap.journal.file_checks import RESCUE_HINT
from bulktap.model.errors import JournalDamaged
from bulktap.model.run_state import RowState
from bulktap.model.setting_names import Command
from bulktap.operations.earlier_doubts import with_doubts_settled
from bulktap.operations.garbage_collection import seldom_collected
from bulktap.operations.hand_back import Ending, hand_back
from bulktap.operations.run_journal import reopen_journal
from bulktap.operations.run_settings import ReadingSettings
from bulktap.operations.saved_plan import load_for_rescue
from bulktap.operations.sealed_tenant import require_own_kind, sealed_in_journal
from bulktap.results.plan_file.plan_archive import plan_from_archive
from bulktap.storage.destroying import copies_of, files_below
from bulktap.storage.office_encryption import WorkbookKey
from bulktap.storage.run_folder import find_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from bulktap.model.errors import BulktapError
    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState
    from bulktap.model.secret import Secret
    from bulktap.operations.context import OperationContext
    from bulktap.operations.hand_back import HandedBack
    from bulktap.storage.run_folder import RunFolder


def write_results(
    run: Path, reports: Path, at: OperationContext, new: Callable[[], Secret] | None = None
) -> WrittenAgain:
    """Write workbook, error report and pages of a run again.

    Args:
        run: what names it.
        reports: where runs are.
        at: what the operation works with.
        new: returns another passphrase for the run, once the present one has opened it; None if it keeps that.

    Raises:
        WrongPassphrase: the journal does not open.
        JournalDamaged: nothing can be saved; or it is damaged, and was to get another passphrase.
        PlanRefused: there is no journal, or the plan file beside it is another's.
        InUse: a process is working on the run.
    """
    folder = find_run(reports, run)
    at.front.run_is(folder)
    require_remembered(folder.journal)
    at.passphrases.require_usable(simulated=True)
    with folder.lock():
        now = at.clock.now()
        if new is not None:
            own, _ = at.passphrases.opens(folder.run, lambda secret: _sound(folder, secret))
            fresh = new()
            rewrap_key(folder.journal, own, fresh)
            written = write_results_again(folder, fresh, now, at.passphrases.for_workbook)
            written = replace(written, older=_older(folder, written.handed_back.workbook))
        else:
            _, written = at.passphrases.opens(
                folder.run, lambda own: write_results_again(folder, own, now, at.passphrases.for_workbook)
            )
    at.front.tenant_is(written.plan.tenant)
    return written


def _sound(folder: RunFolder, passphrase: Secret) -> None:
    """Make sure that the journal opens and is sound: one that is damaged is saved before anything of it is changed."""
    try:
        journal, _ = reopen_journal(folder, passphrase)
    except JournalDamaged as damage:
        hint = f"Save what is intact first: {Command.RESULTS.of(folder.path)}"
        raise JournalDamaged(f"{damage.message} It keeps its passphrase.", hint=hint) from damage
    journal.close()


def _older(folder: RunFolder, workbook: Path | None) -> tuple[Path, ...]:
    """Return what the old passphrase opens as before: other copies of the workbook, and hand-outs.

    It opens the lists of a hand-out, by these every other file of it, and single slips by itself.
    """
    handed = [path for path in files_below(folder.handouts) if path.suffix in {".pdf", ".xlsx"}]
    sealed = [path for path in handed if not path.name.startswith("covers")]
    lists_first = sorted(sealed, key=lambda path: (not path.name.startswith("passphrases"), path))
    return (*(path for path in copies_of(folder.workbook) if path != workbook), *lists_first)


@dataclass(frozen=True, slots=True)
class WrittenAgain:
    """What `results` wrote."""

    folder: RunFolder
    plan: Plan
    state: RunState
    """What the journal says."""
    handed_back: HandedBack
    damage: JournalDamaged | None
    """What is wrong with the journal; then the workbook has what is intact of it."""
    older: tuple[Path, ...] = ()
    """Files of the run that open with its former passphrase, where it was given another."""

    @property
    def failure(self) -> BulktapError | None:
        """What the command ends with: a workbook that could not be written comes before the damage."""
        return self.handed_back.lost_workbook or self.damage


@seldom_collected()
def write_results_again(
    folder: RunFolder, passphrase: Secret, now: datetime, for_workbook: Callable[[Secret], Secret]
) -> WrittenAgain:
    """Write workbook and error report again from the journal, or from what is intact of it.

    Args:
        folder: the run's folder.
        passphrase: opens the journal.
        now: the time.
        for_workbook: returns what the workbook is encrypted with, given the passphrase that has opened the journal.

    Raises:
        WrongPassphrase: the journal does not open.
        JournalDamaged: nothing can be saved.
        PlanRefused: there is no journal, or the plan file beside it is another's.
    """
    try:
        journal, plan = reopen_journal(folder, passphrase)
    except JournalDamaged as damage:
        if not folder.journal.exists():
            raise
        return _write_what_is_intact(folder, passphrase, now, damage, for_workbook)
    with journal:
        ending = Ending(now, now, 0, None)
        key = WorkbookKey(for_workbook(passphrase))
        state = with_doubts_settled(journal.state(), folder)
        return WrittenAgain(folder, plan, state, hand_back(folder, plan, state, key, ending), None)


def named(state: RunState, plan: Plan) -> RunState:
    """Return the state with every row of the plan named: the journal may have lost a row's own record."""
    for row in plan.creating():
        user = row.request.user.text if row.request else ""
        known = state.rows.setdefault(row.number, RowState(row.number, user, row.object_id))
        known.user = known.user or user
        known.object_id = known.object_id or row.object_id
    return state


def _write_what_is_intact(
    folder: RunFolder,
    passphrase: Secret,
    now: datetime,
    damage: JournalDamaged,
    for_workbook: Callable[[Secret], Secret],
) -> WrittenAgain:
    saved = salvage(folder.journal, passphrase)
    require_own_kind(sealed_in_journal(saved.header), folder)
    plan = (
        load_for_rescue(folder, saved.header.plan_digest, ReadingSettings())
        if saved.archive is None
        else plan_from_archive(saved.archive)
    )
    if plan is None:
        raise JournalDamaged(
            f"{damage.message} Without the plan that it held, nothing says whose its passcodes are.",
            hint="Put the run's own plan.json, or the journal, back from a backup; then run this again.",
        )
    # The workbook that is there may hold passcodes that the damaged journal has lost.
    key, ending = WorkbookKey(for_workbook(passphrase)), Ending(now, now, 0, damage.exit_code)
    state = named(saved.state, plan)
    handed_back = hand_back(folder, plan, state, key, ending, keep_workbook=True)
    detail = " ".join(saved.damage)
    rest = "A backup of the journal may hold the rest." if damage.hint == RESCUE_HINT else damage.hint
    told = JournalDamaged(
        f"{damage.message} Every passcode that is intact is in the workbook. {detail}".rstrip(),
        hint=f"{rest} An earlier workbook, if there was one, was kept beside it.".lstrip(),
    )
    return WrittenAgain(folder, plan, state, handed_back, told)
