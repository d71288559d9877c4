"""Apply and resume: a plan gets its journal, or an interrupted run its old one, and is carried out to the end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bulktap import __version__
from bulktap.journal import Journal, JournalHeader, JournalRow, salvage
from bulktap.journal.database import RESCUE_HINT
from bulktap.model.errors import (
    AccessError,
    BulktapError,
    DiskRefuses,
    GaveUp,
    Interrupted,
    JournalDamaged,
    PlanRefused,
)
from bulktap.model.run_state import RowState, RunState
from bulktap.operations.first_results import FirstResults
from bulktap.operations.hand_back import Ending, HandedBack, hand_back, head_count, known_records
from bulktap.operations.issue_passes import issue, require_room
from bulktap.operations.run_settings import ReadingSettings
from bulktap.operations.saved_plan import load_for_rescue, without_listings
from bulktap.operations.sealed_tenant import require_own_kind, require_same_tenant, sealed_in_journal
from bulktap.operations.throttle_watch import Watching
from bulktap.operations.work_record import record_beginning, state_at_the_end
from bulktap.results.comparison import to_compare
from bulktap.results.plan_file.plan_archive import plan_from_archive, plan_to_archive
from bulktap.results.plan_file.plan_json import check_plan_json, plan_digest
from bulktap.results.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bulktap.dispatch.issuing import IssueReport
    from bulktap.model.clock import Clock
    from bulktap.model.plan import Plan
    from bulktap.model.secret import Secret
    from bulktap.operations.issue_passes import Means
    from bulktap.storage.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended, and what was written."""

    handed_back: HandedBack
    throttled_steps: int
    failure: BulktapError | None
    """What stopped it, if something did; results were written all the same."""


def open_journal(plan: Plan, folder: RunFolder, passphrase: Secret, now: datetime) -> Journal:
    """Make the journal of a new run.

    Raises:
        DiskRefuses: there is no room, or the folder cannot be written.
    """
    rows = [
        JournalRow(row.number, row.request.user.text if row.request else "", row.object_id) for row in plan.creating()
    ]
    require_room(folder, len(rows))
    header = JournalHeader(
        run=plan.run,
        tenant_id=plan.tenant.tenant_id,
        plan_digest=plan_digest(plan),
        created_at=now,
        bulktap_version=__version__,
        roster_file=plan.roster.file,
        simulated=plan.tenant.simulated,
        rehearsal=plan.tenant.rehearsal,
    )
    return Journal.create(folder.journal, header, rows, plan_to_archive(plan), passphrase)


def reopen_journal(folder: RunFolder, passphrase: Secret) -> tuple[Journal, Plan]:
    """Open the journal of an earlier run, and the plan in it.

    Raises:
        WrongPassphrase, JournalDamaged: it cannot be opened, or is an older copy of itself.
        PlanRefused: the plan file beside it is not the plan that it was made for, or a pretend tenant lies in the
            folder of a run that is none's, or the other way round.
    """
    if not folder.journal.exists():
        if folder.workbook.exists() or head_count(folder):
            raise JournalDamaged(
                f"The journal of {folder.run} is gone, although passes were issued.",
                hint=f"Put {folder.journal} back from a backup; the last workbook is still good.",
            )
        raise PlanRefused(
            f"The run {folder.run} was planned only; nothing of it was ever sent.",
            hint="Run `bulktap apply` with the roster to issue its passes.",
        )
    journal = Journal.open(folder.journal, passphrase)
    try:
        journal.require_at_least(known_records(folder, passphrase))
        require_own_kind(sealed_in_journal(journal.header), folder)
        _require_same_plan(folder, journal)
        return journal, plan_from_archive(journal.archive())
    except BaseException:
        journal.close()
        raise


def _require_same_plan(folder: RunFolder, journal: Journal) -> None:
    if journal.header.run != folder.run:
        raise PlanRefused(
            f"The journal in the folder {folder.run} is that of the run {journal.header.run}.",
            hint=f"If the folder was renamed, rename it to {journal.header.run}; else put this run's own journal back.",
        )
    try:
        digest = check_plan_json(folder.read_plan())
    except OSError:
        return  # the journal has the whole plan; a file that is gone contradicts nothing
    except PlanRefused:
        digest = ""  # edited, or not readable as a plan
    if digest != journal.header.plan_digest:
        raise PlanRefused(
            "The plan file is not the one that this run was started with.",
            hint="Put the original plan.json back, or delete the file: the journal holds the plan.",
        )


