"""Reissue: a new pass in the place of one that this run issued; same run, same journal, same workbook.

hold        the run and its tenant, as `resume` does
choose      rows of the plan in the journal, by the words of `only` and `except`
ask         how their passes stand, who the users are, what the policy allows now
show, ask   by name; nothing is sent unless the answer is yes
record      the wish of each row, with the one pass that may be replaced; from here on `resume` finishes it
issue       like any run that goes on (`issue_passes`), the others being done
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.dispatch.dependencies import READ_LIMITS, ReadTools
from bulktap.dispatch.look_ups import resolve
from bulktap.dispatch.pass_check import check_passes
from bulktap.journal import require_remembered
from bulktap.model.errors import NoPass, NotConfirmed, UnfinishedRun, UsageError
from bulktap.model.person_events import ReissueAsked
from bulktap.model.plan import TenantFindings
from bulktap.model.run_events import Noted
from bulktap.model.setting_names import Command, Setting
from bulktap.model.usability import REPLACED_SINCE
from bulktap.operations.checked_roster import check_options
from bulktap.operations.garbage_collection import seldom_collected
from bulktap.operations.guards import (
    require_no_copy_ahead,
    require_no_unfinished_run,
    require_not_too_many,
    require_passes_allowed,
)
from bulktap.operations.issue_passes import issue_passes
from bulktap.operations.never_lists import folders_of_lists, never_list
from bulktap.operations.planned_run import OpenPlan
from bulktap.operations.reissue_preview import (
    Circumstances,
    as_roster,
    held_passes,
    preview,
    serving_rows,
)
from bulktap.operations.run_journal import reopen_journal
from bulktap.operations.run_locks import run_locks
from bulktap.operations.saved_plan import require_no_looser_guard
from bulktap.operations.sealed_tenant import reach_again, require_same_tenant, sealed_in_journal
from bulktap.operations.tenant_access import jitter, make_sender, run_to_end
from bulktap.operations.tenant_questions import ask
from bulktap.planning.guards import UserGuard, barred_now, barred_rows, typed_confirmation
from bulktap.storage.run_folder import find_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bulktap.dispatch.pass_states import Finding
    from bulktap.journal import Journal
    from bulktap.model.guards import Guards
    from bulktap.model.pass_terms import PassTerms
    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.run_state import RunState
    from bulktap.operations.context import OperationContext
    from bulktap.operations.issue_passes import RunEnd
    from bulktap.operations.reissue_preview import Reissued, ReissuePreview
    from bulktap.operations.run_locks import RunLocks
    from bulktap.operations.run_log import RunLog
    from bulktap.operations.run_settings import RunSettings, SendingSettings
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.storage.run_folder import RunFolder

_EVERYBODY = Setting.ONLY.to("'*'")
"""In quotes, because a shell puts the names of files in the place of a bare star."""


@dataclass(frozen=True, slots=True)
class ReissueEnd:
    """What reissuing came to."""

    preview: ReissuePreview
    end: RunEnd | None
    """How the run ended this time; None of a dry run."""

    @property
    def new(self) -> tuple[Reissued, ...]:
        """Those who have a new pass now; the slips with their earlier one are dead."""
        return tuple(one for one in self.preview.reissued if self._has_new(one))

    @property
    def not_new(self) -> tuple[Reissued, ...]:
        """Those who were to have one and do not."""
        return tuple(one for one in self.preview.reissued if self.end is not None and not self._has_new(one))

    @property
    def complete(self) -> bool:
        """Whether everybody who was chosen has a new pass, or would get one."""
        return not self.preview.left_alone and not self.not_new

    def _has_new(self, one: Reissued) -> bool:
        sent = self.end.state.rows.get(one.person.row.number) if self.end is not None else None
        return sent is not None and any(old.pass_id == one.old.pass_id for old in sent.replaced)


@seldom_collected()
def reissue_passes(run: Path, settings: RunSettings, at: OperationContext, *, dry: bool = False) -> ReissueEnd:
    """Issue new passes in the place of some that a run issued, after asking.

    Args:
        run: the run's id or folder.
        settings: whom (`only`, `except`), on which terms where they are to be others, and how batches are sent.
        at: what the operation works with.
        dry: whether only to say what would be done.

    Raises:
        UsageError: nobody was chosen.
        NoPass: nobody who was chosen can be given a new one.
        UnfinishedRun: the run itself, or another with the same users, has to be finished first.
        BulktapError: what else keeps it from beginning; nothing was sent.
    """
    _require_words(settings)
    folder = find_run(settings.reports, run)
    at.front.run_is(folder)
    require_remembered(folder.journal)
    at.passphrases.require_usable(simulated=folder.simulated_tenant.exists())
    with folder.lock(), ExitStack() as stack:
        own, (journal, plan) = at.passphrases.opens(folder.run, lambda secret: reopen_journal(folder, secret))
        stack.enter_context(journal)
        at.front.tenant_is(plan.tenant)
        state = journal.state()
        _require_settled(state, folder)
        require_no_looser_guard(plan, settings)
        chosen = serving_rows(plan, settings.care.only, settings.care.exclude)
        if not chosen:
            raise _nobody_chosen(f"{Setting.EXCEPT} leaves nobody of them.")

        sealed = sealed_in_journal(journal.header)
        access = stack.enter_context(reach_again(sealed, folder, at.ways, changing=not dry))
        require_same_tenant(sealed, access)
        locks = run_locks(folder, settings.reports, access, at.user_place)
        if not dry:
            locks.hold_tenant(stack, at.front.say)
        require_no_copy_ahead(folder, locks.places)
        log = stack.enter_context(at.log())
        log.write_to(folder.event_log(settings.log_file))

        job = _Job(folder, plan, state, access, locks, settings, at, log)
        found, domains = job.preview(chosen)
        at.front.show_reissue(found)
        if dry:
            return ReissueEnd(found, None)
        job.require_agreement(found, domains)
        passphrase = at.passphrases.for_workbook(own)
        _record(journal, found, at)
        end = issue_passes(job.opened(), journal, passphrase, at, log, resumed=True)
        return ReissueEnd(found, end)


def _require_words(settings: RunSettings) -> None:
    if not settings.care.only and not settings.care.exclude:
        raise _nobody_chosen(
            f"Name them with {Setting.ONLY}: rows, users, names, or COLUMN=VALUE; {_EVERYBODY} is everybody."
        )


def _nobody_chosen(hint: str) -> UsageError:
    return UsageError("Nobody was chosen to get a new pass.", hint=hint)


def _require_settled(state: RunState, folder: RunFolder) -> None:
    open_rows = [row for row in state.rows.values() if not row.phase.settled]
    if open_rows:
        raise UnfinishedRun(
            f"The run {folder.run} is not finished: {len(open_rows):,} of its rows have no outcome yet "
            f"(first: {open_rows[0].user}).",
            hint=f"Finish it first: {Command.RESUME.of(folder.path)}",
            run=folder.run,
            users=[row.user for row in open_rows],
        )


def _record(journal: Journal, found: ReissuePreview, at: OperationContext) -> None:
    """Commit what is wished for, and what was found out of those who are left alone: all of it or nothing."""
    now = at.clock.now()
    asked = [ReissueAsked(one.person.row.number, now, one.old.pass_id, one.terms) for one in found.reissued]
    dead = [Noted(one.person.row.number, f"{REPLACED_SINCE} {one.why}") for one in found.left_alone if one.is_dead]
    journal.record([*asked, *dead])


@dataclass(frozen=True, slots=True)
class _Job:
    """All that is open while passes are reissued."""

    folder: RunFolder
    plan: Plan
    state: RunState
    access: TenantAccess
    locks: RunLocks
    settings: RunSettings
    at: OperationContext
    log: RunLog

    @property
    def sending(self) -> SendingSettings:
        """How batches are sent."""
        return self.settings.sending.to(rehearsal=self.access.rehearsal)

    @property
    def guards(self) -> Guards:
        """What the run keeps to."""
        return self.settings.care.guards.with_also(self.plan.settings.guards)

    @property
    def user_guard(self) -> UserGuard:
        """Who gets no pass in any case."""
        folders = folders_of_lists(
            self.plan.roster.path, self.settings.reports, self.folder.path.parent, self.at.user_lists
        )
        return UserGuard(self.guards, never_list(folders))

    def preview(self, chosen: Sequence[PlanRow]) -> tuple[ReissuePreview, Sequence[str]]:
        """Ask the tenant, and decide about everybody who was chosen; return that, and the tenant's domains."""
        wished, guard = self._wished(), self.user_guard
        held = held_passes(chosen, self.state)
        if not held:
            nothing = Circumstances({}, TenantFindings({}), {}, wished, self.at.clock.now())
            return preview(self.plan, chosen, self.state, nothing), ()
        rows = tuple(row for row in chosen if row.number in held)
        self.access.sign_in(self.log.warn, self.at.front.say)
        roster = as_roster(self.plan, rows)
        tenant = ask(resolve, roster.rows, self.access, self.sending, self.at.clock, self.log, self.at.front.stoppable)
        require_passes_allowed(tenant.policy)
        findings = self._findings(rows, held)
        barred = barred_now(replace(self.plan, rows=rows), roster, tenant, guard)
        seen = Circumstances(findings, tenant, barred, wished, self.access.service_clock.now())
        return preview(self.plan, chosen, self.state, seen), tenant.domains

    def _wished(self) -> PassTerms:
        """Return what this command asks of the new passes; its start is read in the zone of the run."""
        zoned = replace(self.settings.reading.options, timezone=self.plan.settings.timezone)
        settings = replace(self.settings, reading=replace(self.settings.reading, options=zoned))
        return check_options(settings, self.at.clock.now()).defaults

    def _findings(self, rows: Sequence[PlanRow], held: Mapping[int, AccessPass]) -> Mapping[int, Finding]:
        async def look() -> Mapping[int, Finding]:
            async with self.access.client(self.sending) as client:
                clock = self.access.service_clock
                sender = make_sender(self.access, client, clock, self.log)
                tools = ReadTools(sender, self.at.clock, clock, self.log, READ_LIMITS, jitter)
                targets = {row.number: row.object_id or self.plan.user_text(row) for row in rows}
                return await check_passes(targets, held, tools)

        return run_to_end(look(), self.at.front.stoppable)

    def require_agreement(self, found: ReissuePreview, domains: Sequence[str]) -> None:
        """Stop where nobody is left, a guard or another run forbids it, or the answer is no.

        Raises:
            NoPass, GuardTripped, UnfinishedRun, NotConfirmed: each says what to do.
        """
        if not found.reissued:
            first = found.left_alone[0]
            raise NoPass(
                f"Nobody who was chosen can be given a new pass. {first.person.label}: {first.why}", hint=first.hint
            )
        require_not_too_many(found.plan, self.guards)
        require_no_unfinished_run(found.plan, self.folder, self.locks.places, own_copies=False)
        if not self.at.front.agrees_to_reissue(found, typed_confirmation(found.plan, self.guards, {}, domains)):
            raise NotConfirmed("No new pass was issued.", hint="The run is as it was.")

    def opened(self) -> OpenPlan:
        """Return the run's plan as it is carried out: rows that have their outcome are done."""
        barred = barred_rows(self.plan, self.user_guard)
        return OpenPlan(
            self.plan,
            self.folder,
            self.access,
            self.locks,
            self.sending,
            just_planned=False,
            guards=self.guards,
            barred=barred,
            command="reissue",
        )
