"""Guards in whole runs: who never gets a pass, how many are too many, when a run stops; also of a signed plan."""

from __future__ import annotations

import codecs
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from whole_run import USERS, Program, live_digests, report, sheet

from bulktap.operations.list_runs import latest_unfinished
from bulktap.simulator.oddities import Oddity

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

ROWS = [["User", "Klasse"], *([user, f"{5 + number // 4}{'ab'[number % 2]}"] for number, user in enumerate(USERS))]


def id_of(tenant: Tenant, user: str) -> str:
    """Return a user's object id."""
    return next(one.object_id for one in tenant.users.values() if one.upn == user)


def refuse_two(tenant: Tenant, *oddities: Oddity) -> None:
    """Let creates for the first two students be refused, or not any more."""
    for one in list(tenant.users.values()):
        if one.upn in USERS[:2]:
            tenant.users[one.object_id] = replace(one, oddities=frozenset(oddities))


def error_codes(folder: Path) -> dict[str, str]:
    """Return, by user, the codes in a run's error report."""
    return {str(row["User"]): str(row["Error code"]) for row in report(folder)}


@pytest.mark.parametrize(
    ("wishes", "refused", "code"),
    [
        (("--allow", "*0?@contoso.com"), set(USERS[9:]), "not-allowed"),
        (("--allow", "STUDENT01@contoso.com", "--allow", "student02@*"), set(USERS[2:]), "not-allowed"),
        (("--deny", "*1?@contoso.com"), set(USERS[9:]), "denied"),
        (("--deny", USERS[4].upper(), "--deny", "student06*"), {USERS[4], USERS[5]}, "denied"),
    ],
)
def test_users_outside_a_guard_are_refused(
    connected: Program, service: EmbeddedSimulator, wishes: tuple[str, ...], refused: set[str], code: str
) -> None:
    """Each with a row error that says which guard; the others get their pass."""
    done = connected("apply", connected.roster(ROWS), *wishes, "--yes", "--json", code=3)

    assert error_codes(done.folder) == dict.fromkeys(refused, code)
    assert set(live_digests(service)) == set(USERS) - refused
    assert done.json["counts"]["invalid"] == len(refused)


def test_an_object_id_does_not_slip_through(connected: Program, service: EmbeddedSimulator, tenant: Tenant) -> None:
    """The directory's sign-in name is compared too; and a kept id meets the name in the roster."""
    ids = [id_of(tenant, user) for user in USERS[:3]]
    (connected.cwd / "never.txt").write_text(f"{id_of(tenant, USERS[3])}\n", "utf-8")
    roster = connected.roster([["User"], *([one] for one in ids)])

    done = connected("apply", roster, "--deny", USERS[0], "--yes", "--json", code=3)
    assert error_codes(done.folder) == {ids[0]: "denied"}

    named = connected.roster([["User"], [USERS[3]], [USERS[4]]], "named.csv")
    done = connected("apply", named, "--yes", "--json", code=3)
    assert error_codes(done.folder) == {USERS[3]: "never-listed"}
    assert set(live_digests(service)) == {USERS[1], USERS[2], USERS[4]}


