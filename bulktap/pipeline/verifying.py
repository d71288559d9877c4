"""Verify: the tenant is asked about each pass of a run; nothing is changed, and no passphrase is needed."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.dispatch.pass_states import Finding, PassState, judge_pass
from bulktap.dispatch.questions import Question
from bulktap.dispatch.reachability import Reachability
from bulktap.dispatch.reading import Reading
from bulktap.dispatch.tools import ReadTools
from bulktap.errors import NotPermitted, PlanRefused
from bulktap.graph.access_passes import Listed, ListRefused, ListRetry, judge_list, list_step
from bulktap.graph.refusals import service_failed
from bulktap.journal import glance
from bulktap.pipeline.access import jitter, make_sender, pacing_limits
from bulktap.run_state import RowPhase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bulktap.clock import Clock
    from bulktap.dispatch.observer import Observer
    from bulktap.graph.batch import BatchStep, StepResponse
    from bulktap.journal import JournalGlance
    from bulktap.passes import AccessPass
    from bulktap.pipeline.access import Access
    from bulktap.pipeline.run_folder import RunFolder
    from bulktap.pipeline.run_settings import SendingSettings

LAG = timedelta(minutes=15)
"""For so long after it was issued a pass may be missing from lists that lag."""
_LOOK_AGAIN = (5.0, 15.0)
"""Seconds until a pass that was issued a moment ago and is not listed is looked for again."""


@dataclass(frozen=True, slots=True)
class VerifiedPass:
    """One pass of a run, and how it stands."""

    user: str
    """The roster's text."""
    object_id: str | None
    access_pass: AccessPass
    finding: Finding


@dataclass(frozen=True, slots=True)
class Verification:
    """What the tenant says about the passes of a run."""

    asked_at: datetime
    """By the service's clock."""
    passes: Sequence[VerifiedPass]
    so_far: bool
    """True if the run is not finished, so that there may be more."""

    @property
    def counts(self) -> dict[PassState, int]:
        """How many there are of each state, all of which are there."""
        found = Counter(one.finding.state for one in self.passes)
        return {state: found[state] for state in PassState}

    @property
    def not_as_recorded(self) -> list[VerifiedPass]:
        """The passes that are not what they were issued as."""
        return [one for one in self.passes if not one.finding.state.as_recorded]


def recorded_run(folder: RunFolder) -> JournalGlance:
    """Return what the journal of a run says without its passphrase, also while the run is going on.

    Raises:
        PlanRefused: the run was planned only.
        JournalDamaged, Locked, DiskRefuses: see `journal.glance`.
    """
    if not folder.journal.exists():
        raise PlanRefused(
            f"The run {folder.run} was planned only; it has no passes.",
            hint="Run `bulktap apply` to issue them.",
        )
    return glance(folder.journal)


def verify(
    seen: JournalGlance, access: Access, sending: SendingSettings, clock: Clock, observer: Observer
) -> Verification:
    """Ask the tenant about each pass that the run issued.

    Raises:
        PlanRefused: the run is another tenant's.
        NotPermitted: the app may not list passes.
        SignInFailed, ServiceUnreachable, ThrottledTooLong: see `reading.Reading`.
    """
    header = seen.header
    if not access.leads_to(header.tenant_id):
        raise PlanRefused(
            f"This run belongs to tenant {header.tenant_id}, and you are signing in to {access.tenant_id}.",
            hint="Set AZURE_TENANT_ID (or --tenant) and the app's credentials to the tenant of the run.",
        )
    for damage in seen.damage:
        observer.warn(damage)
    return asyncio.run(_verify(seen, access, sending, clock, observer))


async def _verify(
    seen: JournalGlance, access: Access, sending: SendingSettings, clock: Clock, observer: Observer
) -> Verification:
    rows = {
        str(row.number): (row, row.issued.access_pass)
        for row in seen.state.rows.values()
        if row.phase is RowPhase.ISSUED and row.issued is not None
    }
    targets = {number: row.object_id or row.user for number, (row, _) in rows.items()}
    held = {number: access_pass for number, (_, access_pass) in rows.items()}
    service_clock = access.service_clock
    async with access.client(sending) as client:
        sender = make_sender(access, client, service_clock, observer)
        tools = ReadTools(sender, clock, service_clock, observer, pacing_limits(sending), jitter)
        findings = await _find(targets, held, tools)
    passes = [
        VerifiedPass(row.user, row.object_id, access_pass, findings[number])
        for number, (row, access_pass) in rows.items()
    ]
    return Verification(service_clock.now(), passes, so_far=not seen.state.closed)


async def _find(targets: Mapping[str, str], held: Mapping[str, AccessPass], tools: ReadTools) -> dict[str, Finding]:
    """Judge every pass; one that lists do not show yet is looked for again."""
    tools.observer.phase("asking about passes", len(targets))
    findings = await _judged(targets, held, tools)
    for seconds in _LOOK_AGAIN:
        missing = {n: targets[n] for n, found in findings.items() if _may_lag(held[n], found, tools)}
        if not missing:
            break
        await tools.clock.sleep(seconds)
        tools.observer.phase("looking again for passes", len(missing))
        findings |= await _judged(missing, held, tools)
    return findings


def _may_lag(held: AccessPass, finding: Finding, tools: ReadTools) -> bool:
    if finding.state is not PassState.GONE:
        return False
    return held.created_at is None or tools.service_clock.now() - held.created_at < LAG


async def _judged(targets: Mapping[str, str], held: Mapping[str, AccessPass], tools: ReadTools) -> dict[str, Finding]:
    if not targets:
        return {}
    listed = await _list(targets, tools)
    if all(isinstance(verdict, ListRefused) and verdict.status == 403 for verdict in listed.values()):
        raise NotPermitted(
            "The app may not list Temporary Access Passes, so nothing can be said about those of this run.",
            hint="Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run the command again.",
        )
    now = tools.service_clock.now()
    return {number: _finding(held[number], verdict, now) for number, verdict in listed.items()}


async def _list(targets: Mapping[str, str], tools: ReadTools) -> dict[str, Listed | ListRefused]:
    def make_step(step_id: str, number: str) -> BatchStep:
        return list_step(step_id, targets[number])

    def judge(number: str, response: StepResponse) -> Listed | ListRefused | ListRetry:
        return judge_list(response, targets[number], tools.service_clock.now())

    def give_up(number: str, cause: str, times: int) -> Listed | ListRefused:
        return ListRefused(service_failed(targets[number], cause, times), 0)

    question = Question[Listed | ListRefused](make_step, judge, give_up)
    reachability = Reachability(tools.clock, tools.observer)
    async with Reading(tools, question, reachability, len(targets)) as reading:
        return dict(await reading.read(list(targets)))


def _finding(held: AccessPass, verdict: Listed | ListRefused, now: datetime) -> Finding:
    if isinstance(verdict, Listed):
        return judge_pass(held, verdict.passes, now)
    state = PassState.GONE if verdict.status == 404 else PassState.UNREADABLE
    return Finding(state, verdict.error.message.rstrip("."))
