"""OperationContext: what an operation gets from whoever starts it.

The command line and the Python API start the same operations. They differ in how they show and ask, where passphrases
come from, and which tenants they can reach; each brings its own of these three.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from bulktap.model.clock import SystemClock
from bulktap.operations.run_log import RunLog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bulktap.dispatch.observer import Observer
    from bulktap.model.clock import Clock
    from bulktap.model.plan import Plan, TenantInfo
    from bulktap.model.plan_review import PlanReview
    from bulktap.model.questions import Question
    from bulktap.model.secret import Secret
    from bulktap.model.setting_names import Named, Setting
    from bulktap.operations.reissue_preview import ReissuePreview
    from bulktap.operations.sealed_tenant import SealedTenant
    from bulktap.operations.signed_still import SignedStill
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.operations.user_place import UserPlace
    from bulktap.planning.guards import TypedConfirmation
    from bulktap.roster.model import CheckedRoster
    from bulktap.storage.run_folder import RunFolder

_Opened = TypeVar("_Opened")


class FrontEnd(Protocol):
    """Shows, asks, and hears how far an operation has come."""

    @property
    def observer(self) -> Observer:
        """Hears how the work goes."""

    def spell(self, named: Named, value: str | None) -> str:
        """Return what a setting or a command is called here, in files that are written: `--sheet "7A"`."""

    def say(self, line: str) -> None:
        """Hear what happens next, or what is worth knowing."""

    def run_is(self, folder: RunFolder | None) -> None:
        """Hear which run this is about; None: nothing is left of the one that was begun."""

    def tenant_is(self, tenant: TenantInfo) -> None:
        """Hear which tenant this is about."""

    def stands(self, counts: Mapping[str, int], files: Sequence[Path]) -> None:
        """Hear what the run would come to if it ended here."""

    def show(self, plan: Plan, still: SignedStill, review: PlanReview) -> None:
        """Show what the plan would do, what is wrong with which rows, and what has changed since it was signed off."""

    def answers(self, questions: Sequence[Question]) -> Mapping[Setting, str] | None:
        """Ask all of these; return each answer as the setting would be given it, several to one on a line each.

        None if nobody can be asked, or nobody answers. Operations ask through `answers_to`.
        """

    def agrees_to_keep(self, place: Path, lines: Sequence[str]) -> bool:
        """Return true if answers may be kept in this file, in which these lines would stand."""

    def agrees(self, plan: Plan, typed: TypedConfirmation | None) -> bool:
        """Return true if the plan that was shown may be carried out.

        Args:
            plan: the plan.
            typed: what has to be typed for that; None where a yes will do.

        Raises:
            UsageError: it has to be typed, and nobody can.
        """

    def show_reissue(self, preview: ReissuePreview) -> None:
        """Show who would get a new pass in place of which, who would not, and why."""

    def agrees_to_reissue(self, preview: ReissuePreview, typed: TypedConfirmation | None) -> bool:
        """Return true if the new passes that were shown may be issued; see `agrees`."""

    def stoppable(self, stop: Callable[[], object]) -> None:
        """Be handed what ends the work that is going on tidily; it may be called from any thread or signal handler."""

    def issuing(self) -> AbstractContextManager[None]:
        """Enter what goes on while passes are issued, such as keeping the computer awake."""


class Passphrases(Protocol):
    """Where passphrases come from."""

    def require_usable(self, *, simulated: bool) -> None:
        """Find out before anything is done whether there will be a passphrase, and that it will do.

        Raises:
            UsageError: there will be none, or it will not do.
        """

    def new(self) -> Secret:
        """Return the passphrase of a new run."""

    def opens(self, run: str, opening: Callable[[Secret], _Opened]) -> tuple[Secret, _Opened]:
        """Return the passphrase of an earlier run, and what it opens.

        Raises:
            WrongPassphrase: there is none that does.
        """

    def for_workbook(self, passphrase: Secret) -> Secret:
        """Return what the workbook of an earlier run is encrypted with, given the passphrase that opened its journal.

        Raises:
            UsageError: Excel does not take that one, and there is no other.
        """


class TenantWays(Protocol):
    """Which tenants can be reached: real ones, and on the command line pretend ones for rehearsals."""

    @property
    def rehearses(self) -> bool:
        """True if a new run is a rehearsal, with a pretend tenant of its own."""

    @property
    def simulated(self) -> bool:
        """True if the tenant of a new run is a pretend one, as far as that is known before it is reached."""

    def require_settings(self) -> None:
        """Find out before anything is read whether all is set that signing in needs.

        Raises:
            UsageError: something is missing.
        """

    def to_ask(self) -> AbstractContextManager[TenantAccess]:
        """Open the way into the tenant of a new run that has no roster yet, because the tenant has the list.

        Raises:
            UsageError: a rehearsal has no tenant with lists.
        """

    def to_new(
        self, checked: CheckedRoster, folder: RunFolder, list_name: str = ""
    ) -> AbstractContextManager[TenantAccess]:
        """Open the way into the tenant that a new run is for.

        Args:
            checked: the roster.
            folder: the run's.
            list_name: tells which list of the tenant the roster is; empty where it is a file.
        """

    def back_to(
        self, sealed: SealedTenant, folder: RunFolder, *, changing: bool = True
    ) -> AbstractContextManager[TenantAccess]:
        """Open the way into the tenant of an earlier run; `changing` if the tenant will be changed through it.

        Raises:
            PlanRefused: that run's tenant is of another kind than the one that is wanted.
        """


@dataclass(frozen=True, slots=True)
class OperationContext:
    """All that an operation gets from whoever starts it, beside its settings."""

    front: FrontEnd
    ways: TenantWays
    passphrases: Passphrases
    user_place: UserPlace | None = None
    """What this user's commands share on this machine; None where there is no such place."""
    user_lists: Path | None = None
    """The folder in which this user keeps lists such as `never.txt`; None where there is no such place."""
    clock: Clock = field(default_factory=SystemClock)
    random_bytes: Callable[[int], bytes] = os.urandom

    def log(self) -> RunLog:
        """Return the log of one operation, which hears everything and passes it on to the front end."""
        return RunLog(self.front.observer, self.clock, self.front.spell)
