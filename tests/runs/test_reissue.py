"""`bulktap reissue`: a new pass in the place of this run's own, and of nobody else's."""

from __future__ import annotations

import re
import shutil
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from made_states import DISABLED, EXPIRED, GONE, LIVE, NOT_YET_VALID, REPLACED, USED, known, make
from terminal_talk import talk
from whole_run import PASSPHRASE, USERS, Program, digest, live_digests, report, sheet

from bulktap.journal import Journal
from bulktap.model.pass_terms import PassTerms
from bulktap.model.person_events import ReissueAsked
from bulktap.model.secret import Secret
from bulktap.simulator.pass_policy import PassPolicy, Target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from whole_run import Finished

    from bulktap.model.run_state import RunState
    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

pytestmark = pytest.mark.long  # whole runs, a process for each command

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


def test_each_state_is_told_before_the_question_and_only_our_own_is_replaced(
    connected: Program, tenant: Tenant, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Live, used and deleted get a successor; what somebody else issued since is left alone and said, by name."""
    before = passes(issued.folder)
    for state, user in ((USED, USERS[0]), (REPLACED, USERS[2]), (GONE, USERS[1])):
        make(state, tenant, service, user)
    others = live_digests(service)[USERS[2]]

    dry = connected("reissue", issued.folder, "--only", "*", "--dry-run", "--json", code=3).json
    assert live_digests(service)[USERS[2]] == others
    assert passes(issued.folder) == before
    done = connected("reissue", issued.folder, "--only", "*", "--yes", "--json", code=3).json

    for told in (dry, done):
        assert {one["user"]: one["was"] for one in told["reissued"]} == {
            USERS[0]: "used",
            USERS[1]: "gone",
            USERS[3]: "live",
            USERS[4]: "live",
        }
        (left,) = told["left_alone"]
        assert (left["user"], left["state"]) == (USERS[2], "replaced")
        assert "is there instead" in left["why"]
    assert live_digests(service)[USERS[2]] == others
    after = passes(issued.folder)
    assert {user for user in before if before[user] == after.get(user)} == {USERS[2]}
    require_true(issued.folder, service, USERS[2])


def test_whose_pass_somebody_else_replaced_is_handed_nothing(
    connected: Program, tenant: Tenant, issued: Finished, service: EmbeddedSimulator
) -> None:
    """What is known to be dead counts as such in workbook, counts and hand-out, until this run issues anew."""
    make(REPLACED, tenant, service, USERS[2])
    connected("reissue", issued.folder, "--only", "Class=7A", "--yes", code=3)

    assert "does not work" in handed(issued.folder)[USERS[2]]["Works"].lower()
    assert connected("results", issued.folder, "--json", code=3).json["unusable"] == 1
    handout = connected("handout", issued.folder, "--json", code=3).json
    (without,) = [one for group in handout["groups"] for one in group["not_served"]]
    assert without["reason"] == "Somebody else has issued another pass since"

    connected("revoke", issued.folder, "--only", USERS[0], "--yes")
    make(GONE, tenant, service, USERS[2])
    connected("reissue", issued.folder, "--only", USERS[2], "--yes")
    assert "from" in handed(issued.folder)[USERS[2]]["Works"]


@pytest.mark.parametrize(
    ("state", "options", "new"),
    [
        (EXPIRED, (), True),
        (NOT_YET_VALID, ("--start", "2035-09-01 08:00"), True),
        pytest.param(DISABLED, (), False, marks=pytest.mark.long),
    ],
)
def test_what_concerns_everybodys_pass(
    connected: Program, tenant: Tenant, service: EmbeddedSimulator, state: str, options: tuple[str, ...], new: bool
) -> None:
    """Expired ones begin anew at once, those to come keep their start; where the policy is off nothing is sent."""
    done = connected("apply", connected.roster(ROWS[:3]), *options, "--yes", "--json")
    before = handed(done.folder)
    make(state, tenant, service)

    again = connected("reissue", done.folder, "--only", "2", "--yes", "--json", code=0 if new else 6).json

    after = handed(done.folder)
    changed = {user for user in before if before[user]["Pass ID"] != after[user]["Pass ID"]}
    assert changed == ({USERS[0]} if new else set())
    if state == NOT_YET_VALID:
        assert after[USERS[0]]["Start (UTC)"] == before[USERS[0]]["Start (UTC)"]
    if not new:
        assert again["error"]["code"] == "policy"


def test_an_expired_pass_after_which_somebody_else_issued_one_is_left_alone(
    connected: Program, tenant: Tenant, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Ours was over by then, and still theirs is not ours to replace."""
    make(EXPIRED, tenant, service)
    make(REPLACED, tenant, service, USERS[0])
    theirs = live_digests(service)[USERS[0]]

    done = connected("reissue", issued.folder, "--only", "Class=7A", "--yes", "--json", code=3).json

    assert [one["user"] for one in done["reissued"]] == [*USERS[1:3]]
    assert [one["user"] for one in done["left_alone"]] == [USERS[0]]
    assert re.fullmatch(
        r"Somebody else issued another pass of (Mon|Tue|Wed|Thu|Fri|Sat|Sun) [-\d]{10} \d\d:\d\d Berlin\.",
        done["left_alone"][0]["why"],
    )
    assert live_digests(service)[USERS[0]] == theirs
    assert "UTC" not in handed(issued.folder)[USERS[1]]["Note"]
    assert "Berlin and its slip are dead" in handed(issued.folder)[USERS[1]]["Note"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--lifetime", "2h"), {"Lifetime (minutes)": 120}),
        (("--start", "2035-09-01 08:00", "--lifetime", "90m"), {"Lifetime (minutes)": 90}),
        ((), {"Lifetime (minutes)": 60}),
    ],
)
def test_the_new_pass_has_the_rows_terms_unless_others_are_wished(
    connected: Program, issued: Finished, options: tuple[str, ...], told: dict[str, Any]
) -> None:
    """The start is read in the run's zone."""
    connected("reissue", issued.folder, "--only", USERS[0], *options, "--yes", BULKTAP_TIMEZONE="")

    row = handed(issued.folder)[USERS[0]]
    assert {heading: row[heading] for heading in told} == told
    assert row["One-time"] in {True, "Yes"}
    if "--start" in options:
        assert str(row["Start (UTC)"]) == "2035-09-01 06:00:00"


