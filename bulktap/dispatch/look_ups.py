"""Look-up: what the tenant says about the users of a roster, before anything is decided.

Three questions in read batches: the tenant's policy, name and domains; who the users are (`user_look_ups`) and, in the
same stream, which passes they hold (`pass_look_ups`); where the policy is for some groups only, whether they are in
them (`scope_check`). The first two need permissions of their own and the run goes on without them. The passes must be
listed: without that nobody could say whose pass a create would kill.

Whether the app may look or list at all is judged on users spread over the roster (`permission_sample`), not on the
first ones, who may be administrators; a single 403 is that row's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.pass_look_ups import PassLookUps
from bulktap.dispatch.queries import Query
from bulktap.dispatch.reachability import Reachability
from bulktap.dispatch.read_stream import ReadStream, side_by_side
from bulktap.dispatch.scope_check import check_scope
from bulktap.dispatch.user_look_ups import UserLookUps
from bulktap.dispatch.wrong_domain import probe_other_domains
from bulktap.graph.access_passes import ListRefused
from bulktap.graph.directory import (
    Organization,
    PolicyUnread,
    UserFound,
    UserMissing,
    UserNotPermitted,
    UserRetry,
    judge_organization,
    judge_policy,
    organization_step,
    policy_step,
)
from bulktap.graph.memberships import read_scope
from bulktap.model.errors import NotPermitted
from bulktap.model.passes import PassPolicy, PolicyState, UserRef
from bulktap.model.plan import TenantFindings, UserFinding
from bulktap.model.row_error_catalogue import about_passes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.dispatch.pass_look_ups import PassAnswer
    from bulktap.dispatch.user_look_ups import UserAnswer
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


def no_policy_note(reason: str) -> str:
    """Return the sentence that tells why there is no policy to go by."""
    return _NO_POLICY_NOTE.format(reason=reason)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What stopped look-ups found out a moment ago, and who keeps what these find out if they are stopped too."""

    known: Mapping[str, UserFinding]
    """By folded text, with their passes; these users are not asked about again."""
    keep: Callable[[Mapping[str, UserFinding]], None]
    """Takes what was found out so far where the look-ups end early, whatever the reason."""


@dataclass(frozen=True, slots=True)
class Portions:
    """How users are looked up of whom only some may be needed: the first of them, then twice as many, and so on."""

    first: int
    """So many at first."""
    are_enough: Callable[[TenantFindings], bool]
    """Whether what is found out so far is enough."""


async def look_up(
    users: Sequence[UserRef],
    tools: ReadTools,
    rows: Mapping[str, int] | None = None,
    portions: Portions | None = None,
    earlier: Earlier | None = None,
) -> TenantFindings:
    """Ask the tenant about itself and about each user.

    Args:
        users: whom the roster names; several references to one person are fine.
        tools: how to ask.
        rows: the row that names a user, by the user's folded text, for the log.
        portions: where not all of them may be needed; whoever was not is missing from the findings.
        earlier: where look-ups may go on where others were stopped.

    Raises:
        NotPermitted: passes may not be listed, or users may not be looked up where the roster needs it.
        SignInFailed, ServiceUnreachable, ThrottledTooLong: see `bulk_query.BulkQuery`.
    """
    asking = _LookUp({user.folded: user for user in users}, tools, rows, {} if earlier is None else earlier.known)
    try:
        await asking.tenant()
        await asking.in_portions(portions)
        return await asking.findings()
    except BaseException:
        if earlier is not None:
            earlier.keep(asking.known())
        raise


async def resolve(users: Sequence[UserRef], tools: ReadTools, rows: Mapping[str, int] | None = None) -> TenantFindings:
    """Ask the tenant about itself and who the users are, and leave out which passes they hold; see `look_up`."""
    asking = _LookUp({user.folded: user for user in users}, tools, rows)
    await asking.tenant()
    await asking.users(list(asking.by_fold), with_passes=False)
    return await asking.findings()


