"""`bulktap revoke`: exactly the passes of a run that are still the live ones are deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import PASSPHRASE, USERS, Program, environment_of, sheet

from bulktap.journal import Journal
from bulktap.model.outcomes import InDoubt
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.run_events import Settled
from bulktap.model.secret import Secret
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.pass_policy import PassPolicy
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant
from bulktap.storage.revocations import RevocationFile, read_revocations, revoked_passes
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from whole_run import Finished

    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

pytestmark = pytest.mark.long  # whole runs, a process for each command

CLASSES = ("7A", "7A", "7B", "7B", "7B", "8")


def rows(count: int = 6) -> list[list[str]]:
    """Return a roster of students in classes, two of whom also have a teacher's name beside theirs."""
    return [
        ["User", "Class", "Teacher"],
        *([user, CLASSES[index], f"Teacher {index % 2}"] for index, user in enumerate(USERS[:count])),
    ]


@pytest.fixture
def issued(connected: Program) -> Finished:
    """A finished run of six one-time passes."""
    return connected("apply", connected.roster(rows()), "--one-time", "--yes", "--json")


@pytest.fixture
def unlocked(connected: Program) -> Program:
    """The program without the passphrase of anything."""
    return Program(connected.cwd, {k: v for k, v in connected.environment.items() if k != "BULKTAP_PASSPHRASE"})


def user_of(tenant: Tenant, number: int) -> User:
    """Return a student."""
    found = tenant.find(USERS[number])
    assert found is not None
    return found


def held(service: EmbeddedSimulator, tenant: Tenant, number: int) -> str | None:
    """Return the id of the pass that a student has."""
    current = service.ask(lambda: tenant.current(user_of(tenant, number)))
    return current.pass_id if current else None


def shifted(tenant: Tenant, **by: int) -> Callable[[], Any]:
    """Return the tenant's clock, so much later."""
    clock = tenant.clock
    return lambda: clock() + timedelta(**by)


