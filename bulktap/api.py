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

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.api_context import (
    apart,
    call_context,
    new_secret,
    passphrase_given,
    reissue_result,
    run_result,
    spelled_error,
    spelled_roster,
)
from bulktap.api_values import HandedPass, Progress, ReissueResult, RunResult, SignIn, StopToken
from bulktap.model.errors import BulktapError, QuestionOpen
from bulktap.model.plan import Plan
from bulktap.model.plan_review import PlanReview
from bulktap.model.questions import Choice, Question
from bulktap.model.secret import Secret
from bulktap.operations.apply_plan import apply_plan
from bulktap.operations.checked_roster import with_saved_mapping
from bulktap.operations.forget_run import Forgotten, ToForget, forget_run
from bulktap.operations.hand_out import HandedGroup, HandedOut, hand_out
from bulktap.operations.list_runs import ListedRun, list_runs
from bulktap.operations.plan_roster import plan_roster
from bulktap.operations.planned_run import PlannedRun
from bulktap.operations.reading_questions import read_with_answers
from bulktap.operations.reissue import reissue_passes
from bulktap.operations.resume_run import resume_run
from bulktap.operations.revocation import ChosenPass, Revocation, RevokePreview
from bulktap.operations.revoke_run import revoke_run
from bulktap.operations.verification import Verification, VerifiedPass
from bulktap.operations.verify_run import verify_run
from bulktap.operations.write_results import write_results
from bulktap.roster.files.input_bytes import RosterInput, paths_of
from bulktap.roster.model import CheckedRoster
from bulktap.settings.declarations import USUAL_REPORTS
from bulktap.settings.keywords import hand_out_wishes, reissue_wishes, resume_wishes, revoke_call, run_wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Unpack

    from bulktap.api_values import (
        HandoutKeywords,
        PlanKeywords,
        ReadingKeywords,
        ReissueKeywords,
        ResumeKeywords,
        RevokeKeywords,
        VerifyKeywords,
    )
    from bulktap.planning.guards import TypedConfirmation

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


def reissue(
    run: str | Path,
    sign_in: SignIn,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    workbook_passphrase: str | Secret | None = None,
    confirm: Callable[[Plan], bool] | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[ReissueKeywords],
) -> ReissueResult:
    """Issue new passes in the place of some that a run issued: same run, same workbook; nobody else's pass changes.

    >>> again = bulktap.reissue(bulktap.runs()[-1].folder.run, sign_in, "correct horse battery staple", only="Anna*")
    >>> [(one.person.user, one.state.value) for one in again.new], again.left_alone
    ([('anna@contoso.com', 'live')], ())

    Args:
        run: its id or folder.
        sign_in: the tenant that it was planned for.
        passphrase: opens its journal.
        reports: where run folders are.
        workbook_passphrase: encrypts the workbook, if that is to be another.
        confirm: is handed the rows that get a new pass, as a plan, before anything is sent; yes if left out.
        progress: is told how far the work has come, on another thread.
        stop: stops it; `resume` finishes it.
        **wishes: whose pass (`only`, `except_`), its terms where they are to be others, guards, how batches are sent.

    Raises:
        BulktapError: what keeps it from beginning; nothing was sent.
    """
    settings = reissue_wishes(wishes, reports)
    with call_context(sign_in, progress, stop, passphrase_given(passphrase, workbook_passphrase), confirm) as at:
        done = apart(lambda: reissue_passes(Path(run), settings, at), at)
        return reissue_result(done, at)


def results(
    run: str | Path,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    workbook_passphrase: str | Secret | None = None,
    new_passphrase: str | Secret | None = None,
) -> RunResult:
    """Write workbook and error report of a run again, and return its passes; the tenant is not asked.

    >>> again = bulktap.results(bulktap.runs()[-1].folder.run, "correct horse battery staple")
    >>> len(again.passes), again.passes[0].passcode.reveal() == again.passes[0].passcode.reveal()
    (1, True)

    Args:
        run: its id, name or folder.
        passphrase: opens its journal.
        reports: where run folders are.
        workbook_passphrase: encrypts the workbook, if that is to be another.
        new_passphrase: is the run's from now on; copies made before still open with the former one.

    Raises:
        BulktapError: the journal does not open, or nothing of it can be saved.
    """
    new = None if new_passphrase is None else partial(new_secret, new_passphrase)
    with call_context(passphrases=passphrase_given(passphrase, workbook_passphrase)) as at:
        written = apart(lambda: write_results(Path(run), Path(reports), at, new), at)
        done, failure = written.handed_back, written.failure
        return run_result(written.folder, written.plan, written.state, done, at, failure=failure)


