"""From a roster to a plan on the screen: what `plan` and `apply` have in common."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bulktap.cli.open_run import OpenRun
from bulktap.cli.progress import Progress
from bulktap.cli.rehearsal import rehearsal_settings, way_into
from bulktap.cli.summary import file_lines
from bulktap.clock import SystemClock
from bulktap.durable import EventLog
from bulktap.pipeline import planning
from bulktap.pipeline.handing_back import code_for, existing_files
from bulktap.pipeline.run_folder import new_run_folder, tenant_lock
from bulktap.plan import Action
from bulktap.results.tally import run_counts
from bulktap.settings import access_settings as sign_in_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.pipeline.run_settings import RunSettings


@dataclass(frozen=True, slots=True)
class Preparation:
    """Makes a plan from a command's arguments."""

    console: Console
    given: dict[str, Any]
    settings: RunSettings
    outcome: CommandOutcome

    @contextmanager
    def planned(self, roster: Path, *, issuing: bool = False) -> Iterator[OpenRun]:
        """Read, check, look up and plan; with `issuing`, hold the tenant against other commands first."""
        clock = SystemClock()
        now = clock.now()
        rehearsal = rehearsal_settings(self.given)
        offline = self.settings.care.offline
        access_settings = None
        if not rehearsal.wanted and not offline:
            access_settings = sign_in_settings(self.given["tenant"])
        with ExitStack() as stack:
            progress = stack.enter_context(Progress(self.console, clock))
            self.console.say(f"Reading {roster.name} ...")
            checked = planning.check(roster, self.settings, now)
            folder = new_run_folder(self.settings.reports, roster.name, now, os.urandom)
            self.outcome.run, self.outcome.folder = folder.run, folder.path
            progress.write_to(EventLog(folder.log))
            door = nullcontext() if offline else way_into(rehearsal, access_settings, checked, folder)
            access = stack.enter_context(door)
            if issuing and access is not None:
                stack.enter_context(tenant_lock(self.settings.reports, access.tenant_id))
                stack.enter_context(folder.lock())
            made = planning.plan(checked, folder.run, access, self.settings, clock, progress)
            progress.end()
            self.outcome.tenant = made.tenant
            planning.write_plan(folder, made)
            self.outcome.counts = run_counts(made, None)
            self.outcome.files = existing_files(folder)
            yield OpenRun(self.console, self.outcome, made, folder, access, progress, clock, self.settings.sending)


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
