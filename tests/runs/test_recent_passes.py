"""Whoever was given a pass a moment ago holds it, whatever a list says that lags behind."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import PASSPHRASE, USERS, Program, live_digests

from bulktap.journal import CHEAPEST, Journal, JournalHeader, JournalRow
from bulktap.model.outcomes import InDoubt, Issued, IssuedPass
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.plan import TenantFindings, UserFinding
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.run_events import Closed, Sent, Settled
from bulktap.model.secret import Secret
from bulktap.operations import saved_plan
from bulktap.operations.recent_passes import recent_passes, with_recent
from bulktap.operations.run_journal import open_journal
from bulktap.operations.run_settings import ReadingSettings
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

pytestmark = pytest.mark.long  # whole runs, a process for each command

ROWS = [["User"], *([user] for user in USERS[:6])]
TENANT = "11111111-2222-4333-8444-555555555555"
RUN = "2035-09-01T0800Z-staff-1a2b"


def lists_show_nothing(service: EmbeddedSimulator, tenant: Tenant) -> None:
    """Let every list be empty, as one that lags behind the creates is."""

    def empty() -> None:
        for user in tenant.users.values():
            held = tenant.current(user)
            if held is not None:
                tenant.delete(user, held.pass_id, "nobody")

    service.ask(empty)


def creates(service: EmbeddedSimulator) -> int:
    """Return how many passes were ever created."""
    return int(service.statistics()["creates_accepted"])


def planned_rows(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of a run's plan."""
    rows = json.loads((folder / "plan.json").read_bytes())["rows"]
    assert isinstance(rows, list)
    return rows


@pytest.mark.parametrize("place", ["reports", "elsewhere"])
def test_a_resumed_run_leaves_alone_whom_another_run_served_while_lists_lag(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, place: str
) -> None:
    """No list shows those passes, and its own journal knows nothing of them: the other run's journal does."""
    stopped = RunFolder(connected("plan", connected.roster(ROWS), "--json").folder)
    plan = saved_plan.load_with_roster(stopped, ReadingSettings()).plan
    with open_journal(plan, stopped, Secret(PASSPHRASE), datetime.now(UTC)) as journal:
        journal.record([Sent(1, datetime.now(UTC), PassTerms(None, 60, usable_once=False), "4b0c")])
    others = connected.roster([["User"], *([user] for user in USERS[1:5])], "others.csv")
    connected("apply", others, "--yes", "--reports", connected.cwd / place)
    lists_show_nothing(service, tenant)

    counts = connected("resume", stopped.path, "--reply-timeout", "500ms", "--settle-wait", "500ms", "--json").json[
        "counts"
    ]

    assert (counts["issued"], counts["skipped"]) == (2, 4)
    assert creates(service) == 4 + 2


@pytest.mark.parametrize(
    ("rule", "action", "code", "creates_more"),
    [("skip", "skip", 0, 0), ("fail", "refuse", 3, 0), ("replace", "replace", 0, 6)],
)
def test_the_same_roster_again_while_lists_lag(
    connected: Program,
    service: EmbeddedSimulator,
    tenant: Tenant,
    rule: str,
    action: str,
    code: int,
    creates_more: int,
) -> None:
    """Skipped, refused or replaced by name, as `--existing` says; never taken for people without a pass."""
    first = connected("apply", connected.roster(ROWS), "--yes", "--json")
    lists_show_nothing(service, tenant)

    words = ("--yes", "--existing", rule, "--accept", "has-live-pass", "--json")
    again = connected("apply", connected.roster(ROWS), *words, code=code)

    rows = planned_rows(again.folder)
    assert first.json["counts"]["issued"] == 6
    assert {row["action"] for row in rows} == {action}
    assert all(row["existing_pass_id"] for row in rows)
    assert creates(service) == 6 + creates_more


def test_a_few_first_and_then_all_while_lists_lag(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant
) -> None:
    """As the README advises: the few keep their passes."""
    connected("apply", connected.roster(ROWS), "--limit", "2", "--yes")
    lists_show_nothing(service, tenant)

    done = connected("apply", connected.roster(ROWS), "--yes", "--json")

    assert (done.json["counts"]["issued"], done.json["counts"]["skipped"]) == (4, 2)
    assert set(live_digests(service)) == set(USERS[2:6])


def test_another_reports_folder_and_another_name_for_the_person_change_nothing(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant
) -> None:
    """A run that issued anywhere on this machine counts, and a person is known by the directory's id."""
    connected("apply", connected.roster(ROWS), "--reports", "first", "--yes")
    lists_show_nothing(service, tenant)
    users = [tenant.find(user) for user in USERS[:3]]
    roster = connected.roster([["Object ID"], *([user.object_id.upper()] for user in users if user)], "ids.csv")

    done = connected("apply", roster, "--reports", "second", "--yes", "--json")

    assert done.json["counts"]["skipped"] == 3
    assert live_digests(service) == {}


def test_a_copied_plan_and_a_dry_run_see_them_too(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant
) -> None:
    """What `plan` says is what `apply` would do."""
    connected("apply", connected.roster(ROWS), "--yes")
    lists_show_nothing(service, tenant)

    planned = connected("plan", connected.roster(ROWS), "--json")

    assert planned.json["counts"]["skipped"] == 6
    assert "6 passes that earlier runs issued within the last quarter of an hour" in planned.err


