"""Look-up: what the tenant says about the users of a roster, before anything is decided.

Three questions in read batches: the tenant's policy and name; who the users are; which passes they hold. The first two
need permissions of their own and the run goes on without them, unless a roster names people both by user principal
name and by object id: then only the directory can tell whether two rows are one person. The passes must be listed:
without that nobody could say whose pass a create would kill.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.dispatch.observer import Standing
from bulktap.dispatch.reading import Reading
from bulktap.errors import NotPermitted
from bulktap.graph.access_passes import Listed, ListRefused, ListRetry, judge_list, list_step
from bulktap.graph.batch import MAX_STEPS
from bulktap.graph.directory import (
    UserFound,
    UserMissing,
    UserNotPermitted,
    UserRetry,
    judge_organization,
    judge_policy,
    judge_user,
    organization_step,
    policy_step,
    user_step,
)
from bulktap.passes import PassPolicy, UserRef
from bulktap.plan import TenantFindings, UserFinding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bulktap.dispatch.tools import ReadTools
    from bulktap.graph.batch import BatchStep, StepResponse

_POLICY, _ORGANIZATION = "policy", "organization"

NO_USERS_NOTE = (
    "Users could not be looked up (the app lacks User.Read.All), so disabled accounts and guests are found out only "
    "when their pass is created."
)
NO_POLICY_NOTE = (
    "The tenant's pass policy could not be read (the app lacks Policy.Read.AuthenticationMethod), so lifetimes are "
    "checked only when a pass is created."
)


async def look_up(users: Sequence[UserRef], tools: ReadTools) -> TenantFindings:
    """Ask the tenant about itself and about each user.

    Args:
        users: whom the roster names; several references to one person are fine.
        tools: how to ask.

    Raises:
        NotPermitted: passes may not be listed, or users may not be looked up where the roster needs it.
        SignInFailed, ServiceUnreachable, ThrottledTooLong: see `reading.Reading`.
    """
    policy, tenant_name = await _tenant(tools)
    by_fold = {user.folded: user for user in users}
    findings, may_look = await _users(by_fold, tools)
    findings = await _passes(by_fold, findings, tools)
    notes = tuple(
        note for note, missing in ((NO_POLICY_NOTE, policy is None), (NO_USERS_NOTE, not may_look)) if missing
    )
    return TenantFindings(users=findings, policy=policy, tenant_name=tenant_name, notes=notes)


async def _tenant(tools: ReadTools) -> tuple[PassPolicy | None, str | None]:
    tools.observer.phase("reading the tenant", 2)

    def make_step(step_id: str, subject: str) -> BatchStep:
        return policy_step(step_id) if subject == _POLICY else organization_step(step_id)

    def judge(subject: str, response: StepResponse) -> PassPolicy | UserRetry | str:
        if response.status in {429, 503}:
            retry = judge_policy(response, tools.service_clock.now())
            return retry if isinstance(retry, UserRetry) else UserRetry(None, throttled=True)
        if subject == _ORGANIZATION:
            return judge_organization(response) or ""
        return judge_policy(response, tools.service_clock.now()) or ""

    found = await Reading[PassPolicy | str](tools, make_step, judge).read([_POLICY, _ORGANIZATION], 2)
    policy, name = found[_POLICY], found[_ORGANIZATION]
    return policy if isinstance(policy, PassPolicy) else None, name if isinstance(name, str) and name else None


async def _users(by_fold: dict[str, UserRef], tools: ReadTools) -> tuple[dict[str, UserFinding], bool]:
    """Look the users up; a first batch tells whether that is permitted at all."""
    tools.observer.phase("looking users up", len(by_fold))

    def judge(subject: str, response: StepResponse) -> UserFound | UserMissing | UserNotPermitted | UserRetry:
        return judge_user(response, by_fold[subject].text, tools.service_clock.now())

    reading = Reading[UserFound | UserMissing | UserNotPermitted](
        tools, lambda step_id, subject: user_step(step_id, by_fold[subject].text), judge
    )
    subjects = list(by_fold)
    verdicts = await reading.read(subjects[:MAX_STEPS], len(subjects))
    mixed = len({user.is_object_id for user in by_fold.values()}) > 1
    if mixed and any(isinstance(verdict, UserNotPermitted) for verdict in verdicts.values()):
        raise _one_person_twice()
    if verdicts and all(isinstance(verdict, UserNotPermitted) for verdict in verdicts.values()):
        tools.observer.standing(Standing(len(subjects), len(subjects)))
        return dict.fromkeys(by_fold, UserFinding()), False
    verdicts = await reading.read(subjects[MAX_STEPS:], len(subjects))
    if mixed and any(isinstance(verdict, UserNotPermitted) for verdict in verdicts.values()):
        raise _one_person_twice()
    return {subject: _user_finding(verdict) for subject, verdict in verdicts.items()}, True


def _one_person_twice() -> NotPermitted:
    return NotPermitted(
        "The roster names people both by sign-in name and by object id, and the app may not look all of them up, so "
        "nobody can tell whether two rows are one person.",
        hint="Grant the app User.Read.All with admin consent, or use one kind of name throughout the roster.",
    )


def _user_finding(verdict: UserFound | UserMissing | UserNotPermitted) -> UserFinding:
    match verdict:
        case UserFound():
            user = verdict.user
            return UserFinding(
                object_id=user.object_id.casefold(),
                upn=user.upn,
                display_name=user.display_name,
                enabled=user.account_enabled,
                external_guest=user.external_guest,
            )
        case UserMissing():
            return UserFinding(error=verdict.error)
        case UserNotPermitted():
            return UserFinding()


async def _passes(
    by_fold: dict[str, UserRef], findings: dict[str, UserFinding], tools: ReadTools
) -> dict[str, UserFinding]:
    """List the passes of everybody who can get one; a first batch tells whether that is permitted at all."""
    targets = {
        subject: finding.object_id or by_fold[subject].text
        for subject, finding in findings.items()
        if finding.error is None and not finding.external_guest
    }
    tools.observer.phase("listing passes", len(targets))

    listed_at: dict[str, datetime] = {}

    def judge(subject: str, response: StepResponse) -> Listed | ListRefused | ListRetry:
        # A finding ages from its own reply: listing thousands of users may take longer than a finding is good for.
        listed_at[subject] = tools.service_clock.now()
        return judge_list(response, by_fold[subject].text, tools.service_clock.now())

    reading = Reading[Listed | ListRefused](tools, lambda step_id, subject: list_step(step_id, targets[subject]), judge)
    subjects = list(targets)
    verdicts = await reading.read(subjects[:MAX_STEPS], len(subjects))
    if verdicts and all(isinstance(verdict, ListRefused) and verdict.status == 403 for verdict in verdicts.values()):
        raise NotPermitted(
            "The app may not list Temporary Access Passes, so it cannot be known whose pass a new one would replace.",
            hint="Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run the command again.",
        )
    verdicts = await reading.read(subjects[MAX_STEPS:], len(subjects))
    return findings | {
        subject: _with_passes(findings[subject], verdict, listed_at[subject]) for subject, verdict in verdicts.items()
    }


def _with_passes(finding: UserFinding, verdict: Listed | ListRefused, now: datetime) -> UserFinding:
    if isinstance(verdict, ListRefused):
        return replace(finding, error=verdict.error)
    live = next((access_pass for access_pass in verdict.passes if access_pass.is_live(now)), None)
    return replace(finding, live_pass=live, listed_at=now)
