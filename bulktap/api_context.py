"""The context that the Python API makes for its operations: no terminal, the call's settings, a thread of its own.

An operation runs on a thread of its own, for two reasons: `asyncio.run` answers Ctrl-C on the main thread with a signal
handler of its own, which is not ours to install in somebody else's program; and a caller that runs an event loop may
call us all the same. Ctrl-C meanwhile stops the operation tidily and then travels on.
"""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bulktap.api_values import Progress, StopToken
from bulktap.dispatch.observer import Standing
from bulktap.graph.trust import is_loopback_url
from bulktap.model.cloud import Cloud
from bulktap.model.errors import BulktapError, Interrupted, PlanRefused, QuestionOpen, UsageError
from bulktap.model.setting_names import as_argument, spelled
from bulktap.operations.context import OperationContext
from bulktap.operations.run_settings import AccessSettings
from bulktap.operations.tenant_access import BEGIN_AGAIN, open_access
from bulktap.operations.user_place import UserPlace
from bulktap.settings.environment import network, user_configuration_folder, user_state_folder
from bulktap.settings.keywords import as_secret
from bulktap.storage.passphrase_rules import check_new_passphrase, check_passphrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bulktap.api_values import SignIn
    from bulktap.dispatch.observer import Observer
    from bulktap.model.log_events import LogEvent
    from bulktap.model.plan import Plan, TenantInfo
    from bulktap.model.plan_review import PlanReview
    from bulktap.model.questions import Question
    from bulktap.model.secret import Secret
    from bulktap.model.setting_names import Named, Setting
    from bulktap.operations.reissue_preview import ReissuePreview
    from bulktap.operations.sealed_tenant import SealedTenant
    from bulktap.operations.signed_still import SignedStill
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.planning.guards import TypedConfirmation
    from bulktap.roster.model import CheckedRoster, CheckedRow
    from bulktap.storage.run_folder import RunFolder

_Answer = TypeVar("_Answer")
_Trouble = TypeVar("_Trouble", bound=BaseException)
_BELONGS_TO_SIGN_IN = "Give a SignIn; only an offline plan and `results` go without."


class GivenPassphrase:
    """A passphrase that the caller has; nobody is asked."""

    def __init__(self, passphrase: Secret, workbook: Secret | None, *, new: bool) -> None:
        self._passphrase = passphrase
        self._workbook = workbook
        self._is_new = new

    def require_usable(self, *, simulated: bool) -> None:
        """See the interface."""
        del simulated
        for secret in (self._passphrase if self._is_new else None, self._workbook):
            if secret is not None:
                check_new_passphrase(secret)

    def new(self) -> Secret:
        """See the interface."""
        return self._passphrase

    def opens(self, run: str, opening: Callable[[Secret], _Answer]) -> tuple[Secret, _Answer]:
        """See the interface."""
        del run
        return self._passphrase, opening(self._passphrase)

    def for_workbook(self, passphrase: Secret) -> Secret:
        """See the interface."""
        if self._workbook is not None:
            return self._workbook
        check_passphrase(passphrase)
        return passphrase


def passphrase_given(
    passphrase: str | Secret, workbook: str | Secret | None = None, *, new: bool = False
) -> GivenPassphrase:
    """Return the passphrase of a call."""
    return GivenPassphrase(as_secret(passphrase), None if workbook is None else as_secret(workbook), new=new)


def new_secret(passphrase: str | Secret) -> Secret:
    """Return another passphrase for a run.

    Raises:
        UsageError: it will not do.
    """
    secret = as_secret(passphrase)
    check_new_passphrase(secret)
    return secret


