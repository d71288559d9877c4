"""Show: one person's passcode, for whoever holds the run's passphrase; each look is in the journal before it happens.

The tenant is asked how the pass stands, for a few seconds at most: whoever stands at the desk with a lost slip is not
kept waiting, nor kept from the passcode, because the network is down.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.dispatch.pass_states import PassState
from bulktap.journal import require_remembered
from bulktap.model.errors import BulktapError, NoPass
from bulktap.model.person_events import Looked
from bulktap.model.plan import Action
from bulktap.model.row_phases import RowPhase
from bulktap.model.setting_names import Command, Setting
from bulktap.operations.run_journal import reopen_journal
from bulktap.operations.sealed_tenant import reach_again, require_same_tenant, sealed_in_journal
from bulktap.operations.who_and_where import computer_name, operator_name
from bulktap.planning.one_person import people_named
from bulktap.results.row_results import is_replaced, is_unusable
from bulktap.storage.revocations import read_revocations
from bulktap.storage.run_folder import find_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from bulktap.dispatch.observer import Standing
    from bulktap.dispatch.pass_states import Finding
    from bulktap.model.log_events import LogEvent
    from bulktap.model.outcomes import IssuedPass
    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RowState
    from bulktap.model.secret import Secret
    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_settings import RunSettings, SendingSettings
    from bulktap.operations.sealed_tenant import SealedTenant
    from bulktap.planning.one_person import Person
    from bulktap.storage.run_folder import RunFolder

LONGEST_QUESTION = 6.0
"""Seconds within which the tenant says how the pass stands, or is not asked any longer."""


_HELPED_BY_REISSUE = {PassState.USED, PassState.EXPIRED, PassState.REVOKED, PassState.GONE}


@dataclass(frozen=True, slots=True)
class Look:
    """Whom somebody wants to see, how, and why."""

    person: str
    """As typed."""
    how: str
    """`on the screen`, or `on a slip`."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SeenPass:
    """One passcode and what is known of it."""

    folder: RunFolder
    plan: Plan
    person: Person
    sent: RowState
    """What the journal says of the row."""
    issued: IssuedPass
    passphrase: Secret
    """Of the run."""
    now: datetime
    """When the tenant was asked, or was to be."""
    finding: Finding | None
    """How the pass stands; None if the tenant did not say."""
    not_asked: str
    """Why not, in a sentence without its full stop; empty if it did."""
    revoked_at: datetime | None = None
    """When this run's own revocation deleted the pass, so that nobody has to be asked."""
    ended_as: PassState | None = None
    """How this run's own revocation found it, or made it, to be over; None if it did not."""
    perhaps_revoked: bool = False
    """True if this run's own revocation asked for that, and its end is not recorded."""

    @property
    def state(self) -> PassState | None:
        """How the pass stands by what the tenant says, or the run itself knows; None where nothing tells."""
        if self.revoked_at is not None:
            return PassState.REVOKED
        told = None if self.finding is None else self.finding.state
        return told if self.tenant_tells else self.ended_as or self._recorded_state() or told

    @property
    def tenant_tells(self) -> bool:
        """Whether the tenant was asked, and shows the passes of this person."""
        return self.finding is not None and self.finding.state is not PassState.UNREADABLE

    def _recorded_state(self) -> PassState | None:
        """Return how the pass stands by what was recorded when it was issued and compared."""
        if is_replaced(self.sent):
            return PassState.REPLACED
        created = self.issued.access_pass
        if created.expires_at is not None and created.expires_at <= self.now:
            return PassState.EXPIRED
        if created.starts_at is not None and created.starts_at > self.now:
            return PassState.NOT_YET_VALID
        return None

    @property
    def is_in_doubt(self) -> bool:
        """Whether the pass may have been revoked, and neither the tenant nor the run says what came of it."""
        return not self.tenant_tells and self.perhaps_revoked and self.revoked_at is None

    @property
    def remedy(self) -> str:
        """What to do where the pass does not work, in a sentence; empty where there is nothing."""
        if not self.sent.phase.settled:
            return f"A new pass was asked for in its place; to finish that: {Command.RESUME.of(self.folder.path)}"
        if self.is_in_doubt:
            return f"Whether this run revoked it is not known; to finish that: {Command.REVOKE.of(self.folder.path)}"
        if self.state is PassState.REPLACED:
            return "Ask who issued the other one: they have its passcode."
        if self.state is PassState.DISABLED or (self.state is None and is_unusable(self.sent)):
            return "Include this person, or a group of theirs, in the tenant's policy for passes."
        return self.for_a_new_one if self.state in _HELPED_BY_REISSUE else ""

    @property
    def for_a_new_one(self) -> str:
        """How the person gets another pass."""
        reissue = Command.REISSUE.of(self.folder.path)
        return f"For a new one: {reissue} with {Setting.ONLY.to(self.person.row_word)}"


