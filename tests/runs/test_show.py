"""One person's passcode on a terminal: found by name, recorded, shown for a moment, wiped; never anywhere else."""

from __future__ import annotations

import re
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pypdf
import pytest
from made_states import DISABLED, EXPIRED, GONE, LIVE, NOT_YET_VALID, REPLACED, USED, make
from terminal_talk import talk
from whole_run import PASSPHRASE, USERS, Program, sheet

from bulktap.journal import Journal, glance
from bulktap.model.secret import Secret
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whole_run import Finished

    from bulktap.model.person_events import Looked
    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

pytestmark = [
    pytest.mark.long,  # whole runs, a process for each command
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals"),
]

ON, OFF = "\x1b[?1049h", "\x1b[?1049l"
WIPES = "Enter wipes this screen"
ROWS = [
    ["User", "Name", "Class"],
    [USERS[0], "Änna Müller", "7A"],
    [USERS[1], "Anna Arendt", "7A"],
    [USERS[2], "José Ñandú", "7B"],
    [USERS[3], "Zoë Łukasz", "7B"],
    ["not a user", "Nobody", "7B"],
]


@dataclass(frozen=True)
class Shown:
    """What the terminal showed."""

    code: int
    text: str

    @property
    def card(self) -> str:
        """What stood on the alternate screen."""
        return self.text.partition(ON)[2].partition("\x1b[H\x1b[J\x1b[?25h")[0]

    @property
    def left(self) -> str:
        """What stays on the terminal."""
        return re.sub(re.escape(ON) + r".*?" + re.escape(OFF), "", self.text, flags=re.DOTALL)


@pytest.fixture
def issued(connected: Program) -> Finished:
    """A run of four."""
    return connected("apply", connected.roster(ROWS), "--names", "accept", "--yes", "--json", code=3)


def codes(folder: Path) -> Mapping[str, str]:
    """Return the passcodes of a run by user."""
    return {row["User"]: row["Temporary Access Pass"] for row in sheet(folder)}


def looks(folder: Path) -> list[Looked]:
    """Return the looks in a run's journal."""
    with Journal.open(folder / "journal.db", Secret(PASSPHRASE)) as journal:
        return journal.state().looks


def show(
    connected: Program, issued: Finished, *words: str, answers: tuple[tuple[str, str], ...] = ((WIPES, ""),)
) -> Shown:
    """Look at somebody's passcode."""
    return Shown(*talk(connected, ["show", issued.json["run"], *words], answers))


def test_a_lost_slip_is_shown_and_leaves_nothing_behind(connected: Program, issued: Finished) -> None:
    """In groups of four on the alternate screen, with state and end; the terminal keeps the name only."""
    shown = show(connected, issued, "arendt", "--reason", "lost the slip")
    passcode = codes(issued.folder)[USERS[1]]

    assert shown.code == 0, shown.text
    grouped = "  ".join(passcode[at : at + 4] for at in range(0, len(passcode), 4))
    assert f"    {grouped}\r\n" in shown.card
    assert re.search(r"State  works, by the tenant's word at \d\d:\d\d", shown.card)
    assert re.search(r"Works  until \w{3} \d{4}-\d\d-\d\d \d\d:\d\d Berlin", shown.card)
    assert passcode not in shown.text
    assert passcode[:4] not in shown.left
    assert "this look is in the run's journal" in " ".join(shown.left.split())
    (look,) = looks(issued.folder)
    assert (look.row, look.how, look.reason) == (2, "on the screen", "lost the slip")
    assert " on " in look.who
    assert passcode.encode() not in (issued.folder / "journal.db").read_bytes()
    assert passcode not in (issued.folder / "log.jsonl").read_text("utf-8")


def test_several_are_asked_about_and_one_is_shown(connected: Program, issued: Finished) -> None:
    """By a letter; the look is recorded for the one who was chosen."""
    shown = show(connected, issued, "ann", answers=(("Which one? [a-b]", "B"), (WIPES, "")))

    assert shown.code == 0, shown.text
    assert "a  Änna Müller" in shown.left
    assert "b  Anna Arendt" in shown.left
    assert codes(issued.folder)[USERS[1]][:4] in shown.card
    assert [look.row for look in looks(issued.folder)] == [2]


