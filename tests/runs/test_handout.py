"""Hand-outs of whole runs: which files there are, what opens them, what stands in them, and what is left out."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from handouts import codes_in, listed, opens, text_of, workbook_rows
from whole_run import PASSPHRASE, USERS, Program

from bulktap.journal import glance
from bulktap.operations.hand_out import not_asked
from bulktap.storage.revocations import RevocationFile
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long  # whole runs, a process for each command

HEAD = ["User", "Name", "Class", "Teacher", "House"]
ROWS = [
    [USERS[0], "Anna", "10a", "Kurz", "North"],
    [USERS[1], "Ben", "2a", "Bäcker", "South"],
    [USERS[2], "Cem", "2A", "Bäcker", "North"],
    [USERS[3], "Dora", "", "Kurz", "North"],
    ["not a user", "Eve", "2a", "Bäcker", "South"],
    [USERS[5], "Fay", "aux", "Lang", "South"],
]
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed, as on Windows")


def issued(program: Program, rows: list[list[str]] | None = None, *words: str, code: int = 3) -> Path:
    """Issue the passes of a roster, and return the run's folder."""
    roster = program.roster([HEAD, *(rows or ROWS)])
    usual = ("--yes", "--lifetime", "8h", "--names", "accept", "--json")
    return program("apply", roster, *usual, *words, code=code).folder


@needs_poppler
def test_each_group_gets_a_file_that_its_own_words_open_and_no_others(connected: Program) -> None:
    """In two readers; each slip has its owner's code and nobody else's; groups stand as people count."""
    folder = issued(connected)
    done = connected("handout", "latest", "--to", "teacher", code=3)
    place = folder / "handout"
    lines, codes = listed(place), codes_in(folder)

    assert [(one.group, one.file, one.handed_to, one.people) for one in lines] == [
        ("2a", "2a.pdf", "Bäcker", 2),
        ("10a", "10a.pdf", "Kurz", 1),
        ("aux", "_aux.pdf", "Lang", 1),
        ("no Class", "no Class.pdf", "Kurz", 1),
    ]
    owners = {"2a.pdf": USERS[1:3], "10a.pdf": USERS[:1], "_aux.pdf": USERS[5:6], "no Class.pdf": USERS[3:4]}
    for line in lines:
        assert [one.file for one in lines if opens(place / line.file, one.opens_with)] == [line.file]
        assert not opens(place / line.file, PASSPHRASE)
        text = "".join(text_of(place / line.file, line.opens_with).split())
        assert {user for user, code in codes.items() if code in text} == set(owners[line.file])
    assert "no group for Student04" in done.err
    assert "Eve" in done.out
    assert all(one.opens_with not in done.out + done.err for one in lines)