def show_pass(
    run: Path,
    look: Look,
    settings: RunSettings,
    at: OperationContext,
    choose: Callable[[Sequence[Person]], Person],
    *,
    patience: float = LONGEST_QUESTION,
) -> SeenPass:
    """Record that somebody looks at a passcode, and return it with what the tenant says of its pass.

    Args:
        run: the run's id or folder.
        look: whom, how and why.
        settings: where runs are, and how the tenant is asked.
        at: what the operation works with.
        choose: picks one of several people whom the words name, or raises.
        patience: seconds within which the tenant has to answer.

    Raises:
        NoPass: nobody of the run is named so, or they have no pass of it.
        WrongPassphrase, JournalDamaged, PlanRefused, InUse, DiskRefuses: nothing could be recorded, so nothing is seen.
    """
    folder = find_run(settings.reports, run)
    at.front.run_is(folder)
    require_remembered(folder.journal)
    at.passphrases.require_usable(simulated=True)
    with folder.lock():
        passphrase, (journal, plan) = at.passphrases.opens(folder.run, lambda secret: reopen_journal(folder, secret))
        with journal:
            at.front.tenant_is(plan.tenant)
            person = _one(plan, look.person, choose)
            sent = journal.state().rows.get(person.row.number)
            if sent is None or sent.issued is None:
                raise _without_pass(person, sent, folder)
            journal.record([_record(person, look, at)])
            sealed = sealed_in_journal(journal.header)
    revocations, pass_id = read_revocations(folder), sent.issued.access_pass.pass_id
    revoked_at = revocations.revoked.get(pass_id)
    finding, not_asked = None, ""
    if revoked_at is None:
        finding, not_asked = _asked(person, sent.issued, sealed, folder, settings, at, patience)
    return SeenPass(
        folder,
        plan,
        person,
        sent,
        sent.issued,
        passphrase,
        at.clock.now(),
        finding,
        not_asked,
        revoked_at,
        ended_as=_over(revocations.ended.get(pass_id)),
        perhaps_revoked=pass_id in revocations.unanswered,
    )


def _one(plan: Plan, text: str, choose: Callable[[Sequence[Person]], Person]) -> Person:
    found = people_named(plan, text)
    if not found:
        raise NoPass(
            f"Nobody of this run is named {text}.",
            hint="Give a sign-in name, a name, parts of these, or the number of the row as the roster shows it.",
        )
    return found[0] if len(found) == 1 else choose(found)


def _over(how: str | None) -> PassState | None:
    return next((state for state in PassState if state.value == how), None)


def _without_pass(person: Person, sent: RowState | None, folder: RunFolder) -> NoPass:
    """Return why somebody has no pass of the run."""
    if sent is not None and not sent.phase.settled:
        return NoPass(
            f"The pass of {person.label} has not been issued yet.", hint=f"To finish: {Command.RESUME.of(folder.path)}"
        )
    error = sent.error if sent is not None else None
    error = error or next((one for one in person.row.problems if one.refuses), None)
    error = error or next(iter(person.row.problems), None)
    why = f" {error.message}" if error is not None else ""
    skipped = person.row.action is Action.SKIP or (sent is not None and sent.phase is RowPhase.SKIPPED)
    has = "was skipped by this run" if skipped else "has no pass of this run"
    return NoPass(f"{person.label}: {has}.{why}", hint=error.hint if error is not None else "")


def _record(person: Person, look: Look, at: OperationContext) -> Looked:
    who = f"{operator_name()} on {computer_name()}"
    return Looked(person.row.number, at.clock.now(), who, look.how, look.reason)


class _NobodyListens:
    """Hears how the tenant is asked; what is wrong with that stands in the answer."""

    def phase(self, name: str, total: int) -> None:
        """See the interface."""

    def standing(self, standing: Standing) -> None:
        """See the interface."""

    def warn(self, message: str) -> None:
        """See the interface."""

    def log(self, event: LogEvent) -> None:
        """See the interface."""


def _asked(
    person: Person,
    issued: IssuedPass,
    sealed: SealedTenant,
    folder: RunFolder,
    settings: RunSettings,
    at: OperationContext,
    patience: float,
) -> tuple[Finding | None, str]:
    """Return what the tenant says of the pass, or why it does not, within so many seconds."""
    answers: queue.SimpleQueue[tuple[Finding | None, str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put((_ask(person, issued, sealed, folder, settings, at), ""))
        except BulktapError as error:
            answers.put((None, error.message.rstrip(".")))
        except OSError as error:
            answers.put((None, error.strerror or type(error).__name__))

    # A sign-in service that does not answer is waited for on a thread that nobody waits for.
    threading.Thread(target=ask, name="asking the tenant", daemon=True).start()
    try:
        return answers.get(timeout=patience)
    except queue.Empty:
        return None, f"no answer within {patience:g} s"


def _ask(
    person: Person,
    issued: IssuedPass,
    sealed: SealedTenant,
    folder: RunFolder,
    settings: RunSettings,
    at: OperationContext,
) -> Finding:
    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.dispatch.pass_check import check_passes
    from bulktap.graph.pacing import PacingLimits
    from bulktap.operations.tenant_access import jitter, make_sender, run_to_end

    sending: SendingSettings = settings.sending.to(rehearsal=bool(sealed.rehearsal))
    with reach_again(sealed, folder, at.ways, changing=False) as access:
        require_same_tenant(sealed, access)
        access.require_own_token()
        number, target = person.row.number, person.row.object_id or person.user

        async def check() -> Finding:
            async with access.client(sending) as client:
                sender = make_sender(access, client, access.service_clock, _NobodyListens())
                tools = ReadTools(
                    sender, at.clock, access.service_clock, _NobodyListens(), PacingLimits(sending.concurrency), jitter
                )
                return (await check_passes({number: target}, {number: issued.access_pass}, tools))[number]

        return run_to_end(check(), lambda _: None)
