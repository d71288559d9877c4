"""Look-up: what the tenant says about the users of a roster, before anything is decided.

Three questions in read batches: the tenant's policy, name and domains; who the users are (and, where the policy is for
some groups only, whether they are in them, see `scope_check`); which passes they hold. The first two need permissions
of their own and the run goes on without them. The passes must be listed: without that nobody could say whose pass a
create would kill.

Whether the app may look or list at all is judged on users spread over the roster (`permission_sample`), not on the
first ones, who may be administrators; a single 403 is that row's own.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.new_users import Newcomers
from bulktap.dispatch.permission_sample import PermissionSample
from bulktap.dispatch.queries import AskLater, Query, rejected
from bulktap.dispatch.reachability import Reachability
from bulktap.dispatch.scope_check import check_scope
from bulktap.dispatch.wrong_domain import probe_other_domains
from bulktap.graph.access_passes import Listed, ListRefused, ListRetry, judge_list, list_step
from bulktap.graph.directory import (
    Organization,
    PolicyUnread,
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
from bulktap.graph.memberships import read_scope
from bulktap.graph.refusals import service_failed
from bulktap.model.errors import NotPermitted
from bulktap.model.passes import PassPolicy, PolicyState, UserRef
from bulktap.model.plan import TenantFindings, UserFinding
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.row_errors import RowError, RowErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.graph.batch import BatchStep, StepResponse
    from bulktap.model.pass_scope import PassScope

_POLICY, _ORGANIZATION = "policy", "organization"
_TRIES_OF_EXTRAS = 6
"""What the run can do without is not asked for long: half a minute."""

NO_USERS_NOTE = (
    "Users could not be looked up (the app lacks User.Read.All), so disabled accounts and guests are found out only "
    "when their pass is created."
)
_NO_POLICY_NOTE = (
    "The tenant's pass policy could not be read ({reason}), so lifetimes are checked only when a pass is created."
)

_User = UserFound | UserMissing | UserNotPermitted
_Passes = Listed | ListRefused


def no_policy_note(reason: str) -> str:
    """Return the sentence that tells why there is no policy to go by."""
    return _NO_POLICY_NOTE.format(reason=reason)


async def look_up(users: Sequence[UserRef], tools: ReadTools, rows: Mapping[str, int] | None = None) -> TenantFindings:
    """Ask the tenant about itself and about each user.

    Args:
        users: whom the roster names; several references to one person are fine.
        tools: how to ask.
        rows: the row that names a user, by the user's folded text, for the log.

    Raises:
        NotPermitted: passes may not be listed, or users may not be looked up where the roster needs it.
        SignInFailed, ServiceUnreachable, ThrottledTooLong: see `bulk_query.BulkQuery`.
    """
    asking = _LookUp({user.folded: user for user in users}, tools, rows)
    found = await asking.tenant_and_users()
    findings = await asking.passes(dict(found.users))
    asking.require_answers()
    return replace(found, users=findings)


async def resolve(users: Sequence[UserRef], tools: ReadTools, rows: Mapping[str, int] | None = None) -> TenantFindings:
    """Ask the tenant about itself and who the users are, and leave out which passes they hold; see `look_up`."""
    return await _LookUp({user.folded: user for user in users}, tools, rows).tenant_and_users()


class _LookUp:
    """The three questions, one after another."""

    def __init__(self, by_fold: Mapping[str, UserRef], tools: ReadTools, rows: Mapping[str, int] | None) -> None:
        self._by_fold = by_fold
        self._tools = tools
        self._rows = rows
        self._reachability = Reachability(tools.clock, tools.observer)
        self._created: dict[str, datetime | None] = {}
        """The users whom the directory has shown, and when their accounts were created."""
        self._scope: PassScope | None = None
        """For whom the policy allows passes, as far as it says so."""

    def require_answers(self) -> None:
        """Stop where every batch was rejected as a whole: that is not about any user.

        Raises:
            NotPermitted, ServiceUnreachable: nothing was ever answered.
        """
        if self._reachability.rejection is not None and not self._reachability.answered:
            raise rejected(self._reachability.rejection)

    async def tenant_and_users(self) -> TenantFindings:
        """Ask the first two questions."""
        policy, tenant = await self.tenant()
        findings, may_look = await self.users()
        self.require_answers()
        notes = [no_policy_note(policy.reason)] if isinstance(policy, PolicyUnread) else []
        notes += [] if may_look else [NO_USERS_NOTE]
        found = policy if isinstance(policy, PassPolicy) else None
        if self._scope is not None and found is not None and found.state is PolicyState.ENABLED:
            findings, unchecked = await check_scope(self._scope, findings, self._tools, self._reachability)
            notes += unchecked
        elsewhere = await probe_other_domains(tenant.domains, self._by_fold, findings, self._tools, self._reachability)
        return TenantFindings(findings, found, tenant.name, tuple(notes), tenant.domains, elsewhere, self._scope)

    async def tenant(self) -> tuple[PassPolicy | PolicyUnread, Organization]:
        """Read the tenant's policy, name and domains."""
        self._tools.observer.phase("reading the tenant", 2)

        def make_step(step_id: str, subject: str) -> BatchStep:
            return policy_step(step_id) if subject == _POLICY else organization_step(step_id)

        def judge(subject: str, response: StepResponse) -> PassPolicy | PolicyUnread | UserRetry | Organization:
            policy = judge_policy(response, self._tools.service_clock.now())
            if subject != _POLICY and not isinstance(policy, UserRetry):
                return judge_organization(response)
            if isinstance(policy, PassPolicy):
                self._scope = read_scope(response)
            return policy

        def give_up(subject: str, cause: str, times: int) -> PolicyUnread | Organization:
            return PolicyUnread(f"{cause}, {times} times") if subject == _POLICY else Organization()

        query = Query[PassPolicy | PolicyUnread | Organization](make_step, judge, give_up, _TRIES_OF_EXTRAS)
        async with BulkQuery(self._tools, query, self._reachability) as bulk:
            found = await bulk.read([_POLICY, _ORGANIZATION])
        policy, tenant = found[_POLICY], found[_ORGANIZATION]
        return (
            PolicyUnread("no answer") if isinstance(policy, Organization) else policy,
            tenant if isinstance(tenant, Organization) else Organization(),
        )

    async def users(self) -> tuple[dict[str, UserFinding], bool]:
        """Look the users up; say whether that is permitted at all."""
        users, tools = self._by_fold, self._tools
        tools.observer.phase("looking users up", len(users))
        sample = PermissionSample(users)

        def judge(subject: str, response: StepResponse) -> _User | UserRetry:
            verdict = judge_user(response, users[subject].text, tools.service_clock.now())
            if isinstance(verdict, UserFound):
                self._created[subject] = verdict.user.created_at
            if not isinstance(verdict, UserRetry):
                sample.note(subject, forbidden=isinstance(verdict, UserNotPermitted))
            return verdict

        query = Query[_User](
            lambda step_id, subject: user_step(step_id, users[subject].text),
            judge,
            lambda subject, cause, times: UserMissing(service_failed(users[subject].text, cause, times)),
            rows=self._rows,
        )
        async with BulkQuery(tools, query, self._reachability, len(users)) as bulk:
            permitted = await sample.is_permitted(bulk)
            verdicts = await bulk.read(sample.rest()) if permitted else {}
        mixed = len({user.is_object_id for user in users.values()}) > 1
        if permitted:
            return {subject: _user_finding(verdicts[subject], users[subject], mixed=mixed) for subject in users}, True
        if mixed:
            raise _one_person_twice()
        return dict.fromkeys(users, UserFinding()), False

    async def passes(self, findings: dict[str, UserFinding]) -> dict[str, UserFinding]:
        """List the passes of everybody who can get one."""
        targets = {
            subject: finding.object_id or self._by_fold[subject].text
            for subject, finding in findings.items()
            if finding.error is None and not finding.external_guest
        }
        self._tools.observer.phase("listing passes", len(targets))
        sample = PermissionSample(targets)
        listed_at: dict[str, datetime] = {}
        query = Query[_Passes](
            lambda step_id, subject: list_step(step_id, targets[subject]),
            self._judge_passes(sample, listed_at),
            lambda subject, cause, times: ListRefused(service_failed(self._by_fold[subject].text, cause, times), 0),
            rows=self._rows,
        )
        async with BulkQuery(self._tools, query, self._reachability, len(targets)) as bulk:
            if not await sample.is_permitted(bulk):
                self.require_answers()
                raise _may_not_list([one.error for one in bulk.verdicts.values() if isinstance(one, ListRefused)])
            verdicts = await bulk.read(sample.rest())
        return findings | {
            subject: _with_passes(findings[subject], verdict, listed_at.get(subject, self._tools.service_clock.now()))
            for subject, verdict in verdicts.items()
        }

    def _judge_passes(
        self, sample: PermissionSample, listed_at: dict[str, datetime]
    ) -> Callable[[str, StepResponse], _Passes | ListRetry | AskLater]:
        newcomers = Newcomers(self._created, self._tools.observer)

        def judge(subject: str, response: StepResponse) -> _Passes | ListRetry | AskLater:
            now, user = self._tools.service_clock.now(), self._by_fold[subject].text
            # A finding ages from its own reply: listing thousands of users may take longer than a finding is good for.
            listed_at[subject] = now
            verdict = judge_list(response, user, now)
            if isinstance(verdict, ListRetry):
                return verdict
            refused = isinstance(verdict, ListRefused)
            sample.note(subject, forbidden=refused and response.status == HTTPStatus.FORBIDDEN)
            if not isinstance(verdict, ListRefused) or response.status != HTTPStatus.NOT_FOUND:
                return verdict
            if verdict.error.code is RowErrorCode.REFUSED:  # a 404 that is about the address
                return verdict
            if subject not in newcomers and verdict.error.code is not RowErrorCode.USER_NOT_READY:
                return verdict
            pause = newcomers.pause(subject, now)
            return ListRefused(about_passes.not_ready(user), response.status) if pause is None else AskLater(pause)

        return judge


