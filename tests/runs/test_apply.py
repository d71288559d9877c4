"""`bulktap apply`: from a roster to the encrypted workbook and the error report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from whole_run import SAMPLES, USERS, Program, digest, live_digests, report, sheet

from bulktap.simulator.pass_policy import PassPolicy

if TYPE_CHECKING:
    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

HEADINGS = [
    "Sheet row",
    "User",
    "Sign-in name",
    "Display name",
    "Temporary Access Pass",
    "Starts",
    "Expires",
    "Time zone",
    "Start (UTC)",
    "Lifetime (minutes)",
    "One-time",
    "Usable",
    "Usability reason",
    "Pass ID",
    "Object ID",
    "Issued (UTC)",
    "Note",
]
ROWS = [["User principal name", "Class"], *([user, "7a"] for user in USERS)]


def test_every_passcode_in_the_workbook_is_the_one_that_lives_in_the_tenant(
    connected: Program, service: EmbeddedSimulator
) -> None:
    """What the administrator hands out is what the service will accept."""
    done = connected("apply", connected.roster(ROWS), "--yes", "--json")

    held = {row["User"]: digest(row["Temporary Access Pass"]) for row in sheet(done.folder)}
    assert held == live_digests(service)
    assert len(held) == len(USERS)


def test_the_json_object_has_the_members_of_the_contract(connected: Program) -> None:
    """Scripts find run, folder, tenant, counts that add up, files, seconds, throttled steps and exit code."""
    done = connected("apply", connected.roster(ROWS), "--yes", "--json").json

    counts = done["counts"]
    assert counts == {
        "rows": 12,
        "issued": 12,
        "replaced": 0,
        "merged": 0,
        "skipped": 0,
        "invalid": 0,
        "refused": 0,
        "in_doubt": 0,
        "not_sent": 0,
    }
    assert {"run", "folder", "tenant", "files", "seconds", "throttled_steps", "exit_code"} <= set(done)
    reports = {"plan.html", "plan.xlsx", "run.html"}
    assert set(done["files"]) == {"results.xlsx", "run.json", "plan.json", "journal.db", "log.jsonl"} | reports
    assert "error" not in done


def test_the_sample_for_schools_is_issued_but_for_its_two_faulty_rows(program: Program) -> None:
    """Sixty students get passes with their class's start; the two faults come back in the error report."""
    done = program("apply", SAMPLES / "student-onboarding.xlsx", "--simulate", "--yes", "--json", code=3)

    rows = sheet(done.folder)
    assert set(HEADINGS) <= set(rows[0])
    assert "Class" in rows[0]
    assert len(rows) == 60
    assert {row["Starts"].year for row in rows} == {2035}
    assert all(row["Expires"] - row["Starts"] == timedelta(minutes=row["Lifetime (minutes)"]) for row in rows)
    assert {(row["Sheet row"], row["Error code"]) for row in report(done.folder)} == {
        (24, "user-malformed"),
        (52, "lifetime-malformed"),
    }


def test_a_rehearsal_says_so_on_the_screen_in_the_plan_and_in_the_workbook(program: Program) -> None:
    """Nobody mistakes the passes of a pretend tenant for real ones."""
    roster = program.roster(ROWS)
    shown = program("apply", roster, "--simulate", "--yes")
    done = program("apply", roster, "--simulate-fresh", "--yes", "--json")

    assert "simulated tenant" in shown.out
    assert "simulated tenant" in shown.err
    assert json.loads((done.folder / "plan.json").read_bytes())["tenant"]["simulated"] is True
    summary = [str(value) for row in sheet(done.folder, "Summary") for value in row.values()]
    assert any("SIMULATED TENANT" in text or "simulated tenant" in text for text in summary)


def test_several_devices_of_one_person_become_one_multi_use_pass_that_names_them(program: Program) -> None:
    """Seventeen people with two dozen devices get one pass each, which works on all of theirs."""
    done = program("apply", SAMPLES / "device-refresh.csv", "--simulate", "--yes", "--json")

    rows = sheet(done.folder)
    shared = [row for row in rows if ", " in str(row["Sheet row"])]
    assert len(rows) == 17
    assert len(shared) == 4
    assert all(row["One-time"] == "No" for row in shared)
    assert all(row["Device name"].count(", ") == str(row["Sheet row"]).count(", ") for row in shared)
    assert done.json["counts"]["merged"] == 5


