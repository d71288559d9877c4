"""`bulktap verify`: who is in, by group; a watch; and a roster of those who need another pass."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from made_states import GONE, REPLACED, make
from whole_run import USERS, Program, environment_of

from bulktap.api_context import apart, call_context
from bulktap.api_values import SignIn, StopToken
from bulktap.model.secret import Secret
from bulktap.operations.verify_run import verify_run
from bulktap.operations.verify_wishes import VerifyWishes
from bulktap.settings.keywords import resume_wishes
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import tenant_from_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from whole_run import Finished

    from bulktap.operations.verification import Verification
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

pytestmark = pytest.mark.long  # whole runs, a process for each command

CLASSES = ("5a", "5a", "5a", "10b", "10b", "")


def issue(connected: Program, *words: str) -> Finished:
    """Issue passes to six students in classes."""
    rows = [[f"Student {number}", user, CLASSES[number]] for number, user in enumerate(USERS[:6])]
    return connected("apply", connected.roster([["Name", "User", "Class"], *rows]), *words, "--yes", "--json",
                     "--names", "accept")  # fmt: skip


def user_of(tenant: Tenant, number: int) -> User:
    """Return a student."""
    found = tenant.find(USERS[number])
    assert found is not None
    return found


def grant(tenant: Tenant, service: EmbeddedSimulator) -> None:
    """Let the app read which sign-in methods users have registered."""
    more = tenant.registration.permissions | {"UserAuthenticationMethod.Read.All"}
    service.ask(lambda: setattr(tenant, "registration", replace(tenant.registration, permissions=more)))


def later(tenant: Tenant, service: EmbeddedSimulator, **by: int) -> None:
    """Set the tenant's clock on."""
    clock = tenant.clock
    service.ask(lambda: setattr(tenant, "clock", lambda: clock() + timedelta(**by)))


def states(told: dict[str, Any]) -> dict[str, tuple[str, bool | None]]:
    """Return how each pass stands, and who is in."""
    return {one["user"]: (one["state"], one["in"]) for one in told["people"]}


def test_one_time_passes_say_by_group_who_is_in(tenant: Tenant, connected: Program, service: EmbeddedSimulator) -> None:
    """Groups in the order in which people count; nobody has to be asked what they have registered."""
    done = issue(connected, "--one-time")
    for number in (0, 1, 3):
        service.ask(lambda number=number: tenant.use_pass(user_of(tenant, number)))  # type: ignore[misc]

    shown = connected("verify", done.folder).out
    told = connected("verify", done.folder, "--json").json

    assert "3 of 6 in:" in shown
    assert shown.index("5a  2 of 3 in") < shown.index("10b  1 of 2 in") < shown.index("without a group  0 of 1 in")
    assert "cannot be read from it" not in shown
    assert (told["in"], told["may_read_methods"]) == ({"yes": 3, "no": 3, "unknown": 0}, None)
    assert told["groups"][0] == {"group": "5a", "passes": 3, "in": 2, "unknown": 0}


@pytest.mark.parametrize("state", [REPLACED, GONE])
def test_of_one_time_passes_nothing_is_said_of_others(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator, state: str
) -> None:
    """Whether somebody is in is not known here either, and not because a pass works many times."""
    done = issue(connected, "--one-time")
    make(state, tenant, service, user_of(tenant, 0).upn)
    shown = connected("verify", done.folder, code=3).out

    assert "1 not known" in shown
    assert "many times" not in shown


