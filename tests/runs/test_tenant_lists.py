"""A list that the tenant keeps itself instead of a roster: groups, administrative units, new accounts."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from contract.recorder import Recorder
from whole_run import SAMPLES, Program, environment_of, sheet

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.groups import Group
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant, tenant_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulktap.simulator.tenant import Tenant

pytestmark = pytest.mark.long  # whole runs, a process for each command

NAMES = tuple(f"student{number:02d}" for number in range(1, 9))
GUEST = "ann_fabrikam.com#EXT#@contoso.com"
OLD, NEW = "2024-02-01T08:00:00Z", "2026-08-03T07:30:00Z"


def _user(name: str, **more: Any) -> dict[str, Any]:
    upn = name if "@" in name else f"{name}@contoso.com"
    return {"userPrincipalName": upn, "displayName": name.title(), "department": "Year 7", **more}


def _content(**about: Any) -> dict[str, Any]:
    users = [_user(name, createdDateTime=NEW if number % 2 else OLD) for number, name in enumerate(NAMES)]
    return {
        "tenant": about,
        "users": [*users, _user(GUEST)],
        "groups": [
            {"displayName": "Class 7A", "members": ["student01@contoso.com", "student02@contoso.com"]},
            {"displayName": "Class 7B", "members": ["student02@contoso.com", "student03@contoso.com", "Year 7"]},
            {
                "displayName": "Year 7",
                "members": ["Class 7A", "Class 7B", "student04@contoso.com", GUEST],
                "devices": 2,
                "contacts": 1,
                "dynamic": True,
            },
            {"displayName": "Lab", "description": "Physics", "members": ["student05@contoso.com"]},
            {"displayName": "Lab", "description": "Chemistry", "members": ["student06@contoso.com"], "id": "0" * 8},
            {"displayName": "Printers", "devices": 3},
            {"displayName": "O'Neill & Söhne #1", "members": ["student07@contoso.com"]},
        ],
        "administrativeUnits": [
            {"displayName": "Campus", "members": ["student02@contoso.com", "student08@contoso.com", "Class 7A"]},
        ],
    }


@pytest.fixture
def tenant() -> Tenant:
    """A tenant with groups within groups, in a circle, and an administrative unit."""
    content = _content()
    for group, tail in zip(content["groups"], range(1, 8), strict=True):
        group["id"] = f"22222222-3333-4444-8555-{tail:012d}"
    return tenant_from_json(content, clock=lambda: datetime.now(UTC), random=None)


@pytest.fixture
def service(tenant: Tenant) -> Iterator[EmbeddedSimulator]:
    """That tenant, served over HTTPS."""
    with EmbeddedSimulator(tenant, SimulatorOptions()) as running:
        yield running


def _users(folder: Path) -> list[str]:
    """Return whom the list in a run's folder names."""
    (path,) = folder.glob("*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return [row["User principal name"].partition("@")[0] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("words", "expected", "stem"),
    [
        (["--group", "Class 7A"], ["student01", "student02"], "Class-7A"),
        (["--group", "class 7a"], ["student01", "student02"], "Class-7A"),
        (["--group", "22222222-3333-4444-8555-000000000004"], ["student05"], "Lab"),
        (["--group", "O'Neill & Söhne #1"], ["student07"], "O-Neill-Sohne-1"),
        (["--administrative-unit", "Campus"], ["student02", "student08"], "Campus"),
        (["--group", "Class 7A", "--administrative-unit", "Campus"], ["student02"], "Class-7A"),
        (["--created-since", "2026-08-01"], ["student02", "student04", "student06", "student08"], "Created-since"),
        (["--group", "Class 7B", "--created-since", "2026-08-01"], ["student02", "student04"], "Class-7B"),
        (
            ["--group", "Class 7B", "--administrative-unit", "Campus", "--created-since", "2026-08-03 07:30Z"],
            ["student02"],
            "Class-7B",
        ),
    ],
)
def test_a_list_of_the_tenant_is_planned_like_a_roster(
    connected: Program, words: list[str], expected: list[str], stem: str
) -> None:
    """By name or id, of both and of new accounts only; members of members count, each once, circles end."""
    done = connected("plan", *words, "--timezone", "UTC", "--json", code=None)

    assert done.code in {0, 3}
    assert [name for name in _users(done.folder) if name.startswith("student")] == expected
    assert done.json["plan"]["issue"] == len(expected)
    assert f"Z-{stem}" in done.json["run"]
    assert (done.folder / "plan.html").is_file()


