"""Earlier doubts: users for whom a finished run has sent requests whose answers were lost, and who come again.

A pass that such a request made, or makes yet, is ours although nobody has its passcode. So a new run takes the requests
over into its own journal, before anything is sent, and the doubt rule judges them there as if it had sent them itself:
it waits until they can have no effect any more, knows a pass of theirs by its moment and its terms, and issues another
in its place. Whom a later run has served is in no doubt any more, and then the earlier run says so.

Journals are read without a passphrase, and only those of runs whose summary does not rule a doubt out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bulktap.model.earlier_doubts import EarlierDoubt
from bulktap.model.errors import BulktapError
from bulktap.model.row_error_catalogue import about_earlier_runs
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Doubted, Noted, Sent
from bulktap.operations.handed_back import SUMMARY_BYTES
from bulktap.storage import read_if_sound
from bulktap.storage.run_folder import all_runs
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bulktap.dispatch.doubt_times import DoubtTimes
    from bulktap.journal import JournalGlance
    from bulktap.model.plan import Plan, TenantFindings, UserFinding
    from bulktap.model.run_events import Event
    from bulktap.model.run_state import RowState, RunState
    from bulktap.storage.run_folder import RunFolder

_LONGEST_LIFETIME: Final = 43_200
"""Minutes; what a request may have been given that asked for the tenant's default."""
_AT_MOST: Final = timedelta(hours=1)
"""How long after it was sent a request may have its effect, whatever its run was told to wait."""


def earlier_doubts(
    places: Iterable[Path], tenant_id: str, now: datetime, *, own: RunFolder
) -> Mapping[str, EarlierDoubt]:
    """Return whom finished runs have left in doubt and nobody has served since, by object id and roster's text, folded.

    Args:
        places: the folders whose runs are looked at.
        tenant_id: runs of other tenants do not count.
        now: the service's time; a request whose pass would be over leaves no doubt.
        own: the run that asks.
    """
    runs = _Runs(own, tenant_id)
    folders = sorted({one for place in places for one in _runs_in(place)} - {own}, key=lambda one: one.run)
    found: dict[str, EarlierDoubt] = {}
    for folder in folders:
        if _may_leave_doubts(folder) and (seen := runs.glance(folder)) is not None and _is_over(seen):
            for row, attempts in _doubts(seen.state, now):
                for name in _names(row):
                    before = found[name].attempts if name in found else ()
                    known = {one.request_id for one in before}
                    more = [one for one in attempts if one.request_id not in known]
                    found[name] = EarlierDoubt(folder.run, (*before, *more))
    if found:
        _drop_served(found, folders, runs)
    return found


def with_doubts(findings: TenantFindings, doubts: Mapping[str, EarlierDoubt], times: DoubtTimes) -> TenantFindings:
    """Return the findings with what earlier runs left open about their users."""
    if not doubts:
        return findings
    default = findings.policy.default_lifetime_minutes if findings.policy else None
    users = {folded: _with_doubt(folded, one, doubts, times, default) for folded, one in findings.users.items()}
    return replace(findings, users=users)


def requests_taken_over(plan: Plan, doubts: Mapping[str, EarlierDoubt]) -> list[Event]:
    """Return what a new journal records first: the requests of earlier runs for those whom its plan issues to."""
    events: list[Event] = []
    for row in plan.creating() if doubts else ():
        names = (row.object_id, row.request.user.text if row.request else None, row.upn)
        doubt = _of(doubts, names)
        if doubt is None:
            continue
        for attempt in doubt.attempts:
            events.append(replace(attempt, row=row.number))
            events.append(Doubted(row.number, f"sent by the run {doubt.run}, which has no answer to it"))
        events.append(Noted(row.number, about_earlier_runs.takes_over(doubt.run)))
    return events


def with_doubts_settled(state: RunState, folder: RunFolder) -> RunState:
    """Return the state of a finished run without the doubts that later runs of the same folder have settled."""
    open_rows = {number: row for number, row in state.rows.items() if _is_doubt(row)} if state.closed else {}
    if not open_rows:
        return state
    runs, rows = _Runs(folder, state.tenant_id), dict(state.rows)
    for later in _runs_in(folder.path.parent):
        if later.path == folder.path or not open_rows or later.run[:10] < folder.run[:10]:
            continue
        seen = runs.glance(later)
        served = {} if seen is None else _served(seen.state)
        for number, row in list(open_rows.items()):
            since = max((served[name] for name in _names(row) if name in served), default=None)
            if since is not None and since > _last_sent(row):
                error = about_earlier_runs.settled_by_later_run(later.run)
                rows[number] = replace(row, phase=RowPhase.SKIPPED, error=error)
                del open_rows[number]
    return replace(state, rows=rows)


