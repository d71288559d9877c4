"""What a run came to, as other programs get it: values, the passcodes among them as `Secret`."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from bulktap.api_context import spelled_error
from bulktap.api_values import HandedPass, ReissueResult, RunResult
from bulktap.model.setting_names import as_argument, spelled

if TYPE_CHECKING:
    from bulktap.api_context import CallContext
    from bulktap.model.errors import BulktapError
    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState
    from bulktap.operations.hand_back import HandedBack
    from bulktap.operations.reissue import ReissueEnd
    from bulktap.storage.run_folder import RunFolder


def run_result(
    folder: RunFolder,
    plan: Plan,
    state: RunState,
    done: HandedBack,
    at: CallContext,
    throttled_steps: int = 0,
    failure: BulktapError | None = None,
) -> RunResult:
    """Return what a run came to, as callers get it."""
    return RunResult(
        run=folder.run,
        folder=folder.path,
        tenant=plan.tenant,
        counts=dict(done.counts),
        files={path.name: path for path in done.files},
        passes=_passes(plan, state),
        notes=(*at.front.notes, *[spelled(note, as_argument) for note in done.notes]),
        throttled_steps=throttled_steps,
        failure=None if failure is None else spelled_error(failure),
    )


def reissue_result(done: ReissueEnd, at: CallContext) -> ReissueResult:
    """Return what reissuing came to, as callers get it."""
    end = done.end
    if end is None:
        raise ValueError("a dry run has no result")
    whole = run_result(end.folder, end.plan, end.state, end.handed_back, at, end.throttled_steps, end.failure)
    left = tuple(
        replace(one, why=spelled(one.why, as_argument), hint=spelled(one.hint, as_argument))
        for one in done.preview.left_alone
    )
    members = {one.name: getattr(whole, one.name) for one in fields(whole)}
    return ReissueResult(**members, new=done.new, not_new=done.not_new, left_alone=left)


def _passes(plan: Plan, state: RunState) -> tuple[HandedPass, ...]:
    rows = {row.number: row for row in plan.rows}
    found = []
    for row in plan.creating():
        sent = state.rows.get(row.number)
        issued = sent.handed_out if sent is not None else None
        if sent is None or issued is None:
            continue
        created = issued.access_pass
        found.append(
            HandedPass(
                user=plan.user_text(row),
                sign_in_name=row.upn,
                display_name=row.display_name,
                group=row.group,
                passcode=issued.value,
                starts_at=created.starts_at,
                expires_at=created.expires_at,
                one_time=created.usable_once,
                pass_id=created.pass_id,
                object_id=row.object_id,
                rows=tuple(rows[number].source.number for number in (row.number, *row.merged_rows)),
                notes=tuple(sent.notes),
            )
        )
    return tuple(found)
