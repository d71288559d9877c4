"""Doctor: is everything in place to issue passes in this tenant? Questions only; nothing is changed or kept."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulktap.dispatch.reachability import trouble_of
from bulktap.graph.access_passes import Listed, ListRefused, judge_list, list_step
from bulktap.graph.connection_failures import PAGE_HINT
from bulktap.graph.directory import judge_organization, judge_policy, organization_step, policy_step
from bulktap.graph.memberships import read_scope
from bulktap.graph.replies import Answered, EnvelopeRefused, Throttled, Unauthorized, Unavailable
from bulktap.graph.sign_in.claims import claims_of
from bulktap.model.checks import Check, fine, warning, wrong
from bulktap.model.errors import BulktapError
from bulktap.model.exit_codes import ExitCode
from bulktap.model.passes import PassPolicy, PolicyState
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting
from bulktap.operations.run_settings import SendingSettings
from bulktap.operations.tenant_access import make_sender, run_to_end
from bulktap.operations.token_checks import Grantor, token_checks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from datetime import timedelta

    from bulktap.dispatch.observer import Standing
    from bulktap.graph.batch import BatchStep, StepResponse
    from bulktap.graph.client import BatchReply
    from bulktap.model.log_events import LogEvent
    from bulktap.model.pass_scope import PassScope
    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import TenantInfo
    from bulktap.operations.tenant_access import TenantAccess

_REPLY_TIMEOUT = 15.0
"""Seconds: the cause of silence is to be said within a minute."""
_PAUSES = (1.0, 3.0)
"""Seconds between attempts to ask Microsoft Graph."""
_LONG_ENOUGH = 25.0
"""Seconds after which nobody is asked once more."""
_LONGEST_WAIT = 10.0
"""Seconds that are waited where the service asks for it."""
_CLOCK_SECONDS = 120.0
"""By so much a clock may be wrong before it is worth a word; sign-in services allow five minutes."""
_NO_TOKEN = "no-token-was-given"
_SET_CLOCK = {
    "win32": "`w32tm /resync` in a terminal of an administrator, or Settings, Time & language",
    "darwin": "`sudo sntp -sS time.apple.com`, or System Settings, Date & Time",
}


@dataclass(slots=True)
class Examined:
    """What was found out about the tenant, as far as it was."""

    tenant: TenantInfo | None = None
    passes: tuple[AccessPass, ...] | None = None
    """Those of the user who was asked about."""


@dataclass(frozen=True, slots=True)
class Examiner:
    """Whoever wants to know: what is asked besides, and who hears."""

    found: Callable[[Check], object]
    """Hears of each check as it ends."""
    tell: Callable[[str], None]
    """Hears why it takes long, and what a person is to do who signs in."""
    probe: str | None = None
    """A user whose passes are listed."""
    stoppable: Callable[[Callable[[], object]], object] = lambda _end: None
    """Is handed what ends it at once."""
    examined: Examined = field(default_factory=Examined)


def check_tenant(access: TenantAccess, authority_url: str, examiner: Examiner) -> Examined:
    """Sign in, read the token, and ask Microsoft Graph; whatever fails is a check that says so.

    Args:
        access: the way into the tenant.
        authority_url: where one signs in, for the page of consent.
        examiner: whoever wants to know.

    Raises:
        Interrupted: it was ended.
    """
    signed_in = _sign_in(access, authority_url, examiner)
    run_to_end(_ask_graph(access, examiner, signed_in=signed_in), examiner.stoppable)
    examiner.found(_clock_check(access.service_clock.ahead, known=access.service_clock.is_set))
    return examiner.examined


def _sign_in(access: TenantAccess, authority_url: str, examiner: Examiner) -> bool:
    """Sign in, and say what came of it; return true if there is a token."""
    try:
        access.tokens.sign_in(examiner.tell)
        claims = claims_of(access.tokens.token())
        access.require_own_token()
        examiner.examined.tenant = access.info()
    except BulktapError as error:
        examiner.found(wrong("sign-in", "Sign-in", error.message, error.hint, error.exit_code))
        return False
    examiner.found(fine("sign-in", "Sign-in", f"Signed in as {access.way}."))
    way = access.tokens.credentials.way
    grantor = Grantor(way, examiner.examined.tenant.tenant_id, access.app_id, authority_url)
    for check in token_checks(claims, grantor):
        examiner.found(check)
    return True


async def _ask_graph(access: TenantAccess, examiner: Examiner, *, signed_in: bool) -> None:
    """Ask for the tenant, its policy, and the passes of a user; without a token only whether anybody answers."""
    steps = [organization_step("tenant"), policy_step("policy")]
    if examiner.probe:
        steps.append(list_step("probe", examiner.probe))
    try:
        reply = await _reply_to(steps, access, signed_in=signed_in)
    except BulktapError as error:
        examiner.found(wrong("graph", "Microsoft Graph", error.message, error.hint, error.exit_code))
        return
    if not isinstance(reply, Answered):
        examiner.found(_graph_check(reply, access.graph_url, signed_in=signed_in))
        return
    examiner.found(fine("graph", "Microsoft Graph", f"{access.graph_url} answers."))
    if signed_in:
        _judge(steps, reply, access, examiner)


async def _reply_to(steps: list[BatchStep], access: TenantAccess, *, signed_in: bool) -> BatchReply:
    """Return what is answered to the steps, or without a token to any question.

    Raises:
        BulktapError: nobody can be asked: a proxy or a file of authorities is none, or a token is refused.
    """
    async with access.client(SendingSettings(reply_timeout=_REPLY_TIMEOUT)) as client:
        sender = make_sender(access, client, access.service_clock, _Nobody())

        async def ask() -> BatchReply:
            return await sender.send(steps, sender.new_request_id(), creates=False)

        async def knock() -> BatchReply:
            # Anybody may ask what time it is there: a request without a token is answered 401, with a date.
            sent = access.service_clock.stamp()
            reply = await client.post_batch(steps[:1], Secret(_NO_TOKEN), sender.new_request_id(), creates=False)
            if isinstance(reply, Unauthorized | Answered):
                access.service_clock.observe(reply.service_date, sent)
            return reply

        return await _patiently(ask if signed_in else knock)


async def _patiently(ask: Callable[[], Awaitable[BatchReply]]) -> BatchReply:
    """Ask up to three times, as long as asking again may help, and not again after two silences."""
    began = asyncio.get_running_loop().time()
    for pause in (*_PAUSES, None):
        reply = await ask()
        silent = asyncio.get_running_loop().time() - began > _LONG_ENOUGH
        if pause is None or silent or not _passes(reply):
            return reply
        wait = getattr(reply, "retry_after", None)
        await asyncio.sleep(min(_LONGEST_WAIT, max(pause, wait or 0.0)))
    raise AssertionError("the last attempt returns")


def _passes(reply: BatchReply) -> bool:
    """Return true if another attempt may be answered."""
    match reply:
        case Answered():
            return any(response.status == 429 or response.status >= 500 for response in reply.answer.responses.values())
        case EnvelopeRefused() | Unauthorized():
            return False
        case Throttled() | Unavailable():
            return True
        case _:
            return not trouble_of(reply, "").permanent


def _graph_check(reply: BatchReply, graph_url: str, *, signed_in: bool) -> Check:
    """Return what a reply says that answered nothing."""
    code, title = "graph", "Microsoft Graph"
    match reply:
        case Unauthorized() if not signed_in:
            return fine(code, title, f"{graph_url} answers; without a sign-in nothing more can be asked.")
        case EnvelopeRefused():
            found = f"{graph_url} refuses every question ({reply.status} {reply.code}): {reply.message}"
            remedy = "Check the app registration and conditional access with your administrator."
            return wrong(code, title, found.rstrip(": "), remedy, ExitCode.ACCESS)
        case Throttled() | Unavailable() if not reply.response_id:
            found = f"{graph_url} is said to be busy, and nothing in the answer shows that it is Microsoft Graph's."
            remedy = f"Ask again in some minutes. {PAGE_HINT}{Setting.GRAPH_URL}."
            return wrong(code, title, found, remedy, ExitCode.GAVE_UP)
        case Throttled() | Unavailable():
            found = f"{graph_url} answers, but is busy or throttles this app just now."
            return warning(code, title, found, "Ask again in some minutes.")
        case _:
            cause = getattr(reply, "cause", "") or "no usable answer came"
            trouble = trouble_of(reply, cause)
            where = urlsplit(graph_url).netloc
            named = "" if where in trouble.cause else f" at {where}"
            found = f"Microsoft Graph{named} cannot be reached from this computer: {trouble.cause.rstrip('.')}."
            return wrong(code, title, found, trouble.hint, ExitCode.GAVE_UP)


def _judge(steps: list[BatchStep], reply: Answered, access: TenantAccess, examiner: Examiner) -> None:
    """Say what the steps were answered."""
    responses = {step.step_id: reply.answer.responses.get(step.step_id) for step in steps}
    examiner.found(_tenant_check(responses["tenant"], access, examiner))
    for check in _policy_checks(responses["policy"]):
        examiner.found(check)
    if examiner.probe:
        examiner.found(_probe_check(responses["probe"], examiner))


def _tenant_check(response: StepResponse | None, access: TenantAccess, examiner: Examiner) -> Check:
    organization = judge_organization(response) if response is not None else None
    tenant = examiner.examined.tenant = access.info(organization.name if organization else None)
    where = f"tenant {tenant.tenant_id}, cloud {tenant.cloud}"
    if tenant.simulated:
        where += ", a pretend one"
    if organization is None or organization.name is None:
        return fine("tenant", "Tenant", f"Its name may not be read: {where}.")
    domains = [f"Domains: {', '.join(organization.domains)}"] if organization.domains else []
    return fine("tenant", "Tenant", f"{organization.name}, {where}.", domains)


def _policy_checks(response: StepResponse | None) -> Iterator[Check]:
    code, title = "policy", "Policy"
    policy = judge_policy(response) if response is not None else None
    if not isinstance(policy, PassPolicy):
        reason = getattr(policy, "reason", "") or "the service did not answer"
        found = f"The tenant's policy for passes could not be read: {reason}."
        remedy = "Passes can be issued all the same; see the permissions above for what reading it takes."
        yield warning(code, title, found, remedy)
        return
    details = list(_policy_lines(policy, read_scope(response) if response is not None else None))
    if policy.state is PolicyState.DISABLED:
        yield wrong(
            code,
            title,
            "The tenant's policy has Temporary Access Passes switched off; every create would be refused.",
            "An Authentication Policy Administrator enables them in the Entra admin center: Authentication methods, "
            "Policies, Temporary Access Pass. A change takes effect after some minutes.",
            ExitCode.STOPPED,
            details,
        )
        return
    yield fine(code, title, "The tenant allows Temporary Access Passes.", details)


def _policy_lines(policy: PassPolicy, scope: PassScope | None) -> Iterator[str]:
    least, most = policy.minimum_lifetime_minutes, policy.maximum_lifetime_minutes
    yield f"Lifetime: {least} to {most} minutes, {policy.default_lifetime_minutes} where none is asked for"
    yield f"One-time: {'every pass, by policy' if policy.forces_one_time else 'as it is asked for'}"
    yield f"Length: {policy.default_length} characters"
    if scope is None:
        yield "For whom it is was not understood"
    elif scope.is_everybody:
        yield "For everybody"
    else:
        included = ", ".join("everybody" if one.target_id == "all_users" else one.target_id for one in scope.include)
        excluded = ", ".join(one.target_id for one in scope.exclude)
        yield f"For {included or 'nobody'}{f', and not for {excluded}' if excluded else ''} (groups or users, by id)"


def _probe_check(response: StepResponse | None, examiner: Examiner) -> Check:
    user = examiner.probe or ""
    code, title = "probe", "Passes"
    verdict = judge_list(response, user) if response is not None else None
    match verdict:
        case Listed(passes=passes):
            examiner.examined.passes = passes
            count = {0: "no pass", 1: "a pass"}.get(len(passes), f"{len(passes)} passes")
            return fine(code, title, f"{user} has {count}.", [_pass_line(one) for one in passes])
        case ListRefused(error=error):
            return warning(code, title, error.message, error.hint)
        case _:
            return warning(code, title, f"The passes of {user} could not be listed.", "Ask again in some minutes.")


def _pass_line(one: AccessPass) -> str:
    starts = f"from {one.starts_at:%Y-%m-%d %H:%M} UTC" if one.starts_at else "from an unknown time"
    ends = f" to {one.expires_at:%Y-%m-%d %H:%M} UTC" if one.expires_at else ""
    kind = "" if one.usable_once is None else (", one-time" if one.usable_once else ", multi-use")
    usable = "" if one.usability is None else f", {one.usability}"
    return f"{one.pass_id}: {starts}{ends}{kind}{usable}"


def _clock_check(ahead: timedelta, *, known: bool) -> Check:
    seconds = ahead.total_seconds()
    if not known:
        remedy = "Compare it with a clock that is right; see above for why nobody answered."
        return warning("clock", "Clock", "No answer told the service's time, so the clock is not compared.", remedy)
    if abs(seconds) < _CLOCK_SECONDS:
        return fine("clock", "Clock", "This computer's clock agrees with the service's.")
    minutes = round(abs(seconds) / 60)
    told = f"{minutes} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"
    found = f"This computer's clock is {told} {'behind' if seconds > 0 else 'ahead of'} the service's."
    how = _SET_CLOCK.get(sys.platform, "`sudo timedatectl set-ntp true`")
    remedy = f"Set it: {how}. Certificates and federated tokens are refused, and starts misread, by a wrong clock."
    return warning("clock", "Clock", found, remedy)


class _Nobody:
    """An observer that keeps nothing."""

    def phase(self, name: str, total: int) -> None:
        """See the interface."""

    def standing(self, standing: Standing) -> None:
        """See the interface."""

    def warn(self, message: str) -> None:
        """See the interface."""

    def log(self, event: LogEvent) -> None:
        """See the interface."""