def test_what_is_no_user_is_counted_and_told(connected: Program) -> None:
    """Nested groups, devices and contacts get nothing; an external guest is a refused row; names are not compared."""
    done = connected("plan", "--group", "Year 7", "--json", code=3)
    plan = json.loads((done.folder / "plan.json").read_bytes())
    told = " ".join(plan["roster"]["notes"])

    assert sorted(_users(done.folder)) == [GUEST.partition("@")[0], "student01", "student02", "student03", "student04"]
    assert "5 users; not counted: 2 nested groups, 2 devices, 1 contact." in told
    assert "A rule decides who is in the group Year 7" in told
    assert "1 user is a guest" in told
    assert done.json["plan"]["refuse"] == 1
    assert {row["group"] for row in plan["rows"]} == {"Year 7"}
    assert all("name_check" not in row for row in plan["rows"])
    assert any("no other names to compare" in note for note in plan["notes"])
    assert plan["settings"]["source"] == {"group": "22222222-3333-4444-8555-000000000003"}
    assert done.json["plan"]["source"] == plan["settings"]["source"]


def test_passes_are_issued_to_a_group(connected: Program, service: EmbeddedSimulator) -> None:
    """`apply` does what it does with a roster; the workbook has the group and the department."""
    done = connected("apply", "--group", "Class 7A", "--yes", "--only", "Student01", "--json")
    (row,) = sheet(done.folder)

    assert (row["User"], row["Department"]) == ("student01@contoso.com", "Year 7")
    assert "Class 7A" in row.values()
    assert service.statistics()["creates_accepted"] == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--group", "Lab"], 4, "There are 2 groups named Lab."),
        (["--group", "Clas 7"], 4, "There is no group named Clas 7."),
        (["--group", "Kitchen"], 4, "There is no group named Kitchen in this tenant."),
        (["--group", " "], 2, "--group is empty."),
        (["--group", "99999999-3333-4444-8555-000000000001"], 4, "There is no group with the id 99999999-"),
        (["--group", "Printers"], 4, "There is no user in the group Printers; not counted: 3 devices."),
        (["--administrative-unit", "Campuss"], 4, "There is no administrative unit named Campuss."),
        (["--group", "Lab", "--created-since", "never"], 4, "There are 2 groups named Lab."),
        (["--created-since", "never"], 2, "--created-since cannot be read"),
        (["--created-since", "2035-08-01"], 4, "The list has nobody in it."),
        ([], 2, "Nothing says who is to get a pass."),
        (["people.csv", "--group", "Lab"], 2, "people.csv and a list of the tenant were given"),
        (["--group", "Lab", "--offline"], 2, "cannot be read without asking the tenant"),
        (["--group", "Lab", "--sheet", "7A"], 2, "--sheet cannot be obeyed"),
    ],
)
def test_what_cannot_be_meant_is_refused(connected: Program, words: list[str], code: int, said: str) -> None:
    """Nothing is left behind in the reports folder, and the hint says what would do."""
    done = connected("plan", *words, code=code)

    assert said in done.err
    assert not list((connected.cwd / "reports").glob("20*"))


def test_candidates_are_told_with_their_ids(connected: Program) -> None:
    """Of two groups with one name, and of names that are like the one that was typed; an id settles it."""
    twice = connected("plan", "--group", "Lab", "--json", code=4)
    (question,) = twice.json["error"]["questions"]
    like = connected("plan", "--group", "Class 7C", "--json", code=4)

    assert [choice["label"] for choice in question["choices"]] == ["Lab: Physics", "Lab: Chemistry"]
    assert question["option"] == "--group"
    assert {choice["label"] for choice in like.json["error"]["questions"][0]["choices"]} == {"Class 7A", "Class 7B"}
    assert _users(connected("plan", "--group", question["choices"][1]["value"], "--json").folder) == ["student06"]


@pytest.mark.parametrize(
    ("lacking", "words", "named"),
    [
        ("GroupMember.Read.All", ["--group", "Class 7A"], "GroupMember.Read.All"),
        ("User.Read.All", ["--group", "Class 7A"], "User.Read.All"),
        ("User.Read.All", ["--created-since", "2026-08-01"], "User.Read.All"),
        ("AdministrativeUnit.Read.All", ["--administrative-unit", "Campus"], "AdministrativeUnit.Read.All"),
        ("User.Read.All", ["--administrative-unit", "Campus"], "User.Read.All"),
    ],
)
def test_a_permission_that_is_missing_is_named(
    program: Program, tenant: Tenant, lacking: str, words: list[str], named: str
) -> None:
    """Exit code 5; of members whom the app may not read, Graph shows the ids alone, and nobody is passed over."""
    kept = tenant.registration.permissions - {lacking}
    tenant.registration = replace(tenant.registration, permissions=kept)
    with EmbeddedSimulator(tenant, SimulatorOptions()) as service:
        done = program("plan", *words, code=5, **environment_of(service))

    assert f"Grant it {named}" in done.err