@needs_poppler
def test_covers_name_everybody_and_have_no_code(connected: Program) -> None:
    """Those who have no slip too, with the reason; the file is not sealed."""
    folder = issued(connected)
    connected("handout", "latest", code=3)
    text = text_of(folder / "handout" / "covers.pdf", "")

    assert all(name in text for name in ("Student01", "Student02", "Student06", "Eve"))
    assert not any(code in "".join(text.split()) for code in codes_in(folder).values())


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (["--by", "house"], ["North.pdf", "South.pdf"]),
        (["--by", "House", "--by", "CLASS"],
         ["North, 2A.pdf", "North, 10a.pdf", "North, no Class.pdf", "South, 2a.pdf", "South, aux.pdf"]),
        (["--only", "Class=2a"], ["2a.pdf"]),
        (["--only", "Ben"], ["2a (1 of 3, row 3).pdf"]),
        (["--except", "Class=2a", "--except", "Fay"], ["10a.pdf", "no Class.pdf"]),
        (["--only", "7"], ["_aux.pdf"]),
        (["--format", "xlsx", "--only", "Class=1*"], ["10a.xlsx"]),
        (["--style", "list", "--language", "de", "--language", "ar", "--paper", "Letter", "--only", "Class=10a"],
         ["10a.pdf"]),
    ],
)  # fmt: skip
def test_people_are_put_together_as_asked(connected: Program, words: list[str], files: list[str]) -> None:
    """By any columns, in natural order; a part of a group never takes the place of the whole one's file."""
    folder = issued(connected)
    done = connected("handout", "latest", "--json", *words, code=None)

    assert done.code in {0, 3}
    assert [group["file"] for group in done.json["groups"] if group["file"]] == files
    assert [one.file for one in listed(folder / "handout")] == files


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "Clas"], "Did you mean --by"),
        (["--to", "Tutor"], "The columns are User, Name, Class, Teacher, House"),
        (["--sort", "x"], "The columns are"),
        (["--only", "Class=9z"], "matches no row"),
        (["--format", "xlsx", "--style", "list"], "--style has no effect beside --format xlsx"),
        (["--language", "de", "--language", "fr", "--language", "en"], "one language or two"),
        (["--language", "xx"], "xx"),
        (["--logo", "no-such.png"], "logo"),
        (["--template", "no-such.typ"], "no-such.typ"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_written(
    connected: Program, words: list[str], said: str
) -> None:
    """With what there is instead."""
    folder = issued(connected)
    done = connected("handout", "latest", *words, code=None)

    assert done.code in {2, 4}
    assert said in " ".join(done.err.split())
    assert not (folder / "handout").exists()


def test_people_stand_in_the_order_that_was_asked_for(connected: Program) -> None:
    """By the column's values as people count; those without one come last, the others as in the roster."""
    numbers = ["10", "", "9", "ö", "oz", "2"]
    rows = [[user, f"P{user[7:9]}", "1a", "", number] for user, number in zip(USERS, numbers, strict=False)]
    folder = issued(connected, rows, code=0)
    connected("handout", "latest", "--sort", "house", "--format", "xlsx", "--seal", "run")
    passes = workbook_rows((folder / "handout" / "1a.xlsx").read_bytes(), "Passes", PASSPHRASE)

    assert [row["Sign-in name"] for row in passes] == [USERS[at] for at in (5, 2, 0, 3, 4, 1)]


def test_workbooks_open_with_their_words_and_hold_each_code_once(connected: Program) -> None:
    """One printed page wide, with name, code and class."""
    folder = issued(connected)
    connected("handout", "latest", "--format", "xlsx", code=3)
    place, found = folder / "handout", {}
    for line in listed(place):
        for row in workbook_rows((place / line.file).read_bytes(), "Passes", line.opens_with):
            found[row["Sign-in name"]] = row["Temporary Access Pass"]
            assert row["Group"] == (None if line.group == "no Class" else line.group)

    assert found == codes_in(folder)


@needs_poppler
def test_all_files_may_open_with_the_runs_passphrase(connected: Program) -> None:
    """The list says so, and the screen warns of it."""
    folder = issued(connected)
    done = connected("handout", "latest", "--seal", "run", code=3)

    assert {one.opens_with for one in listed(folder / "handout")} == {"the run's passphrase"}
    assert all(text_of(folder / "handout" / one.file, PASSPHRASE) for one in listed(folder / "handout"))
    assert "to nobody who may not see every code" in done.out


def test_the_words_of_earlier_files_stay_listed(connected: Program) -> None:
    """Another part of the run, another arrangement, the same again: every file that is there has its words."""
    place = issued(connected) / "handout"
    for words in (["--by", "House"], ["--only", "Class=2a"], ["--only", "Ben"], ["--style", "list"]):
        connected("handout", "latest", *words, code=None)
        lines = listed(place)
        sealed = {path.name for path in place.glob("*.pdf") if not path.name.startswith("covers")}
        assert {one.file for one in lines} == sealed
        assert all(opens(place / one.file, one.opens_with) for one in lines)


def test_a_file_that_was_changed_is_not_overwritten(connected: Program) -> None:
    """The new one gets the next name, and both stay listed."""
    place = issued(connected) / "handout"
    connected("handout", "latest", "--only", "Class=10a")
    before = listed(place)[0].opens_with
    changed = (place / "10a.pdf").read_bytes() + b"% somebody's mark\n"
    (place / "10a.pdf").write_bytes(changed)
    done = connected("handout", "latest", "--only", "Class=10a")

    assert (place / "10a.pdf").read_bytes() == changed
    assert {one.file: opens(place / one.file, one.opens_with) for one in listed(place)} == {
        "10a.pdf": True, "10a-2.pdf": True,
    }  # fmt: skip
    assert before in {one.opens_with for one in listed(place)}
    assert "was edited" in done.err


def test_a_list_that_is_open_in_excel_is_not_overwritten(connected: Program) -> None:
    """The next one is written beside it, with all that the first one says."""
    place = issued(connected) / "handout"
    connected("handout", "latest", "--only", "Class=10a")
    (place / "~$passphrases.xlsx").touch()
    connected("handout", "latest", "--only", "Class=aux")

    assert {one.file for one in listed(place, "passphrases-2.xlsx")} == {"10a.pdf", "_aux.pdf"}
    (place / "~$passphrases.xlsx").unlink()
    connected("handout", "latest", "--only", "Class=2a", code=3)
    assert {one.file for one in listed(place)} == {"10a.pdf", "_aux.pdf", "2a.pdf"}


def test_a_list_that_opens_with_another_passphrase_is_kept(connected: Program) -> None:
    """Whatever is in it is in no other place."""
    place = issued(connected) / "handout"
    other = "another passphrase altogether"
    connected("handout", "latest", "--only", "Class=10a", BULKTAP_WORKBOOK_PASSPHRASE=other)
    done = connected("handout", "latest", "--only", "Class=aux")
    (kept,) = place.glob("passphrases-kept-*.xlsx")

    assert [one.file for one in listed(place, kept.name, other)] == ["10a.pdf"]
    assert [one.file for one in listed(place)] == ["_aux.pdf"]
    assert f"{kept.name} opens with another passphrase" in " ".join(done.err.split())


@pytest.mark.parametrize(
    "what",
    [
        "file",
        pytest.param(
            "link", marks=pytest.mark.skipif(os.name == "nt", reason="links need rights of their own on Windows")
        ),
        pytest.param("open folder", marks=pytest.mark.skipif(os.name == "nt", reason="Windows has lists, not modes")),
    ],
)
def test_a_strange_thing_in_the_place_of_the_folder_is_refused(connected: Program, tmp_path: Path, what: str) -> None:
    """Nothing is written through it."""
    place = issued(connected) / "handout"
    match what:
        case "file":
            place.touch()
        case "link":
            (tmp_path / "elsewhere").mkdir()
            place.symlink_to(tmp_path / "elsewhere")
        case _:
            place.mkdir()
            place.chmod(0o777)
    done = connected("handout", "latest", code=None)

    assert done.code in {7, 12}
    assert not [path for path in (place, tmp_path / "elsewhere") if path.is_dir() and list(path.iterdir())]


@pytest.mark.parametrize("apart", ["7/b", "7-b", "7:B", "7b", "7B."])
@pytest.mark.parametrize("how", ["only", "nobody left"])
def test_a_group_keeps_its_file_name_whoever_else_is_handed_out(connected: Program, apart: str, how: str) -> None:
    """Groups whose names are the same file's never take each other's place, nor the words of each other's."""
    rows = [[USERS[0], "Anna", apart, "", ""], [USERS[1], "Ben", "7|B", "", ""], [USERS[2], "Cem", "7 b", "", ""]]
    folder = issued(connected, [*rows, [USERS[3], "Dora", "7B", "", ""]], code=0)
    connected("handout", "latest")
    before = {one.group: one.file for one in listed(folder / "handout")}
    last = connected("handout", "latest", "--json").json["groups"][-1]["name"]

    if how == "only":
        connected("handout", "latest", "--only", f"Class={last}")
    else:
        connected("revoke", "latest", "--except", f"Class={last}", "--yes")
        connected("handout", "latest", code=3)

    lines = listed(folder / "handout")
    assert {one.group: one.file for one in lines} == before
    assert all(opens(folder / "handout" / one.file, one.opens_with) for one in lines)


def test_a_pass_that_was_revoked_has_no_slip(connected: Program) -> None:
    """The reason is told, on the cover too."""
    folder = issued(connected)
    connected("revoke", "latest", "--only", "Class=10a", "--yes", code=None)
    done = connected("handout", "latest", "--json", code=3)
    without = {one["name"]: one["reason"] for group in done.json["groups"] for one in group["not_served"]}

    assert "10a" not in {one.group for one in listed(folder / "handout")}
    assert without["Student01"] == "The pass was revoked"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("refused", None),
        ("revoked", "The pass was revoked"),
        ("used", "The pass was used"),
        ("gone", "Somebody has deleted the pass"),
        (None, "Whether the pass was revoked is not known"),
    ],
)
def test_what_a_revocation_came_to_counts_after_a_later_one(
    connected: Program, how: str | None, reason: str | None
) -> None:
    """A pass that the service did not let us delete works as before, and has its slip."""
    folder = RunFolder(issued(connected, ROWS[:2], code=0))
    rows = glance(folder.journal).state.rows
    first = next(row.issued.access_pass.pass_id for _, row in sorted(rows.items()) if row.issued)
    with RevocationFile(folder, lambda: datetime.now(UTC)) as file:
        file.began({first: 1}, "somebody")
        file.sent([first])
        if how is not None:
            file.settled(first, how)
        file.began({"another": 2}, "somebody")
    done = connected("handout", "latest", "--json", code=0 if reason is None else 3)

    told = [one["reason"] for group in done.json["groups"] for one in group["not_served"]]
    assert told == ([] if reason is None else [reason])
    assert done.json["served"] == (2 if reason is None else 1)
    if reason is not None:
        unreachable = {"BULKTAP_GRAPH_URL": "https://127.0.0.1:9", "BULKTAP_AUTHORITY_URL": "https://127.0.0.1:9"}
        connected("show", folder.run, "2", "--print", code=3, **unreachable)


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
@pytest.mark.parametrize("also", [False, True])
def test_files_of_a_group_in_which_nobody_has_a_slip_any_more_are_named(
    connected: Program, form: str, also: bool
) -> None:
    """They open as before, and what they hold is dead; also where there is no other group."""
    issued(connected, [ROWS[0], ROWS[1]] if also else [ROWS[0]], code=0)
    connected("handout", "latest", "--format", form)
    connected("revoke", "latest", "--only", "Class=10a", "--yes")
    done = connected("handout", "latest", "--format", form, "--json", code=3)

    told = " ".join(note for note in done.json["notes"] if "nobody in it has a slip now" in note)
    assert f"10a.{form}" in told
    assert "2a" not in told


