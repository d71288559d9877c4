"""Whom of a plan an earlier, finished run has given a pass: worth knowing before the same people are issued again.

Told from run.json and plan.json, not from the journals: hundreds of runs cost little. Nothing depends on it; who holds
a pass that works is asked of the tenant.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bulktap.model.errors import BulktapError
from bulktap.model.plan_review import EarlierRun
from bulktap.model.row_phases import RowPhase
from bulktap.operations.handed_back import SUMMARY_BYTES
from bulktap.storage import MEGABYTE, read_if_sound
from bulktap.storage.run_folder import newest_runs
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

    from bulktap.model.plan import Plan
    from bulktap.storage.run_folder import RunFolder

_PLAN_BYTES: Final = 80 * MEGABYTE
_ALL_BYTES: Final = 200 * MEGABYTE
"""Bytes of earlier plans that are read; runs beyond them are passed over, the oldest first."""
_CREATING = re.compile(rb'"object_id":\s*(?:null|"([^"\\]*)"),\s*"action":\s*"(?:issue|replace)"')


def served_before(plan: Plan, own: RunFolder, places: Iterable[Path]) -> tuple[EarlierRun, ...]:
    """Return the finished runs that gave people of a plan their passes, the newest first; each person counts once.

    Args:
        plan: what is about to be carried out.
        own: its folder.
        places: the folders whose runs are looked at.
    """
    wanted = {row.object_id.casefold() for row in plan.creating() if row.object_id}
    found: list[EarlierRun] = []
    left = _ALL_BYTES
    for folder in _others(own, places):
        if not wanted or left <= 0:
            break
        summary = json_object(read_if_sound(folder.summary, at_most=SUMMARY_BYTES) or b"") or {}
        if summary.get("closed") is not True or not _same_tenant(plan, own, folder, summary):
            continue
        users, size = _served(folder, summary)
        left -= size
        if shared := wanted & users:
            found.append(EarlierRun(folder.run, folder.name, len(shared), _began(summary)))
            wanted -= shared
    return tuple(found)


def _others(own: RunFolder, places: Iterable[Path]) -> Iterable[RunFolder]:
    for place in places:
        try:
            yield from (run for run in newest_runs(place) if run.path != own.path)
        except OSError:  # what only informs stops nobody
            continue


def _same_tenant(plan: Plan, own: RunFolder, folder: RunFolder, summary: dict[str, Any]) -> bool:
    tenant = summary.get("tenant")
    if not isinstance(tenant, dict) or str(tenant.get("id")).casefold() != plan.tenant.tenant_id.casefold():
        return False
    # Rehearsals of different rosters have pretend tenants of their own, whatever these are called.
    return not plan.tenant.rehearsal or own.simulated_tenant == folder.simulated_tenant


def _served(folder: RunFolder, summary: dict[str, Any]) -> tuple[set[str], int]:
    """Return the object ids that got a pass, folded, and how many bytes were read for it."""
    passes = summary.get("passes")
    counts = (passes.get("rows"), passes.get("issued")) if isinstance(passes, dict) else (None, -1)
    if counts[1] == 0:
        return set(), 0
    content = read_if_sound(folder.plan, at_most=_PLAN_BYTES) or b""
    planned = [user.decode("utf-8", "replace").casefold() for user in _CREATING.findall(content)]
    if counts == (len(planned), len(planned)) and all(planned):
        return set(planned), len(content)
    return _recorded(folder), len(content) + _size(folder)


def _recorded(folder: RunFolder) -> set[str]:
    """Return the same from the journal, of a run in which not every planned pass was issued."""
    from bulktap.journal import glance

    try:
        rows = glance(folder.journal).state.rows.values()
    except (BulktapError, OSError):
        return set()
    return {row.object_id.casefold() for row in rows if row.phase is RowPhase.ISSUED and row.object_id}


def _size(folder: RunFolder) -> int:
    try:
        return folder.journal.stat().st_size
    except OSError:
        return 0


def _began(summary: dict[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(summary.get("started")))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