class _LookUp:
    """The three questions, and what was answered."""

    def __init__(
        self,
        by_fold: Mapping[str, UserRef],
        tools: ReadTools,
        rows: Mapping[str, int] | None,
        known: Mapping[str, UserFinding] | None = None,
    ) -> None:
        self.by_fold = by_fold
        self._known = known or {}
        self._tools = tools
        self._rows = rows
        self._reachability = Reachability(tools.clock, tools.observer)
        self._mixed = len({user.is_object_id for user in by_fold.values()}) > 1
        self._policy: PassPolicy | PolicyUnread = PolicyUnread("no answer")
        self._tenant = Organization()
        self._scope: PassScope | None = None
        """For whom the policy allows passes, as far as it says so."""
        self._found: dict[str, UserFinding] = {}
        self._through = 0
        """Users about whom nothing is open."""
        self._may_look = True
        self._unchecked: dict[str, None] = {}
        """Notes on what could not be found out about the scope."""

    def known(self) -> dict[str, UserFinding]:
        """Return what is known of users about whom nothing is open."""
        return dict(self._known) | {subject: one for subject, one in self._found.items() if one.listed_at is not None}

    async def findings(self) -> TenantFindings:
        """Return what was found out; where hardly anybody exists, look for a few under other domains."""
        self._reachability.require_answers()
        notes = [no_policy_note(self._policy.reason)] if isinstance(self._policy, PolicyUnread) else []
        notes += [] if self._may_look else [NO_USERS_NOTE]
        users = {subject: self._found[subject] for subject in self.by_fold if subject in self._found}
        elsewhere = await probe_other_domains(
            self._tenant.domains, self.by_fold, users, self._tools, self._reachability
        )
        return replace(self._so_far(), users=users, notes=(*notes, *self._unchecked), elsewhere=elsewhere)

    def _so_far(self) -> TenantFindings:
        policy = self._policy if isinstance(self._policy, PassPolicy) else None
        return TenantFindings(self._found, policy, self._tenant.name, domains=self._tenant.domains, scope=self._scope)

    async def tenant(self) -> None:
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
        self._policy = self._policy if isinstance(policy, Organization) else policy
        self._tenant = tenant if isinstance(tenant, Organization) else Organization()

    async def in_portions(self, portions: Portions | None) -> None:
        """Look users up, and list their passes, until there are enough; without portions all of them."""
        left = list(self.by_fold)
        # A person who is named by id in one row and by name in another is found out only if both are looked up.
        size = len(left) if portions is None or self._mixed else portions.first
        while True:
            chosen, others = left[:size], left[size:]
            try:
                await self.users(chosen, with_passes=True)
            except NotPermitted:
                if not others:
                    raise
                # The first rows are no measure of what the app may do: they may be the administrators.
                self._found = {}
                await self.users(list(self.by_fold), with_passes=True)
                return
            if not others or portions is None or portions.are_enough(self._so_far()):
                return
            left, size = others, len(self._found)

    async def users(self, subjects: Sequence[str], *, with_passes: bool) -> None:
        """Look some of the users up and list their passes, in one stream."""
        self._through = 0
        told = "looking users up and listing passes" if with_passes else "looking users up"
        self._tools.observer.phase(told, len(subjects) - len(self._known.keys() & set(subjects)))
        self._found |= {subject: self._known[subject] for subject in subjects if subject in self._known}
        users = {subject: self.by_fold[subject] for subject in subjects if subject not in self._known}
        stream = ReadStream(self._tools, lambda: (self._through, len(users)))
        passes = PassLookUps(users, self._tools, self._reachability, self._rows, self._note_passes)

        def note(subject: str, answer: UserAnswer) -> None:
            finding = self._found[subject] = _user_finding(answer, users[subject], mixed=self._mixed)
            if isinstance(answer, UserFound):
                passes.shown(subject, answer.user.created_at)
            if with_passes and finding.error is None and not finding.external_guest:
                passes.hand_over(subject, finding.object_id or users[subject].text)
            else:
                self._through += 1

        async def look() -> None:
            searching = UserLookUps(users, self._tools, self._reachability, self._rows, note)
            await searching.run(stream)
            self._reachability.require_answers()
            if not searching.permitted:
                self._may_look = False
                if self._mixed:
                    raise _one_person_twice()
                for subject in [one for one in users if one not in self._found]:
                    note(subject, UserNotPermitted(""))
            passes.complete()

        await side_by_side(look(), passes.run(stream)) if with_passes else await side_by_side(look())
        await self._check_scope(subjects)

    async def _check_scope(self, users: Sequence[str]) -> None:
        """Where the policy is for some only, find out whether it covers these users."""
        policy = self._policy
        if self._scope is not None and isinstance(policy, PassPolicy) and policy.state is PolicyState.ENABLED:
            findings = {subject: self._found[subject] for subject in users}
            checked, notes = await check_scope(self._scope, findings, self._tools, self._reachability)
            self._found |= checked
            self._unchecked |= dict.fromkeys(notes)

    def _note_passes(self, subject: str, answer: PassAnswer, listed_at: datetime) -> None:
        self._found[subject] = _with_passes(self._found[subject], answer, listed_at)
        self._through += 1


def _one_person_twice() -> NotPermitted:
    return NotPermitted(
        "The roster names people both by sign-in name and by object id, and the app may not look them up, so it cannot "
        "be determined whether two rows are one person.",
        hint="Grant the app User.Read.All with admin consent, or use one kind of name throughout the roster.",
    )


def _user_finding(verdict: UserAnswer, user: UserRef, *, mixed: bool) -> UserFinding:
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
                guest=found.guest,
            )
        case UserMissing():
            return UserFinding(error=verdict.error)
        case UserNotPermitted() if mixed:
            return UserFinding(error=about_passes.may_be_another_rows(user.text))
        case UserNotPermitted():
            return UserFinding()


def _with_passes(finding: UserFinding, verdict: PassAnswer, now: datetime) -> UserFinding:
    if isinstance(verdict, ListRefused):
        return replace(finding, error=verdict.error)
    live = next((access_pass for access_pass in verdict.passes if access_pass.is_live(now)), None)
    return replace(finding, live_pass=live, listed_at=now)
