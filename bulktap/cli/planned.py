"""From a roster to a plan on the screen: what `plan` and `apply` have in common."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from bulktap.cli.open_run import OpenRun
from bulktap.cli.progress import Progress
from bulktap.cli.rehearsal import rehearsal_settings, way_back_into, way_into
from bulktap.cli.summary import file_lines, many
from bulktap.model.clock import SystemClock
from bulktap.model.errors import InUse, PlanRefused, UsageError
from bulktap.model.plan import Action
from bulktap.operations import checked_roster, plan_roster, saved_plan
from bulktap.operations.hand_back import code_for, existing_files
from bulktap.operations.run_locks import Guard, guard_of
from bulktap.operations.sealed_tenant import SealedWay, require_own_kind, require_same_tenant, sealed_in_plan
from bulktap.operations.tenant_access import open_access
from bulktap.operations.user_place import UserPlace
from bulktap.results.row_results import checked_counts, run_counts
from bulktap.roster.reader import STANDARD_INPUT
from bulktap.settings import access_settings, sending_settings, user_state_folder
from bulktap.storage.run_folder import find_run, new_run_folder, saved_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.model.plan import Plan
    from bulktap.operations.run_settings import RunSettings
    from bulktap.operations.tenant_access import Access
    from bulktap.storage.run_folder import RunFolder


_CUTS = frozenset({"limit", "only"})
"""Options that choose rows, once and for all when the plan is made."""
_SETTLED = {
    "lifetime": "lifetime_minutes",
    "start": "start",
    "one_time": "usable_once",
    "existing": "existing",
    "ticket": "ticket",
    "reason": "reason",
}
"""Options that a plan keeps, and where."""


_RUN_LIKE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{4}Z-")
"""How the id of a run begins."""


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
            if _RUN_LIKE.match(roster.name) and not roster.is_file():
                # Either there is no such run, or what is left of it is its journal.
                raise saved_plan.carried_out(find_run(settings.reports, roster))
            yield _made(roster, opening, progress, stack)


def _made(roster: Path, opening: _Opening, progress: Progress, stack: ExitStack) -> OpenRun:
    """Read, check, look up and plan."""
    settings = checked_roster.with_saved_mapping(roster, opening.settings)
    outcome, clock = opening.outcome, opening.clock
    rehearsal = rehearsal_settings(opening.given)
    offline = settings.care.offline
    sign_in = None
    if not rehearsal.wanted and not offline and (roster == STANDARD_INPUT or roster.exists()):
        sign_in = access_settings(opening.given["tenant"])
    opening.console.say(f"Reading {roster.name or roster} ...")
    now = clock.now()
    checked = checked_roster.check(roster, settings, now)
    folder = new_run_folder(settings.reports, roster.name, now, os.urandom)
    outcome.run, outcome.folder = folder.run, folder.path
    outcome.counts = checked_counts(len(checked.rows), sum(row.request is None for row in checked.rows))
    progress.write_to(folder.event_log(opening.given["log_file"]))
    access = None if offline else stack.enter_context(way_into(rehearsal, sign_in, checked, folder))
    guard = None if access is None else guard_of(folder, settings.reports, access, shared_place())
    try:
        if opening.issuing and guard is not None:
            hold(guard, stack, opening.console)
            stack.enter_context(folder.lock())
    except InUse:
        # Nothing happened in it, so nothing is left of it.
        outcome.run = outcome.folder = None
        progress.end_log()
        shutil.rmtree(folder.path)
        raise
    recent = None if guard is None else guard.recent
    made = plan_roster.plan(checked, folder.run, access, settings, clock, progress, now=now, recent=recent)
    progress.end()
    outcome.tenant = made.tenant
    for line in checked_roster.worth_saving(roster, settings):
        opening.console.say(line)
    opening.console.say("Writing the planning report ...")
    plan_roster.write_plan(folder, made)
    outcome.counts, outcome.files = run_counts(made, None), existing_files(folder)
    sending = settings.sending
    return OpenRun(opening.console, outcome, made, folder, access, progress, clock, sending, True, guard)


def _saved(folder: RunFolder, opening: _Opening, progress: Progress, stack: ExitStack) -> OpenRun:
    """Load the plan that was signed off; only one that is to be carried out must still be fresh."""
    outcome, clock = opening.outcome, opening.clock
    outcome.run, outcome.folder = folder.run, folder.path
    opening.console.say(f"Loading the plan of {folder.run} ...")
    saved = saved_plan.load_with_roster(folder, opening.settings.reading)
    plan = saved.plan
    sending = sending_settings(opening.given, rehearsal=plan.tenant.rehearsal)
    outcome.tenant, outcome.counts, outcome.files = plan.tenant, run_counts(plan, None), existing_files(folder)
    _require_no_other_wish(plan, opening)
    access = guard = None
    if opening.issuing:
        folder.require_private()
        saved_plan.require_fresh(plan, folder, clock.now())
        sealed = sealed_in_plan(plan)
        access = stack.enter_context(way_back(sealed, folder, opening.given))
        require_same_tenant(sealed, access)
        guard = guard_of(folder, opening.settings.reports, access, shared_place())
        hold(guard, stack, opening.console)
        stack.enter_context(folder.lock())
        progress.write_to(folder.event_log(opening.given["log_file"]))
        access.sign_in(progress.warn)
        for note in saved_plan.require_as_signed(saved, access, sending, clock, progress):
            opening.console.say(f"Note: {note}")
        progress.end()
    return OpenRun(opening.console, outcome, plan, folder, access, progress, clock, sending, guard=guard)


def _require_no_other_wish(plan: Plan, opening: _Opening) -> None:
    """Make sure that what was typed is what the saved plan does; what a variable says is for new plans.

    Raises:
        UsageError: an option asks for something else.
    """
    context = click.get_current_context()
    typed = {name for name in opening.given if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    if not typed & (_CUTS | _SETTLED.keys()):
        return
    wished = plan_roster.plan_settings(opening.settings, opening.clock.now())
    others = typed & _CUTS
    if len(list(plan.creating())) <= (opening.settings.care.limit or 0):
        others.discard("limit")
    others |= {
        name
        for name, settled in _SETTLED.items()
        if name in typed and getattr(wished, settled) != getattr(plan.settings, settled)
    }
    words = [
        (option.secondary_opts if opening.given[option.name] is False else option.opts)[0]
        for option in context.command.params
        if option.name in others
    ]
    if words:
        raise UsageError(
            f"{', '.join(words)} cannot be obeyed: the plan of {plan.run} is settled.",
            hint="Leave it out, or make a new plan with it: bulktap plan ROSTER.",
        )


def way_back(
    sealed: SealedWay, folder: RunFolder, given: dict[str, Any], *, changing: bool = True
) -> AbstractContextManager[Access]:
    """Return the way into the tenant that a run was planned for: the pretend one kept with it, or the real one.

    Args:
        sealed: what plan or journal say about it.
        folder: the run's folder.
        given: the command's options.
        changing: whether the command changes the tenant; a pretend one is kept again only then.

    Raises:
        PlanRefused: a rehearsal is wanted, and the run is for a real tenant; or its folder says something else about
            that than plan and journal.
    """
    rehearsal = rehearsal_settings(given)
    require_own_kind(sealed, folder)
    if folder.simulated_tenant.exists():
        return way_back_into(rehearsal, folder, keep=changing)
    if rehearsal.wanted:
        raise PlanRefused(
            f"The run {folder.run} is no rehearsal, so --simulate cannot be obeyed.",
            hint="To rehearse, give the roster itself: bulktap apply ROSTER --simulate.",
        )
    return nullcontext(open_access(access_settings(given["tenant"])))


def shared_place() -> UserPlace | None:
    """Return what this user's commands share on this machine."""
    folder = user_state_folder()
    return None if folder is None else UserPlace(folder)


