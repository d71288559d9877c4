"""The command line as an operation sees it: what it shows, asks and hears, and how the end of a run is told."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bulktap.cli.interrupts import stop_switch
from bulktap.cli.plan_block import plan_lines
from bulktap.cli.plan_members import plan_members
from bulktap.cli.setting_options import as_option
from bulktap.cli.summary import blocked_lines, closing_lines, left_out_lines, problem_lines
from bulktap.model.errors import OutputLost
from bulktap.results.plan_file.plan_json import shown_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TypeVar

    from bulktap.cli.console import Console
    from bulktap.cli.interrupts import StopSwitch
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.cli.passphrase import PassphraseSource
    from bulktap.cli.progress import Progress
    from bulktap.dispatch.observer import Observer
    from bulktap.model.plan import Plan, TenantInfo
    from bulktap.model.plan_review import PlanReview
    from bulktap.model.questions import Question
    from bulktap.model.secret import Secret
    from bulktap.model.setting_names import Named, Setting
    from bulktap.operations.issue_passes import RunEnd
    from bulktap.operations.reissue_preview import ReissuePreview
    from bulktap.operations.signed_still import SignedStill
    from bulktap.planning.guards import TypedConfirmation
    from bulktap.storage.run_folder import RunFolder

    _Opened = TypeVar("_Opened")


class Terminal:
    """The front end of an operation on the command line."""

    def __init__(self, console: Console, progress: Progress, outcome: CommandOutcome, *, asks: bool = False) -> None:
        """Take where things are said and drawn, and what the command comes to; `asks` before passes are issued."""
        self._console = console
        self._progress = progress
        self._outcome = outcome
        self._asks = asks
        self._switch: StopSwitch | None = None
        self._unshown: Callable[[], None] | None = None
        """Shows the plan, where nobody was to be asked when it was made."""

    @property
    def observer(self) -> Observer:
        """See the interface."""
        return self._progress

    def spell(self, named: Named, value: str | None) -> str:
        """See the interface."""
        return as_option(named, value)

    def say(self, line: str) -> None:
        """See the interface."""
        self._progress.end()
        self._console.say(line)

    def run_is(self, folder: RunFolder | None) -> None:
        """See the interface."""
        self._outcome.run = folder.run if folder else None
        self._outcome.folder = folder.path if folder else None

    def tenant_is(self, tenant: TenantInfo) -> None:
        """See the interface."""
        self._outcome.tenant = tenant

    def stands(self, counts: Mapping[str, int], files: Sequence[Path]) -> None:
        """See the interface."""
        self._outcome.counts, self._outcome.files = dict(counts), files

    def show(self, plan: Plan, still: SignedStill, review: PlanReview) -> None:
        """See the interface; all that a yes is asked for is shown even with `--quiet`."""
        self._progress.end()
        self._outcome.plan = plan_members(plan, review)
        if self._asks or not self._console.screen.quiet:
            self._show(plan, still, review)
        else:
            self._unshown = lambda: self._show(plan, still, review)

    def _show(self, plan: Plan, still: SignedStill, review: PlanReview) -> None:
        console, tell = self._console, self._console.always
        for note in (*plan.roster.notes, *plan.notes, *still.notes):
            tell(f"Note: {note}")
        for line in blocked_lines(still.blocked):
            tell(line)
        problems = problem_lines(plan, every=console.screen.verbose)
        problems += left_out_lines(plan, still.left_out, every=console.screen.verbose)
        if problems:
            console.heading("Rows that get no pass:", always=True)
            for line in problems:
                tell(line)
        console.heading("Plan:", always=True)
        blocked = len(still.blocked.keys() - still.left_out.keys())
        for line in plan_lines(plan, review, blocked):
            tell(f"  {line}")

    def answers(self, questions: Sequence[Question]) -> Mapping[Setting, str] | None:
        """See the interface; questions are shown even with `--quiet`."""
        from bulktap.cli.questionnaire import ask_all

        self._progress.end()
        return ask_all(self._console, questions)

    def agrees_to_keep(self, place: Path, lines: Sequence[str]) -> bool:
        """See the interface."""
        self._progress.end()
        self._console.always("", *[f"  {line}" if line else "" for line in lines])
        return self._console.confirm(f"Keep these answers in {place.name} beside the roster, for next time?")

    def agrees(self, plan: Plan, typed: TypedConfirmation | None) -> bool:
        """See the interface."""
        if not self._asks and not (typed and typed.by_person):
            return True
        return self._is_agreed(f"Issue these passes in {plan.tenant.label} (plan {shown_digest(plan)})?", typed)

    def show_reissue(self, preview: ReissuePreview) -> None:
        """See the interface; all that a yes is asked for is shown even with `--quiet`."""
        from bulktap.cli.reissue_block import left_alone_lines, preview_lines

        self._progress.end()
        console, every = self._console, self._console.screen.verbose

        def show() -> None:
            for note in preview.notes:
                console.always(f"Note: {note}")
            if preview.left_alone:
                console.heading("Left alone:", always=True)
                console.always(*left_alone_lines(preview.left_alone, every=every))
            console.heading("New passes in the place of this run's own:", always=True)
            console.always(*(f"  {line}" for line in preview_lines(preview, every=every)))

        if self._asks or not console.screen.quiet:
            show()
        else:
            self._unshown = show

    def agrees_to_reissue(self, preview: ReissuePreview, typed: TypedConfirmation | None) -> bool:
        """See the interface."""
        if not self._asks and not (typed and typed.by_person):
            return True
        return self._is_agreed(f"Issue these new passes in {preview.plan.tenant.label}?", typed)

    def _is_agreed(self, question: str, typed: TypedConfirmation | None) -> bool:
        from bulktap.cli.agreement import is_agreed

        return is_agreed(self._console, question, typed, self._unshown)

    def stoppable(self, stop: Callable[[], object]) -> None:
        """See the interface; until passes are issued, a Ctrl-C ends the program by itself."""
        if self._switch is not None:
            self._switch.arm(stop)

    @contextmanager
    def issuing(self) -> Iterator[None]:
        """See the interface."""
        from bulktap.cli.awake import kept_awake

        with ExitStack() as stack:
            self._switch = stack.enter_context(stop_switch(self._console))
            stack.callback(setattr, self, "_switch", None)
            stack.enter_context(kept_awake())
            yield

    def conclude(self, end: RunEnd) -> None:
        """Fill in what the command comes to, and say how the run ended.

        Raises:
            BulktapError: what stopped the run.
        """
        done, outcome = end.handed_back, self._outcome
        outcome.counts, outcome.files, outcome.exit_code = done.counts, done.files, done.exit_code
        outcome.throttled_steps = end.throttled_steps
        outcome.more["unusable"] = len(done.unusable)
        self._progress.end()
        try:
            for line in closing_lines(end.plan.tenant, done):
                self._console.data(line)
        except OutputLost as lost:
            # What stopped the run matters more, and how it is finished.
            raise end.failure or lost from None
        for note in done.notes:
            self._console.warn(note)
        if end.throttled_steps:
            self._console.say(
                f"The service asked to wait {end.throttled_steps} times; those requests were repeated."
            )  # fmt: skip
        if end.failure is not None:
            raise end.failure


class TypedPassphrases:
    """Passphrases from a source that the options name, asked for where somebody can be asked."""

    def __init__(self, source: PassphraseSource, console: Console) -> None:
        self._source = source
        self._console = console
        self._opened: Secret | None = None
        """What has opened the run already: nobody is asked twice by one command."""

    def require_usable(self, *, simulated: bool) -> None:
        """See the interface."""
        self._source.require_usable(self._console, simulated=simulated)

    def new(self) -> Secret:
        """See the interface."""
        return self._source.get(self._console)

    def opens(self, run: str, opening: Callable[[Secret], _Opened]) -> tuple[Secret, _Opened]:
        """See the interface."""
        if self._opened is not None:
            return self._opened, opening(self._opened)
        self._opened, found = self._source.opens(self._console, run, opening)
        return self._opened, found

    def for_workbook(self, passphrase: Secret) -> Secret:
        """See the interface."""
        return self._source.for_workbook(self._console, passphrase)