def test_of_passes_issued_a_while_ago_it_is_said_that_nobody_was_asked(connected: Program) -> None:
    """A fresh run needs no such word."""
    folder = RunFolder(issued(connected, [ROWS[0]], code=0))
    state, now = glance(folder.journal).state, datetime.now(UTC)
    told = {
        minutes: " ".join(not_asked(folder, state, now + timedelta(minutes=minutes)))
        for minutes in (0, 40, 70, 180, 5000)
    }

    assert [minutes for minutes, note in told.items() if note] == [70, 180, 5000]
    assert "verify" in told[70]
    assert not [note for note in connected("handout", "latest", "--json").json["notes"] if "verify" in note]


def test_a_run_of_a_part_of_the_roster_is_handed_out_without_the_rest(connected: Program) -> None:
    """Rows that were not asked for stand on no cover, and are counted."""
    issued(connected, None, "--only", "Class=2a")
    done = connected("handout", "latest", "--json", code=3)

    assert [group["name"] for group in done.json["groups"]] == ["2a"]
    assert "3 rows of the roster were not part of this run" in json.dumps(done.json["notes"])


def test_two_rows_of_one_person_are_one_slip(connected: Program) -> None:
    """In the group of the first; the other group's cover says where it is."""
    rows = [[USERS[0], "Anna", "1a", "", ""], [USERS[0], "Anna", "1b", "", ""], [USERS[1], "Ben", "1b", "", ""]]
    issued(connected, rows, "--multi-use", code=0)
    done = connected("handout", "latest", "--json", code=0)

    assert [(group["name"], group["people"]) for group in done.json["groups"]] == [("1a", 1), ("1b", 1)]
    assert done.json["groups"][1]["not_served"] == [{"name": "Student01", "reason": "The slip is with 1a"}]
    assert "none" not in connected("handout", "latest", code=0).out


