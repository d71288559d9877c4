"""Exceptions that stop the program: the tree, their exit codes and hints.

    BulktapError                    never raised itself
    ├── UsageError             2    usage or settings; a question that cannot be asked
    ├── NoPass                 3    whoever was asked about has no pass of this run
    ├── RosterError            4    roster unusable or in need of an answer; nothing was sent
    │   ├── QuestionOpen            settings answer what nobody could be asked
    │   └── StrictRefusal           `strict` and a row is invalid
    ├── AccessError            5    sign-in or permission
    │   ├── SignInFailed
    │   └── NotPermitted
    ├── Stopped                6    tenant policy, a guard, an unfinished run, or the answer to the question
    │   ├── NotConfirmed
    │   ├── GuardTripped            too many passes, or too many failures
    │   ├── PolicyForbids
    │   │   └── NotInScope          it covers none of the users
    │   └── UnfinishedRun
    ├── GaveUp                 7    throttling, network or disk; `resume` finishes it
    │   ├── ThrottledTooLong
    │   ├── ServiceUnreachable
    │   └── DiskRefuses
    ├── PlanRefused            8    expired, edited, offline, already carried out, another roster or tenant
    ├── InUse                 11    run, or tenant, in use by another process
    ├── Locked                12    wrong passphrase, or journal damaged
    │   ├── WrongPassphrase
    │   ├── JournalDamaged
    │   ├── RunForgotten            its passcodes were destroyed on purpose
    │   ├── NewerJournal            a newer bulktap wrote it
    │   └── Untrusted               a link, another user's, or open to others
    ├── Interrupted          130    Ctrl-C; `resume` finishes it
    ├── ServiceContradiction   1    the service answered what its documentation rules out
    ├── Misprint               1    a hand-out reads back otherwise than it was meant; it was not written
    └── OutputLost             1    nobody reads standard output any more; what was done is in the run's folder

What is wrong with a single row is not here: that is data (`row_errors`), so that all of it can be reported at once.
Message: one sentence without a secret. Hint: what to do next, with the command to type where there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from bulktap.model.exit_codes import ExitCode
from bulktap.model.setting_names import Command, as_argument, spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.questions import Question


class BulktapError(Exception):
    """Everything that stops the program on purpose; carries message, hint, code, exit code, and values for programs."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED
    code: ClassVar[str] = "unexpected"

    def __init__(self, message: str, *, hint: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.values = values

    def __str__(self) -> str:
        """Return the message as a Python program may show it."""
        return spelled(self.message, as_argument)


class UsageError(BulktapError):
    """Settings contradict each other, are missing, or a question cannot be asked without a terminal."""

    exit_code = ExitCode.USAGE
    code = "usage"


class NoPass(BulktapError):
    """Whoever was asked about has no pass of this run, or none of those who were chosen can be given a new one."""

    exit_code = ExitCode.INCOMPLETE
    code = "no-pass"


class RosterError(BulktapError):
    """The roster cannot be used as it is; nothing was sent."""

    exit_code = ExitCode.ROSTER
    code = "roster"


class QuestionOpen(RosterError):
    """Something must be settled first, and nobody could be asked; nothing was sent."""

    code = "question"

    def __init__(self, questions: Sequence[Question], *, hint: str = "") -> None:
        """Take all that is open; the hint says how settings answer it, unless another is given."""
        from bulktap.model.questions import hint_of, sentence_of

        super().__init__(sentence_of(questions), hint=hint or hint_of(questions))
        self.questions = tuple(questions)


class StrictRefusal(RosterError):
    """At least one row is invalid and `strict` was given; nothing was sent."""

    code = "strict"


class AccessError(BulktapError):
    """Sign-in failed or a permission is missing."""

    exit_code = ExitCode.ACCESS
    code = "access"


class SignInFailed(AccessError):
    """The identity platform gave no token."""

    code = "sign-in"


class NotPermitted(AccessError):
    """Signed in, but Microsoft Graph does not allow what the run needs."""

    code = "not-permitted"


class Stopped(BulktapError):
    """Stopped on purpose before everything was sent."""

    exit_code = ExitCode.STOPPED
    code = "stopped"


class NotConfirmed(Stopped):
    """The answer to the question was not yes."""

    code = "not-confirmed"


class GuardTripped(Stopped):
    """A limit was reached that the operator had set."""

    code = "guard"


class PolicyForbids(Stopped):
    """The tenant's policy does not allow any pass of this plan."""

    code = "policy"


class NotInScope(PolicyForbids):
    """The tenant's policy covers nobody to whom this plan would issue a pass."""

    code = "not-in-scope"


class UnfinishedRun(Stopped):
    """An earlier run holds passes of the same users and is not finished."""

    code = "unfinished-run"


class GaveUp(BulktapError):
    """Circumstances, not a decision, ended the run early; `resume` finishes it."""

    exit_code = ExitCode.GAVE_UP
    code = "gave-up"


class ThrottledTooLong(GaveUp):
    """The service accepted nothing for half an hour beyond what it asked to wait."""

    code = "throttled"


class ServiceUnreachable(GaveUp):
    """The service, or the way to it, does not answer."""

    code = "unreachable"


class DiskRefuses(GaveUp):
    """A file that the run depends on cannot be written."""

    code = "disk"


class PlanRefused(BulktapError):
    """The saved plan may not be carried out as it stands."""

    exit_code = ExitCode.PLAN
    code = "plan"


class InUse(BulktapError):
    """Another process holds the run or the tenant."""

    exit_code = ExitCode.IN_USE
    code = "in-use"


class Locked(BulktapError):
    """The journal cannot be opened."""

    exit_code = ExitCode.LOCKED
    code = "locked"


class WrongPassphrase(Locked):
    """The passphrase does not open this run."""

    code = "passphrase"


class JournalDamaged(Locked):
    """A record of the journal is missing, changed or from elsewhere."""

    code = "journal-damaged"


class RunForgotten(Locked):
    """The key of the run's journal was destroyed on purpose, and with it every passcode."""

    code = "forgotten"


class NewerJournal(Locked):
    """A newer bulktap wrote the journal; nothing is wrong with it."""

    code = "newer"


class Untrusted(Locked):
    """A file or folder of the run is not as bulktap makes it: a link, another user's, open to others, or endless."""

    code = "untrusted"


class Interrupted(BulktapError):
    """The operator stopped the run; `resume` finishes it."""

    exit_code = ExitCode.INTERRUPTED
    code = "interrupted"


class ServiceContradiction(BulktapError):
    """The service answered in a way that leaves no safe next step."""

    code = "service"


class Misprint(BulktapError):
    """A sheet of a hand-out says something else than the run; it is not released."""

    code = "misprint"


class OutputLost(BulktapError):
    """Standard output takes nothing: its reader has gone, or the disk that it goes to is full."""

    code = "output"

    def __init__(self, trouble: OSError) -> None:
        """Take what the system said."""
        super().__init__(
            f"Standard output cannot be written: {trouble.strerror}.",
            hint=f"What was done is in the run's folder all the same; {Command.RUNS} lists it.",
        )