@pytest.mark.parametrize(
    ("options", "never", "code", "error", "told"),
    [
        ((), "", 2, "usage", "--only '*' is everybody"),
        (("--only", "2", "--except", "2"), "", 2, "usage", "Nobody was chosen"),
        (("--except", "*"), "", 2, "usage", "Nobody was chosen"),
        (("--only", "2", "--except", "Class=*", "--dry-run"), "", 2, "usage", "Nobody was chosen"),
        (("--only", "Class=7A", "--only", "3", "--except", "*@contoso.com"), "", 2, "usage", "Nobody was chosen"),
        (("--only", "nobody@contoso.com"), "", 4, "roster", "matches no row"),
        (("--only", "2", "--lifetime", "30d"), "", 3, "no-pass", "allows 60 to 480 minutes now"),
        (("--only", "2", "--deny", USERS[0]), "", 3, "no-pass", USERS[0]),
        (("--only", "2"), USERS[0], 3, "no-pass", "never.txt"),
        (("--only", "Class=7A", "--max-rows", "2"), "", 6, "guard", "3 passes would be created"),
        (("--only", "2", "--start", "2020-01-01 08:00"), "", 2, "usage", "has passed"),
    ],
)
def test_what_keeps_everybody_from_a_new_pass_is_said_and_nothing_is_sent(
    connected: Program,
    issued: Finished,
    service: EmbeddedSimulator,
    options: tuple[str, ...],
    never: str,
    code: int,
    error: str,
    told: str,
) -> None:
    """Guards hold as for `apply`; the run is as it was."""
    before, attempts = live_digests(service), len(service.truth()["attempts"])
    if never:
        (connected.cwd / "reports" / "never.txt").write_text(f"{never}\n", "utf-8")

    done = connected("reissue", issued.folder, *options, "--yes", "--json", code=code).json

    assert done["error"]["code"] == error
    assert told in done["error"]["message"] + done["error"]["hint"]
    assert (live_digests(service), len(service.truth()["attempts"])) == (before, attempts)
    assert state_of(issued.folder).closed


@pytest.mark.parametrize("word", ["Arendt Anni", "Student01", USERS[0], "{id}", "2", "Name=Arendt*"])
def test_a_person_is_chosen_by_whatever_their_slip_or_the_roster_calls_them(
    connected: Program, tenant: Tenant, word: str
) -> None:
    """A roster of object ids has neither the sign-in name nor the name that stand on the slip."""
    ids = [known(tenant, user).object_id for user in USERS[:2]]
    rows = [["Object ID", "Name"], [ids[0], "Arendt Anni"], [ids[1], "Berg Bo"]]
    connected("apply", connected.roster(rows), "--names", "accept", "--yes")

    done = connected("reissue", "latest", "--only", word.format(id=ids[0]), "--dry-run")

    assert "1 new pass would be issued" in done.out
    assert USERS[0] in done.err