@pytest.mark.parametrize(
    ("words", "answers", "code", "told"),
    [
        ("ann", (("Which one?", ""),), 2, "None of them was chosen"),
        ("ann", (("Which one?", "2"),), 2, "None of them was chosen"),
        ("ann", (("Which one?", "c"),), 2, "None of them was chosen"),
        ("nobody at all", (), 3, "Nobody of this run is named nobody at all"),
        ("6", (), 3, "has no pass of this run"),
    ],
)
def test_whoever_is_not_found_or_has_no_pass_is_said(
    connected: Program, issued: Finished, words: str, answers: tuple[tuple[str, str], ...], code: int, told: str
) -> None:
    """Nothing is shown, and no look is recorded."""
    shown = show(connected, issued, words, answers=answers)

    assert shown.code == code, shown.text
    assert told in " ".join(shown.text.split())
    assert ON not in shown.text
    assert looks(issued.folder) == []


@pytest.mark.parametrize(
    ("options", "variables", "told"),
    [
        ((), {}, "have to be a terminal"),
        (("--json",), {}, "never in a JSON object"),
        (("--quiet",), {"FORCE_COLOR": "1"}, "have to be a terminal"),
    ],
)
def test_without_a_terminal_nothing_is_shown(
    connected: Program, issued: Finished, options: tuple[str, ...], variables: dict[str, str], told: str
) -> None:
    """Exit 2 says why; no passphrase is asked for, and no look recorded."""
    done = connected("show", issued.folder, "arendt", *options, code=2, **variables)

    assert told in " ".join((done.err + done.out).split())
    assert looks(issued.folder) == []


@pytest.mark.parametrize(
    ("variables", "options"), [({"TERM": "dumb"}, ()), ({"BULKTAP_JSON": "1"}, ()), ({}, ("--json",))]
)
def test_a_terminal_that_would_keep_it_shows_nothing(
    connected: Program, issued: Finished, variables: dict[str, str], options: tuple[str, ...]
) -> None:
    """One inside an editor, or one whose output is wanted as JSON."""
    code, text = talk(connected, ["show", issued.json["run"], "arendt", *options], [], **variables)

    assert code == 2, text
    assert codes(issued.folder)[USERS[1]][:4] not in text
    assert looks(issued.folder) == []


def test_ctrl_c_wipes_it_too(connected: Program, issued: Finished) -> None:
    """Exit 130, and the look is recorded all the same."""
    shown = show(connected, issued, "arendt", answers=((WIPES, "\x03"),))

    assert shown.code == 130, shown.text
    assert shown.text.count(OFF) == 1
    assert codes(issued.folder)[USERS[1]][:4] not in shown.left
    assert len(looks(issued.folder)) == 1


def test_a_wrong_passphrase_shows_nothing(connected: Program, issued: Finished) -> None:
    """It is asked for on the terminal, and never shown there."""
    unset = Program(connected.cwd, {k: v for k, v in connected.environment.items() if k != "BULKTAP_PASSPHRASE"})
    wrong = [("Passphrase of the run", f"wrong {number}") for number in range(3)]

    code, text = talk(unset, ["show", issued.json["run"], "arendt"], wrong)
    assert code == 12, text
    assert ON not in text

    right = [("Passphrase of the run", PASSPHRASE), (WIPES, "")]
    code, text = talk(unset, ["show", issued.json["run"], "arendt"], right)
    assert code == 0, text
    assert PASSPHRASE not in text


