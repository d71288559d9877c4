"""run.json: what a run did, in numbers; no secrets, and nobody of the roster."""

from __future__ import annotations

import json
import platform
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bulktap.results.comparison import to_compare
from bulktap.results.plan_file.plan_json import plan_digest, utc_text
from bulktap.results.row_results import run_counts, unusable_rows
from bulktap.results.run_report.run_times import run_times
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import ProcessSpan, RunState
    from bulktap.results.comparison import AsOf

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
    exit_code: int | None
    """None as long as the process has not ended."""
    throttled_steps: int
    """Steps that the service throttled since the command began."""
    journal_records: int | None
    """The journal's head count when the last workbook was written, by this command or an earlier one; None before
    there is one. A journal with fewer records is an older copy of itself."""
    as_of: AsOf
    """The moment for which this is written."""


def run_summary(plan: Plan, state: RunState, facts: RunFacts) -> bytes:
    """Return run.json."""
    tenant, roster = plan.tenant, plan.roster
    times = run_times(state, facts)
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
        "to_compare": 0 if state.closed else len(to_compare(state)),
        "unusable": len(unusable_rows(plan, state)),
        "started": utc_text(times.started_at),
        "finished": times.finished_at and utc_text(times.finished_at),
        "seconds": round(times.seconds, 3),
        "throttled_steps": times.throttled_steps,
        "processes": [_process(span) for span in times.processes],
        "exit_code": facts.exit_code,
        "journal_records": facts.journal_records,
        "versions": {
            "bulktap": facts.bulktap_version,
            "python": platform.python_version(),
            "platform": sys.platform,
        },
    }
    return json.dumps(members, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def _process(span: ProcessSpan) -> dict[str, Any]:
    return {
        "process": span.process,
        "began": span.began and utc_text(span.began),
        "ended": span.ended and utc_text(span.ended),
        "how": span.how,
        "seconds": round(span.seconds, 3),
        "throttled_steps": span.throttled,
    }


def recorded_head(data: bytes) -> int | None:
    """Return the journal's head count that a run.json names; None where it names none, or cannot be read.

    A run.json that was lost or damaged must not lock a sound journal.
    """
    members = json_object(data) or {}
    count = members.get("journal_records")
    return count if isinstance(count, int) and not isinstance(count, bool) else None