class _Runs:
    """Looks into the journals of a tenant's runs, into each once."""

    def __init__(self, own: RunFolder, tenant_id: str) -> None:
        self._own = own
        self._tenant_id = tenant_id.casefold()
        self._seen: dict[Path, JournalGlance | None] = {}

    def glance(self, folder: RunFolder) -> JournalGlance | None:
        """Return what a journal says in clear; None where it is another tenant's, or cannot be read."""
        if folder.path not in self._seen:
            self._seen[folder.path] = self._glance(folder)
        return self._seen[folder.path]

    def _glance(self, folder: RunFolder) -> JournalGlance | None:
        from bulktap.journal import glance

        try:
            seen = glance(folder.journal) if folder.journal.exists() else None
        except (BulktapError, OSError):
            return None  # whether such a run stands in the way is asked before anything is issued
        if seen is None or seen.header.tenant_id.casefold() != self._tenant_id:
            return None
        # Rehearsals of different rosters have pretend tenants of their own, whatever these are called.
        elsewhere = self._own.simulated_tenant != folder.simulated_tenant
        rehearsed = seen.header.rehearsal or self._own.simulated_tenant.exists()
        return None if rehearsed and elsewhere else seen


def _runs_in(place: Path) -> list[RunFolder]:
    try:
        return all_runs(place)
    except OSError:
        return []


def _may_leave_doubts(folder: RunFolder) -> bool:
    """Return whether a run may have rows in doubt, or refused ones with a request that was lost before."""
    summary = json_object(read_if_sound(folder.summary, at_most=SUMMARY_BYTES) or b"") or {}
    counts = summary.get("counts")
    if summary.get("closed") is not True or not isinstance(counts, dict):
        return True
    return any(counts.get(name) != 0 for name in ("in_doubt", "refused", "invalid"))


def _is_over(seen: JournalGlance) -> bool:
    """Return whether nobody is going to finish the run; another one settles its own doubts."""
    return seen.state.closed or seen.header.forgotten_at is not None


def _is_doubt(row: RowState) -> bool:
    return row.phase is RowPhase.IN_DOUBT or (row.phase in {RowPhase.REFUSED, RowPhase.SENT} and row.unconfirmed)


def _doubts(state: RunState, now: datetime) -> Iterator[tuple[RowState, list[Sent]]]:
    for row in state.rows.values():
        attempts = [one for one in row.open_attempts if _may_matter(one, now)] if _is_doubt(row) else []
        if attempts:
            yield row, attempts


def _may_matter(attempt: Sent, now: datetime) -> bool:
    """Return whether a pass that the request made could still be live."""
    starts_at = max(attempt.sent_at + _AT_MOST, attempt.terms.starts_at or attempt.sent_at)
    return starts_at + timedelta(minutes=attempt.terms.lifetime_minutes or _LONGEST_LIFETIME) > now


def _drop_served(found: dict[str, EarlierDoubt], folders: Iterable[RunFolder], runs: _Runs) -> None:
    """Leave away whom a run has given a pass since: it has taken the place of whatever was lost before."""
    from bulktap.dispatch.doubt_rule import CLOCK_TOLERANCE

    oldest = min(attempt.sent_at for doubt in found.values() for attempt in doubt.attempts) - CLOCK_TOLERANCE
    for folder in folders:
        if not _written_since(folder, oldest) or (seen := runs.glance(folder)) is None:
            continue
        for name, made in _served(seen.state).items():
            if name in found and made > max(one.sent_at for one in found[name].attempts):
                del found[name]


def _written_since(folder: RunFolder, moment: datetime) -> bool:
    try:
        return folder.journal.stat().st_mtime >= moment.timestamp() - timedelta(days=1).total_seconds()
    except OSError:
        return False


def _served(state: RunState) -> dict[str, datetime]:
    """Return whom a run has given a pass, and when, as far as it is known."""
    return {
        name: row.issued.access_pass.created_at or _last_sent(row)
        for row in state.rows.values()
        if row.phase is RowPhase.ISSUED and row.issued is not None
        for name in _names(row)
    }


def _last_sent(row: RowState) -> datetime:
    return max((one.sent_at for one in row.attempts), default=datetime.min.replace(tzinfo=UTC))


def _names(row: RowState) -> list[str]:
    return [name.casefold() for name in dict.fromkeys((row.object_id, row.user)) if name]


def _of(doubts: Mapping[str, EarlierDoubt], names: Iterable[str | None]) -> EarlierDoubt | None:
    return next((doubts[name.casefold()] for name in names if name and name.casefold() in doubts), None)


def _with_doubt(
    folded: str, finding: UserFinding, doubts: Mapping[str, EarlierDoubt], times: DoubtTimes, default: int | None
) -> UserFinding:
    doubt = _of(doubts, (finding.object_id, folded, finding.upn))
    if doubt is None or finding.error is not None:
        return finding
    from bulktap.dispatch.doubt_rule import made_by

    live = finding.live_pass
    made = live is not None and any(made_by(one, live, times, default) for one in doubt.attempts)
    return replace(finding, doubt=replace(doubt, has_made=made))