@pytest.mark.parametrize(
    ("state", "told", "helps"),
    [
        pytest.param(LIVE, "works, by the tenant's word", None, marks=pytest.mark.long),
        pytest.param(NOT_YET_VALID, "does not work yet", None, marks=pytest.mark.long),
        (USED, "was used, and does not work a second time", "reissue"),
        pytest.param(EXPIRED, "has expired", "reissue", marks=pytest.mark.long),
        (GONE, "does not work any more: the tenant does not list it", "reissue"),
        (REPLACED, "another pass was issued in its place", "Ask who issued the other one"),
        pytest.param(DISABLED, "does not work", "in the tenant's policy", marks=pytest.mark.long),
    ],
)
def test_how_the_pass_stands_is_said_beside_it(
    connected: Program, tenant: Tenant, service: EmbeddedSimulator, state: str, told: str, helps: str | None
) -> None:
    """In plain words, with the command that helps; the passcode is shown in any case."""
    more = {NOT_YET_VALID: ("--start", "2035-09-01 08:00"), USED: ("--one-time",)}
    issued = connected(
        "apply", connected.roster(ROWS[:2]), *more.get(state, ()), "--names", "accept", "--yes", "--json"
    )
    make(state, tenant, service, USERS[0])

    shown = show(connected, issued, "muller")

    card = " ".join(shown.card.split())
    assert shown.code == 0, shown.text
    assert told in card
    assert helps is None or helps in card
    assert ("reissue" in card) is (helps == "reissue")
    assert ("Works until" in card or "Works Sat" in card) is (state in {LIVE, NOT_YET_VALID})
    assert codes(issued.folder)[USERS[0]][:4] in card


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"AZURE_CLIENT_SECRET": "wrong"}, "not asked: "),
        pytest.param({"AZURE_CLIENT_SECRET": ""}, "not asked: ", marks=pytest.mark.long),
        ({"BULKTAP_GRAPH_URL": "https://127.0.0.1:9", "BULKTAP_AUTHORITY_URL": "https://127.0.0.1:9"}, "not asked: "),
        pytest.param(
            {"AZURE_TENANT_ID": "11111111-2222-3333-4444-555555555555"}, "not asked: ", marks=pytest.mark.long
        ),
    ],
)
def test_a_tenant_that_cannot_be_asked_keeps_nobody_waiting(
    connected: Program, issued: Finished, variables: dict[str, str], why: str
) -> None:
    """Whoever stands at the desk gets the passcode; why the tenant was not asked is said."""
    there = Program(connected.cwd, {**connected.environment, **variables})
    began = time.monotonic()
    shown = show(there, issued, "arendt")

    assert shown.code == 0, shown.text
    assert why in " ".join(shown.card.split())
    assert codes(issued.folder)[USERS[1]][:4] in shown.card
    assert time.monotonic() - began < 60


def test_a_look_changes_nothing_else(connected: Program, issued: Finished) -> None:
    """The run is finished as before, and its results are what they were."""
    before = sheet(issued.folder)
    show(connected, issued, "arendt")

    (listed,) = connected("runs", "--json").json["runs"]
    assert listed["state"] == "finished"
    connected("results", issued.folder, "--json", code=3)
    assert sheet(issued.folder) == before


def test_a_look_in_a_copy_does_not_keep_the_run_from_going_on(connected: Program, issued: Finished) -> None:
    """Nothing was sent there."""
    copies = connected.cwd / "copies"
    shutil.copytree(issued.folder, copies / issued.folder.name)
    assert talk(connected, ["show", copies / issued.folder.name, "arendt"], [(WIPES, "")])[0] == 0

    seen, copied = (glance(folder / "journal.db") for folder in (issued.folder, copies / issued.folder.name))
    assert copied.state.record_count == seen.state.record_count + 1
    assert copied.tags == seen.tags


def test_a_run_that_is_locked_shows_nothing_because_nothing_can_be_recorded(
    connected: Program, issued: Finished
) -> None:
    """Exit 11."""
    with RunFolder(issued.folder).lock():
        code, text = talk(connected, ["show", issued.json["run"], "arendt"], [])

    assert code == 11, text
    assert ON not in text


def read_pdf(path: Path, passphrase: str) -> str:
    """Return the text of a sealed PDF."""
    reader = pypdf.PdfReader(path)
    assert reader.is_encrypted
    assert reader.decrypt(passphrase)
    return "".join(page.extract_text() for page in reader.pages)