class NamedTenant:
    """The one tenant that a caller names; rehearsals are the command line's."""

    def __init__(self, sign_in: SignIn | None) -> None:
        self._sign_in = sign_in

    @property
    def rehearses(self) -> bool:
        """See the interface."""
        return False

    @property
    def simulated(self) -> bool:
        """See the interface."""
        return self._sign_in is not None and is_loopback_url(self._sign_in.graph_url or "")

    def require_settings(self) -> None:
        """See the interface."""
        self._given()

    def _given(self) -> SignIn:
        if self._sign_in is None:
            raise UsageError("Nothing says how to sign in.", hint=_BELONGS_TO_SIGN_IN)
        return self._sign_in

    def to_ask(self) -> AbstractContextManager[TenantAccess]:
        """See the interface."""
        return nullcontext(self._access())

    def to_new(
        self, checked: CheckedRoster, folder: RunFolder, list_name: str = ""
    ) -> AbstractContextManager[TenantAccess]:
        """See the interface."""
        del checked, folder, list_name
        return nullcontext(self._access())

    def back_to(
        self, sealed: SealedTenant, folder: RunFolder, *, changing: bool = True
    ) -> AbstractContextManager[TenantAccess]:
        """See the interface."""
        del changing
        if sealed.rehearsal or folder.simulated_tenant.exists():
            raise PlanRefused(
                f"The run {folder.run} is a rehearsal, whose pretend tenant only the command line opens.",
                hint=f"Go on with it there: `bulktap resume {folder.to_type}`",
                run=folder.run,
            )
        return nullcontext(self._access())

    def _access(self) -> TenantAccess:
        one = self._given()
        reached = network(one.ca_bundle)
        return open_access(
            AccessSettings(one.credentials, reached, one.graph_url, one.authority_url, cloud=_cloud(one.cloud))
        )


def _cloud(name: str | None) -> Cloud | None:
    try:
        return None if name is None else Cloud(name)
    except ValueError:
        raise UsageError(f"There is no cloud {name}.", hint=f"There are {', '.join(Cloud)}.") from None


class Caller:
    """The front end of an operation that another program calls: keeps notes, tells progress, and can be stopped."""

    def __init__(
        self,
        progress: Callable[[Progress], None] | None,
        stop: StopToken,
        confirm: Callable[[Plan], bool] | None,
    ) -> None:
        self._progress = progress
        self._confirm = confirm
        self._phase = ""
        self.stop = stop
        self.notes: list[str] = []
        self.trouble: BaseException | None = None
        """What the caller's own progress function raised."""

    @property
    def observer(self) -> Observer:
        """See the interface."""
        return self

    def spell(self, named: Named, value: str | None) -> str:
        """See the interface."""
        return as_argument(named, value)

    def say(self, line: str) -> None:
        """See the interface; what happens next is told as progress, so only notes are kept."""
        if line.startswith("Note: "):
            self.warn(line.removeprefix("Note: "))

    def run_is(self, folder: RunFolder | None) -> None:
        """See the interface; the result, or the error, says it."""

    def tenant_is(self, tenant: TenantInfo) -> None:
        """See the interface; the result says it."""

    def stands(self, counts: Mapping[str, int], files: Sequence[Path]) -> None:
        """See the interface; the result says it."""

    def show(self, plan: Plan, still: SignedStill, review: PlanReview) -> None:
        """See the interface; the plan itself is in the result."""
        left_out = (error.message for error in still.left_out.values())
        warned = (kind.text for kind in review.warnings)
        for note in (*plan.roster.notes, *plan.notes, *still.notes, *still.blocked.values(), *left_out, *warned):
            self.warn(note)

    def answers(self, questions: Sequence[Question]) -> Mapping[Setting, str] | None:
        """See the interface; a program answers with keywords."""
        return None if questions else {}

    def agrees_to_keep(self, place: Path, lines: Sequence[str]) -> bool:
        """See the interface."""
        del place, lines
        return False

    def agrees(self, plan: Plan, typed: TypedConfirmation | None) -> bool:
        """See the interface; whoever gives a function that confirms has somebody who does."""
        if self._confirm is None and typed is not None and typed.by_person:
            raise UsageError(
                f"Somebody has to agree to {' and '.join(typed.because)}, and nobody is asked.",
                hint="Give a function as `confirm` that shows the plan to somebody.",
            )
        agreed = self._confirm is None or self._confirm(plan)
        if self.stop.stopped:
            raise Interrupted("Stopped before anything was sent.", hint=BEGIN_AGAIN)
        return agreed

    def show_reissue(self, preview: ReissuePreview) -> None:
        """See the interface; who is left alone is in the result too."""
        for note in (*preview.notes, *(f"{one.person.label}: {one.why}" for one in preview.left_alone)):
            self.warn(note)

    def agrees_to_reissue(self, preview: ReissuePreview, typed: TypedConfirmation | None) -> bool:
        """See the interface; whoever confirms is shown the rows that get a new pass, as a plan."""
        return self.agrees(preview.plan, typed)

    def stoppable(self, stop: Callable[[], object]) -> None:
        """See the interface."""
        self.stop.arm(stop)

    def issuing(self) -> AbstractContextManager[None]:
        """See the interface."""
        return nullcontext()

    def phase(self, name: str, total: int) -> None:
        """See the observer's interface."""
        self._phase = name
        self.standing(Standing(0, total))

    def standing(self, standing: Standing) -> None:
        """See the observer's interface; a caller's function that raises stops the operation, and raises at its end."""
        if self._progress is None or self.trouble is not None:
            return
        told = Progress(
            self._phase,
            standing.done,
            standing.total,
            standing.in_flight,
            standing.held_seconds,
            standing.throttled,
            standing.in_doubt,
        )
        # The function is the caller's and may raise anything, `KeyboardInterrupt` and `SystemExit` included. Raised
        # here, that would end the run between two commits; kept, it stops the run tidily and is raised afterwards.
        try:
            self._progress(told)
        except BaseException as trouble:  # noqa: BLE001 - not swallowed: kept for `apart`, which raises it in the caller's thread
            self.trouble = trouble
            self.stop.stop()

    def warn(self, message: str) -> None:
        """See the observer's interface."""
        self.notes.append(spelled(message, self.spell))

    def log(self, event: LogEvent) -> None:
        """See the observer's interface; the log is the run's."""


