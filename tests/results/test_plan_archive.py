"""The archived plan is the plan."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PassPolicy, PassRequest, PolicyState, UserRef
from bulktap.model.plan import (
    Action,
    Field,
    Forecast,
    NameCheck,
    Plan,
    PlanRow,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    RosterRow,
    TenantInfo,
)
from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.results.plan_file.plan_archive import plan_from_archive, plan_to_archive
from bulktap.results.plan_file.plan_json import plan_digest, plan_to_json
from bulktap.results.plan_file.plan_parser import plan_from_json

if TYPE_CHECKING:
    from bulktap.model.run_state import RunState

texts = st.text(st.characters(codec=None), max_size=12)
maybe = st.none() | texts
counts = st.integers(0, 10**6)
moments = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - bounds; the zone is added. Of the year 1 there is no UTC everywhere
    datetime(9000, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]),
)
cell_values = st.one_of(
    st.none(), texts, st.integers(), st.floats(allow_nan=False), st.booleans(), st.datetimes(), st.dates(), st.times()
)
row_errors = st.builds(RowError, st.sampled_from(RowErrorCode), texts, texts, maybe, st.sampled_from(Severity))
terms = st.builds(PassTerms, st.none() | moments, st.none() | counts, st.none() | st.booleans())
requests = st.builds(
    PassRequest,
    st.builds(UserRef, texts),
    terms,
)
roster_rows = st.builds(RosterRow, texts, maybe, counts, st.lists(cell_values, max_size=4).map(tuple))
plan_rows = st.builds(
    PlanRow,
    number=counts,
    source=roster_rows,
    action=st.sampled_from([action for action in Action if action is not Action.MERGE]),
    request=st.none() | requests,
    object_id=maybe,
    upn=maybe,
    display_name=maybe,
    group=maybe,
    existing_pass_id=maybe,
    listed_at=st.none() | moments,
    merged_into=st.none(),
    merged_rows=st.lists(counts, max_size=3).map(tuple),
    problems=st.lists(row_errors, max_size=2).map(tuple),
    name_check=st.none() | st.sampled_from(NameCheck),
)
plans = st.builds(
    Plan,
    run=texts,
    created_at=moments,
    expires_at=moments,
    tenant=st.builds(TenantInfo, texts, maybe, texts, st.booleans()),
    roster=st.builds(RosterInfo, texts, maybe, texts, counts, st.lists(texts, max_size=2).map(tuple)),
    columns=st.builds(
        RosterColumns,
        st.just(("a", "b", "c")),
        st.dictionaries(st.sampled_from(Field), st.lists(st.integers(0, 2), max_size=3).map(tuple)),
    ),
    settings=st.builds(
        PlanSettings,
        texts,
        texts,
        terms,
        st.booleans(),
        st.booleans(),
    ),
    rows=st.lists(plan_rows, max_size=3).map(tuple),
    policy=st.none()
    | st.builds(PassPolicy, st.sampled_from(PolicyState), counts, counts, counts, counts, st.booleans()),
    forecast=st.none() | st.builds(Forecast, counts, st.floats(0, 1e6), st.floats(0, 1e6), texts),
    notes=st.lists(texts, max_size=2).map(tuple),
)


def typed(plan: Plan) -> list[list[type[Any]]]:
    """Return the types of the cells: 1, 1.0 and True are equal."""
    return [[type(cell) for cell in row.source.cells] for row in plan.rows]


@given(plans)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_plan_comes_back_whole(plan: Plan) -> None:
    """Values and the types of cells, moments with their zones, and the digest."""
    back = plan_from_archive(plan_to_archive(plan))

    assert back == plan
    assert typed(back) == typed(plan)
    assert plan_digest(back) == plan_digest(plan)


def test_verdicts_about_names_come_back(every_kind: tuple[Plan, RunState]) -> None:
    """From the archive, and from plan.json, whose digest stays the same; a row without a verdict has none."""
    plan = every_kind[0]

    from_file = plan_from_json(plan_to_json(plan), [row.source for row in plan.rows])

    checks = [row.name_check for row in plan.rows]
    assert checks[:4] == [NameCheck.AGREES, NameCheck.DIFFERS, NameCheck.UNKNOWN, None]
    assert [row.name_check for row in plan_from_archive(plan_to_archive(plan)).rows] == checks
    assert [row.name_check for row in from_file.rows] == checks
    assert plan_digest(from_file) == plan_digest(plan)


def test_merged_rows_come_back(every_kind: tuple[Plan, RunState]) -> None:
    """Who shares whose pass is kept in both directions."""
    plan = every_kind[0]

    assert plan_from_archive(plan_to_archive(plan)) == plan


def test_an_archive_of_a_newer_version_is_refused(every_kind: tuple[Plan, RunState]) -> None:
    """It is not half understood."""
    members = json.loads(zlib.decompress(plan_to_archive(every_kind[0])))
    newer = zlib.compress(json.dumps(members | {"archive": 3}).encode())

    with pytest.raises(ValueError, match="another version"):
        plan_from_archive(newer)
