"""Common causes: what keeps (nearly) every row from a pass for one reason, told once as a question; pure.

4,000 rows that are refused for one reason are no faulty rows: an option contradicts the tenant, the roster is another
tenant's, a column is empty. Each cause becomes a question, with the setting that settles it, before any plan is shown
or written. Who wants to see the rows all the same, or knows better, says so with the setting `accept` and the code of
the question.

Causes that come from a setting are certain however few rows there are. Those that are read off the rows count from
three rows on, and only if all rows share them; one row with another fault makes it a roster with faults.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.cause_codes import NOT_IN_SCOPE, USERS_UNKNOWN
from bulktap.model.passes import PolicyState
from bulktap.model.plan import Action, Field, PlanRow
from bulktap.model.questions import REFUSE, Choice, Question
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.setting_names import Setting
from bulktap.model.unknown_users import are_mostly_unknown, unknown_users
from bulktap.planning.policy import allowed_range, typed
from bulktap.planning.shared_accounts import shared_account_cause

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import Plan, TenantFindings
    from bulktap.model.row_errors import RowError
    from bulktap.roster.model import CheckedRoster

_EVERY = 3
"""So many rows with one and the same fault, and no row without it, are not about the rows."""
_MOST_DOMAINS = 4
_NOT_ABOUT_ALL = {
    RowErrorCode.USER_NOT_FOUND,  # `users-unknown` says it
    RowErrorCode.NOTE,
}
_START_FAULTS = {
    RowErrorCode.START_MALFORMED,
    RowErrorCode.START_IN_PAST,
    RowErrorCode.START_NONEXISTENT,
    RowErrorCode.START_TWICE,
}
_STOP = Choice(REFUSE, "stop; nothing is sent")


class _Seen(NamedTuple):
    """What a cause is read off."""

    plan: Plan
    findings: TenantFindings
    rows: Sequence[PlanRow]
    """Those that are to get a pass; what the operator's choice leaves out is not here."""

    @property
    def tenant(self) -> str:
        """The tenant as a sentence names it."""
        return self.plan.tenant.name or "this tenant"


def common_causes(
    plan: Plan, checked: CheckedRoster, findings: TenantFindings, accepted: Collection[str] = ()
) -> list[Question]:
    """Return what concerns (nearly) every row for one reason, each once.

    Args:
        plan: as the rows were decided.
        checked: the rows as they were read.
        findings: what the tenant says.
        accepted: codes of questions that are settled.
    """
    if findings.policy is not None and findings.policy.state is PolicyState.DISABLED:
        return []  # nothing settles that here; the operation stops for it
    covered = [
        row
        for row in plan.rows
        if row.left_out is None and all(problem.code is not RowErrorCode.NOT_SELECTED for problem in row.problems)
    ]
    seen = _Seen(plan, findings, covered)
    causes = [cause for judge in _JUDGES if (cause := judge(seen)) is not None]
    unknown = _unknown_cause(seen, checked)
    causes += [cause for cause in (unknown, shared_account_cause(covered, checked)) if cause is not None]
    if not causes:
        causes = list(_same_fault(seen))
    return [cause for cause in causes if cause.code not in accepted]


def notes_about_all(rows: Sequence[PlanRow], findings: TenantFindings) -> tuple[str, ...]:
    """Return what concerns the passes of all rows, or whom the policy leaves out, a sentence each."""
    creating = [row for row in rows if row.action.creates]
    notes = []
    if len(creating) >= _EVERY and all(_has(row, RowErrorCode.USER_DISABLED) for row in creating):
        notes.append(
            f"All {len(creating):,} accounts that would get a pass are blocked from signing in, so no pass will work "
            "until they are enabled."
        )
    scope = findings.scope
    known = [finding.in_scope for finding in findings.users.values() if finding.in_scope is not None]
    if scope is not None and not scope.is_everybody and known:
        notes.append(f"The tenant's policy does not allow passes to everybody: {_share(known)}.")
    return tuple(notes)


def _share(known: Sequence[bool]) -> str:
    within = sum(known)
    if within == len(known):
        return f"all {within:,} users of this roster are in scope" if within > 1 else "the one user is in scope"
    return f"{within:,} of {len(known):,} users are in scope"


# Settings that the tenant does not allow


def _lifetime_cause(seen: _Seen) -> Question | None:
    policy, minutes = seen.findings.policy, seen.plan.settings.terms.lifetime_minutes
    rows = _by_setting(seen, RowErrorCode.LIFETIME_OUTSIDE_POLICY, Field.LIFETIME)
    if policy is None or minutes is None or not rows:
        return None
    allowed = _nearest(minutes, policy)
    which = "longest" if minutes > policy.maximum_lifetime_minutes else "shortest"
    return Question(
        Setting.LIFETIME,
        RowErrorCode.LIFETIME_OUTSIDE_POLICY.value,
        f"{Setting.LIFETIME.to(_duration(minutes))} is outside what {seen.tenant} allows, {allowed_range(policy)}; it "
        f"applies to {_rows_of(rows, seen)}.",
        choices=(Choice(_duration(allowed), f"{_duration(allowed)}, the {which} that the tenant allows"), _STOP),
        remedy="Or have the tenant's Temporary Access Pass policy changed.",
    )


