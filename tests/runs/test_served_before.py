"""Before a question it is said whom a finished run has served already."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from whole_run import USERS, Program

if TYPE_CHECKING:
    from bulktap.simulator.embedded import EmbeddedSimulator


def apply(program: Program, users: tuple[str, ...], *more: str) -> dict[str, Any]:
    """Issue anew to these users, and return the object."""
    roster = program.roster([["User"], *([user] for user in users)])
    return program("apply", roster, "--yes", "--existing", "replace", "--json", *more).json


def test_finished_runs_of_the_same_people_are_named_and_counted(connected: Program) -> None:
    """The newest first, each person once; in the block above the question, and of a dry run too."""
    first = apply(connected, USERS[:5], "--name", "autumn-5a")
    second = apply(connected, USERS[3:7])
    third = apply(connected, USERS[:8])

    assert "earlier" not in first["plan"]
    assert second["plan"]["earlier"] == [{"run": first["run"], "name": "autumn-5a", "people": 2}]
    assert third["plan"]["earlier"] == [
        {"run": second["run"], "people": 4},
        {"run": first["run"], "name": "autumn-5a", "people": 3},
    ]
    shown = connected("plan", connected.roster([["User"], [USERS[0]], [USERS[11]]]), "--existing", "replace").err
    assert f"Again      1 person had a pass of the run {third['run']}, " in shown


def test_only_those_count_who_got_a_pass(connected: Program, service: EmbeddedSimulator) -> None:
    """Of a run in which a row was refused, or a plan that was reformatted, the journal says who did."""
    roster = connected.roster([["User", "Lifetime"], [USERS[0], "8h"], [USERS[1], "never"], [USERS[2], "8h"]])
    first = connected("apply", roster, "--yes", "--json", code=3)
    plan = first.folder / "plan.json"
    members = json.loads(plan.read_bytes())
    plan.write_text(json.dumps(dict(reversed(members.items()))), "utf-8")

    again = apply(connected, USERS[:3])

    assert again["plan"]["earlier"] == [{"run": first.json["run"], "people": 2}]
    assert service.tenant_id == again["tenant"]["id"]


def test_runs_of_others_plans_and_unfinished_runs_are_not_named(connected: Program, program: Program) -> None:
    """Another tenant's, one that was planned only, a copy without a summary; and a broken one stops nobody."""
    roster = connected.roster([["User"], [USERS[0]]])
    program("apply", roster, "--simulate", "--yes")
    connected("plan", roster)
    done = connected("apply", roster, "--yes", "--json").folder
    for number, damage in enumerate((b"", b"{", b'{"closed": true, "tenant": 7}')):
        folder = done.with_name(f"2020-01-01T000{number}Z-copy-000{number}")
        shutil.copytree(done, folder)
        (folder / "run.json").write_bytes(damage)
        (folder / "journal.db").unlink()
        (folder / "plan.json").unlink()
    (done / "run.json").rename(done / "elsewhere")

    assert "earlier" not in connected("plan", roster, "--existing", "replace", "--json").json["plan"]
    (done / "elsewhere").rename(done / "run.json")
    assert [one["run"] for one in connected("plan", roster, "--existing", "replace", "--json").json["plan"]["earlier"]]
