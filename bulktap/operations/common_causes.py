"""What concerns (nearly) every row is asked once, before a plan is shown; the answers become settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.cause_codes import NOT_IN_SCOPE
from bulktap.model.errors import NotInScope, PlanRefused, QuestionOpen
from bulktap.model.questions import hint_of
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.setting_names import Setting
from bulktap.model.unknown_users import are_mostly_unknown, unknown_users
from bulktap.operations.answers import answers_to
from bulktap.planning.common_causes import common_causes, unknown_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bulktap.model.plan import Plan, TenantFindings
    from bulktap.operations.context import FrontEnd
    from bulktap.operations.run_settings import RunSettings
    from bulktap.roster.model import CheckedRoster


def answered(
    plan: Plan, checked: CheckedRoster, findings: TenantFindings, settings: RunSettings, front: FrontEnd
) -> RunSettings | None:
    """Ask about what concerns (nearly) every row, and return the settings with the answers; None if nothing does.

    Args:
        plan: as the rows were decided.
        checked: the rows as they were read.
        findings: what the tenant says.
        settings: what shaped the plan.
        front: asks.

    Raises:
        QuestionOpen: nobody can be asked.
        NotInScope: likewise, and the tenant's policy is the only cause.
        NotConfirmed: the answer is to stop.
    """
    causes = common_causes(plan, checked, findings, settings.care.accept)
    if not causes:
        return None
    # One question about a setting at a time; whatever another one leaves open comes up again.
    asked = list({cause.setting: cause for cause in reversed(causes)}.values())[::-1]
    try:
        return with_answers(settings, answers_to(asked, front))
    except QuestionOpen:
        if [cause.code for cause in causes] == [NOT_IN_SCOPE]:
            raise NotInScope(causes[0].text, hint=hint_of(causes)) from None
        raise QuestionOpen(causes) from None


def with_answers(settings: RunSettings, answers: Mapping[Setting, str]) -> RunSettings:
    """Return the settings with the answers to common causes in their places."""
    passes, care, reading = settings.passes, settings.care, settings.reading
    for setting, value in answers.items():
        match setting:
            case Setting.LIFETIME:
                passes = replace(passes, lifetime=value)
            case Setting.ONE_TIME:
                passes = replace(passes, usable_once=True)
            case Setting.EXISTING:
                passes = replace(passes, existing=value)
            case Setting.DOMAIN:
                reading = replace(reading, options=replace(reading.options, domain=value))
            case Setting.ACCEPT:
                care = replace(care, accept=(*care.accept, value))
            case _:
                raise ValueError(f"no common cause is settled by {setting.stem}")
    return replace(settings, passes=passes, care=care, reading=reading)


def require_no_common_cause(plan: Plan, findings: TenantFindings, accepted: Collection[str]) -> None:
    """Make sure that nothing concerns (nearly) every row of a saved plan that it did not when the plan was made.

    Args:
        plan: what was signed off.
        findings: what the tenant says now about the users whom it serves.
        accepted: codes of what is gone on with.

    Raises:
        PlanRefused: hardly any of its users exists any more.
        NotInScope: none of them is in scope of the tenant's policy any more.
    """
    tenant = plan.tenant.name or "this tenant"
    if are_mostly_unknown(findings.users):
        raise PlanRefused(
            unknown_sentence(findings, tenant, unknown_users(findings.users)),
            hint="They were there when this plan was made. Look into the directory, then make a new plan.",
        )
    scopes = [finding.in_scope for finding in findings.users.values() if finding.error is None]
    if scopes and all(scope is False for scope in scopes) and NOT_IN_SCOPE not in accepted and not _signed_so(plan):
        raise NotInScope(
            f"None of the {len(scopes):,} users of this plan is in scope of {tenant}'s policy for Temporary "
            "Access Passes any more.",
            hint="Have the policy changed back, or add these users to a group that it includes; to issue the passes "
            f"all the same, add {Setting.ACCEPT.to(NOT_IN_SCOPE)}.",
        )


def _signed_so(plan: Plan) -> bool:
    """Whether nobody was in scope when the plan was made, so that going on all the same is what was signed off."""
    return all(any(problem.code is RowErrorCode.NOT_IN_SCOPE for problem in row.problems) for row in plan.creating())