def _multi_use_cause(seen: _Seen) -> Question | None:
    rows = _by_setting(seen, RowErrorCode.ONE_TIME_FORCED, Field.ONE_TIME)
    if not rows:
        return None
    return Question(
        Setting.ONE_TIME,
        RowErrorCode.ONE_TIME_FORCED.value,
        f"{Setting.MULTI_USE} asks for passes that work many times, and {seen.tenant} allows one-time passes only; it "
        f"applies to {_rows_of(rows, seen)}.",
        choices=(Choice("yes", "one-time passes"), _STOP),
        remedy="Or have the tenant's Temporary Access Pass policy changed.",
    )


def _existing_cause(seen: _Seen) -> Question | None:
    holding = [row for row in seen.rows if _codes(row) == {RowErrorCode.HAS_LIVE_PASS}]
    others = [row for row in seen.rows if row.action is not Action.REFUSE]
    if len(holding) < _EVERY or others or len(holding) * 2 <= len(seen.rows):
        return None
    return Question(
        Setting.EXISTING,
        RowErrorCode.HAS_LIVE_PASS.value,
        f"{Setting.EXISTING.to('fail')} refuses users who have a pass that works, and "
        f"{_all_of(len(holding), len(seen.rows), 'row', 'rows')} {'is' if len(holding) == 1 else 'are'} theirs.",
        choices=(
            Choice("skip", "leave these users alone"),
            Choice("replace", "issue new passes in place of those"),
            _STOP,
        ),
    )


# The tenant


def _scope_cause(seen: _Seen) -> Question | None:
    waiting = _kept_by_settings_only(seen)
    creating = [row for row in seen.rows if row.action.creates or row.number in waiting]
    if not creating or not all(_has(row, RowErrorCode.NOT_IN_SCOPE) for row in creating):
        return None
    scope = seen.findings.scope
    groups = scope.groups if scope is not None else ()
    named = f" ({', '.join(groups[:3])}{', …' if len(groups) > 3 else ''})" if groups else ""
    count = len(creating)
    who = "The only user who would get a pass is not" if count == 1 else f"None of the {count:,} users who would get "
    who += "" if count == 1 else "a pass is"
    return Question(
        Setting.ACCEPT,
        NOT_IN_SCOPE,
        f"{who} in scope of {seen.tenant}'s policy for Temporary Access Passes, which covers some groups or users "
        f"only{named}.",
        choices=(Choice(NOT_IN_SCOPE, "issue the passes all the same; they may be refused or not work"), _STOP),
        remedy="Add these users to a group that the policy includes (a change takes some minutes to apply); if a group "
        "hides its members, grant the app Member.Read.Hidden.",
    )


_JUDGES: tuple[Callable[[_Seen], Question | None], ...] = (
    _lifetime_cause,
    _multi_use_cause,
    _existing_cause,
    _scope_cause,
)


def unknown_sentence(findings: TenantFindings, tenant: str, users: Collection[str]) -> str:
    """Return, in sentences, that hardly any of these users exists, and whose roster it may be.

    Args:
        findings: what the tenant says.
        tenant: what it is called.
        users: those whom it does not have, as the roster names them.
    """
    total = len(findings.users)
    who = (
        f"None of the {total:,} users exists"
        if len(users) == total
        else f"{len(users):,} of the {total:,} users do not exist"
    )
    named = Counter(domain.casefold() for _, sign, domain in (user.rpartition("@") for user in users) if sign)
    by_id = len(users) - named.total()
    theirs = [f"{domain} ({count:,})" for domain, count in named.most_common(_MOST_DOMAINS)]
    theirs += ["others"] if len(named) > _MOST_DOMAINS else []
    also = "also " if named.keys() <= set(findings.domains) else ""
    said = [f"the roster's {'is' if len(theirs) == 1 else 'are'} {also}{_listed(theirs)}"] if theirs else []
    said += [f"{by_id:,} of them are named by object id"] if by_id else []
    own = _listed([*findings.domains[:_MOST_DOMAINS], *(["others"] if len(findings.domains) > _MOST_DOMAINS else [])])
    if not findings.domains:
        own = "Its domains could not be read (that takes Organization.Read.All)"
    else:
        own = f"Its domain is {own}" if len(findings.domains) == 1 else f"Its domains are {own}"
    return f"{who} in {tenant}. {'; '.join([own, *said])}."