@pytest.fixture
def now() -> datetime:
    """The service's time."""
    return datetime.now(UTC)


def write_run(place: Path, *, created_at: datetime | None, lifetime: int = 60, **header: Any) -> RunFolder:
    """Write a run of three rows: one issued, one in doubt, one only sent."""
    folder = RunFolder((place / RUN).resolve())
    folder.path.mkdir(parents=True)
    sent_at = created_at or datetime.now(UTC)
    members = {"run": RUN, "tenant_id": TENANT, "plan_digest": "ab" * 32, "created_at": sent_at, "simulated": True}
    members |= {"bulktap_version": "0.1.0", "roster_file": "staff.csv", "rehearsal": False} | header
    rows = [JournalRow(n, f"User{n}@contoso.com", f"00000000-0000-4000-8000-00000000000{n}") for n in (1, 2, 3)]
    made = AccessPass("pass-1", created_at, created_at, lifetime, False, True, "EnabledByPolicy")
    doubt = RowError(RowErrorCode.IN_DOUBT, "The reply was lost.", "Look it up.")
    with Journal.create(folder.journal, JournalHeader(**members), rows, b"plan", Secret("x" * 12), cost=CHEAPEST) as j:
        j.record([Sent(n, sent_at, PassTerms(None, lifetime, False), f"batch-{n}") for n in (1, 2, 3)])
        j.record([Settled(1, Issued(IssuedPass(made, Secret("Abc1!xyz")))), Settled(2, InDoubt(doubt)), Closed()])
    return folder


@pytest.mark.parametrize(
    ("minutes", "lifetime", "header", "counts"),
    [
        (1, 60, {}, True),
        (14, 60, {}, True),
        (-2, 60, {}, True),
        (16, 60, {}, False),
        (11, 10, {}, False),
        (1, 60, {"tenant_id": "99999999-2222-4333-8444-555555555555"}, False),
        (1, 60, {"tenant_id": TENANT.upper()}, True),
        (1, 60, {"rehearsal": True}, False),
        (1, 60, {"rehearsal": None}, True),
    ],
)
def test_whose_pass_counts(
    tmp_path: Path, now: datetime, minutes: int, lifetime: int, header: dict[str, Any], counts: bool
) -> None:
    """Less than a quarter of an hour old, still working, of this tenant, and no rehearsal's."""
    write_run(tmp_path, created_at=now - timedelta(minutes=minutes), lifetime=lifetime, **header)

    found = recent_passes([tmp_path], TENANT, now)

    assert set(found) == ({"user1@contoso.com", "00000000-0000-4000-8000-000000000001"} if counts else set())


def test_a_pass_without_a_time_counts_from_its_request(tmp_path: Path, now: datetime) -> None:
    """The service may leave it out."""
    write_run(tmp_path, created_at=None)

    assert recent_passes([tmp_path], TENANT, now)["user1@contoso.com"].pass_id == "pass-1"


def test_the_own_run_does_not_count_and_its_copy_does(tmp_path: Path, now: datetime) -> None:
    """A run knows its own passes; those of a copy in another folder it does not."""
    own = write_run(tmp_path / "here", created_at=now)
    write_run(tmp_path / "there", created_at=now)

    assert recent_passes([own.path.parent], TENANT, now, own=own) == {}
    assert recent_passes([own.path.parent, tmp_path / "there"], TENANT, now, own=own)


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: folder.journal.write_bytes(b"nonsense"),
        lambda folder: folder.journal.write_bytes(b""),
        lambda folder: folder.journal.unlink(),
        lambda folder: folder.journal.write_bytes(folder.journal.read_bytes()[:5000]),
        lambda folder: (folder.journal.unlink(), folder.journal.mkdir()),
    ],
)
def test_a_damaged_journal_stops_nobody(tmp_path: Path, now: datetime, damage: Any) -> None:
    """What it says can be read, or cannot."""
    damage(write_run(tmp_path, created_at=now))
    write_run(tmp_path / "sound", created_at=now)

    assert recent_passes([tmp_path, tmp_path / "sound", tmp_path / "gone"], TENANT, now)


@pytest.mark.parametrize(
    ("listed", "held"),
    [
        (None, "recent"),
        (timedelta(minutes=-5), "recent"),
        (timedelta(minutes=5), "listed"),
        (timedelta(0), "listed"),
    ],
)
def test_the_later_of_list_and_journal_is_the_pass_that_is_held(
    now: datetime, listed: timedelta | None, held: str
) -> None:
    """A list speaks only of passes no later than what it shows."""
    recent = {"zoe@contoso.com": AccessPass("recent", now, now, 60)}
    shown = None if listed is None else AccessPass("listed", now + listed, now, 60)
    findings = TenantFindings({"zoe@contoso.com": UserFinding(live_pass=shown), "ann@contoso.com": UserFinding()})

    users = with_recent(findings, recent).users

    assert getattr(users["zoe@contoso.com"].live_pass, "pass_id", None) == held
    assert users["ann@contoso.com"].live_pass is None