@pytest.mark.parametrize("left", ["nobody", "some"])
def test_covers_are_said_to_name_people_only_where_there_are_covers(connected: Program, left: str) -> None:
    """Where nobody has a slip, nothing is written."""
    issued(connected, ROWS[:2], code=0)
    connected("revoke", "latest", "--yes", *(() if left == "nobody" else ("--only", "Class=2a")))
    done = connected("handout", "latest", code=3)

    assert ("the covers name them" in done.out) is (left == "some")
    assert ("Nothing was written" in done.out) is (left == "nobody")


def test_a_roster_without_groups_is_one_file(connected: Program) -> None:
    """Named after the roster."""
    roster = connected.roster([["User"], *([user] for user in USERS[:3])], "new staff.csv")
    connected("apply", roster, "--yes")
    done = connected("handout", "latest", "--json")

    assert [(group["name"], group["file"]) for group in done.json["groups"]] == [("new staff", "new staff.pdf")]


@pytest.mark.parametrize(
    ("names", "words", "offered"),
    [
        (["Anna", "Bo \U00010330", "Cem \U0001fae8", "Dora"], [], "--except 3 --except 4."),
        (["Anna", "Bo \U00010330", "Cem"], [], "--except 3."),
        (["Anna \U00010330", "Bo", "Cem"], ["--only", "Class=1a"], "--except 2."),
        (["Anna \U00010330", "Bo"], ["--only", "2"], ""),
        (["Anna \U00010330", "Bo"], ["--call", "room \U00010331"], ""),
        ([f"N{number} \U00010330" for number in range(6)] + ["Anna"], [], ""),
    ],
)
def test_where_few_cannot_be_printed_the_others_can_be_handed_out_meanwhile(
    program: Program, names: list[str], words: list[str], offered: str
) -> None:
    """The hint leaves these out by their rows, where that helps, and what it says works."""
    rows = [[f"user{number}@contoso.com", name, "1a"] for number, name in enumerate(names)]
    roster = program.roster([["User", "Name", "Class"], *rows])
    program("apply", roster, "--simulate", "--yes", "--lifetime", "8h")
    hint = program("handout", "latest", "--json", *words, code=2).json["error"]["hint"]

    meanwhile = hint.partition("The others can be handed out meanwhile: ")[2]
    assert meanwhile == offered
    if offered:
        done = program("handout", "latest", "--json", *words, *offered.rstrip(".").split())
        assert done.json["served"] == len(names) - offered.count("--except")