def test_the_corrected_error_report_is_a_roster_again(connected: Program, service: EmbeddedSimulator) -> None:
    """A user name that was mended in errors.xlsx gets its pass from that very file."""
    import openpyxl

    roster = connected.roster([*ROWS[:3], ["not a name", "7b"]])
    first = connected("apply", roster, "--yes", "--json", code=3)
    mended = connected.cwd / "mended.xlsx"
    book = openpyxl.load_workbook(first.folder / "errors.xlsx")
    book.worksheets[0].cell(2, 1).value = USERS[5]
    book.save(mended)

    second = connected("apply", mended, "--yes", "--json")

    (row,) = sheet(second.folder)
    assert digest(row["Temporary Access Pass"]) == live_digests(service)[USERS[5]]
    assert row["Class"] == "7b"


def test_strict_sends_nothing_if_a_row_is_invalid(connected: Program, service: EmbeddedSimulator) -> None:
    """All or nothing: exit 4, and the tenant has seen no create."""
    done = connected("apply", connected.roster([*ROWS, ["not a name", ""]]), "--yes", "--strict", "--json", code=4)

    assert done.json["error"]["code"] == "strict"
    assert live_digests(service) == {}


@pytest.mark.parametrize(
    ("rule", "code", "counts"),
    [
        ("skip", 0, {"skipped": 1, "issued": 11}),
        ("replace", 0, {"replaced": 1, "issued": 11}),
        ("fail", 3, {"invalid": 1, "issued": 11}),
    ],
)
def test_a_user_who_holds_a_pass_is_skipped_replaced_or_reported(
    connected: Program, service: EmbeddedSimulator, rule: str, code: int, counts: dict[str, int]
) -> None:
    """`--existing` decides, and a pass that is only going to work counts as one that works."""
    first = connected.roster([["User", "Start"], [USERS[0], "2035-01-01 08:00"]], "one.csv")
    connected("apply", first, "--yes", "--column", "start=Start")
    before = live_digests(service)[USERS[0]]

    done = connected("apply", connected.roster(ROWS), "--yes", "--existing", rule, "--json", code=code).json

    assert {key: done["counts"][key] for key in counts} == counts
    assert (live_digests(service)[USERS[0]] == before) is (rule != "replace")


def test_who_would_be_replaced_is_named_before_anything_is_sent(connected: Program) -> None:
    """The plan on the screen names the people whose pass would stop working."""
    roster = connected.roster(ROWS[:2])
    connected("apply", roster, "--yes")

    shown = connected("plan", roster, "--existing", "replace").err

    assert f"Replace    1, in place of a pass that works now: Student01 ({USERS[0]})" in shown


def test_a_roster_of_names_and_object_ids_is_resolved_so_that_one_person_is_one_create(
    connected: Program, service: EmbeddedSimulator
) -> None:
    """The same person by name and by id is one pass; the second row shares it."""
    ids = {user["upn"]: object_id for object_id, user in service.truth()["users"].items()}
    roster = connected.roster([["User"], [USERS[0]], [ids[USERS[0]].upper()], [ids[USERS[1]]]])

    done = connected("apply", roster, "--yes", "--json")

    assert [row["Sheet row"] for row in sheet(done.folder)] == ["2, 3", 4]
    assert len(service.truth()["attempts"]) == 2