def test_a_slip_of_one_person_is_printed_sealed(connected: Program, issued: Finished) -> None:
    """Without a terminal too; it opens with the run's passphrase and no other, and nothing shows the passcode."""
    passcode = codes(issued.folder)[USERS[1]]

    done = connected("show", issued.folder, "arendt", "--print", "--reason", "new slip", "--json")

    (path,) = (Path(place) for place in done.json["files"].values())
    assert path.is_relative_to(issued.folder / "handout")
    text = read_pdf(path, PASSPHRASE)
    assert "Anna Arendt" in text
    assert passcode in "".join(text.split())
    assert passcode.encode() not in path.read_bytes()
    assert passcode[:4] not in done.out + done.err
    assert pypdf.PdfReader(path).decrypt("another one") == 0
    (look,) = looks(issued.folder)
    assert (look.row, look.how, look.reason) == (2, "on a slip", "new slip")


@pytest.mark.parametrize(
    ("state", "helps"),
    [
        (USED, "reissue"),
        (REPLACED, "Ask who issued the other one"),
        pytest.param(GONE, "reissue", marks=pytest.mark.long),
        pytest.param(EXPIRED, "reissue", marks=pytest.mark.long),
        pytest.param(DISABLED, "in the tenant's policy", marks=pytest.mark.long),
    ],
)
def test_a_slip_that_would_not_be_true_is_not_printed(
    connected: Program, tenant: Tenant, service: EmbeddedSimulator, state: str, helps: str
) -> None:
    """It is said why, and what helps: a pass that somebody else replaced is none that a reissue replaces."""
    words = ("--one-time", "--names", "accept", "--yes", "--json")
    issued = connected("apply", connected.roster(ROWS[:2]), *words)
    make(state, tenant, service, USERS[0])

    error = connected("show", issued.folder, "2", "--print", "--json", code=3).json["error"]

    assert error["code"] == "no-pass"
    assert helps in error["hint"]
    assert ("reissue" in error["hint"]) is (helps == "reissue")
    assert not list(issued.folder.rglob("*.pdf"))


@pytest.mark.parametrize("ended_by", ["revoke", "somebody else"])
def test_what_the_run_itself_knows_is_said_where_the_tenant_cannot_be_asked(
    connected: Program, tenant: Tenant, issued: Finished, service: EmbeddedSimulator, ended_by: str
) -> None:
    """A pass that it revoked, or was found replaced, does not pass for one that works, and has no slip."""
    if ended_by == "revoke":
        connected("revoke", issued.folder, "--only", USERS[1], "--yes")
    else:
        make(REPLACED, tenant, service, USERS[1])
        connected("reissue", issued.folder, "--only", "Class=7A", "--yes", code=3)
    there = Program(connected.cwd, {**connected.environment, "AZURE_CLIENT_SECRET": "wrong"})

    card = " ".join(show(there, issued, "arendt").card.split())
    error = there("show", issued.folder, "arendt", "--print", "--json", code=3).json["error"]

    assert "State does not work any more" in card
    assert ("revoked" in card) is (ended_by == "revoke")
    assert error["code"] == "no-pass"
    assert not list((issued.folder / "handout").rglob("*.pdf"))


def test_slips_of_people_of_one_long_name_are_two_files(connected: Program) -> None:
    """The number of the row is never cut off."""
    name = "Maximiliana-Wilhelmina Hubertine von und zu Oberschmalzenstein-Untergrube"
    rows = [["User", "Name"], *([user, name] for user in USERS[:2])]
    issued = connected("apply", connected.roster(rows), "--names", "accept", "--yes", "--json")
    for row in ("2", "3"):
        connected("show", issued.folder, row, "--print")
    slips = sorted(path.name for path in (issued.folder / "handout" / "single").iterdir())
    assert [slip.partition(", ")[2] for slip in slips] == ["row 2.pdf", "row 3.pdf"]
