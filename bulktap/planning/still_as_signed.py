"""Whether a saved plan is still what its roster, its tenant and the tenant's policy say; pure.

A plan waits for its signature, and its file lies where others may write to it. So before it is carried out each row
that gets a pass is decided once more from the roster, with what the directory says now: the person, the pass and what
is done must be those of the plan. Only the passes that exist are left to the listing before each create.

A user whom the directory does not show any more contradicts nothing: it is one row that gets no pass, and the others
get what was signed off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.plan import Action, Field, NameCheck, UserFinding
from bulktap.model.row_error_catalogue import about_users
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.planning.decisions import ExistingRule, decide_rows
from bulktap.planning.name_checks import with_name_checks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bulktap.model.pass_terms import PassTerms
    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import Plan, PlanRow, TenantFindings
    from bulktap.roster.model import CheckedRoster, CheckedRow


def changed_by_policy(plan: Plan, policy: PassPolicy | None) -> str | None:
    """Return, in a sentence, what the policy of today no longer allows or would change; None where nothing is."""
    if policy is None:
        return None
    rows = [(row, row.request.terms) for row in plan.creating() if row.request is not None]
    low, high = policy.minimum_lifetime_minutes, policy.maximum_lifetime_minutes
    outside = [row for row, asked in rows if not low <= (asked.lifetime_minutes or low) <= high]
    if outside:
        minutes = outside[0].request.terms.lifetime_minutes if outside[0].request else None
        return f"The tenant now allows {low:,} to {high:,} minutes, and {_these(outside)} for {minutes:,} minutes."
    multi_use = [row for row, asked in rows if asked.usable_once is False]
    if multi_use and policy.forces_one_time:
        return f"The tenant now allows one-time passes only, and {_these(multi_use)} for a multi-use pass."
    return _changed_by_default(plan, policy, rows)


def _changed_by_default(plan: Plan, policy: PassPolicy, rows: Sequence[tuple[PlanRow, PassTerms]]) -> str | None:
    """Say what a row gets now that leaves it to the tenant, where the plan knew what that was."""
    before = plan.policy
    if before is None:
        return None
    no_lifetime = [row for row, asked in rows if asked.lifetime_minutes is None]
    if no_lifetime and before.default_lifetime_minutes != policy.default_lifetime_minutes:
        return (
            f"The tenant's default lifetime is {policy.default_lifetime_minutes:,} minutes now, not "
            f"{before.default_lifetime_minutes:,}, and {_these(no_lifetime)} for no other."
        )
    open_use = [row for row, asked in rows if asked.usable_once is None]
    if open_use and before.forces_one_time != policy.forces_one_time:
        now = "one-time passes only" if policy.forces_one_time else "multi-use passes too"
        return f"The tenant now allows {now}, and {_these(open_use)} for neither kind."
    return None


def _these(rows: Sequence[PlanRow]) -> str:
    first = f"row {rows[0].source.number}"
    if len(rows) == 1:
        return f"{first} of this plan asks"
    return f"{len(rows):,} rows of this plan (first: {first}) ask"


def to_resolve(plan: Plan, checked: CheckedRoster) -> list[CheckedRow]:
    """Return the rows of the roster whose users the directory is asked about once more: those that a pass serves."""
    return [source for row, source in zip(plan.rows, checked.rows, strict=True) if _served(row)]


def not_shown(plan: Plan, checked: CheckedRoster, findings: TenantFindings) -> Mapping[int, RowError]:
    """Return which rows can get no pass because the directory does not show their users now, and why.

    Args:
        plan: as its file says it.
        checked: the roster, read and checked again as it was then.
        findings: what the directory says now about the users of `to_resolve`.

    Returns:
        the error by the plan number of the row that would create the pass; nothing where nobody is shown: that is not
        about the rows.
    """
    errors: dict[int, RowError] = {}
    somebody = any(finding.object_id is not None for finding in findings.users.values())
    for row, source in zip(plan.rows, checked.rows, strict=True):
        if not _served(row) or source.user is None:
            continue
        error = _not_shown(row, source.user.text, findings.users.get(source.user.folded, UserFinding()))
        if error is not None:
            serving = row.merged_into if row.merged_into is not None else row.number
            errors.setdefault(serving, replace(error, column=plan.columns.heading(Field.USER)))
    others = any(row.number not in errors for row in plan.creating())
    return errors if somebody and others else {}


def _not_shown(row: PlanRow, user: str, now: UserFinding) -> RowError | None:
    if now.error is not None:
        return now.error
    known_by_id = row.object_id is None or _folded(row.object_id) == _folded(user)
    if now.object_id is not None or known_by_id:
        return None
    return about_users.may_not_be_looked_up_again(user)


def now_blocked(plan: Plan, checked: CheckedRoster, findings: TenantFindings) -> Mapping[int, str]:
    """Return a sentence for each row whose user's account was blocked from signing in since the plan was made.

    By the plan number of the row that creates the pass.
    """
    notes: dict[int, str] = {}
    for row, source in zip(plan.rows, checked.rows, strict=True):
        if not _served(row) or source.user is None:
            continue
        known = any(problem.code is RowErrorCode.USER_DISABLED for problem in row.problems)
        if not known and findings.users.get(source.user.folded, UserFinding()).enabled is False:
            serving = row.merged_into if row.merged_into is not None else row.number
            notes[serving] = (
                f"The account of {source.user.text} was blocked from signing in after the plan was made, so the pass "
                "will not work until it is enabled."
            )
    return notes


def disagreement(
    plan: Plan, checked: CheckedRoster, findings: TenantFindings, left_out: Collection[int] = frozenset()
) -> str | None:
    """Return, in a sentence that names the row, where the plan is not what roster and directory say; None if nowhere.

    Args:
        plan: as its file says it.
        checked: the roster, read and checked again as it was then.
        findings: what the directory says now about the users of `to_resolve`.
        left_out: the plan numbers of the rows that will create no pass after all, see `not_shown`.
    """
    if plan.columns != checked.columns:
        return "The plan takes other columns of the roster for the person and the pass than its options say."
    served = {number for number, row in enumerate(plan.rows, 1) if _served(row)}
    decided = with_name_checks(decide_rows(checked, replace(findings, policy=plan.policy), served), checked, findings)
    for number, (row, now, source) in enumerate(zip(plan.rows, decided, checked.rows, strict=True), 1):
        found = [f"it has the number {row.number} in the plan"] if row.number != number else []
        found += _faults_of_user(plan, row, source)
        if _served(row) and not {row.number, row.merged_into} & set(left_out) and not found:
            found += _faults_of_pass(plan, row, now)
            found += _faults_of_person(row, now, source)
        if found:
            place = f" of sheet {row.source.sheet}" if row.source.sheet else ""
            if len({one.source.file for one in plan.rows}) > 1:
                place = f" of {row.source.file}{place}"
            return f"Row {row.source.number}{place} of the plan is not what roster and tenant say now: {found[0]}."
    return None


def _served(row: PlanRow) -> bool:
    return row.action.creates or row.action is Action.MERGE


def _faults_of_user(plan: Plan, row: PlanRow, source: CheckedRow) -> Iterator[str]:
    named = plan.user_text(row)
    raw = plan.user_text(replace(row, request=None))
    roster = {source.user.text} if source.user else set()
    if not _served(row):
        roster.add(raw)  # what could not be read as a user stands in the plan as the cell has it
    if named not in roster:
        yield f"it names {named or 'nobody'}, and the roster {raw or 'nobody'}"


def _faults_of_pass(plan: Plan, row: PlanRow, now: PlanRow) -> Iterator[str]:
    refusing = [problem.message.rstrip(".") for problem in now.problems if problem.refuses]
    if refusing or now.action is Action.REFUSE:
        yield refusing[0] if refusing else "it would be refused"
        return
    if (row.action is Action.MERGE, row.merged_into) != (now.action is Action.MERGE, now.merged_into):
        yield "which rows one pass serves is different"
    replaces = row.action is Action.REPLACE
    if replaces is not (row.existing_pass_id is not None) or (
        replaces and plan.settings.existing != ExistingRule.REPLACE
    ):
        yield "it replaces a pass, which its options do not ask for"
    asked, wanted = row.request, now.request
    if asked is None or wanted is None:
        yield "it asks for no pass"
        return
    for what, planned, derived in (
        ("start", asked.terms.starts_at, wanted.terms.starts_at),
        ("lifetime", asked.terms.lifetime_minutes, wanted.terms.lifetime_minutes),
        ("one-time setting", asked.terms.usable_once, wanted.terms.usable_once),
    ):
        if planned != derived:
            yield f"the {what} is different"


def _faults_of_person(row: PlanRow, now: PlanRow, source: CheckedRow) -> Iterator[str]:
    """Compare whom the pass is for; what the plan did not know, because nobody might be looked up, is no fault."""
    user = source.user.text if source.user else ""
    if row.object_id is not None and _folded(row.object_id) != _folded(now.object_id):
        yield f"its object id is not that of {user}" if now.object_id else "whose object id it has cannot be looked up"
    if row.upn is not None and _folded(row.upn) not in {_folded(now.upn), _folded(user)}:
        yield f"its sign-in name {row.upn} is not that of {user}"
    if row.display_name is not None and row.display_name not in {now.display_name, source.display_name}:
        yield f"its name {row.display_name} is not that of {user}"
    if now.name_check is NameCheck.DIFFERS and row.name_check is not NameCheck.DIFFERS:
        yield f"it names {source.name.text}, and the tenant says that the account is {now.display_name}'s"
    if row.group != now.group:
        yield "its group is different"


def _folded(text: str | None) -> str | None:
    return None if text is None else text.casefold()
