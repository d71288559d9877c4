"""run.json."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bulktap.results.comparison import AsOf
from bulktap.results.plan_file.plan_json import plan_digest
from bulktap.results.row_results import run_counts
from bulktap.results.run_facts import RunFacts
from bulktap.results.run_report.run_summary import recorded_head, run_summary
from bulktap.results.run_view import RunView

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState


@pytest.fixture
def facts(build: ModuleType) -> RunFacts:
    """What the command knows."""
    started = build.ISSUED_AT
    return RunFacts(
        folder=build.RUN,
        operator="admin@contoso.com",
        bulktap_version="0.1.0",
        started_at=started,
        finished_at=started + timedelta(seconds=61.5),
        exit_code=3,
        throttled_steps=7,
        journal_records=42,
        as_of=AsOf(started + timedelta(seconds=61.5)),
    )


def test_run_json_says_what_the_run_did(every_kind: tuple[Plan, RunState], facts: RunFacts) -> None:
    """Run, tenant, counts, times, versions, digest and the journal's head count."""
    plan, state = every_kind
    said = json.loads(run_summary(RunView(plan, state, facts=facts)))

    assert said["tenant"]["name"] == "Contoso School"
    assert said["counts"] == run_counts(plan, state)
    assert (said["run"], said["folder"], said["plan_digest"]) == (plan.run, plan.run, plan_digest(plan))
    assert (said["seconds"], said["exit_code"], said["throttled_steps"], said["closed"]) == (61.5, 3, 7, False)
    assert said["started"] == "2035-08-30T14:12:07.943817Z"
    assert (said["journal_records"], said["versions"]["bulktap"]) == (42, "0.1.0")


def test_run_json_holds_no_passcode_and_nobody(every_kind: tuple[Plan, RunState], facts: RunFacts) -> None:
    """Neither a passcode nor a user of the roster is in it."""
    text = run_summary(RunView(*every_kind, facts=facts)).decode()

    assert "xyz" not in text
    assert "ann@contoso.com" not in text


def test_the_head_count_is_read_back(every_kind: tuple[Plan, RunState], facts: RunFacts) -> None:
    """A journal with fewer records than this is an older copy."""
    assert recorded_head(run_summary(RunView(*every_kind, facts=facts))) == 42


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"{}", b'{"journal_records": null}', b'{"journal_records": "5"}', b"\xff\xfe", b"[" * 9_999],
)
def test_a_damaged_run_json_locks_nothing(data: bytes) -> None:
    """What names no head count asks for none."""
    assert recorded_head(data) is None
