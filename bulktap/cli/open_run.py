"""OpenRun: a plan on the screen, and all that is open while it is shown or carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.cli.awake import kept_awake
from bulktap.cli.interrupts import stop_switch
from bulktap.cli.summary import closing_lines, plan_lines, problem_lines
from bulktap.model.errors import OutputLost, PlanRefused
from bulktap.operations import run_journal
from bulktap.operations.issue_passes import Means

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.cli.progress import Progress
    from bulktap.journal import Journal
    from bulktap.model.clock import SystemClock
    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import Plan
    from bulktap.model.secret import Secret
    from bulktap.operations.run_journal import RunEnd
    from bulktap.operations.run_locks import Guard
    from bulktap.operations.run_settings import SendingSettings
    from bulktap.operations.tenant_access import Access
    from bulktap.storage.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class OpenRun:
    """One run, from its plan on the screen to its closing words."""

    console: Console
    outcome: CommandOutcome
    plan: Plan
    folder: RunFolder
    access: Access | None
    """None for a plan that was made offline."""
    progress: Progress
    clock: SystemClock
    sending: SendingSettings
    just_planned: bool = False
    """Whether this very process asked the tenant about the plan's users."""
    guard: Guard | None = None
    """What keeps other commands off while it issues; None for a plan that is only looked at."""

    def show(self, *, for_consent: bool = False) -> None:
        """Say what the plan would do and what is wrong with which rows; `for_consent`, the plan even with `--quiet`."""
        for note in (*self.plan.roster.notes, *self.plan.notes):
            self.console.say(f"Note: {note}")
        problems = problem_lines(self.plan, every=self.console.screen.verbose)
        if problems:
            self.console.heading("Rows that get no pass:")
            for line in problems:
                self.console.say(line)
        tell = self.console.always if for_consent else self.console.say
        self.console.heading("Plan:")
        for line in plan_lines(self.plan, ZoneInfo(self.plan.settings.timezone)):
            tell(f"  {line}")

    def carry_out(self, journal: Journal, passphrase: Secret, *, resumed: bool) -> None:
        """Issue what is still to be issued, hand back, and say how it ended.

        Raises:
            BulktapError: what stopped the run; by then results have been written and the outcome is filled in.
        """
        if self.access is None:
            raise PlanRefused("This plan was made offline.", hint="Make a plan without --offline.")
        with stop_switch(self.console) as switch, kept_awake():
            recent: Mapping[str, AccessPass] = {}
            if self.guard is not None:
                self.guard.begin()
                recent = self.guard.recent(self.access.service_clock.now())
            means = Means(self.access, self.sending, self.clock, self.progress, switch.arm, recent)
            end = run_journal.carry_out(
                self.folder,
                self.plan,
                journal,
                passphrase,
                means,
                resumed=resumed,
                just_planned=self.just_planned,
                say=self.console.say,
            )
        self.conclude(end)

    def conclude(self, end: RunEnd) -> None:
        """Fill in the outcome and say how the run ended.

        Raises:
            BulktapError: what stopped the run.
        """
        done = end.handed_back
        outcome = self.outcome
        outcome.counts, outcome.files, outcome.exit_code = done.counts, done.files, done.exit_code
        outcome.throttled_steps = end.throttled_steps
        outcome.more["unusable"] = len(done.unusable)
        self.progress.end()
        self.progress.log("end", exit_code=done.exit_code, throttled_steps=end.throttled_steps)
        try:
            for line in closing_lines(self.plan.tenant, done):
                self.console.data(line)
        except OutputLost as lost:
            # What stopped the run matters more, and how it is finished.
            raise end.failure or lost from None
        for note in done.notes:
            self.console.warn(note)
        if end.throttled_steps:
            self.console.say(f"The service asked to wait {end.throttled_steps} times; those requests were repeated.")
        if end.failure is not None:
            raise end.failure