def _may_not_list(errors: Sequence[RowError]) -> NotPermitted:
    """Return that nobody may be listed; where all of them are refused for one other reason, that is the reason."""
    codes = {error.code for error in errors}
    if len(codes) == 1 and codes != {RowErrorCode.REFUSED_NOT_PERMITTED}:
        return NotPermitted(f"No passes may be listed. {errors[0].message}", hint=errors[0].hint)
    return NotPermitted(
        "The app may not list Temporary Access Passes, so it cannot be known whose pass a new one would replace.",
        hint="Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run the command again. If it has "
        "that, these users may all be administrators, whose passes only a Privileged Authentication Administrator may "
        "see.",
    )


def _one_person_twice() -> NotPermitted:
    return NotPermitted(
        "The roster names people both by sign-in name and by object id, and the app may not look them up, so it cannot "
        "be determined whether two rows are one person.",
        hint="Grant the app User.Read.All with admin consent, or use one kind of name throughout the roster.",
    )


def _user_finding(verdict: _User, user: UserRef, *, mixed: bool) -> UserFinding:
    match verdict:
        case UserFound():
            found = verdict.user
            return UserFinding(
                object_id=found.object_id.casefold(),
                upn=found.upn,
                display_name=found.display_name,
                given_name=found.given_name,
                surname=found.surname,
                enabled=found.account_enabled,
                external_guest=found.external_guest,
            )
        case UserMissing():
            return UserFinding(error=verdict.error)
        case UserNotPermitted() if mixed:
            return UserFinding(error=about_passes.may_be_another_rows(user.text))
        case UserNotPermitted():
            return UserFinding()


def _with_passes(finding: UserFinding, verdict: _Passes, now: datetime) -> UserFinding:
    if isinstance(verdict, ListRefused):
        return replace(finding, error=verdict.error)
    live = next((access_pass for access_pass in verdict.passes if access_pass.is_live(now)), None)
    return replace(finding, live_pass=live, listed_at=now)