def _unknown_cause(seen: _Seen, checked: CheckedRoster) -> Question | None:
    findings = seen.findings
    if not are_mostly_unknown(findings.users):
        return None
    unknown = unknown_users(findings.users)
    text = unknown_sentence(findings, seen.tenant, unknown)
    elsewhere = max(findings.elsewhere, key=lambda domain: findings.elsewhere[domain], default=None)
    accept = Choice(USERS_UNKNOWN, "go on without these users")
    if elsewhere is None:
        return Question(
            Setting.ACCEPT,
            USERS_UNKNOWN,
            f"{text} Is this the right tenant?",
            choices=(accept, _STOP),
            remedy=f"If it is not, set {Setting.TENANT}, and sign in to the tenant that is meant.",
        )
    text += f" Of a few that were tried, {findings.elsewhere[elsewhere]} are there as …@{elsewhere}."
    if seen.plan.settings.reading.get("domain") and _all_bare(checked):
        return Question(
            Setting.DOMAIN,
            USERS_UNKNOWN,
            text,
            choices=(Choice(elsewhere, f"add {elsewhere} to the bare names of the roster"), _STOP),
        )
    return Question(
        Setting.ACCEPT,
        USERS_UNKNOWN,
        text,
        choices=(accept, _STOP),
        remedy=f"Write {elsewhere} for the domain in the roster.",
    )


def _all_bare(checked: CheckedRoster) -> bool:
    """Whether users are bare names throughout, so that their domain is that of the setting."""
    column = checked.columns.index(Field.USER)
    return column is not None and all(
        "@" not in str(row.source.cells[column]) for row in checked.rows if not row.left_out
    )


# The rows


def _same_fault(seen: _Seen) -> Iterator[Question]:
    """Yield the fault that every row has, if there is one."""
    rows = seen.rows
    if len(rows) < _EVERY or any(row.action is not Action.REFUSE for row in rows):
        return
    shared = frozenset.intersection(*map(_codes, rows)) - _NOT_ABOUT_ALL
    first = next((problem for problem in rows[0].problems if problem.code in shared), None)
    if first is None:
        return
    same = len({_problem(row, first.code).message for row in rows}) == 1
    column = f" in column {first.column}" if first.column else ""
    begin = f"All {len(rows):,} rows are refused for one reason{column}: "
    text = f"{begin}{first.message}" if same else f"{begin}{first.code.short_name}; row {rows[0].source.number} says: "
    remedy = first.hint
    if first.code in _START_FAULTS:
        remedy += f" Times are read in {seen.plan.settings.timezone}, unless {Setting.TIMEZONE} says otherwise."
    yield Question(
        Setting.ACCEPT,
        first.code.value,
        text if same else f"{text}{first.message}",
        choices=(Choice(first.code.value, "go on, and have each row reported"), _STOP),
        remedy=remedy,
    )


def _by_setting(seen: _Seen, code: RowErrorCode, field: Field) -> list[PlanRow]:
    """Return the rows that are refused for what a setting asks of them, and no cell of theirs."""
    cells = (field, Field.END) if field is Field.LIFETIME else (field,)
    columns = seen.plan.columns
    return [row for row in seen.rows if _has(row, code) and not any(typed(row, cell, columns) for cell in cells)]


def _kept_by_settings_only(seen: _Seen) -> set[int]:
    """Return the plan numbers of the rows that get a pass as soon as other settings are chosen."""
    by_setting = {RowErrorCode.LIFETIME_OUTSIDE_POLICY: Field.LIFETIME, RowErrorCode.ONE_TIME_FORCED: Field.ONE_TIME}
    kept = [row for code, field in by_setting.items() for row in _by_setting(seen, code, field)]
    return {row.number for row in kept if _codes(row) <= by_setting.keys()}


def _has(row: PlanRow, code: RowErrorCode) -> bool:
    return any(problem.code is code for problem in row.problems)


def _codes(row: PlanRow) -> frozenset[RowErrorCode]:
    """Return the kinds of faults that keep the row from a pass."""
    return frozenset(problem.code for problem in row.problems if problem.refuses)


def _problem(row: PlanRow, code: RowErrorCode) -> RowError:
    return next(problem for problem in row.problems if problem.code is code)


def _rows_of(rows: Sequence[PlanRow], seen: _Seen) -> str:
    return _all_of(len(rows), len(seen.rows), "row", "rows")


def _all_of(count: int, total: int, one: str, more: str) -> str:
    if count == total:
        return f"the only {one}" if total == 1 else f"all {total:,} {more}"
    return f"{count:,} of {total:,} {more}"


def _nearest(minutes: int, policy: PassPolicy) -> int:
    return max(policy.minimum_lifetime_minutes, min(minutes, policy.maximum_lifetime_minutes))


def _duration(minutes: int) -> str:
    """Return a lifetime as it is typed: `1d`, `8h`, `90m`."""
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
