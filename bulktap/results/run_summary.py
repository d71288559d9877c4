"""run.json: what a run did, in numbers; no secrets, and nobody of the roster."""

from __future__ import annotations

import json
import platform
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bulktap.results.plan_json import plan_digest, utc_text
from bulktap.results.tally import run_counts

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.plan import Plan
    from bulktap.run_state import RunState

SCHEMA = 1
"""Version of run.json's shape."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What only the command knows about a run."""

    folder: str
    """Name of the run's folder."""
    operator: str
    """Who ran it."""
    bulktap_version: str
    started_at: datetime
    """When this command began."""
    finished_at: datetime
    exit_code: int
    throttled_steps: int
    """Steps that were answered 429 or 503 since the command began."""
    journal_records: int | None
    """The journal's head count when the last workbook was written, by this command or an earlier one; None before
    there is one. A journal with fewer records is an older copy of itself."""


def run_summary(plan: Plan, state: RunState, facts: RunFacts) -> bytes:
    """Return run.json."""
    tenant, roster = plan.tenant, plan.roster
    members: dict[str, Any] = {
        "schema": SCHEMA,
        "run": plan.run,
        "folder": facts.folder,
        "tenant": {
            "id": tenant.tenant_id,
            "name": tenant.name,
            "cloud": tenant.cloud,
            "simulated": tenant.simulated,
        },
        "roster": {"file": roster.file, "sheet": roster.sheet, "sha256": roster.sha256, "rows": roster.row_count},
        "plan_digest": plan_digest(plan),
        "operator": facts.operator,
        "counts": run_counts(plan, state),
        "closed": state.closed,
        "started": utc_text(facts.started_at),
        "finished": utc_text(facts.finished_at),
        "seconds": round((facts.finished_at - facts.started_at).total_seconds(), 3),
        "throttled_steps": facts.throttled_steps,
        "exit_code": facts.exit_code,
        "journal_records": facts.journal_records,
        "versions": {
            "bulktap": facts.bulktap_version,
            "python": platform.python_version(),
            "platform": sys.platform,
        },
    }
    return json.dumps(members, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def recorded_head(data: bytes) -> int | None:
    """Return the journal's head count that a run.json names; None where it names none, or cannot be read.

    A run.json that was lost or damaged must not lock a sound journal.
    """
    try:
        members = json.loads(data)
    except (ValueError, RecursionError):
        return None
    count = members.get("journal_records") if isinstance(members, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) else None
