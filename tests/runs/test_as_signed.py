"""What was planned and signed off is what is sent: policy, users and rows are held against the plan once more."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import USERS, Program, live_digests, report, sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

ROWS = [["User", "Class"], *([user, "7a"] for user in USERS[:4])]


@pytest.fixture
def planned(connected: Program) -> Path:
    """The folder of a plan that leaves lifetime and one-time to the tenant."""
    return connected("plan", connected.roster(ROWS), "--json").folder


def policy_becomes(service: EmbeddedSimulator, tenant: Tenant, **changes: Any) -> None:
    """Let the tenant's administrator change the policy."""

    def change() -> None:
        tenant.policy = replace(tenant.policy, **changes)

    service.ask(change)


def edit(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change plan.json, and make its digest right."""
    path = folder / "plan.json"
    plan = json.loads(path.read_bytes())
    del plan["digest"]
    change(plan)
    canonical = json.dumps(plan, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    path.write_text(json.dumps(plan | {"digest": hashlib.sha256(canonical.encode()).hexdigest()}), "utf-8")


def row(number: int, **members: Any) -> Callable[[dict[str, Any]], None]:
    """Return an edit of one row."""
    return lambda plan: plan["rows"][number - 1].update(members)


def test_a_plan_states_what_each_pass_gets(planned: Path) -> None:
    """The tenant's default is in the file that is signed off."""
    rows = json.loads((planned / "plan.json").read_bytes())["rows"]

    assert [(one["lifetime_minutes"], one["one_time"]) for one in rows] == [(60, False)] * 4


def test_what_is_issued_is_what_was_signed_although_the_default_changed(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, planned: Path
) -> None:
    """Nobody gets a pass of eight hours for a plan of one."""
    policy_becomes(service, tenant, default_lifetime=480)

    connected("apply", planned, "--yes")

    assert {one["Lifetime (minutes)"] for one in sheet(planned)} == {60}
    assert len(live_digests(service)) == 4


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"minimum_lifetime": 120, "default_lifetime": 240}, 8, "120 to 480 minutes"),
        ({"minimum_lifetime": 10, "maximum_lifetime": 30, "default_lifetime": 20}, 8, "10 to 30 minutes"),
        ({"usable_once": True}, 8, "one-time passes only"),
        ({"enabled": False}, 6, "switched off"),
        ({"minimum_lifetime": 61, "maximum_lifetime": 61, "default_lifetime": 61}, 8, "61 to 61 minutes"),
    ],
)
def test_a_policy_that_forbids_what_was_signed_refuses_the_plan(
    connected: Program,
    service: EmbeddedSimulator,
    tenant: Tenant,
    planned: Path,
    changes: dict[str, Any],
    code: int,
    told: str,
) -> None:
    """In one sentence, before the first create; not row by row afterwards."""
    policy_becomes(service, tenant, **changes)

    error = connected("apply", planned, "--yes", "--json", code=code).json["error"]

    assert told in error["message"]
    assert live_digests(service) == {}


def replacing(plan: dict[str, Any]) -> None:
    """Let the second row replace a pass that nobody has found, and count it so."""
    row(2, action="replace", existing_pass_id="5e2c")(plan)
    plan["counts"]["issue"] -= 1
    plan["counts"]["replace"] += 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (row(2, object_id="{mallory}"), "object id is not that of student02"),
        (row(2, user=USERS[8], upn=USERS[8], object_id="{mallory}"), "names student09"),
        (row(2, lifetime_minutes=480), "lifetime is different"),
        (row(2, one_time=True), "one-time setting is different"),
        (row(2, start="2035-09-01T06:00:00Z"), "start is different"),
        (replacing, "replaces a pass"),
        (row(2, display_name="Somebody Else"), "is not that of student02"),
    ],
)
def test_a_row_that_says_something_else_than_its_roster_is_named(
    connected: Program,
    service: EmbeddedSimulator,
    tenant: Tenant,
    planned: Path,
    change: Callable[[dict[str, Any]], None],
    told: str,
) -> None:
    """However right the digest of the file is made: the roster and the directory have the last word."""
    somebody = tenant.find(USERS[8])
    assert somebody is not None

    def with_the_id(plan: dict[str, Any]) -> None:
        change(plan)
        found = plan["rows"][1]
        found["object_id"] = found["object_id"].replace("{mallory}", somebody.object_id)

    edit(planned, with_the_id)

    error = connected("apply", planned, "--yes", "--json", code=8).json["error"]

    assert "Row 3" in error["message"]
    assert told in error["message"]
    assert live_digests(service) == {}


def deleted(tenant: Tenant, user: User) -> None:
    """Let the account be deleted."""
    tenant.remove_user(user)


def renamed(tenant: Tenant, user: User) -> None:
    """Let the person have another sign-in name."""
    tenant.remove_user(user)
    tenant.add_user(replace(user, upn=f"new.{user.upn}"))


def blocked(tenant: Tenant, user: User) -> None:
    """Let the account be blocked from signing in."""
    tenant.remove_user(user)
    tenant.add_user(replace(user, enabled=False))