def hold(guard: Guard, stack: ExitStack, console: Console) -> None:
    """Hold the tenant wherever another command would look, and say where that is not possible.

    Raises:
        InUse: another command is issuing for it.
    """
    for note in guard.hold(stack):
        console.say(f"Note: {note}")


def conclude_dry_run(run: OpenRun, *, strict: bool) -> None:
    """End a dry run: counts, files, the exit code.

    Raises:
        PolicyForbids, StrictRefusal: carrying the plan out would stop here.
    """
    plan, outcome = run.plan, run.outcome
    plan_roster.require_nothing_forbids(plan, strict=strict)
    outcome.exit_code = code_for(outcome.counts | {"not_sent": 0})
    counts = plan.counts()
    creates = counts[Action.ISSUE] + counts[Action.REPLACE]
    run.console.data(
        f"{many(creates, 'pass', 'passes')} would be issued, {counts[Action.REPLACE]} of them in place of one that "
        f"works; {many(counts[Action.SKIP], 'row', 'rows')} skipped, {counts[Action.REFUSE]} refused. "
        "Nothing was issued."
    )
    for line in file_lines(outcome.files, outcome.counts):
        run.console.data(line)
    if creates and not plan.settings.offline and not run.folder.journal.exists():
        run.console.data(f"To carry it out: bulktap apply {run.folder.to_type}")
