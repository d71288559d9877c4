"""`bulktap reissue`: a new pass in the place of this run's own, and of nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_states import GONE, LIVE, USED, make
from whole_run import PASSPHRASE, USERS, Program, digest, live_digests, sheet

from bulktap.journal import Journal
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from whole_run import Finished

    from bulktap.model.run_state import RunState
    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

ROWS = [["User", "Class"], *([user, "7A" if number < 3 else "7B"] for number, user in enumerate(USERS[:5]))]


@pytest.fixture
def issued(connected: Program) -> Finished:
    """A finished run for five students."""
    return connected("apply", connected.roster(ROWS), "--one-time", "--yes", "--json")


def handed(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the rows of the results workbook by user."""
    return {row["User"]: row for row in sheet(folder)}


def passes(folder: Path) -> Mapping[str, str]:
    """Return the pass ids of a run by user."""
    return {user: row["Pass ID"] for user, row in handed(folder).items()}


def state_of(folder: Path) -> RunState:
    """Return what a run's journal says."""
    with Journal.open(folder / "journal.db", Secret(PASSPHRASE)) as journal:
        return journal.state()


def require_true(folder: Path, service: EmbeddedSimulator, *but: str) -> None:
    """Make sure that every passcode in the workbook is the live one of its user, but for these users."""
    live = live_digests(service)
    for user, row in handed(folder).items():
        if user not in but:
            assert live[user] == digest(row["Temporary Access Pass"]), user


@pytest.mark.parametrize("state", [LIVE, USED, GONE])
def test_a_new_pass_takes_the_place_of_ours(
    connected: Program, tenant: Tenant, issued: Finished, service: EmbeddedSimulator, state: str
) -> None:
    """Same run, same workbook; the others' pass ids stay, the old slip is named as dead, and the run is finished."""
    before = passes(issued.folder)
    make(state, tenant, service, USERS[1])

    done = connected("reissue", issued.folder, "--only", "3", "--yes", "--json").json

    after = passes(issued.folder)
    assert {user for user in before if before[user] != after[user]} == {USERS[1]}
    assert [(one["user"], one["dead_pass_id"], one["new"]) for one in done["reissued"]] == [
        (USERS[1], before[USERS[1]], True)
    ]
    assert done["left_alone"] == []
    assert "dead" in handed(issued.folder)[USERS[1]]["Note"]
    require_true(issued.folder, service)
    (listed,) = connected("runs", "--json").json["runs"]
    assert (listed["state"], listed["issued"]) == ("finished", 5)
    row = state_of(issued.folder).rows[2]
    assert [old.pass_id for old in row.replaced] == [before[USERS[1]]]
    assert row.confirmed