def _put(service: EmbeddedSimulator, tail: int, *members: str) -> None:
    """Change who is in a group."""

    def change() -> None:
        tenant = service.tenant
        group = tenant.groups.find(f"22222222-3333-4444-8555-{tail:012d}", unit=False)
        assert group is not None
        users = [tenant.find(f"{member}@contoso.com") for member in members]
        tenant.groups.put(replace(group, members=tuple(user.object_id for user in users if user is not None)))

    service.ask(change)


def test_a_saved_plan_of_a_list_is_carried_out_while_everybody_is_still_in_it(
    connected: Program, service: EmbeddedSimulator
) -> None:
    """Whoever left is named, and nothing is sent; whoever joined gets nothing, and is counted."""
    left = connected("plan", "--group", "Class 7A", "--json")
    _put(service, 1, "student01", "student05")
    refused = connected("apply", left.folder, "--yes", code=8)
    joined = connected("plan", "--group", "Class 7A", "--json")
    _put(service, 1, "student01", "student05", "student06", "student07")
    done = connected("apply", joined.folder, "--yes", "--json")
    gone = connected("plan", "--group", "Class 7A", "--json", code=None)
    _put(service, 1)

    assert "student02@contoso.com left Class 7A after it was made." in refused.err
    assert done.json["counts"]["issued"] == 2
    assert "2 users have joined Class 7A since the plan was made" in done.err
    assert connected("apply", gone.folder, "--yes", code=None).code in {6, 8}


def test_an_edited_list_is_not_carried_out(connected: Program) -> None:
    """The list in the run's folder is a roster, with a fingerprint."""
    folder = connected("plan", "--group", "Class 7A", "--json").folder
    (path,) = folder.glob("*.csv")
    path.write_bytes(path.read_bytes().replace(b"student01", b"student05"))

    assert "has changed since this plan was made" in connected("apply", folder, "--yes", code=8).err


def test_thousands_come_in_pages_through_bad_weather(program: Program) -> None:
    """Throttled, lost and broken pages are asked for again; nobody is missing, nobody is twice."""
    users = [SeedUser(upn=f"u{number:04d}@contoso.com") for number in range(2300)]
    tenant = seed_tenant(users)
    everybody = tuple(tenant.users)
    tenant.groups.put(Group("22222222-3333-4444-8555-000000000001", "All", everybody, devices=900))
    options = SimulatorOptions(weather="showers,wait_low=0.01,wait_high=0.05", seed=3)
    with EmbeddedSimulator(tenant, options) as service:
        done = program("plan", "--group", "All", "--limit", "1", "--json", **environment_of(service))

    assert sorted(_users(done.folder)) == [f"u{number:04d}" for number in range(2300)]
    assert done.json["counts"]["rows"] == 2300


def test_a_next_page_elsewhere_is_not_followed(program: Program) -> None:
    """A link that leaves Microsoft Graph ends the command, and nothing is planned of half a list."""
    users = [SeedUser(upn=f"u{number:04d}@contoso.com") for number in range(1100)]
    crowd = seed_tenant(users)
    crowd.groups.put(Group("22222222-3333-4444-8555-000000000001", "All", tuple(crowd.users)))
    with EmbeddedSimulator(crowd, SimulatorOptions()) as service, Recorder(service) as between:
        between.rewrite = lambda raw: raw.replace(service.url.encode(), b"https://127.0.0.1:1")
        trusted = program.cwd / "both.pem"
        trusted.write_text(service.ca_pem + between.ca_pem, "ascii")
        environment = environment_of(service) | {"BULKTAP_GRAPH_URL": between.url, "BULKTAP_CA_BUNDLE": str(trusted)}
        done = program("plan", "--group", "All", code=1, **environment)

    assert "it was not followed" in done.err
    assert not list((program.cwd / "reports").glob("20*"))


def test_a_group_of_a_pretend_tenant_can_be_rehearsed(program: Program) -> None:
    """With a tenant file that has groups; a rehearsed plan is carried out, and a second one finds the passes."""
    file = SAMPLES / "tenant.json"
    planned = program("plan", "--group", "Class 7A", "--simulate-tenant", file, "--json")
    done = program("apply", planned.folder, "--yes", "--json")
    again = program("plan", "--group", "Class 7A", "--simulate-tenant", file, "--json")
    alone = program("plan", "--group", "Class 7A", "--simulate", code=2)

    assert done.json["counts"]["issued"] == 6
    assert again.json["counts"]["skipped"] == 6
    assert "no lists of its own" in alone.err