def handout(
    run: str | Path,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    workbook_passphrase: str | Secret | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[HandoutKeywords],
) -> HandedOut:
    """Make a sealed file for each group of a run's people, covers, and the list of what opens which.

    >>> handed = bulktap.handout(bulktap.runs()[-1].folder.run, "correct horse battery staple", by="Class")
    >>> [(group.name, group.served, group.opens_with) for group in handed.groups]
    [('7A', 1, Secret(…))]

    Args:
        run: its id or folder.
        passphrase: opens its journal.
        reports: where run folders are.
        workbook_passphrase: seals the list of passphrases, if that is to be another.
        progress: is told how far the work has come, on another thread.
        stop: stops it; what was written opens with what the list says.
        **wishes: who is handed out to, by what, and how it looks.

    Raises:
        BulktapError: the journal does not open, a column is not there, or a file cannot be written.
    """
    settings = hand_out_wishes(wishes, reports)
    with call_context(None, progress, stop, passphrase_given(passphrase, workbook_passphrase)) as at:
        return apart(lambda: hand_out(Path(run), settings, at), at)


def verify(
    run: str | Path,
    sign_in: SignIn,
    *,
    reports: str | Path = USUAL_REPORTS,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **asking: Unpack[VerifyKeywords],
) -> Verification:
    """Ask the tenant about each pass of a run; nothing is changed, and no passphrase is needed.

    >>> verified = bulktap.verify(bulktap.runs()[-1].folder.path, sign_in)
    >>> [(one.user, one.finding.state.value) for one in verified.passes], verified.not_as_recorded
    ([('anna@contoso.com', 'live')], [])

    Raises:
        BulktapError: the run has no passes, or the tenant cannot be asked.
    """
    settings = resume_wishes(asking, reports)
    with call_context(sign_in, progress, stop) as at:
        return apart(lambda: verify_run(Path(run), settings, at), at)


def revoke(
    run: str | Path,
    sign_in: SignIn,
    *,
    reports: str | Path = USUAL_REPORTS,
    confirm: Callable[[RevokePreview], bool] | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[RevokeKeywords],
) -> Revocation:
    """Delete the passes of a run that still work, by their id; later ones of the same users are left alone.

    >>> looked = bulktap.revoke(bulktap.runs()[-1].folder.path, sign_in, dry=True)
    >>> [(one.row.user, one.meant) for one in looked.passes]
    [('anna@contoso.com', True)]

    Where nothing is chosen and an earlier revocation of the run was stopped, that is gone on with. No passphrase is
    needed.

    Args:
        run: its id or folder.
        sign_in: the tenant that it was planned for.
        reports: where run folders are.
        confirm: is handed what would be deleted, and says whether it is; yes if left out.
        progress: is told how far the work has come, on another thread.
        stop: stops it; what was deleted is in the result.
        **wishes: which passes are meant, and how batches are sent.

    Raises:
        BulktapError: what keeps it from beginning; nothing was deleted. What stops it later is in the result.
    """
    chosen, settings = revoke_call(wishes, reports)
    with call_context(sign_in, progress, stop) as at:

        def agrees(preview: RevokePreview, _: TypedConfirmation | None) -> bool:
            return confirm is None or confirm(preview)

        done = apart(lambda: revoke_run(Path(run), chosen, settings, at, agrees), at)
    return done if done.failure is None else replace(done, failure=spelled_error(done.failure))


def forget(
    run: str | Path,
    *,
    reports: str | Path = USUAL_REPORTS,
    confirm: Callable[[ToForget], bool] | None = None,
    unfinished: bool = False,
) -> Forgotten:
    """Destroy the passcodes of a run, and keep what verifying and revoking need; nothing is changed in the tenant.

    >>> bulktap.forget("no-such-run")
    Traceback (most recent call last):
    bulktap.model.errors.UsageError: There is no run no-such-run.

    Args:
        run: its id, name or folder.
        reports: where run folders are.
        confirm: is handed what would be destroyed, and says whether it is; yes if left out.
        unfinished: whether that may be a run that is not finished, and then never will be.

    Raises:
        BulktapError: what keeps it from being destroyed, or a part of it.
    """
    with call_context() as at:
        return apart(
            lambda: forget_run(
                Path(run), Path(reports), at, lambda found: confirm is None or confirm(found), unfinished=unfinished
            ),
            at,
        )


def runs(reports: str | Path = USUAL_REPORTS) -> tuple[ListedRun, ...]:
    """Return the runs in a reports folder, oldest first, and how they stand.

    >>> [one.state.value for one in bulktap.runs("no-such-folder")]
    []
    """
    with call_context() as at:
        return tuple(apart(lambda: list_runs(Path(reports)), at))
