"""Plans for a few of many rows: only those are looked up who are needed, and the plan is as if all had been."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import Program, live_digests

from bulktap.simulator.access_passes import PassOrder
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

PUPILS = tuple(f"pupil{number:03d}@contoso.com" for number in range(1, 201))


@pytest.fixture
def tenant() -> Tenant:
    """A tenant with two hundred pupils."""
    return seed_tenant([SeedUser(upn=user, display_name=user.partition("@")[0].title()) for user in PUPILS])


def _rows(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((folder / "plan.json").read_bytes())["rows"]
    return rows


def _hold_passes(tenant: Tenant, users: tuple[str, ...]) -> None:
    for upn in users:
        user = tenant.find(upn)
        assert user is not None
        tenant.put_pass(user, PassOrder(lifetime_minutes=480), created_at=tenant.clock())


@pytest.mark.parametrize(
    ("gone", "holding", "wishes", "listed"),
    [
        (0, 0, (), 20),
        (3, 0, (), 17),
        (0, 18, (), 40),
        (10, 40, (), 70),
        (0, 30, ("--existing", "replace"), 20),
        (0, 0, ("--except", "2-101"), 20),
        (0, 0, ("--deny", "pupil00*"), 20),
        (0, 0, ("--deny", "00000000-0000-4000-8000-000000000000"), 20),
    ],
)
def test_five_of_two_hundred(
    connected: Program,
    service: EmbeddedSimulator,
    tenant: Tenant,
    gone: int,
    holding: int,
    wishes: tuple[str, ...],
    listed: int,
) -> None:
    """The first five who can have one get a pass; of the others nobody is asked for more than it took to find them."""
    for upn in PUPILS[:gone]:
        user = tenant.find(upn)
        assert user is not None
        tenant.remove_user(user)
    _hold_passes(tenant, PUPILS[gone : gone + holding])
    before = set(live_digests(service))
    roster = connected.roster([["User"], *([user] for user in PUPILS)])

    done = connected("plan", roster, "--limit", "5", *wishes, "--json", code=None)

    rows = _rows(done.folder)
    creating = [row["user"] for row in rows if row["action"] in {"issue", "replace"}]
    assert len(creating) == 5
    assert len(service.truth()["listings"]) == listed
    cut = [row for row in rows if any("--limit 5" in problem["message"] for problem in row["problems"])]
    assert {row["action"] for row in cut} == {"skip"}
    assert len(rows) == 200
    assert {row["action"] for row in rows} <= {"issue", "replace", "skip", "refuse"}
    refused = [row["user"] for row in rows if row["action"] == "refuse"]
    assert set(refused) <= set(PUPILS[:gone]) | {f"pupil{number:03d}@contoso.com" for number in range(1, 10)}
    assert set(live_digests(service)) == before


def test_the_plan_is_carried_out_as_it_was_signed(connected: Program, service: EmbeddedSimulator) -> None:
    """Planned twice it is the same, and five passes are issued."""
    roster = connected.roster([["User"], *([user] for user in PUPILS)])
    first = connected("plan", roster, "--limit", "5", "--json")
    second = connected("plan", roster, "--limit", "5", "--json")
    assert [row["action"] for row in _rows(first.folder)] == [row["action"] for row in _rows(second.folder)]
    done = connected("apply", first.folder, "--yes", "--json")
    assert done.json["counts"]["issued"] == 5
    assert set(live_digests(service)) == set(PUPILS[:5])


def test_rows_of_one_person_far_apart_are_still_one_pass(connected: Program, service: EmbeddedSimulator) -> None:
    """The last row names the first one's person: merged, as without a limit."""
    roster = connected.roster([["User"], *([user] for user in (*PUPILS, PUPILS[0]))])
    done = connected("apply", roster, "--limit", "5", "--yes", "--json")
    assert done.json["counts"]["issued"] == 5
    assert _rows(done.folder)[200]["merged_into"] == 2
    assert set(live_digests(service)) == set(PUPILS[:5])