def test_a_mixed_roster_without_the_permission_to_look_users_up_is_exit_5(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """Nobody could tell whether two rows are one person, so nothing is sent."""
    fewer = replace(tenant.registration, permissions=tenant.registration.permissions - {"User.Read.All"})
    service.ask(lambda: setattr(tenant, "registration", fewer))
    ids = {user["upn"]: object_id for object_id, user in service.truth()["users"].items()}

    done = connected("apply", connected.roster([["User"], [USERS[0]], [ids[USERS[1]]]]), "--yes", "--json", code=5)

    assert done.json["error"]["code"] == "not-permitted"
    assert service.truth()["attempts"] == []


def test_a_tenant_whose_policy_is_off_is_exit_6(tenant: Tenant, connected: Program, service: EmbeddedSimulator) -> None:
    """The operator learns where to switch the method on, and nothing is sent."""
    service.ask(lambda: setattr(tenant, "policy", PassPolicy(enabled=False)))

    done = connected("apply", connected.roster(ROWS), "--yes", "--json", code=6)

    assert done.json["error"]["code"] == "policy"
    assert "Entra admin center" in done.json["error"]["hint"]


def test_without_a_terminal_there_is_no_question_and_no_pass(connected: Program, service: EmbeddedSimulator) -> None:
    """`apply` without --yes in a script is a usage error, found before anything is read."""
    done = connected("apply", connected.roster(ROWS), code=2)

    assert "--yes" in done.err
    assert service.statistics()["token_requests"] == 0


def test_what_if_creates_nothing(connected: Program, service: EmbeddedSimulator) -> None:
    """`--what-if`, `-n` and `--dry-run` are the dry run."""
    for option in ("--what-if", "-n", "--dry-run"):
        done = connected("apply", connected.roster(ROWS), option, "--json")
        assert done.json["counts"]["not_sent"] == 12
    assert service.truth()["attempts"] == []


def test_start_lifetime_and_one_time_are_options_that_a_row_overrides(connected: Program) -> None:
    """The whole parameter set of the cmdlet has its counterpart; the row's word beats the option's."""
    roster = connected.roster(
        [
            ["User", "Pass start", "Lifetime", "One-time"],
            [USERS[0], "", "", ""],
            [USERS[1], "2035-05-02 10:00", "2h", "no"],
        ]
    )

    options = ("--start", "2035-05-01 08:00", "--lifetime", "90m", "--one-time")
    first, second = sheet(connected("apply", roster, *options, "--yes", "--json").folder)

    assert (first["Starts"].isoformat(), first["Lifetime (minutes)"], first["One-time"]) == (
        "2035-05-01T08:00:00",
        90,
        "Yes",
    )
    assert (second["Starts"].isoformat(), second["Lifetime (minutes)"], second["One-time"]) == (
        "2035-05-02T10:00:00",
        120,
        "No",
    )
    assert first["Start (UTC)"].isoformat() == "2035-05-01T06:00:00"
    assert first["Usability reason"] == "NotYetValid"


def test_rows_that_limit_and_only_cut_are_skipped_with_their_reason(
    connected: Program, service: EmbeddedSimulator
) -> None:
    """Nobody outside the plan is touched, and the workbook says why."""
    done = connected("apply", connected.roster(ROWS), "--yes", "--limit", "3", "--only", "Class=7A", "--json")

    assert done.json["counts"]["issued"] == 3
    assert done.json["counts"]["skipped"] == 9
    assert set(live_digests(service)) == set(USERS[:3])
    reasons = {str(value) for row in sheet(done.folder, "Not issued") for value in row.values()}
    assert any("--limit 3" in reason for reason in reasons)


@pytest.mark.long
def test_throttled_steps_are_repeated_until_everybody_has_a_pass(program: Program) -> None:
    """Showers: some steps are turned away or unavailable, and nobody goes without."""
    rows = [["User"], *([f"u{number}@contoso.com"] for number in range(150))]

    done = program(
        "apply",
        program.roster(rows),
        "--simulate",
        "--simulate-weather",
        "showers,seed=3",
        "--settle-wait",
        "1s",
        "--yes",
        "--json",
    )

    assert done.json["counts"]["issued"] == 150
    assert done.json["throttled_steps"] > 0


def test_users_of_every_kind_get_what_is_right_for_them(program: Program) -> None:
    """The tenant file's guests, disabled and protected accounts each get a pass or their own reason."""
    rows = [
        ["User"],
        *([user["userPrincipalName"]] for user in json.loads((SAMPLES / "tenant.json").read_bytes())["users"]),
    ]

    done = program(
        "apply", program.roster(rows), "--simulate-tenant", SAMPLES / "tenant.json", "--yes", "--json", code=3
    )

    codes = {row["User"]: row["Error code"] for row in report(done.folder)}
    assert {"user-external-guest", "refused-not-permitted", "refused-by-policy"} <= set(codes.values())
    assert done.json["counts"]["skipped"] == 1
