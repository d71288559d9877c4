"""A policy that becomes stricter while a small run is under way: the run pauses, and `resume` finishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from whole_run import USERS, Program, digest, environment_of, live_digests, sheet

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions

if TYPE_CHECKING:
    from bulktap.simulator.tenant import Tenant


@pytest.mark.parametrize(("rows", "served"), [(2, 1), (5, 2), (12, 11)])
@pytest.mark.parametrize(
    ("change", "says"),
    [("policy-off=1", "switched off"), ("maximum-lifetime=60", "480 minutes is outside what this tenant allows")],
)
def test_a_small_run_pauses_as_a_large_one_does(
    tenant: Tenant, program: Program, change: str, says: str, rows: int, served: int
) -> None:
    """Exit 6, and nobody's row has failed; when the policy is mended, everybody who was left gets their pass."""
    before = tenant.policy

    def mend() -> None:
        tenant.policy = before

    with EmbeddedSimulator(tenant, SimulatorOptions(weather=f"fair,{change},change-creates={served}")) as service:
        connected = Program(program.cwd, {**program.environment, **environment_of(service)})
        roster = connected.roster([["User"], *([user] for user in USERS[:rows])])
        paused = connected("apply", roster, "--lifetime", "8h", "--yes", "--json", code=6)

        assert paused.json["error"]["code"] == "policy"
        assert says in paused.json["error"]["message"]
        assert "bulktap resume" in paused.json["error"]["hint"]
        assert (paused.json["counts"]["issued"], paused.json["counts"]["refused"]) == (served, 0)
        assert connected("runs", "--json").json["runs"][0]["state"] == "unfinished"
        connected("resume", "--json", code=6)  # it is as it was

        service.ask(mend)
        done = connected("resume", "--json")

        assert done.json["counts"]["issued"] == rows
        held = {row["User"]: digest(row["Temporary Access Pass"]) for row in sheet(paused.folder)}
        assert held == live_digests(service)