@pytest.mark.parametrize("before", [True, False])
def test_covers_of_an_earlier_hand_out_are_said_to_be_that(program: Program, before: bool) -> None:
    """Workbooks need no font, and covers do: those that lie there name other people, in other groups."""
    rows = [["a@contoso.com", "Anna \U00010330", "1a"], ["b@contoso.com", "Bo", "1b"]]
    program("apply", program.roster([["User", "Name", "Class"], *rows]), "--simulate", "--yes", "--lifetime", "8h")
    if before:
        program("handout", "latest", "--except", "2")
    done = program("handout", "latest", "--format", "xlsx", "--json").json

    (note,) = [note for note in done["notes"] if "No covers were made" in note]
    assert ("covers.pdf is of an earlier hand-out" in note) is before


def test_a_wrong_passphrase_opens_nothing(connected: Program) -> None:
    """Exit code 12, and no folder."""
    folder = issued(connected)
    connected("handout", "latest", code=12, BULKTAP_PASSPHRASE="another passphrase altogether")
    assert not (folder / "handout").exists()


def test_a_run_that_was_only_planned_has_nothing_to_hand_out(connected: Program) -> None:
    """The refusal says what to do."""
    planned = connected("plan", connected.roster([HEAD, *ROWS]), "--names", "accept", "--json", code=None)
    assert "planned only" in connected("handout", planned.folder, code=8).err