def carry_out(
    folder: RunFolder,
    plan: Plan,
    journal: Journal,
    passphrase: Secret,
    means: Means,
    *,
    resumed: bool,
    just_planned: bool,
    say: Callable[[str], None],
) -> RunEnd:
    """Issue what the plan wants and hand back what there is, whatever stopped it.

    Args:
        folder: the run's folder.
        plan: what to do.
        journal: what has been done.
        passphrase: for the workbook.
        means: with what.
        resumed: whether an earlier process has worked on the run.
        just_planned: whether this very process listed the passes of the plan's users.
        say: hears that results are there while the passes are still being compared.

    Raises:
        PlanRefused: the journal is another tenant's.
        DiskRefuses: there is no room to go on; nothing was asked.
    """
    require_same_tenant(sealed_in_journal(journal.header), means.access)
    before = journal.state()
    if resumed:
        _require_room_to_go_on(folder, before)
    if not before.closed:
        with suppress(AccessError, GaveUp):  # the run meets it again, with patience, and says how to go on
            means.access.require_own_token()
        record_beginning(folder, journal, means.clock, resumed=resumed)
    watching = Watching(means.observer, means.clock)
    first = FirstResults(folder, plan, journal, passphrase, watching, say)
    so_far = partial(_ending, means, watching, means.clock.now())
    report = issue(
        plan if just_planned else without_listings(plan),
        journal,
        replace(means, observer=watching),
        resumed=resumed,
        when_settled=lambda: first.hand_back(so_far(watching.throttled, comparing=True)),
    )
    state = before if before.closed else state_at_the_end(journal, means.clock, report)
    failure = _interruption(folder, report, state) if report.interrupted else report.failure
    means.observer.phase("writing results", 0)
    ending = so_far(report.throttled_steps, failure_code=failure.exit_code if failure else None)
    ending = replace(ending, keep=first.still_good(state, ending.as_of))
    return _handed_back(folder, plan, state, passphrase, ending, failure)


def _ending(
    means: Means,
    watching: Watching,
    started_at: datetime,
    throttled_steps: int,
    *,
    failure_code: int | None = None,
    comparing: bool = False,
) -> Ending:
    sending = means.sending
    return Ending(
        started_at,
        means.clock.now(),
        throttled_steps,
        failure_code,
        watching.throttling,
        window=timedelta(seconds=sending.reply_timeout + sending.settle_wait),
        comparing=comparing,
    )


def _interruption(folder: RunFolder, report: IssueReport, state: RunState) -> Interrupted:
    if not report.settled:
        hint = f"To finish: bulktap resume {folder.to_type}"
        return Interrupted("Stopped; everything issued so far is safe.", hint=hint)
    passes = counted(len(to_compare(state)), "pass was", "passes were")
    return Interrupted(
        f"Stopped after everything had been issued; {folder.workbook.name} has it all, and {passes} not compared yet.",
        hint=f"To compare them: bulktap resume {folder.to_type}",
    )


def _require_room_to_go_on(folder: RunFolder, state: RunState) -> None:
    left = sum(not row.phase.settled for row in state.rows.values())
    require_room(folder, left, resumed=True)


def _handed_back(
    folder: RunFolder, plan: Plan, state: RunState, passphrase: Secret, ending: Ending, failure: BulktapError | None
) -> RunEnd:
    """Write the results; where the disk refuses the workbook, the end says what the journal holds all the same."""
    done = hand_back(folder, plan, state, passphrase, ending)
    if done.lost_workbook is not None:
        finish = f"bulktap {'results' if state.closed else 'resume'} {folder.to_type}"
        failure = _lost(done.lost_workbook, finish)
    return RunEnd(done, ending.throttled_steps, failure)


def _lost(refusal: DiskRefuses, finish: str) -> DiskRefuses:
    hint = f"{refusal.hint} Everything issued so far is safe in the journal; to write it: {finish}"
    return DiskRefuses(refusal.message, hint=hint)


def nothing_to_issue(folder: RunFolder, plan: Plan, clock: Clock) -> RunEnd:
    """Hand back the reports of a plan that creates no pass; there is no journal and no workbook."""
    now = clock.now()
    state = RunState(plan.run, plan.tenant.tenant_id, {}, closed=True)
    return RunEnd(hand_back(folder, plan, state, None, Ending(now, now, 0, None)), 0, None)


@dataclass(frozen=True, slots=True)
class WrittenAgain:
    """What `results` wrote."""

    handed_back: HandedBack
    plan: Plan
    damage: JournalDamaged | None
    """What is wrong with the journal; then the workbook has what is intact of it."""

    @property
    def failure(self) -> BulktapError | None:
        """What the command ends with: a workbook that could not be written comes before the damage."""
        return self.handed_back.lost_workbook or self.damage


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
        workbook = for_workbook(passphrase)
        return WrittenAgain(hand_back(folder, plan, journal.state(), workbook, ending), plan, None)


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
    workbook, ending = for_workbook(passphrase), Ending(now, now, 0, damage.exit_code)
    handed_back = hand_back(folder, plan, named(saved.state, plan), workbook, ending, keep_workbook=True)
    detail = " ".join(saved.damage)
    rest = "A backup of the journal may hold the rest." if damage.hint == RESCUE_HINT else damage.hint
    told = JournalDamaged(
        f"{damage.message} Every passcode that is intact is in the workbook. {detail}".rstrip(),
        hint=f"{rest} An earlier workbook, if there was one, was kept beside it.".lstrip(),
    )
    return WrittenAgain(handed_back, plan, told)
