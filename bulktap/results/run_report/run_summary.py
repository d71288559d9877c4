"""run.json: what a run did, in numbers; no secrets, and nobody of the roster."""

from __future__ import annotations

import json
import platform
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bulktap.model.row_phases import RowPhase
from bulktap.model.utc_times import utc_text
from bulktap.results.comparison import to_compare
from bulktap.results.output import Output
from bulktap.results.run_report import SUMMARY_SCHEMA
from bulktap.storage.run_folder import SUMMARY_NAME
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.run_state import ProcessSpan
    from bulktap.results.run_view import RunView


def run_summary(view: RunView) -> bytes:
    """Return run.json."""
    plan, state, facts, times = view.plan, view.state, view.facts, view.times
    tenant, roster = plan.tenant, plan.roster
    members: dict[str, Any] = {
        "schema": SUMMARY_SCHEMA,
        "run": plan.run,
        "folder": facts.folder,
        "tenant": {
            "id": tenant.tenant_id,
            "name": tenant.name,
            "cloud": tenant.cloud,
            "simulated": tenant.simulated,
        },
        "roster": {"file": roster.file, "sheet": roster.sheet, "sha256": roster.sha256, "rows": roster.row_count},
        "plan_digest": view.digest,
        "operator": facts.operator,
        "counts": view.counts,
        "closed": state.closed,
        "passes": {
            "rows": len(state.rows),
            "issued": sum(row.phase is RowPhase.ISSUED for row in state.rows.values()),
            "open": sum(not row.phase.settled for row in state.rows.values()),
            "live_until": utc_text(state.live_until),
        },
        # Left out where nobody wished it.
        **({} if (forget_at := _forget_at(view)) is None else {"forget_at": utc_text(forget_at)}),
        "to_compare": 0 if state.closed else len(to_compare(state)),
        "unusable": len(view.unusable),
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


def _forget_at(view: RunView) -> datetime | None:
    """Return when the run is to be forgotten: so long after it ended, or after its last pass began to work."""
    minutes = view.plan.settings.forget_after_minutes
    if minutes is None or view.times.finished_at is None:
        return None
    passes = [row.issued.access_pass.starts_at for row in view.state.rows.values() if row.issued]
    return max([view.times.finished_at, *(start for start in passes if start is not None)]) + timedelta(minutes=minutes)


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


RUN_SUMMARY: Output[RunView] = Output(SUMMARY_NAME, run_summary)
"""run.json: counts and times for programs."""