def test_of_passes_that_work_many_times_it_is_said_that_they_do_not_tell(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """Somebody has used theirs, and nothing shows it; the permission that would help is named, and it goes on."""
    done = issue(connected, "--multi-use")
    service.ask(lambda: tenant.use_pass(user_of(tenant, 0)))

    shown = connected("verify", done.folder).out
    told = connected("verify", done.folder, "--json").json

    assert "cannot be read from it" in shown
    assert "grant the app UserAuthenticationMethod.Read.All" in shown
    assert (told["in"]["unknown"], told["may_read_methods"], told["exit_code"]) == (6, False, 0)


def test_whoever_has_registered_a_method_since_is_in_where_the_app_may_read_that(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """A password, a pass, and what was registered before, or nobody knows when, are no sign of it."""
    service.ask(lambda: tenant.register_method(user_of(tenant, 4), "phone"))
    later(tenant, service, minutes=5)
    done = issue(connected, "--multi-use")
    grant(tenant, service)
    later(tenant, service, minutes=5)
    for number, kind in ((0, "passkey"), (1, "authenticator"), (3, "hello"), (3, "phone")):
        service.ask(lambda number=number, kind=kind: tenant.register_method(user_of(tenant, number), kind))  # type: ignore[misc]

    shown = connected("verify", done.folder).out
    told = connected("verify", done.folder, "--json").json

    assert "5a  2 of 3 in" in shown
    registered = {one["user"]: one["registered"] for one in told["people"]}
    assert registered == {
        USERS[0]: ["passkey"],
        USERS[1]: ["Authenticator app"],
        USERS[2]: [],
        USERS[3]: ["Windows Hello", "phone"],
        USERS[4]: [],
        USERS[5]: [],
    }
    assert (told["in"], told["may_read_methods"]) == ({"yes": 3, "no": 3, "unknown": 0}, True)


def test_users_of_a_tenant_file_have_registered_what_it_says(program: Program) -> None:
    """Minutes before now; without them the service does not say when, and that counts for nothing."""
    users: list[dict[str, Any]] = [
        {"userPrincipalName": USERS[0], "methods": [{"kind": "passkey", "registeredMinutesAgo": -5}]},
        {"userPrincipalName": USERS[1], "methods": [{"kind": "phone", "registeredMinutesAgo": 50}]},
        {"userPrincipalName": USERS[2], "methods": [{"kind": "authenticator"}]},
    ]
    granted = {
        "permissions": ["UserAuthMethod-TAP.ReadWrite.All", "User.Read.All", "UserAuthenticationMethod.Read.All"]
    }
    tenant = tenant_from_json({"tenant": granted, "users": users}, clock=lambda: datetime.now(UTC), random=None)
    with EmbeddedSimulator(tenant, SimulatorOptions()) as service:
        connected = Program(program.cwd, {**program.environment, **environment_of(service)})
        roster = connected.roster([["User"], *([user] for user in USERS[:3])])
        done = connected("apply", roster, "--multi-use", "--yes", "--json")
        told = connected("verify", done.folder, "--json").json

    assert states(told) == {USERS[0]: ("live", True), USERS[1]: ("live", False), USERS[2]: ("live", False)}


def test_each_state_is_made_by_the_simulator_and_named(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """Live, not valid yet, used, expired, replaced, gone, revoked: seven people, seven states."""
    rows = [
        *([user, "", "8h"] for user in USERS[:5]),
        [USERS[5], "2035-09-01 08:00", "8h"],
        [USERS[6], "", "1h"],
    ]
    roster = connected.roster([["User", "Start", "Lifetime"], *rows])
    done = connected("apply", roster, "--one-time", "--yes", "--json")
    service.ask(lambda: tenant.use_pass(user_of(tenant, 1)))
    service.ask(lambda: tenant.somebody_else_issues(user_of(tenant, 2)))
    held = tenant.current(user_of(tenant, 3))
    assert held is not None
    service.ask(lambda: tenant.delete(user_of(tenant, 3), held.pass_id, "an administrator"))
    connected("revoke", done.folder, "--only", USERS[4], "--yes")
    later(tenant, service, hours=2)

    told = connected("verify", done.folder, "--json", code=3).json

    assert states(told) == {
        USERS[0]: ("live", False),
        USERS[1]: ("used", True),
        USERS[2]: ("replaced", None),
        USERS[3]: ("gone", None),
        USERS[4]: ("revoked", False),
        USERS[5]: ("not_yet_valid", False),
        USERS[6]: ("expired", False),
    }


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "XLSX"])
def test_those_who_never_used_theirs_are_a_roster_that_goes_straight_back(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator, suffix: str
) -> None:
    """The right people, under their names and groups; no secret; nobody else can read it."""
    done = issue(connected, "--one-time", "--lifetime", "1h")
    for number in (0, 3):
        service.ask(lambda number=number: tenant.use_pass(user_of(tenant, number)))  # type: ignore[misc]
    later(tenant, service, hours=3)
    path = connected.cwd / f"again.{suffix}"

    shown = connected("verify", done.folder, "--unserved", path).out
    planned = connected("plan", path, "--json")
    chosen = connected("plan", path, "--only", "Class=10b", "--json").json

    assert "4 people need another pass" in shown
    assert path.stat().st_mode & 0o077 == 0
    rows = json.loads((planned.folder / "plan.json").read_bytes())["rows"]
    assert {row["object_id"] for row in rows if row["action"] == "issue"} == {
        user_of(tenant, number).object_id for number in (1, 2, 4, 5)
    }
    assert [row["group"] for row in rows] == ["5a", "5a", "10b", None]
    assert chosen["plan"]["issue"] == 1


def test_what_is_there_already_is_not_written_over(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """Somebody else's file keeps its name, and the screen and `files` say where the roster is."""
    done = issue(connected, "--one-time", "--lifetime", "1h")
    later(tenant, service, hours=3)
    path = connected.cwd / "again.csv"
    path.write_text("somebody's")

    told = connected("verify", done.folder, "--unserved", path, "--json").json

    assert path.read_text() == "somebody's"
    assert list(told["files"]) == ["again-2.csv"]
    assert told["unserved"] == 6


@pytest.mark.parametrize("name", ["again.txt", "again", "no-such-folder/again.xlsx"])
def test_a_roster_that_cannot_be_written_is_refused_before_anybody_is_asked(
    connected: Program, service: EmbeddedSimulator, name: str
) -> None:
    """Exit 2, and the tenant hears nothing."""
    done = issue(connected)
    before = service.truth()["listings"]

    connected("verify", done.folder, "--unserved", name, "--json", code=2)

    assert service.truth()["listings"] == before


def test_no_roster_is_written_where_nobody_needs_another_pass(connected: Program) -> None:
    """All are live."""
    done = issue(connected)

    shown = connected("verify", done.folder, "--unserved", "again.xlsx").out

    assert "Nobody needs another pass" in shown
    assert not (connected.cwd / "again.xlsx").exists()


def test_a_name_that_is_a_formula_stays_text(tenant: Tenant, connected: Program, service: EmbeddedSimulator) -> None:
    """In a workbook it is a text, in CSV a spreadsheet program would take it for a formula."""
    rows = [["User", "Class"], [USERS[0], "=1+1"], [USERS[1], "@home"]]
    done = connected("apply", connected.roster(rows), "--one-time", "--lifetime", "1h", "--yes", "--json")
    later(tenant, service, hours=3)

    connected("verify", done.folder, "--unserved", "again.csv")
    connected("verify", done.folder, "--unserved", "again.xlsx")

    assert "'=1+1" in (connected.cwd / "again.csv").read_text("utf-8-sig")
    sheet = openpyxl.load_workbook(connected.cwd / "again.xlsx").worksheets[0]
    assert [(cell.value, cell.data_type) for cell in sheet["C"][1:]] == [("=1+1", "s"), ("@home", "s")]


def test_a_watch_ends_when_all_are_in(tenant: Tenant, connected: Program, service: EmbeddedSimulator) -> None:
    """Asked once, because nothing will change any more."""
    done = issue(connected, "--one-time")
    for number in range(6):
        service.ask(lambda number=number: tenant.use_pass(user_of(tenant, number)))  # type: ignore[misc]

    shown = connected("verify", done.folder, "--watch", "24h").out

    assert shown.count("6 of 6 in") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "12:00"), "there is none"),
        (("--watch", "5m", "--until", "2020-01-01 08:00"), "not a time that is still to come"),
        (("--watch", "5m", "--until", "00:00"), "lies in the past"),
        (("--watch", "5m", "--until", "noon"), "not a time that is still to come"),
        (("--watch", "5m", "--until", "25:00"), "not a time that is still to come"),
        (("--watch", "5m", "--until", "9:61"), "not a time that is still to come"),
        (("--watch", "5m", "--until", "0:0"), "lies in the past"),
        (("--watch", "0s"), "0s"),
        (("--watch", "2d"), "longer than 24h"),
    ],
)
def test_a_watch_that_cannot_be_meant_is_refused(connected: Program, words: tuple[str, ...], said: str) -> None:
    """Exit 2, before anybody signs in."""
    done = issue(connected)

    error = connected("verify", done.folder, *words, "--json", code=2, AZURE_CLIENT_SECRET="").json["error"]

    assert said in error["message"]