def test_a_dry_run_names_the_passes_and_deletes_none(
    unlocked: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """No passphrase is needed, and nothing is written."""
    before = {path.name: path.read_bytes() for path in issued.folder.iterdir() if path.is_file()}

    shown = unlocked("revoke", issued.folder, "--what-if").out
    told = unlocked("revoke", issued.folder.name, "-n", "--json").json

    assert "6 passes, of which 6 would be deleted:" in shown
    assert "Groups: 7A (2), 7B (3), 8 (1)" in shown
    assert USERS[0] in shown
    assert (told["to_delete"], told["dry_run"], told["passes"], told["states"]) == (6, True, {}, {"live": 6})
    assert all(user["current_pass_id"] for user in service.truth()["users"].values() if user["upn"] in USERS[:6])
    assert {path.name: path.read_bytes() for path in issued.folder.iterdir() if path.is_file()} == before


def test_nothing_is_deleted_without_a_yes(connected: Program, issued: Finished, tenant: Tenant) -> None:
    """Where nobody can be asked, that is exit 2, before anybody signs in."""
    error = connected("revoke", issued.folder, "--json", code=2).json["error"]

    assert error["code"] == "usage"
    assert all(tenant.current(user_of(tenant, number)) for number in range(6))
    assert not RunFolder(issued.folder).revocations.exists()


def test_only_what_still_works_is_deleted_and_each_state_is_told(
    tenant: Tenant, unlocked: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """A used one, one that somebody replaced, and one that somebody deleted are left as they are."""
    service.ask(lambda: tenant.use_pass(user_of(tenant, 0)))
    service.ask(lambda: tenant.somebody_else_issues(user_of(tenant, 1)))
    gone = held(service, tenant, 2)
    service.ask(lambda: tenant.delete(user_of(tenant, 2), gone or "", "an administrator"))
    service.ask(lambda: setattr(tenant, "clock", shifted(tenant, minutes=20)))
    ours, later = held(service, tenant, 3), held(service, tenant, 1)

    told = unlocked("revoke", issued.folder, "--yes", "--json").json

    counts = {how: count for how, count in told["passes"].items() if count}
    assert counts == {"revoked": 3, "used": 1, "replaced": 1, "gone": 1}
    assert held(service, tenant, 1) == later
    assert held(service, tenant, 0) is not None
    assert [held(service, tenant, number) for number in (3, 4, 5)] == [None] * 3
    assert ours in revoked_passes(RunFolder(issued.folder))
    assert len(revoked_passes(RunFolder(issued.folder))) == 3


def test_passes_that_have_expired_are_left_alone(
    tenant: Tenant, unlocked: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """There is nothing to revoke, so nobody is asked."""
    service.ask(lambda: setattr(tenant, "clock", shifted(tenant, days=3)))

    told = unlocked("revoke", issued.folder, "--yes", "--json").json

    assert (told["to_delete"], told["passes"]["expired"]) == (0, 6)


def test_passes_that_do_not_work_yet_or_are_disabled_are_deleted(
    tenant: Tenant, unlocked: Program, connected: Program, service: EmbeddedSimulator
) -> None:
    """They would work some day."""
    later = [["User", "Start"], [USERS[0], "2035-09-01 08:00"], [USERS[1], ""]]
    done = connected("apply", connected.roster(later), "--column", "start=Start", "--yes", "--json")
    service.ask(lambda: setattr(tenant, "policy", PassPolicy(enabled=False)))

    told = unlocked("revoke", done.folder, "--yes", "--json").json

    assert (told["to_delete"], told["passes"]["revoked"]) == (2, 2)
    assert {one["state"] for one in told["people"]} <= {"not_yet_valid", "disabled"}


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (("--only", "Class=7B"), {2, 3, 4}),
        (("--only", "class=7*", "--except", "7B"), {0, 1, 2, 3, 4}),
        (("--only", "class=7*", "--except", "Class=7b"), {0, 1}),
        (("--only", "2-3"), {0, 1}),
        (("--only", USERS[5].upper()), {5}),
        (("--only", "student0[1]*", "--only", "7"), {5}),
        (("--except", "*02@contoso.com", "--except", "3"), {0, 2, 3, 4, 5}),
        (("--only", "User=student04*"), {3}),
    ],
)
def test_passes_are_chosen_by_row_user_and_group(
    tenant: Tenant, unlocked: Program, issued: Finished, words: tuple[str, ...], numbers: set[int]
) -> None:
    """As rows of a roster are, as far as plan.json tells; a word that names nothing is a typo."""
    if "7B" in words or "student0[1]*" in words:
        error = unlocked("revoke", issued.folder, *words, "--yes", "--json", code=4).json["error"]
        assert "matches no row" in error["message"]
        return

    unlocked("revoke", issued.folder, *words, "--yes", "--json")

    assert {number for number in range(6) if tenant.current(user_of(tenant, number)) is None} == numbers


def test_users_are_chosen_by_their_object_id(tenant: Tenant, unlocked: Program, issued: Finished) -> None:
    """Whoever copies it out of the admin center means the same person."""
    unlocked("revoke", issued.folder, "--only", user_of(tenant, 4).object_id, "--yes", "--json")

    assert [number for number in range(6) if tenant.current(user_of(tenant, number)) is None] == [4]


def test_a_column_that_only_the_sealed_part_has_is_named(unlocked: Program, issued: Finished) -> None:
    """The hint says what rows can be chosen by."""
    error = unlocked("revoke", issued.folder, "--only", "Teacher=Teacher 1", "--yes", "--json", code=2).json["error"]

    assert "column Teacher, whose cells are sealed" in error["message"]
    assert "Class" in error["hint"]


@pytest.mark.parametrize("left", ["missing", "edited"])
def test_without_a_sound_plan_all_may_be_revoked_and_nothing_chosen(
    tenant: Tenant, unlocked: Program, issued: Finished, left: str
) -> None:
    """The journal says which passes there are."""
    plan = issued.folder / "plan.json"
    if left == "missing":
        plan.unlink()
    else:
        plan.write_bytes(plan.read_bytes().replace(b"7A", b"7B"))

    error = unlocked("revoke", issued.folder, "--only", "Class=7B", "--yes", "--json", code=8).json["error"]
    assert "plan.json" in error["message"]

    unlocked("revoke", issued.folder, "--yes", "--json")
    assert [tenant.current(user_of(tenant, number)) for number in range(6)] == [None] * 6


def test_a_second_time_there_is_nothing_left_and_verify_says_revoked(unlocked: Program, issued: Finished) -> None:
    """What was revoked is as it should be; what somebody else deletes is not."""
    unlocked("revoke", issued.folder, "--only", "Class=7A", "--yes")
    again = unlocked("revoke", issued.folder, "--only", "Class=7A", "--yes", "--json").json
    verified = unlocked("verify", issued.folder, "--json").json

    assert (again["to_delete"], again["passes"]["revoked"], again["states"]) == (0, 2, {"revoked": 2})
    assert (verified["passes"]["revoked"], verified["passes"]["live"], verified["not_as_recorded"]) == (2, 4, [])


def test_the_list_of_runs_says_what_was_revoked_and_what_is_left(
    tenant: Tenant, connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """A revocation that was stopped is what comes next."""
    connected("revoke", issued.folder, "--only", "Class=7A", "--yes")
    (after,) = connected("runs", "--json").json["runs"]
    with RevocationFile(RunFolder(issued.folder), tenant.clock) as file:
        file.began({held(service, tenant, number) or "": number + 1 for number in (2, 3)}, "somebody")
    (stopped,) = connected("runs", "--json").json["runs"]

    assert (after["revoked"], "to_revoke" in after, after["issued"]) == (2, False, 6)
    assert (stopped["revoked"], stopped["to_revoke"]) == (2, 2)
    assert stopped["next"].startswith("bulktap revoke ")
    assert "6 issued (2 revoked)" in connected("runs").out or "6 (2 revoked)" in connected("runs").out


def test_the_results_workbook_says_which_passcodes_were_revoked(connected: Program, issued: Finished) -> None:
    """Written again, or by whatever command comes next; the others' lines are as they were."""
    connected("revoke", issued.folder, "--only", "Class=7A", "--yes")

    connected("results", issued.folder)

    notes = {row["User"]: row["Note"] or "" for row in sheet(issued.folder)}
    assert {user for user, note in notes.items() if "this passcode does not work any more" in note} == set(USERS[:2])
    works = {row["User"]: row["Works"] for row in sheet(issued.folder)}
    assert works[USERS[0]] == "Does not work: revoked"
    assert "revoked" not in works[USERS[2]]


def test_a_list_of_received_slips_revokes_the_others(tenant: Tenant, unlocked: Program, issued: Finished) -> None:
    """Rows are matched by any name of a user; who is nobody of the run is said."""
    received = [["User"], [USERS[0].upper()], [user_of(tenant, 1).object_id], [USERS[2]], ["nobody@contoso.com"]]
    path = unlocked.roster(received, "received.csv")

    told = unlocked("revoke", issued.folder, "--not-received", path, "--yes", "--json").json

    assert [number for number in range(6) if tenant.current(user_of(tenant, number)) is None] == [3, 4, 5]
    assert told["not_found"] == ["Row 5: nobody@contoso.com"]


@pytest.mark.parametrize(
    ("heading", "word", "others"),
    [
        ("Status", "inactive", "active"),
        ("Account status", "Blocked", "Active"),
        ("Active", "no", "yes"),
        ("Aktiv", "nein", "ja"),
        ("Remark", "ill", ""),
        ("Lifetime", "soon", ""),
    ],
)
def test_whoever_is_on_the_list_keeps_the_pass_whatever_else_it_says(
    tenant: Tenant, unlocked: Program, issued: Finished, heading: str, word: str, others: str
) -> None:
    """A list may be a roster in which some are inactive, or a cell is wrong: they have their slip all the same."""
    rows = [["User", heading], *([user, word if number == 1 else others] for number, user in enumerate(USERS[:4]))]
    path = unlocked.roster(rows, "received.csv")

    unlocked("revoke", issued.folder, "--not-received", path, "--yes", "--json")

    assert [number for number in range(6) if tenant.current(user_of(tenant, number)) is None] == [4, 5]


def test_a_list_of_names_revokes_the_others(tenant: Tenant, unlocked: Program, issued: Finished) -> None:
    """As a signed cover or a class list is; one name that is nobody's is a question, and every such row is told."""
    received = [["Name", "Signature"], ["student01", "x"], ["Student04", ""], ["Nobody Here", "x"]]
    path = unlocked.roster(received, "signed.csv")
    words = ("revoke", issued.folder, "--not-received", path, "--yes", "--json")

    error = unlocked(*words, code=4).json["error"]
    assert all(tenant.current(user_of(tenant, number)) for number in range(6))
    told = unlocked(*words, "--names", "accept").json

    assert "1 of 3 rows" in error["message"]
    assert "Row 4: Nobody Here" in error["hint"]
    assert [number for number in range(6) if tenant.current(user_of(tenant, number)) is None] == [1, 2, 4, 5]
    assert told["not_found"] == ["Row 4: Nobody Here"]


@pytest.mark.parametrize("text", ["{} (7B)", "x{}; {}", "Received: {}", "{}@", "Frau Kuhn"])
def test_a_cell_of_the_list_that_cannot_be_read_is_a_question(
    tenant: Tenant, unlocked: Program, issued: Finished, text: str
) -> None:
    """Whoever stands behind it may have the slip in hand; `--yes` is no answer to that."""
    rows = [["User", "Name"], *([user, "somebody"] for user in USERS[:4]), [text.format(USERS[4], USERS[5]), "Ann"]]
    words = ("revoke", issued.folder, "--not-received", unlocked.roster(rows, "received.csv"), "--yes", "--json")

    error = unlocked(*words, code=4).json["error"]

    assert "1 of 5 rows" in error["message"]
    assert all(tenant.current(user_of(tenant, number)) for number in range(6))
    assert unlocked(*words, "--names", "accept").json["passes"]["revoked"] == 2


def test_a_list_of_others_is_a_question(tenant: Tenant, unlocked: Program, issued: Finished) -> None:
    """Those who are on it under another name would lose the pass that they have just received."""
    others = [[f"other{number}@contoso.com"] for number in range(3)]
    path = unlocked.roster([["User"], [USERS[0]], *others], "received.csv")
    words = ("revoke", issued.folder, "--not-received", path, "--yes", "--json")

    error = unlocked(*words, code=4).json["error"]
    refused = unlocked(*words, "--names", "refuse", code=6).json["error"]

    assert "3 of 4 rows" in error["message"]
    assert "--names accept" in error["hint"]
    assert refused["code"] == "not-confirmed"
    assert all(tenant.current(user_of(tenant, number)) for number in range(6))
    assert unlocked(*words, "--names", "accept").json["passes"]["revoked"] == 5


def test_a_list_that_names_nobody_of_the_run_revokes_nothing(
    tenant: Tenant, unlocked: Program, issued: Finished
) -> None:
    """Otherwise it would revoke everybody's."""
    path = unlocked.roster([["User"], ["other@contoso.com"]], "received.csv")

    error = unlocked("revoke", issued.folder, "--not-received", path, "--yes", "--json", code=4).json["error"]

    assert "names nobody of this run" in error["message"]
    assert all(tenant.current(user_of(tenant, number)) for number in range(6))


def test_a_run_that_is_going_on_is_refused(connected: Program, issued: Finished) -> None:
    """Exit 11; a dry run may look all the same."""
    with RunFolder(issued.folder).lock():
        error = connected("revoke", issued.folder, "--yes", "--json", code=11).json["error"]
        looked = connected("revoke", issued.folder, "--dry-run", "--json").json

    assert error["code"] == "in-use"
    assert looked["to_delete"] == 6


def test_an_app_that_may_only_look_is_exit_5_and_is_gone_on_with(
    tenant: Tenant, unlocked: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """The permission is named, and `resume` goes on when it was granted, without a question or a passphrase."""
    registration = tenant.registration
    fewer = replace(registration, permissions=frozenset({"UserAuthMethod-TAP.Read.All"}))
    service.ask(lambda: setattr(tenant, "registration", fewer))

    told = unlocked("revoke", issued.folder, "--only", "Class=7B", "--yes", "--json", code=5).json

    assert "UserAuthMethod-TAP.ReadWrite.All" in told["error"]["hint"]
    assert f"bulktap revoke {issued.folder.name}" in told["error"]["hint"]
    assert told["passes"]["left"] == 3
    service.ask(lambda: setattr(tenant, "registration", registration))
    resumed = unlocked("resume", issued.folder, "--json").json
    assert (resumed["passes"]["revoked"], resumed["went_on"]) == (3, True)
    assert [number for number in range(6) if tenant.current(user_of(tenant, number)) is None] == [2, 3, 4]


def test_users_whose_passes_are_protected_are_left_and_named(program: Program) -> None:
    """Thirty administrators in a row are not everybody: the others lose theirs, and exit 3 says that not all did."""
    users = [f"u{number:02d}@contoso.com" for number in range(90)]
    tenant = seed_tenant([SeedUser(upn=user) for user in users])
    with EmbeddedSimulator(tenant, SimulatorOptions()) as service:
        connected = Program(program.cwd, {**program.environment, **environment_of(service)})
        done = connected("apply", connected.roster([["User"], *([user] for user in users)]), "--yes", "--json")
        protected = {user.object_id: replace(user, protected=int(user.upn[1:3]) < 30) for user in tenant.users.values()}
        service.ask(lambda: tenant._users.update(protected))  # noqa: SLF001 - the tenant has no other way in

        told = connected("revoke", done.folder, "--yes", "--json", code=3).json

    assert (told["passes"]["revoked"], told["passes"]["refused"]) == (60, 30)


def test_more_than_the_operator_allows_are_not_deleted(tenant: Tenant, unlocked: Program, issued: Finished) -> None:
    """Exit 6, and nothing was."""
    error = unlocked("revoke", issued.folder, "--max-rows", "5", "--yes", "--json", code=6).json["error"]

    assert error["code"] == "guard"
    assert all(tenant.current(user_of(tenant, number)) for number in range(6))


def test_many_have_to_be_typed_where_the_operator_wants_that(unlocked: Program, issued: Finished) -> None:
    """A yes in advance does not answer it, and nobody can be asked here."""
    words = ("--type-from-rows", "5", "--confirm", "type")

    error = unlocked("revoke", issued.folder, *words, "--yes", "--json", code=2).json["error"]

    assert "Somebody has to type the tenant's" in error["message"]


def test_a_row_in_doubt_is_counted_and_left_alone(
    tenant: Tenant, connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Nobody knows the id of its pass, so nothing proves whose the live one is."""
    with Journal.open(issued.folder / "journal.db", Secret(PASSPHRASE)) as journal:
        journal.record([Settled(1, InDoubt(about_passes.lost_and_unlistable(about_passes.multi_use_refused())))])

    told = connected("revoke", issued.folder, "--yes", "--json").json

    assert (told["in_doubt"], told["passes"]["revoked"]) == (1, 5)
    assert held(service, tenant, 0) is not None


def test_a_pass_that_was_issued_in_its_place_since_is_never_deleted(
    tenant: Tenant, unlocked: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """A revocation that was stopped is gone on with after somebody else has issued new passes."""
    ours = [held(service, tenant, number) or "" for number in range(6)]
    folder = RunFolder(issued.folder)
    with RevocationFile(folder, tenant.clock) as file:
        file.began({one: number for number, one in enumerate(ours, 1)}, "somebody")
        file.sent(ours[:2])
    service.ask(lambda: tenant.delete(user_of(tenant, 0), ours[0], "us"))
    for number in (1, 2):
        service.ask(lambda number=number: tenant.somebody_else_issues(user_of(tenant, number)))  # type: ignore[misc]
    later = [held(service, tenant, number) for number in (1, 2)]

    told = unlocked("revoke", issued.folder, "--yes", "--json").json

    assert [held(service, tenant, number) for number in (1, 2)] == later
    assert (told["passes"]["revoked"], told["passes"]["replaced"]) == (4, 2)
    assert ours[0] in revoked_passes(folder), "its delete had left, and it is gone"
    assert read_revocations(folder).left == {}


def test_a_pass_that_the_run_itself_issued_anew_is_not_what_was_agreed_to(
    tenant: Tenant, connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """A revocation that was stopped leaves it alone; a new one means it, since it is the run's own by then."""
    folder = RunFolder(issued.folder)
    with RevocationFile(folder, tenant.clock) as file:
        file.began({held(service, tenant, number) or "": number + 1 for number in (2, 3)}, "somebody")
    connected("reissue", issued.folder, "--only", USERS[2], "--yes")
    anew = held(service, tenant, 2)

    first = connected("revoke", issued.folder, "--yes", "--json").json
    left = held(service, tenant, 2), held(service, tenant, 3)
    second = connected("revoke", issued.folder, "--only", "Class=7B", "--yes", "--json").json

    assert (first["went_on"], left) == (True, (anew, None))
    assert anew in revoked_passes(folder)
    assert second["passes"]["revoked"] == 3, "two now, and one before"


def test_what_is_left_of_a_revocation_is_all_that_is_gone_on_with(
    tenant: Tenant, unlocked: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Only 7B was agreed to: the same command without words does not mean everybody now."""
    folder = RunFolder(issued.folder)
    with RevocationFile(folder, tenant.clock) as file:
        file.began({held(service, tenant, number) or "": number + 1 for number in (2, 3, 4)}, "somebody")

    shown = unlocked("revoke", issued.folder, "--yes").err
    assert "goes on with it, and with nothing else" in shown
    assert [number for number in range(6) if tenant.current(user_of(tenant, number)) is None] == [2, 3, 4]


def test_the_log_says_what_became_of_each_pass(unlocked: Program, issued: Finished) -> None:
    """With the row of the roster; no line is without its schema."""
    import log_schema

    unlocked("revoke", issued.folder, "--only", "Class=7A", "--yes")

    text = (issued.folder / "log.jsonl").read_text()
    assert log_schema.faults_of_lines(text) == []
    assert text.count('"event":"revoked"') == 2
    assert '"row":2' in text


def test_a_rehearsal_is_revoked_in_its_own_tenant(program: Program) -> None:
    """The pretend tenant is kept, so that a second time there is nothing left, and verify knows why."""
    done = program("apply", program.roster(rows()), "--simulate", "--yes", "--json")

    first = program("revoke", done.folder, "--yes", "--json").json
    verified = program("verify", done.folder, "--json").json

    assert (first["passes"]["revoked"], first["tenant"]["simulated"]) == (6, True)
    assert verified["passes"]["revoked"] == 6


def test_a_run_that_was_planned_only_has_nothing_to_revoke(connected: Program) -> None:
    """Exit 8, before anybody signs in."""
    planned = connected("plan", connected.roster(rows(2)), "--json")

    error = connected("revoke", planned.folder, "--yes", "--json", code=8, AZURE_CLIENT_SECRET="").json["error"]

    assert "planned only" in error["message"]


def test_the_run_of_another_tenant_is_refused(connected: Program, issued: Finished) -> None:
    """Nothing there is deleted."""
    elsewhere = seed_tenant([SeedUser(upn=user) for user in USERS], name="Fabrikam")
    with EmbeddedSimulator(elsewhere, SimulatorOptions()) as other:
        there = Program(connected.cwd, {**connected.environment, **environment_of(other)})
        error = there("revoke", issued.folder, "--yes", "--json", code=8).json["error"]

    assert "This run is for tenant" in error["message"]


@pytest.mark.parametrize("weather", ["showers,seed=3", "storm,seed=5", "lag,seed=7"])
def test_in_bad_weather_each_pass_is_deleted_and_no_later_one(program: Program, weather: str) -> None:
    """Replies are lost, steps fail, lists lag: what was revoked is gone, and somebody else's passes are all there."""
    users = [f"u{number:02d}@contoso.com" for number in range(40)]
    tenant = seed_tenant([SeedUser(upn=user) for user in users])
    with EmbeddedSimulator(tenant, SimulatorOptions()) as service:
        connected = Program(program.cwd, {**program.environment, **environment_of(service)})
        done = connected("apply", connected.roster([["User"], *([user] for user in users)]), "--yes", "--json")
    quick = ("--reply-timeout", "2s")
    with EmbeddedSimulator(tenant, SimulatorOptions(weather=weather)) as service:
        connected = Program(program.cwd, {**program.environment, **environment_of(service)})
        for user in users[::4]:
            service.ask(lambda user=user: tenant.somebody_else_issues(tenant.find(user)))  # type: ignore[misc]
        told = connected("revoke", done.folder, "--yes", "--json", *quick, code=None).json
        if told["exit_code"] == 3:
            told = connected("revoke", done.folder, "--yes", "--json", *quick).json
        truth = service.truth()["users"].values()

    live = {user["upn"] for user in truth if user["current_pass_id"]}
    assert live == set(users[::4])
    assert {user["creator"] for user in truth if user["current_pass_id"]} == {"somebody else"}
    assert len(revoked_passes(RunFolder(done.folder))) >= 25