def test_rows_that_never_had_a_pass_are_not_its_affair(connected: Program, service: EmbeddedSimulator) -> None:
    """Invalid, skipped and left out ones are named with what to do; the others get theirs."""
    connected("apply", connected.roster(ROWS[:2], "first.csv"), "--yes")
    rows = [*ROWS[:3], ["not a user", "7C"], [USERS[7], "7D"]]
    done = connected("apply", connected.roster(rows), "--except", "Class=7D", "--yes", "--json", code=3)

    again = connected("reissue", done.folder, "--only", "*", "--yes", "--json", code=3).json

    assert [one["user"] for one in again["reissued"]] == [USERS[1]]
    left = {one["user"]: one for one in again["left_alone"]}
    assert set(left) == {USERS[0], "not a user", USERS[7]}
    assert all(one["state"] is None and one["why"] for one in left.values())
    assert "apply" in left[USERS[7]]["hint"]
    assert USERS[7] not in live_digests(service)


def test_whom_the_policy_does_not_cover_any_more_is_left_alone(
    connected: Program, tenant: Tenant, issued: Finished, service: EmbeddedSimulator
) -> None:
    """The pass that there is stays; the others get theirs."""
    before, out = passes(issued.folder), Target(known(tenant, USERS[0]).object_id, "user")
    service.ask(lambda: setattr(tenant, "policy", PassPolicy(exclude=(out,))))

    done = connected("reissue", issued.folder, "--only", "2-3", "--yes", "--json", code=3).json

    assert {one["user"]: one["new"] for one in done["reissued"]} == {USERS[1]: True}
    assert [one["user"] for one in done["left_alone"]] == [USERS[0]]
    assert passes(issued.folder)[USERS[0]] == before[USERS[0]]