def watched(
    service: EmbeddedSimulator, done: Finished, stop: StopToken, each: Callable[[Verification], object]
) -> Verification:
    """Watch a run as other programs could, every fifth of a second."""
    sign_in = SignIn(
        service.tenant_id,
        service.client_id,
        Secret(service.client_secret),
        service.graph_url,
        service.authority_url,
        service.ca_file,
    )
    settings = resume_wishes({}, done.folder.parent)
    with call_context(sign_in, None, stop) as at:
        return apart(lambda: verify_run(done.folder, settings, at, VerifyWishes(every=0.2), each), at)


def test_a_watch_asks_again_until_the_last_one_is_in(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """One more signs in after each round; whoever was in stays in."""
    done = issue(connected, "--one-time")
    rounds: list[int] = []

    def each(verified: Verification) -> None:
        rounds.append(verified.arrived)
        service.ask(lambda: tenant.use_pass(user_of(tenant, len(rounds) - 1)))

    verified = watched(service, done, StopToken(), each)

    assert rounds == [0, 1, 2, 3, 4, 5, 6]
    assert verified.arrived == 6


def test_whoever_ends_a_watch_has_what_was_found_last(connected: Program, service: EmbeddedSimulator) -> None:
    """Ctrl-C is how a watch is left."""
    done, token = issue(connected, "--one-time"), StopToken()
    rounds: list[Verification] = []

    def each(verified: Verification) -> None:
        rounds.append(verified)
        if len(rounds) == 2:
            token.stop()

    verified = watched(service, done, token, each)

    assert verified is rounds[-1]
    assert len(rounds) == 2


def test_what_other_administrators_and_users_do_can_be_scripted_over_https(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """A rehearsal with a simulator of its own needs no Python for that."""
    import requests

    done = issue(connected, "--multi-use")
    grant(tenant, service)
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(service.ca_file)

        def deed(what: str, number: int, more: str = "") -> bool:
            url = f"{service.graph_url}/_simulator/{what}?user={USERS[number]}{more}"
            return bool(session.post(url, timeout=30).json()["done"])

        assert deed("register", 0, "&method=phone")
        assert deed("register", 1)
        assert not deed("register", 2, "&method=telepathy")
        assert deed("delete", 3)
        assert not deed("delete", 3)
    later(tenant, service, minutes=20)

    told = connected("verify", done.folder, "--json", code=3).json

    assert [one["registered"] for one in told["people"]] == [["phone"], ["passkey"], [], [], [], []]
    assert states(told)[USERS[3]] == ("gone", False)
