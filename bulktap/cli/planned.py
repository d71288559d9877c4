"""From a roster to a plan on the screen: what `plan` and `apply` have in common."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bulktap.cli.open_run import OpenRun
from bulktap.cli.progress import Progress
from bulktap.cli.rehearsal import rehearsal_settings, way_back_into, way_into
from bulktap.cli.summary import file_lines
from bulktap.clock import SystemClock
from bulktap.durable import EventLog
from bulktap.errors import InUse
from bulktap.pipeline import planning, reading, saved_plan
from bulktap.pipeline.access import open_access
from bulktap.pipeline.handing_back import code_for, existing_files
from bulktap.pipeline.run_folder import new_run_folder, saved_run, tenant_lock
from bulktap.plan import Action
from bulktap.results.tally import run_counts
from bulktap.settings import access_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.pipeline.access import Access
    from bulktap.pipeline.run_folder import RunFolder
    from bulktap.pipeline.run_settings import RunSettings


@dataclass(frozen=True, slots=True)
class _Opening:
    """What opening a run needs from the command."""

    console: Console
    given: dict[str, Any]
    settings: RunSettings
    outcome: CommandOutcome
    clock: SystemClock
    issuing: bool


@contextmanager
def opened(
    roster: Path,
    console: Console,
    given: dict[str, Any],
    settings: RunSettings,
    outcome: CommandOutcome,
    *,
    issuing: bool,
) -> Iterator[OpenRun]:
    """Open a plan: made from a roster, or the saved one of a run; with `issuing`, hold the tenant and the run."""
    opening = _Opening(console, given, settings, outcome, SystemClock(), issuing)
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(console, opening.clock))
        saved = saved_run(settings.reports, roster)
        if saved is not None:
            yield _saved(saved, opening, progress, stack)
        else:
            yield _made(roster, opening, progress, stack)


def _made(roster: Path, opening: _Opening, progress: Progress, stack: ExitStack) -> OpenRun:
    """Read, check, look up and plan."""
    settings = reading.with_saved_mapping(roster, opening.settings)
    outcome, clock = opening.outcome, opening.clock
    rehearsal = rehearsal_settings(opening.given)
    offline = settings.care.offline
    sign_in = None
    if not rehearsal.wanted and not offline:
        sign_in = access_settings(opening.given["tenant"])
    opening.console.say(f"Reading {roster.name} ...")
    now = clock.now()
    checked = reading.check(roster, settings, now)
    folder = new_run_folder(settings.reports, roster.name, now, os.urandom)
    outcome.run, outcome.folder = folder.run, folder.path
    progress.write_to(EventLog(opening.given["log_file"] or folder.log))
    access = None if offline else stack.enter_context(way_into(rehearsal, sign_in, checked, folder))
    try:
        _hold(folder, access, opening, stack)
    except InUse:
        # Nothing happened in it, so nothing is left of it.
        outcome.run = outcome.folder = None
        progress.end_log()
        shutil.rmtree(folder.path)
        raise
    made = planning.plan(checked, folder.run, access, settings, clock, progress)
    progress.end()
    outcome.tenant = made.tenant
    for line in reading.worth_saving(roster, settings):
        opening.console.say(line)
    opening.console.say("Writing the planning report ...")
    planning.write_plan(folder, made)
    outcome.counts, outcome.files = run_counts(made, None), existing_files(folder)
    sending = settings.sending
    return OpenRun(opening.console, outcome, made, folder, access, progress, clock, sending, just_planned=True)


def _saved(folder: RunFolder, opening: _Opening, progress: Progress, stack: ExitStack) -> OpenRun:
    """Load the plan that was signed off; only one that is to be carried out must still be fresh."""
    outcome, clock = opening.outcome, opening.clock
    outcome.run, outcome.folder = folder.run, folder.path
    opening.console.say(f"Loading the plan of {folder.run} ...")
    plan = saved_plan.load(folder, opening.settings.reading)
    outcome.tenant, outcome.counts, outcome.files = plan.tenant, run_counts(plan, None), existing_files(folder)
    access = None
    if opening.issuing:
        saved_plan.require_fresh(plan, folder, clock.now())
        access = stack.enter_context(way_back(folder, opening.given))
        saved_plan.require_same_tenant(plan, access.tenant_id)
        _hold(folder, access, opening, stack)
        progress.write_to(EventLog(opening.given["log_file"] or folder.log))
        access.tokens.token()
    return OpenRun(opening.console, outcome, plan, folder, access, progress, clock, opening.settings.sending)


def way_back(folder: RunFolder, given: dict[str, Any]) -> AbstractContextManager[Access]:
    """Return the way into the tenant that a run was planned for: the pretend one kept with it, or the real one."""
    if folder.simulated_tenant.exists():
        return way_back_into(rehearsal_settings(given), folder)
    return nullcontext(open_access(access_settings(given["tenant"])))


def _hold(folder: RunFolder, access: Access | None, opening: _Opening, stack: ExitStack) -> None:
    if opening.issuing and access is not None:
        stack.enter_context(tenant_lock(opening.settings.reports, access.tenant_id))
        stack.enter_context(folder.lock())


def conclude_dry_run(run: OpenRun, *, strict: bool) -> None:
    """End a dry run: counts, files, the exit code.

    Raises:
        PolicyForbids, StrictRefusal: carrying the plan out would stop here.
    """
    plan, outcome = run.plan, run.outcome
    planning.require_nothing_forbids(plan, strict=strict)
    outcome.exit_code = code_for(outcome.counts | {"not_sent": 0})
    counts = plan.counts()
    creates = counts[Action.ISSUE] + counts[Action.REPLACE]
    run.console.data(
        f"{creates} passes would be issued, {counts[Action.REPLACE]} of them in place of one that works; "
        f"{counts[Action.SKIP]} rows skipped, {counts[Action.REFUSE]} refused. Nothing was issued."
    )
    for line in file_lines(outcome.files):
        run.console.data(line)
    if creates and not plan.settings.offline and not run.folder.journal.exists():
        run.console.data(f"To carry it out: bulktap apply {run.folder.run}")