def test_a_refusal_keeps_the_pass_that_there_is(
    connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """What would refuse it came after the wish: the passcode that works stays in the workbook, with a note."""
    asked = open_to_reissue(issued.folder)
    (connected.cwd / "reports" / "never.txt").write_text(f"{USERS[0]}\n", "utf-8")

    connected("resume", issued.folder, "--json")

    assert passes(issued.folder)[USERS[0]] == asked.pass_id
    assert "was not issued" in handed(issued.folder)[USERS[0]]["Note"]
    require_true(issued.folder, service)
    assert state_of(issued.folder).closed


def test_again_and_again(connected: Program, issued: Finished, service: EmbeddedSimulator) -> None:
    """Each time the newest is the one that may be replaced; notes of earlier ones do not pile up."""
    ids = [passes(issued.folder)[USERS[0]]]
    for _ in range(2):
        connected("reissue", issued.folder, "--only", "2", "--yes")
        ids.append(passes(issued.folder)[USERS[0]])

    assert len(set(ids)) == 3
    assert [old.pass_id for old in state_of(issued.folder).rows[1].replaced] == ids[:2]
    assert handed(issued.folder)[USERS[0]]["Note"].count("dead") == 1
    require_true(issued.folder, service)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_the_question_names_them(connected: Program, issued: Finished, service: EmbeddedSimulator) -> None:
    """Without a terminal and without `--yes` nothing is asked; a no leaves all as it was."""
    before = live_digests(service)
    assert connected("reissue", issued.folder, "--only", "2", "--json", code=2).json["error"]["code"] == "usage"

    code, shown = talk(connected, ["reissue", issued.json["run"], "--only", "Class=7A"], [("[yes/no]", "no")], 80)
    assert code == 6, shown
    asked = shown.partition("[yes/no]")[0]
    assert all(user in asked for user in USERS[:3])
    assert "3 of them in place of one that works" in " ".join(asked.split())
    drawn = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert max(len(line) for line in re.split(r"[\r\n]+", drawn)) <= 80
    assert live_digests(service) == before

    code, shown = talk(connected, ["reissue", issued.json["run"], "--only", "Class=7A"], [("[yes/no]", "yes")], 80)
    assert code == 0, shown
    assert "3 new passes; dead are the earlier slips of:" in shown
    assert set(live_digests(service).values()).isdisjoint({before[user] for user in USERS[:3]})
    require_true(issued.folder, service)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_size_is_typed_as_for_apply(connected: Program, issued: Finished, service: EmbeddedSimulator) -> None:
    """Passes that work are replaced: `--type-from-replacements` counts them."""
    words = ["reissue", issued.json["run"], "--only", "Class=7A", "--type-from-replacements", "3"]
    code, shown = talk(connected, words, [("domain (contoso.com)", "contoso.com")])

    assert code == 0, shown
    assert "3 passes replaced" in shown
    require_true(issued.folder, service)


def open_to_reissue(folder: Path, number: int = 1) -> ReissueAsked:
    """Record the wish for a new pass as a process does that is killed right after it."""
    with Journal.open(folder / "journal.db", Secret(PASSPHRASE)) as journal:
        row = journal.state().rows[number]
        assert row.issued is not None
        asked = ReissueAsked(number, datetime.now(UTC), row.issued.access_pass.pass_id, PassTerms(None, 60, True))
        journal.record([asked])
    return asked


def test_what_was_stopped_is_finished_by_resume(
    connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """It is an unfinished run meanwhile, whose workbook still has the pass that was not replaced."""
    asked = open_to_reissue(issued.folder)
    (listed,) = connected("runs", "--json").json["runs"]
    assert (listed["state"], listed["open"]) == ("unfinished", 1)
    connected("results", issued.folder, "--json")
    assert passes(issued.folder)[USERS[0]] == asked.pass_id
    assert "A new pass was asked for" in handed(issued.folder)[USERS[0]]["Note"]
    refused = connected("reissue", issued.folder, "--only", "3", "--yes", "--json", code=6).json["error"]
    assert refused["code"] == "unfinished-run"
    roster = connected.roster(ROWS[:2], "other.csv")
    assert connected("apply", roster, "--yes", "--json", code=6).json["error"]["code"] == "unfinished-run"

    connected("resume", "--json")

    assert passes(issued.folder)[USERS[0]] != asked.pass_id
    require_true(issued.folder, service)
    assert connected("runs", "--json").json["runs"][0]["state"] == "finished"


def test_an_old_copy_of_the_journal_does_not_kill_the_new_pass(
    connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Taken when the wish was recorded and nothing sent: elsewhere the new pass is somebody else's."""
    open_to_reissue(issued.folder)
    copy = connected.cwd / "elsewhere" / issued.folder.name
    shutil.copytree(issued.folder, copy)
    connected("resume", issued.folder, "--json")
    new = live_digests(service)
    away = {"XDG_STATE_HOME": str(connected.cwd / "another user"), "HOME": str(connected.cwd / "another user")}

    done = connected("resume", copy, "--reports", copy.parent, "--json", code=3, **away).json

    assert live_digests(service) == new
    assert done["counts"]["in_doubt"] == 1
    require_true(issued.folder, service)


def test_a_pass_that_somebody_else_issued_meanwhile_is_left_alone(
    connected: Program, tenant: Tenant, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Between the yes and the sending."""
    open_to_reissue(issued.folder)
    make(REPLACED, tenant, service, USERS[0])
    theirs = live_digests(service)[USERS[0]]

    done = connected("resume", issued.folder, "--json", code=3).json

    assert live_digests(service)[USERS[0]] == theirs
    assert done["counts"]["in_doubt"] == 1
    assert USERS[0] not in passes(issued.folder)
    assert "somebody else" in report(issued.folder)[0]["Error"]


def test_a_rehearsal_reissues_in_its_own_tenant(program: Program) -> None:
    """The pretend tenant is kept, so that a used pass can be rehearsed."""
    done = program("apply", program.roster(ROWS), "--simulate", "--yes", "--json")
    before = passes(done.folder)

    program("reissue", done.folder, "--only", "Class=7B", "--yes", "--json")

    after = passes(done.folder)
    assert {user for user in before if before[user] != after[user]} == {USERS[3], USERS[4]}
    assert program("verify", done.folder, "--json").json["passes"]["live"] == 5


def test_a_class_that_was_revoked_is_served_again(
    connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """The wrong list was handed out: one command takes the passes back, one issues new ones; the others' stay."""
    before = passes(issued.folder)
    connected("revoke", issued.folder, "--only", "Class=7B", "--yes", "--json")
    assert set(live_digests(service)) == {USERS[0], USERS[1], USERS[2]}

    done = connected("reissue", issued.folder, "--only", "Class=7B", "--yes", "--json").json

    assert {one["user"]: (one["was"], one["new"]) for one in done["reissued"]} == {
        USERS[3]: ("gone", True),
        USERS[4]: ("gone", True),
    }
    after = passes(issued.folder)
    assert {user for user in before if before[user] != after[user]} == {USERS[3], USERS[4]}
    require_true(issued.folder, service)
    connected("handout", issued.folder, "--only", "Class=7B", "--json")
