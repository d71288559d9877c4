"""bulktap for other programs: read a roster, plan, issue, resume, reissue, write results again, verify, revoke.

    >>> import bulktap
    >>> planned = bulktap.plan("students.csv", sign_in, lifetime="8h", timezone="Europe/Berlin")
    >>> planned.counts["rows"], [row.action.value for row in planned.plan.rows]
    (3, ['issue', 'issue', 'issue'])

    >>> result = bulktap.apply(planned, sign_in, "correct horse battery staple")
    >>> result.finished, result.counts["issued"]
    (True, 3)
    >>> result.passes[0].sign_in_name, result.passes[0].passcode
    ('anna@contoso.com', Secret(…))

What these functions return is frozen, passcodes are `Secret` (`reveal()` returns the text), and the files of a run are
those of the command line, which can go on with it. Nothing is printed, no signal handler is installed, and no setting
is read from the environment: `SignIn` and the keywords say it all, but for the proxy and the certificate authorities
that are set for every program of the machine (`HTTPS_PROXY`, `SSL_CERT_FILE`). `bulktap.aio` has the same functions for
`asyncio`.

What keeps a run from beginning is raised, as a `BulktapError` with a stable `code`, its `values`, a sentence
(`message`) and what to do (`hint`). What stops a run that has begun is in its result (`failure`), beside all that was
handed back.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.api_context import apart, call_context, passphrase_given, spelled_roster
from bulktap.api_results import run_result
from bulktap.api_runs import forget, handout, reissue, results, revoke, runs, verify
from bulktap.api_values import HandedPass, Progress, ReissueResult, RunResult, SignIn, StopToken
from bulktap.model.errors import BulktapError, QuestionOpen
from bulktap.model.plan import Plan
from bulktap.model.plan_review import PlanReview
from bulktap.model.questions import Choice, Question
from bulktap.model.secret import Secret
from bulktap.operations.apply_plan import apply_plan
from bulktap.operations.checked_roster import with_saved_mapping
from bulktap.operations.forget_run import Forgotten, ToForget
from bulktap.operations.hand_out import HandedGroup, HandedOut
from bulktap.operations.list_runs import ListedRun
from bulktap.operations.plan_roster import plan_roster
from bulktap.operations.planned_run import PlannedRun
from bulktap.operations.reading_questions import read_with_answers
from bulktap.operations.resume_run import resume_run
from bulktap.operations.revocation import ChosenPass, Revocation, RevokePreview
from bulktap.operations.verification import Verification, VerifiedPass
from bulktap.roster.files.input_bytes import RosterInput, paths_of
from bulktap.roster.model import CheckedRoster
from bulktap.settings.declarations import USUAL_REPORTS
from bulktap.settings.keywords import resume_wishes, run_wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Unpack

    from bulktap.api_values import (
        PlanKeywords,
        ReadingKeywords,
        ResumeKeywords,
    )

__all__ = [
    "BulktapError",
    "CheckedRoster",
    "Choice",
    "ChosenPass",
    "Forgotten",
    "HandedGroup",
    "HandedOut",
    "HandedPass",
    "ListedRun",
    "Plan",
    "PlanReview",
    "PlannedRun",
    "Progress",
    "Question",
    "QuestionOpen",
    "ReissueResult",
    "Revocation",
    "RevokePreview",
    "RunResult",
    "Secret",
    "SignIn",
    "StopToken",
    "ToForget",
    "Verification",
    "VerifiedPass",
    "apply",
    "forget",
    "handout",
    "plan",
    "read_roster",
    "reissue",
    "results",
    "resume",
    "revoke",
    "runs",
    "verify",
]


def read_roster(roster: str | Path | Sequence[str | Path], **reading: Unpack[ReadingKeywords]) -> CheckedRoster:
    """Read a roster and check every row; nobody is asked.

    >>> checked = bulktap.read_roster("students.csv", timezone="Europe/Berlin")
    >>> [(row.user.text, row.display_name) for row in checked.rows][:2]
    [('anna@contoso.com', 'Anna Arendt'), ('ben@contoso.com', 'Ben Bauer')]

    Raises:
        QuestionOpen: something must be settled first; its `questions` name the keywords that do, and what they take.
        BulktapError: the roster cannot be used as it is.
    """
    settings = run_wishes(reading, USUAL_REPORTS)

    with call_context() as at:

        def work() -> CheckedRoster:
            source = RosterInput(paths_of(roster))
            mapped = with_saved_mapping(source.path, settings)
            return read_with_answers(source, mapped, datetime.now(UTC), at.front)[0]

        return spelled_roster(apart(work, at))


def plan(
    roster: str | Path | Sequence[str | Path] | None = None,
    sign_in: SignIn | None = None,
    *,
    reports: str | Path = USUAL_REPORTS,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[PlanKeywords],
) -> PlannedRun:
    """Say what would happen with a roster, and write it down; nothing is issued.

    >>> planned = bulktap.plan("students.csv", None, timezone="UTC", only="Class=7A")
    >>> planned.counts["skipped"], planned.plan.settings.offline
    (1, True)

    Args:
        roster: the file, a folder of files, or several; or the folder of a planned run; None where a list of the tenant
            is asked for (`group`).
        sign_in: the tenant; None asks nobody, and such a plan cannot be carried out.
        reports: where run folders are.
        progress: is told how far the work has come, on another thread.
        stop: stops it.
        **wishes: what shapes the plan.

    Raises:
        BulktapError: the roster cannot be used, the tenant cannot be asked, or its policy forbids passes.
    """
    settings = run_wishes(wishes, reports, offline=sign_in is None)
    with call_context(sign_in, progress, stop) as at:
        return apart(lambda: plan_roster(paths_of(roster or ()), settings, at), at)


def apply(
    what: str | Path | Sequence[str | Path] | PlannedRun | None,
    sign_in: SignIn,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    confirm: Callable[[Plan], bool] | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[PlanKeywords],
) -> RunResult:
    """Issue the passes of a roster, or carry out a plan.

    >>> token = bulktap.StopToken()
    >>> seen = []
    >>> result = bulktap.apply(
    ...     "students.csv", sign_in, "correct horse battery staple", timezone="UTC", limit=1,
    ...     confirm=lambda plan: plan.tenant.simulated, progress=seen.append, stop=token,
    ... )
    >>> result.counts["issued"], seen[-1].phase, sorted(result.files)[:2]
    (1, 'writing results', ['journal.db', 'log.jsonl'])

    Args:
        what: the roster's file or files, what `plan` returned, or the id or folder of a planned run; None where a list
            of the tenant is asked for.
        sign_in: the tenant.
        passphrase: seals the journal and encrypts the workbook.
        reports: where run folders are.
        confirm: is handed the plan before anything is sent, and says whether it is carried out; yes if left out.
        progress: is told how far the work has come, on another thread.
        stop: stops it; what was issued is handed back.
        **wishes: what shapes the plan; a saved plan takes none that it does not already have.

    Raises:
        BulktapError: what keeps the run from beginning; nothing was sent.
    """
    place = what.folder.path if isinstance(what, PlannedRun) else paths_of(what or ())
    settings = run_wishes(wishes, reports)
    with call_context(sign_in, progress, stop, passphrase_given(passphrase, new=True), confirm) as at:
        end = apart(lambda: apply_plan(place, settings, at), at)
        return run_result(end.folder, end.plan, end.state, end.handed_back, at, end.throttled_steps, end.failure)


def resume(
    run: str | Path | None,
    sign_in: SignIn,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    workbook_passphrase: str | Secret | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **sending: Unpack[ResumeKeywords],
) -> RunResult:
    """Finish a run that was stopped, with the plan that it was started with.

    >>> bulktap.resume(None, sign_in, "correct horse battery staple")
    Traceback (most recent call last):
    bulktap.model.errors.UsageError: There is no unfinished run in reports.

    Args:
        run: its id or folder; None takes the most recent unfinished one.
        sign_in: the tenant that it was planned for.
        passphrase: opens its journal.
        reports: where run folders are.
        workbook_passphrase: encrypts the workbook, if that is to be another.
        progress: is told how far the work has come, on another thread.
        stop: stops it again.
        **sending: how batches are sent, and when to stop.

    Raises:
        BulktapError: what keeps the run from going on; nothing was sent.
    """
    settings = resume_wishes(sending, reports)
    with call_context(sign_in, progress, stop, passphrase_given(passphrase, workbook_passphrase)) as at:
        end = apart(lambda: resume_run(None if run is None else Path(run), settings, at), at)
        return run_result(end.folder, end.plan, end.state, end.handed_back, at, end.throttled_steps, end.failure)