@pytest.mark.parametrize("place", ["beside the roster", "in the reports folder", "the user's own"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_who_is_kept_never_gets_a_pass(
    connected: Program, service: EmbeddedSimulator, place: str, encoding: str
) -> None:
    """Whatever options say, and however PowerShell writes the file; the screen names the list and its line."""
    folders = {
        "beside the roster": connected.cwd,
        "in the reports folder": connected.cwd / "reports",
        "the user's own": connected.cwd.parent / "home" / ".config" / "bulktap",
    }
    folders[place].mkdir(parents=True, exist_ok=True)
    (folders[place] / "never.txt").write_bytes(f"# kept\r\n{USERS[1].upper()}\r\n".encode(encoding))

    words = ("--allow", USERS[1], "--allow", USERS[0], "--existing", "replace", "--only", "2-3")
    done = connected("apply", connected.roster(ROWS), *words, "--yes", "--json", code=3)

    assert error_codes(done.folder) == {USERS[1]: "never-listed"}
    assert "never.txt, line 2" in done.err
    assert set(live_digests(service)) == {USERS[0]}


@pytest.mark.parametrize("content", [b"breakglass\n", b"\x00\xff", codecs.BOM_UTF16_LE + b"a"])
@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_list_with_a_typo_stops_the_command(
    connected: Program, service: EmbeddedSimulator, command: str, content: bytes
) -> None:
    """Exit 2; nothing was sent, and no run is left behind."""
    (connected.cwd / "never.txt").write_bytes(content)
    words = () if command == "plan" else ("--yes",)

    error = connected(command, connected.roster(ROWS), *words, "--json", code=2).json["error"]

    assert "never.txt" in error["message"]
    assert live_digests(service) == {}
    assert not list((connected.cwd / "reports").glob("20*"))


def test_more_passes_than_allowed_are_not_sent(connected: Program, service: EmbeddedSimulator) -> None:
    """Exit 6 with both numbers, for `plan` too; as many as allowed are issued."""
    roster = connected.roster(ROWS)
    for command in (("plan",), ("apply", "--yes")):
        error = connected(*command, roster, "--max-rows", "11", "--json", code=6).json["error"]
        assert (error["code"], error["message"].startswith("12 passes")) == ("guard", True)
        assert "no more than 11" in error["message"]
    assert live_digests(service) == {}

    assert connected("apply", roster, "--max-rows", "12", "--yes", "--json").json["counts"]["issued"] == 12


def test_a_saved_plan_keeps_its_guards(connected: Program, service: EmbeddedSimulator) -> None:
    """They stand in plan.json; a looser wish is refused, a stricter one holds."""
    roster = connected.roster(ROWS)
    (connected.cwd / "bulktap.toml").write_text('[guards]\nallow = "*@contoso.com"\n', "utf-8")
    words = ("--deny", USERS[0], "--max-rows", "11", "--stop-after-failures", "5%")
    planned = connected("plan", roster, *words, "--json", code=3).folder
    kept = json.loads((planned / "plan.json").read_bytes())["settings"]["guards"]
    assert (kept["allow"], kept["deny"], kept["max_rows"]) == ([["*@contoso.com"]], [USERS[0]], 11)
    assert kept["stop_after_failures"] == ["5%"]

    for looser in (("--max-rows", "12"), ("--stop-after-failures", "6%")):
        error = connected("apply", planned, *looser, "--yes", "--json", code=2).json["error"]
        assert looser[0] in error["message"]
    error = connected("apply", planned, "--max-rows", "10", "--yes", "--json", code=6).json["error"]
    assert "11 passes would be created" in error["message"]
    connected("apply", planned, "--yes", BULKTAP_MAX_ROWS="5", code=6)
    assert live_digests(service) == {}

    done = connected("apply", planned, "--deny", "*12@*", "--max-rows", "11", "--yes", "--json", code=3)
    assert set(live_digests(service)) == set(USERS[1:-1])
    assert error_codes(done.folder) == {USERS[0]: "denied", USERS[-1]: "denied"}


def test_whoever_was_listed_since_gets_no_pass_from_a_signed_plan(
    connected: Program, service: EmbeddedSimulator
) -> None:
    """The list is read again; with `--strict` nothing is sent, and a plan of which nobody is left is refused."""
    planned = connected("plan", connected.roster(ROWS), "--only", "2-3", "--json").folder
    never = connected.cwd / "never.txt"

    never.write_text("student*\n", "utf-8")
    assert "None of the passes" in connected("apply", planned, "--yes", "--json", code=6).json["error"]["message"]
    never.write_text(f"{USERS[0]}\n", "utf-8")
    connected("apply", planned, "--strict", "--yes", code=8)
    assert live_digests(service) == {}
    shown = connected("apply", planned, "--dry-run")
    assert "never-listed" in shown.err

    done = connected("apply", planned, "--yes", "--json", code=3)
    assert error_codes(done.folder) == {USERS[0]: "never-listed"}
    assert set(live_digests(service)) == {USERS[1]}


def test_a_run_stops_after_failures_and_resume_finishes_it(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant
) -> None:
    """Exit 6 with what failed; the rest is issued by `resume`, but for whoever was listed since."""
    refuse_two(tenant, Oddity.RESTRICTED)
    roster = connected.roster([["User"], *([user] for user in USERS)])
    words = ("--stop-after-failures", "1", "--concurrency", "1", "--max-rate", "1/s", "--yes", "--json")
    stopped = connected("apply", roster, *words, code=6)

    assert stopped.json["error"]["code"] == "guard"
    assert "--stop-after-failures 1" in stopped.json["error"]["message"]
    assert f"bulktap resume {stopped.folder.name}" in stopped.json["error"]["hint"]
    assert stopped.json["counts"]["not_sent"] > 0
    assert latest_unfinished(connected.cwd / "reports") is not None

    (connected.cwd / "reports" / "never.txt").write_text(f"{USERS[11]}\n", "utf-8")
    assert "--stop-after-failures" in connected("resume", "--stop-after-failures", "2", "--json", code=2).err
    refuse_two(tenant)
    done = connected("resume", "--stop-after-failures", "1", "--json", code=3)
    assert error_codes(done.folder)[USERS[11]] == "never-listed"
    assert USERS[11] not in live_digests(service)
    assert len(sheet(done.folder)) == len(live_digests(service))


def test_a_resume_with_an_unreadable_list_sends_nothing(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant
) -> None:
    """It may name somebody who is left."""
    refuse_two(tenant, Oddity.RESTRICTED)
    (connected.cwd / "bulktap.toml").write_text("[guards]\nstop-after-failures = 1\n", "utf-8")
    roster = connected.roster([["User"], *([user] for user in USERS)])
    connected("apply", roster, "--concurrency", "1", "--max-rate", "1/s", "--yes", code=6)
    issued = live_digests(service)
    (connected.cwd / "never.txt").write_text("breakglass\n", "utf-8")

    assert "never.txt" in connected("resume", "--json", code=2).json["error"]["message"]

    assert live_digests(service) == issued


@pytest.mark.parametrize(
    ("word", "says", "hint"),
    [
        ("Klass=5a", "there is no column Klass; there is Klasse (6 values: 5a, 5b, 6a, 6b …)", "--only Klasse=5a"),
        ("Klasse=8a", "no row has Klasse = 8a", "Klasse has 6 values: 5a, 5b, 6a, 6b …"),
        ("studnt01@contoso.com", "matches no row", USERS[0]),
    ],
)
def test_a_typo_in_what_is_chosen_is_told(connected: Program, word: str, says: str, hint: str) -> None:
    """Exit 4, before anything is asked, with what there is."""
    error = connected("plan", connected.roster(ROWS), "--offline", "--only", word, "--json", code=4).json["error"]
    assert says in error["message"]
    assert hint in error["hint"]


def test_rows_are_chosen_and_excepted(connected: Program, service: EmbeddedSimulator) -> None:
    """By patterns, ranges and names, as options and as variables; the exception wins."""
    words = ("--only", "Klasse=5*", "--only", "6", "--except", "Student02")
    roster = connected.roster([["User", "Klasse", "Name"], *([*row, row[0][:9].title()] for row in ROWS[1:])])

    done = connected("apply", roster, *words, "--yes", "--json", BULKTAP_EXCEPT="2\n")

    assert set(live_digests(service)) == {USERS[0], *USERS[2:5]}
    assert "--except names this row." in str(sheet(done.folder, "Not issued"))


@pytest.mark.parametrize(
    ("option", "variable", "profile"),
    [
        ("5", None, None),
        (None, "5", None),
        (None, None, 5),
        ("100", None, 5),
        (None, "100", 5),
    ],
)
def test_the_hint_at_too_many_passes_names_every_place_where_the_number_may_stand(
    connected: Program, option: str | None, variable: str | None, profile: int | None
) -> None:
    """Whoever raises an option only, while a file beside the roster wants less, would be stopped again."""
    roster = connected.roster(ROWS)
    if profile is not None:
        (connected.cwd / "bulktap.toml").write_text(f"[guards]\nmax-rows = {profile}\n", "utf-8")
    words = ("--max-rows", option) if option else ()
    variables = {"BULKTAP_MAX_ROWS": variable} if variable else {}

    error = connected("plan", roster, *words, "--json", code=6, **variables).json["error"]

    assert "no more than 5" in error["message"]
    assert "--max-rows" in error["hint"]
    assert "bulktap.toml" in error["hint"]
