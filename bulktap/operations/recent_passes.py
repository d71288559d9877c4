"""Passes that were issued a moment ago: a list may lag behind them by a minute or more, so the journals are asked too.

Whoever was given a pass by a run of this tenant within the last quarter of an hour holds it, whatever the list says.
The journals are read without a passphrase, and of a damaged one what can be read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bulktap.model.errors import BulktapError
from bulktap.model.row_phases import RowPhase
from bulktap.storage.run_folder import all_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import TenantFindings, UserFinding
    from bulktap.model.run_state import RowState
    from bulktap.storage.run_folder import RunFolder

_LAG = timedelta(minutes=15)
_NOT_WRITTEN_SINCE = timedelta(days=1)
"""A journal whose file is older than that holds no such pass, however wrong the clocks of both computers are."""


def recent_passes(
    places: Iterable[Path], tenant_id: str, now: datetime, *, own: RunFolder | None = None
) -> Mapping[str, AccessPass]:
    """Return who was given a pass less than a quarter of an hour ago, by object id and by the roster's text, folded.

    Args:
        places: the folders whose runs are looked at.
        tenant_id: runs of other tenants do not count.
        now: the service's time.
        own: a run that knows its own passes already.
    """
    found: dict[str, AccessPass] = {}
    for folder in (run for place in places for run in all_runs(place)):
        if (own is not None and folder.path == own.path) or not _written_lately(folder, now):
            continue
        if own is not None and own.simulated_tenant.exists() and folder.simulated_tenant != own.simulated_tenant:
            continue
        for row, issued in _issued(folder, tenant_id, now, own):
            for name in {row.object_id, row.user} - {None, ""}:
                key = str(name).casefold()
                if key not in found or _made(found[key]) < _made(issued):
                    found[key] = issued
    return found


def with_recent(findings: TenantFindings, recent: Mapping[str, AccessPass]) -> TenantFindings:
    """Return the findings with the passes that the lists do not show yet."""
    if not recent:
        return findings
    users = {folded: _with_recent(folded, finding, recent) for folded, finding in findings.users.items()}
    return replace(findings, users=users)


def _with_recent(folded: str, finding: UserFinding, recent: Mapping[str, AccessPass]) -> UserFinding:
    names = (finding.object_id, folded, finding.upn)
    held = next((recent[name.casefold()] for name in names if name and name.casefold() in recent), None)
    if held is None or finding.error is not None:
        return finding
    listed = finding.live_pass
    if listed is not None and listed.created_at is not None and listed.created_at >= _made(held):
        return finding
    return replace(finding, live_pass=held)


def _written_lately(folder: RunFolder, now: datetime) -> bool:
    try:
        return folder.journal.stat().st_mtime > (now - _NOT_WRITTEN_SINCE).timestamp()
    except OSError:
        return False


def _issued(
    folder: RunFolder, tenant_id: str, now: datetime, own: RunFolder | None
) -> Iterator[tuple[RowState, AccessPass]]:
    """Yield the rows of a run that were issued lately, with their passes; the moment of each is known."""
    from bulktap.journal import glance

    try:
        seen = glance(folder.journal)
    except BulktapError:
        return
    # Rehearsals of different rosters have pretend tenants of their own, whatever these are called.
    elsewhere = seen.header.rehearsal and (own is None or own.simulated_tenant != folder.simulated_tenant)
    if seen.header.tenant_id.casefold() != tenant_id.casefold() or elsewhere:
        return
    for row in seen.state.rows.values():
        if row.phase is not RowPhase.ISSUED or row.issued is None:
            continue
        issued = row.issued.access_pass
        if issued.created_at is None and row.attempts:
            issued = replace(issued, created_at=row.attempts[-1].sent_at)
        if issued.created_at is not None and abs(now - issued.created_at) < _LAG and issued.is_live(now):
            yield row, issued


def _made(access_pass: AccessPass) -> datetime:
    return access_pass.created_at or datetime.min.replace(tzinfo=UTC)