class CallContext(OperationContext):
    """A context whose front end is a caller."""

    front: Caller


@contextmanager
def call_context(
    sign_in: SignIn | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    passphrases: GivenPassphrase | None = None,
    confirm: Callable[[Plan], bool] | None = None,
) -> Iterator[CallContext]:
    """Make the context of one call."""
    state = user_state_folder()
    yield CallContext(
        Caller(progress, stop or StopToken(), confirm),
        NamedTenant(sign_in),
        passphrases or passphrase_given(""),
        None if state is None else UserPlace(state),
        user_configuration_folder(),
    )


def apart(work: Callable[[], _Answer], at: CallContext) -> _Answer:
    """Do the work on a thread of its own, and wait for it.

    A Ctrl-C meanwhile, or whatever else ends the waiting, stops the work tidily and then travels on.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="bulktap") as threads:  # waits for its thread, however it is left
        done = threads.submit(contextvars.copy_context().run, work)
        try:
            wait([done])
        except BaseException:
            at.front.stop.stop()
            raise
    trouble = at.front.trouble or done.exception()
    if trouble is not None:
        raise spelled_error(trouble)
    return done.result()


def spelled_roster(checked: CheckedRoster) -> CheckedRoster:
    """Return a roster whose sentences name settings as Python does."""
    notes = tuple([spelled(note, as_argument) for note in checked.info.notes])
    rows = tuple([_spelled_row(row) for row in checked.rows])
    return replace(checked, info=replace(checked.info, notes=notes), rows=rows)


def _spelled_row(row: CheckedRow) -> CheckedRow:
    if not row.problems:
        return row
    return replace(row, problems=tuple([problem.spelled(as_argument) for problem in row.problems]))


def spelled_error(trouble: _Trouble) -> _Trouble:
    """Return an error whose sentences name settings as Python does."""
    if isinstance(trouble, BulktapError):
        trouble.message, trouble.hint = (spelled(text, as_argument) for text in (trouble.message, trouble.hint))
    if isinstance(trouble, QuestionOpen):
        trouble.questions = tuple([question.spelled(as_argument) for question in trouble.questions])
    return trouble
