"""What other programs do with the runs that there are; `bulktap.api` offers it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.api_context import apart, call_context, new_secret, passphrase_given, spelled_error
from bulktap.api_results import reissue_result, run_result
from bulktap.operations.forget_run import forget_run
from bulktap.operations.hand_out import hand_out
from bulktap.operations.list_runs import list_runs
from bulktap.operations.reissue import reissue_passes
from bulktap.operations.revoke_run import revoke_run
from bulktap.operations.verify_run import verify_run
from bulktap.operations.write_results import write_results
from bulktap.settings.declarations import USUAL_REPORTS
from bulktap.settings.keywords import hand_out_wishes, reissue_wishes, resume_wishes, revoke_call

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Unpack

    from bulktap.api_values import (
        HandoutKeywords,
        Progress,
        ReissueKeywords,
        ReissueResult,
        RevokeKeywords,
        RunResult,
        SignIn,
        StopToken,
        VerifyKeywords,
    )
    from bulktap.model.plan import Plan
    from bulktap.model.secret import Secret
    from bulktap.operations.forget_run import Forgotten, ToForget
    from bulktap.operations.hand_out import HandedOut
    from bulktap.operations.list_runs import ListedRun
    from bulktap.operations.revocation import Revocation, RevokePreview
    from bulktap.operations.verification import Verification
    from bulktap.planning.guards import TypedConfirmation


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