def made_anew(tenant: Tenant, user: User) -> None:
    """Let somebody else have the sign-in name."""
    tenant.remove_user(user)
    tenant.add_user(replace(user, object_id="0a1b2c3d-0000-4000-8000-000000000001"))


def change_user(service: EmbeddedSimulator, tenant: Tenant, name: str, change: Callable[[Tenant, User], None]) -> None:
    """Let the tenant's administrator change a user."""
    user = tenant.find(name)
    assert user is not None
    service.ask(lambda: change(tenant, user))


@pytest.mark.parametrize("change", [deleted, renamed])
def test_a_user_who_is_not_shown_any_more_is_one_row_that_gets_no_pass(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, planned: Path, change: Any
) -> None:
    """One who left holds up nobody, is in the error report, and is no business of a later resume."""
    change_user(service, tenant, USERS[1], change)

    done = connected("apply", planned, "--yes", "--json", code=3)

    assert (done.json["counts"]["issued"], done.json["counts"]["refused"]) == (3, 1)
    assert "row 3" in done.err
    assert [one["Error code"] for one in report(planned)] == ["user-not-found"]
    assert connected("resume", planned, "--json", code=3).json["counts"] == done.json["counts"]
    assert len(live_digests(service)) == 3


def test_with_strict_a_user_who_is_not_shown_any_more_refuses_the_plan(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, planned: Path
) -> None:
    """All or nothing was asked for."""
    change_user(service, tenant, USERS[1], deleted)

    error = connected("apply", planned, "--yes", "--strict", "--json", code=8).json["error"]

    assert "Row 3" in error["message"]
    assert live_digests(service) == {}


def test_where_no_user_is_shown_any_more_the_plan_is_refused_and_kept(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, planned: Path
) -> None:
    """That is not about the rows, and the plan can be carried out once it is put right."""
    users = [user for name in USERS[:4] if (user := tenant.find(name)) is not None]
    for user in users:
        service.ask(lambda user=user: deleted(tenant, user))
    connected("apply", planned, "--yes", "--json", code=8)
    for user in users:
        service.ask(lambda user=user: tenant.add_user(user))

    assert connected("apply", planned, "--yes", "--json").json["counts"]["issued"] == 4


def test_a_sign_in_name_that_is_somebody_elses_now_refuses_the_plan(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, planned: Path
) -> None:
    """The directory shows another person than the one who was signed for."""
    change_user(service, tenant, USERS[1], made_anew)

    assert "object id" in connected("apply", planned, "--yes", "--json", code=8).json["error"]["message"]


def test_an_account_that_was_blocked_since_is_told(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, planned: Path
) -> None:
    """On the screen before the passes are issued, and in the note of the row."""
    change_user(service, tenant, USERS[1], blocked)

    done = connected("apply", planned, "--yes")

    assert "blocked from signing in" in done.err
    assert ["blocked from signing in" in (one["Note"] or "") for one in sheet(planned)] == [False, True, False, False]


def test_a_plan_in_a_copy_of_its_folder_is_carried_out_once(
    connected: Program, service: EmbeddedSimulator, planned: Path
) -> None:
    """The copy finds the run that was begun from the same plan, wherever both lie on this machine."""
    copy = connected.cwd / "inbox" / planned.name
    copy.parent.mkdir()
    copy.mkdir()
    for file in planned.glob("plan.*"):
        (copy / file.name).write_bytes(file.read_bytes())
    connected("apply", planned, "--yes")
    before = live_digests(service)

    error = connected("apply", copy, "--yes", "--json", "--reports", connected.cwd / "inbox", code=8).json["error"]

    assert "already been carried out" in error["message"]
    assert live_digests(service) == before


def test_a_plan_in_a_renamed_folder_is_refused(connected: Program, service: EmbeddedSimulator, planned: Path) -> None:
    """Its journal would not be taken for the run's own afterwards."""
    renamed = planned.rename(planned.with_name("2035-09-01T0800Z-roster-0000"))

    assert planned.name in connected("apply", renamed, "--yes", "--json", code=8).json["error"]["message"]
    assert live_digests(service) == {}


def test_a_plan_of_an_earlier_version_is_refused_in_a_sentence(
    connected: Program, service: EmbeddedSimulator, planned: Path
) -> None:
    """It left open which lifetimes it asks for."""

    def as_before(plan: dict[str, Any]) -> None:
        plan["schema"] = 1
        del plan["rehearsal"]

    edit(planned, as_before)

    error = connected("apply", planned, "--yes", "--json", code=8).json["error"]

    assert "earlier version" in error["message"]
    assert live_digests(service) == {}


def test_the_run_carries_the_digest_that_was_signed(connected: Program, planned: Path) -> None:
    """From plan.json over the journal to the summary."""
    signed = json.loads((planned / "plan.json").read_bytes())["digest"]
    connected("apply", planned, "--yes")

    assert json.loads((planned / "run.json").read_bytes())["plan_digest"] == signed
