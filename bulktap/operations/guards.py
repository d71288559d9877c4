"""Guards: what keeps a plan from being carried out although nothing is wrong with it.

The tenant's policy, the operator's own `strict`, and earlier runs: whoever holds a pass of an unfinished run is that
run's affair. Issuing to such a user again would kill a pass that was handed out; skipping them would leave a pass whose
passcode nobody has. `resume` settles both, so a new run stops and names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import (
    GuardTripped,
    Locked,
    NewerJournal,
    PlanRefused,
    PolicyForbids,
    RunForgotten,
    Stopped,
    StrictRefusal,
    UnfinishedRun,
)
from bulktap.model.passes import PolicyState, is_guid
from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.setting_names import Command, Setting
from bulktap.operations.handed_back import was_handed_back
from bulktap.storage.run_folder import all_runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from bulktap.journal import JournalGlance, JournalHeader
    from bulktap.model.guards import Guards
    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import Plan, TenantInfo
    from bulktap.model.row_errors import RowError
    from bulktap.model.run_state import RowState
    from bulktap.storage.run_folder import RunFolder


def require_nothing_forbids(made: Plan, *, strict: bool) -> None:
    """Stop before anything is sent where the tenant or the operator wants that.

    Raises:
        PolicyForbids: the tenant's policy is off.
        StrictRefusal: a row is refused, and the operator asked for all or nothing.
    """
    require_passes_allowed(made.policy)
    refused = made.counts()[Action.REFUSE]
    if strict and refused:
        raise StrictRefusal(
            f"{refused} of {len(made.rows)} rows cannot get a pass, and {Setting.STRICT} was given: nothing was sent.",
            hint=f"Mend the rows in the error report, or run without {Setting.STRICT} to issue the others.",
        )


def require_not_too_many(plan: Plan, guards: Guards, left_out: Collection[int] = ()) -> None:
    """Stop before anything is sent where more passes would be created than the operator allows.

    Args:
        plan: what would be carried out.
        guards: what the run keeps to.
        left_out: the plan numbers of rows that get no pass after all.

    Raises:
        GuardTripped: there are more.
    """
    creates = sum(row.number not in left_out for row in plan.creating())
    if guards.max_rows is not None and creates > guards.max_rows:
        raise GuardTripped(
            f"{creates:,} passes would be created, and {Setting.MAX_ROWS.to(guards.max_rows)} allows no more than "
            f"{guards.max_rows:,}: nothing was sent.",
            hint=f"Check that this is the right roster. If it is, choose rows with {Setting.ONLY} or {Setting.LIMIT}, "
            f"or raise {Setting.MAX_ROWS} wherever it is set: of an option and the [guards] of a bulktap.toml the "
            "stricter one holds.",
            planned=creates,
            allowed=guards.max_rows,
        )


def require_somebody_left(plan: Plan, left_out: Mapping[int, RowError]) -> None:
    """Make sure that a signed plan still has a pass to issue.

    Raises:
        GuardTripped: guards leave out every row of it.
    """
    if all(row.number in left_out for row in plan.creating()):
        first = next(iter(left_out.values()))
        raise GuardTripped(
            f"None of the passes of this plan may be issued any more. {first.message}",
            hint=f"Make a new plan with {Command.PLAN} for those who may have one.",
        )


def require_passes_allowed(policy: PassPolicy | None) -> None:
    """Make sure that the tenant allows passes at all, as far as its policy may be read.

    Raises:
        PolicyForbids: the policy is off.
    """
    if policy is not None and policy.state is PolicyState.DISABLED:
        raise PolicyForbids(
            "This tenant does not allow Temporary Access Passes: the authentication method is switched off.",
            hint="Enable it in the Entra admin center (Protection, Authentication methods, Temporary Access Pass).",
        )


def carried_out(folder: RunFolder) -> PlanRefused:
    """Return what is said of a run that is not to be begun a second time."""
    from bulktap.journal import require_remembered

    try:
        require_remembered(folder.journal)
    except RunForgotten as forgotten:
        return PlanRefused(
            f"The plan of {folder.run} has already been carried out.",
            hint=f"{forgotten.message} What happened stands in {folder.page}; new ones are issued from the roster.",
        )
    if was_handed_back(folder):
        return PlanRefused(
            f"The plan of {folder.run} has already been carried out.",
            hint=f"What happened stands in {folder.page}; the passcodes: {Command.RESULTS.of(folder.path)}",
        )
    return PlanRefused(
        f"The plan of {folder.run} has already been carried out, or begun.",
        hint=f"To finish it: {Command.RESUME.of(folder.path)}",
    )


def require_no_unfinished_run(plan: Plan, own: RunFolder, places: Iterable[Path], *, own_copies: bool = True) -> None:
    """Look through the earlier runs of the tenant.

    Args:
        plan: what is about to be carried out.
        own: its folder.
        places: the folders whose runs count.
        own_copies: whether copies of the own folder count; not where the run itself goes on.

    Raises:
        PlanRefused: the plan was carried out, or begun, in a copy of its folder.
        UnfinishedRun: one of them is unfinished and holds, or may hold, a pass of a user of this plan.
        Stopped: the journal of one of them cannot be read, so that nobody can tell.
    """
    users = _concerned(plan)
    for folder in _others(own, places):
        seen = _glance(folder)
        if seen.header.run == plan.run:
            if own_copies:
                raise carried_out(folder)
            continue
        here = seen.header.tenant_id.casefold() == plan.tenant.tenant_id.casefold()
        # One that was given up and forgotten is not going to be finished.
        if (
            seen.state.closed
            or seen.header.forgotten_at is not None
            or (not here and _are_strangers(seen.header, plan.tenant))
        ):
            continue
        if seen.damage:
            raise _unreadable(folder, " ".join(seen.damage))
        shared = [row for row in seen.state.rows.values() if row.holds_pass and _names(row, same_tenant=here) & users]
        if shared:
            raise UnfinishedRun(
                f"The run {folder.run} is not finished, and {len(shared)} of its users are in this roster too "
                f"(first: {shared[0].user}).",
                hint=f"Finish it first: {Command.RESUME.of(folder.path)}"
                + (f". Or rehearse in a new tenant: {Setting.SIMULATE_FRESH}" if plan.tenant.rehearsal else ""),
                run=folder.run,
                users=[row.user for row in shared],
            )


def require_no_copy_ahead(own: RunFolder, places: Iterable[Path]) -> None:
    """Make sure that no copy of the run's folder has gone on by itself: its passes would be taken for lost ones.

    To be called by whoever holds the run's lock.

    Raises:
        Stopped: one has, or it cannot be read.
    """
    known: set[bytes] | None = None
    for folder in _others(own, places):
        if folder.run != own.run:
            continue
        seen = _glance(folder)
        known = known if known is not None else set(_glance(own).tags)
        if seen.header.run == own.run and seen.tags and seen.tags[-1] not in known:
            raise Stopped(
                f"A copy of this run has gone on in {folder.path}, so some of its passes are not known here.",
                hint=f"Go on there: {Command.RESUME.of(folder.path)}; or, to give that up, move its folder away.",
            )


def _others(own: RunFolder, places: Iterable[Path]) -> Iterator[RunFolder]:
    """Yield the runs of these places that were begun, but for the own one."""
    for folder in (run for place in places for run in all_runs(place)):
        if folder.path != own.path and folder.journal.exists():
            yield folder


def _are_strangers(header: JournalHeader, tenant: TenantInfo) -> bool:
    """Whether two tenants with different names are different tenants; one may be named by its id and by its domain."""
    if header.simulated or tenant.simulated:
        return True  # a pretend tenant is named by its id; its people have the same ids as in any other
    return is_guid(header.tenant_id) and is_guid(tenant.tenant_id)


def _names(row: RowState, *, same_tenant: bool) -> set[str]:
    """Return what tells the user from all others: an object id does so however the tenant is named, by id or domain."""
    names = [row.object_id, row.user if same_tenant else None]
    return {name.casefold() for name in names if name}


def _concerned(plan: Plan) -> set[str]:
    """Return every name of every user whom the plan would issue to, or would skip for a pass they hold."""
    users: set[str] = set()
    for row in plan.rows:
        cut = any(problem.code is RowErrorCode.NOT_SELECTED for problem in row.problems)
        if row.action is Action.REFUSE or cut:
            continue
        names = {row.object_id, row.upn, row.request.user.text if row.request else None}
        users |= {name.casefold() for name in names if name}
    return users


def _glance(folder: RunFolder) -> JournalGlance:
    from bulktap.journal import glance

    try:
        return glance(folder.journal)
    except NewerJournal as newer:
        raise Stopped(
            f"The earlier run {folder.run} cannot be looked into, so nobody can tell whose passes it holds. "
            f"{newer.message}",
            hint="Use that version of bulktap here too, or move that folder elsewhere.",
        ) from newer
    except Locked as damage:
        raise _unreadable(folder, damage.message) from damage


def _unreadable(folder: RunFolder, damage: str) -> Stopped:
    return Stopped(
        f"The journal of the earlier run {folder.run} cannot be read, so nobody can tell whose passes it holds. "
        f"{damage}",
        hint=f"Save what can be saved with {Command.RESULTS.of(folder.path)}, then move that folder elsewhere.",
    )
