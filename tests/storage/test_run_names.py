"""Which run a word means, and what is said where none or several could be meant."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import UsageError
from bulktap.storage.run_folder import find_run, is_planned_only
from bulktap.storage.run_names import given_name, require_new_name

if TYPE_CHECKING:
    from pathlib import Path

OLDEST = "2035-08-20T0715Z-students-3fa9"
NEWER = "2035-08-21T0700Z-students-aaf9"
NAMED = "2035-08-22T0700Z-klasse-5a-0b1c"
PLANNED = "2035-08-23T0700Z-staff-77e0"


def make_run(reports: Path, run: str, name: str | None = None, *, begun: bool = True, indent: int | None = 1) -> Path:
    """Write as much of a run's folder as finding it needs."""
    folder = reports / run
    folder.mkdir(parents=True)
    named = {} if name is None else {"name": name}
    members = {"schema": 2, "run": run, **named, "created": "2035-08-20T07:15:00Z", "tenant": {"name": "Contoso"}}
    (folder / "plan.json").write_text(json.dumps(members, ensure_ascii=indent is None, indent=indent), "utf-8")
    if begun:
        (folder / "journal.db").write_bytes(b"SQLite")
    return folder


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with four runs."""
    reports = tmp_path / "reports"
    make_run(reports, OLDEST)
    make_run(reports, NEWER, "herbst-ä1", indent=None)
    make_run(reports, NAMED, "autumn-5a")
    make_run(reports, PLANNED, "later", begun=False)
    (reports / ".locks").mkdir()
    (reports / "notes.txt").write_text("")
    return reports


@pytest.mark.parametrize(
    ("word", "run"),
    [
        (OLDEST, OLDEST),
        ("3fa9", OLDEST),
        ("students-3fa9", OLDEST),
        ("STUDENTS-3FA9", OLDEST),
        ("0715Z-students-3fa9", OLDEST),
        ("aaf9", NEWER),
        ("af9", NEWER),
        ("herbst-ä1", NEWER),
        ("Herbst-A\u03081", NEWER),
        ("autumn-5a", NAMED),
        ("Autumn-5A", NAMED),
        ("5a-0b1c", NAMED),
        ("later", PLANNED),
        ("latest", NAMED),
        ("Latest", NAMED),
    ],
)
def test_a_run_is_found_by_what_people_remember_of_it(reports: Path, word: str, run: str) -> None:
    """Its id, its name however capitalised or composed, any tail that only one has, and `latest` with passes."""
    assert find_run(reports, reports.__class__(word)).run == run


def test_its_folder_means_it_wherever_that_is(reports: Path, tmp_path: Path) -> None:
    """Also where another run of the reports folder has a name or a tail like that."""
    elsewhere = make_run(tmp_path / "else", "2035-09-09T0700Z-students-3fa9")

    assert find_run(reports, elsewhere).path == elsewhere.resolve()
    assert find_run(reports, reports / OLDEST).path == (reports / OLDEST).resolve()


@pytest.mark.parametrize(
    "inside",
    [
        "results.xlsx",
        "plan.html",
        "plan.json",
        "run.html",
        "my notes.txt",
        "handout",
        "handout/7A.pdf",
        "handout/single/Ann.pdf",
    ],
)
@pytest.mark.parametrize("way", ["absolute", "from the reports folder", "from here", "with dots"])
def test_what_is_in_its_folder_means_it(reports: Path, monkeypatch: pytest.MonkeyPatch, inside: str, way: str) -> None:
    """Whoever drags the workbook into the terminal means the run it is of."""
    file = reports / NAMED / inside
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix:
        file.touch()
    else:
        file.mkdir()
    monkeypatch.chdir(file.parent)
    given = {
        "absolute": file,
        "from the reports folder": reports.__class__(NAMED) / inside,
        "from here": reports.__class__(file.name),
        "with dots": reports / OLDEST / ".." / NAMED / inside,
    }[way]

    assert find_run(reports, given).path == (reports / NAMED).resolve()


@pytest.mark.parametrize(
    "file", ["notes.txt", "else/results.xlsx", "latest.xlsx", "else/deep/plan.html", "2035-08-24T0700Z-staff-77e0.zip"]
)
def test_a_file_that_is_no_runs_is_told_as_one(reports: Path, file: str) -> None:
    """No run is guessed from what a file is called."""
    path = reports / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with pytest.raises(UsageError) as refusal:
        find_run(reports, path)

    assert "is a file, and not one in the folder of a run" in refusal.value.message
    assert "runs" in str(refusal.value.hint)


def test_the_name_of_a_run_comes_before_a_file_of_that_name(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another run's folder too."""
    (reports / OLDEST / "autumn-5a").touch()
    monkeypatch.chdir(reports / OLDEST)

    assert find_run(reports, reports.__class__("autumn-5a")).run == NAMED


@pytest.mark.parametrize("inside", ["results.xlsx", "handout/7A.pdf", "gone.xlsx"])
def test_a_file_that_is_not_there_means_no_run(reports: Path, inside: str) -> None:
    """Nor does one in the folder of a run: it may be a slip of the keyboard."""
    with pytest.raises(UsageError) as refusal:
        find_run(reports, reports / NAMED / inside)

    assert "There is no run" in refusal.value.message


def test_latest_is_the_most_recent_run_that_the_command_can_work_on(reports: Path) -> None:
    """For what carries out a plan that is another one than for what reads passes."""
    latest = reports.__class__("latest")

    assert find_run(reports, latest, is_planned_only).run == PLANNED
    assert find_run(reports, latest, lambda run: run.run != NAMED).run == PLANNED
    for folder, closed, issued in ((NAMED, True, 0), (NEWER, False, 0)):
        summary = {"closed": closed, "counts": {"issued": issued, "replaced": 0}}
        (reports / folder / "run.json").write_text(json.dumps(summary))
    assert find_run(reports, latest).run == NEWER
    with pytest.raises(UsageError, match="no run"):
        find_run(reports, latest, lambda _: False)
    with pytest.raises(UsageError, match="no run"):
        find_run(reports / "missing", latest)


@pytest.mark.parametrize(
    ("word", "candidates"),
    [("9", [OLDEST, NEWER]), ("f9", [NEWER, "2035-08-24T0700Z-x-00f9"]), ("twice", ["twice", NAMED])],
)
def test_where_several_could_be_meant_they_are_named(reports: Path, word: str, candidates: list[str]) -> None:
    """Never one of them at random: what follows may issue, or destroy."""
    make_run(reports, "2035-08-24T0700Z-x-00f9", "twice")
    make_run(reports, "2035-08-25T0700Z-x-1111", "TWICE")
    if word == "twice":
        candidates = ["2035-08-24T0700Z-x-00f9", "2035-08-25T0700Z-x-1111"]

    with pytest.raises(UsageError) as refusal:
        find_run(reports, reports.__class__(word))

    assert all(candidate in refusal.value.message for candidate in candidates)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("autum-5a", "autumn-5a"),
        ("3fa8", OLDEST),
        ("2035-08-20T0715Z-student-3fa9", OLDEST),
        ("students-3fa8", OLDEST),
        ("lattest", "latest"),
        ("laters", "later"),
    ],
)
def test_a_word_that_means_no_run_is_answered_with_the_nearest(reports: Path, word: str, near: str) -> None:
    """As it can be typed."""
    with pytest.raises(UsageError) as refusal:
        find_run(reports, reports.__class__(word))

    assert f"Did you mean {near}?" in str(refusal.value.hint)


@pytest.mark.parametrize("word", ["zzzz", "elsewhere/3fa9", "", "."])
def test_nothing_is_guessed(reports: Path, word: str) -> None:
    """Neither a path nor what is like nothing; a path is not taken for a tail."""
    with pytest.raises(UsageError) as refusal:
        find_run(reports, reports.__class__(word))

    assert "Did you mean" not in str(refusal.value.hint)


def test_a_name_is_given_once(reports: Path) -> None:
    """However it is capitalised; and who has a plan under that name is told how it is carried out."""
    require_new_name(reports, "autumn-5b")
    with pytest.raises(UsageError, match=NAMED):
        require_new_name(reports, "AUTUMN-5a")
    with pytest.raises(UsageError, match=PLANNED) as refusal:
        require_new_name(reports, "later")
    assert "carry out its plan" in str(refusal.value.hint)


@pytest.mark.parametrize("content", ["", "{", '{"run": "x", "name": "la\\ntest"}', '{"run": "x", "name": "latest"}'])
def test_a_plan_that_names_nothing_sound_gives_no_name(tmp_path: Path, content: str) -> None:
    """A file that somebody else wrote names no run in a way that a command would take otherwise."""
    (tmp_path / "plan.json").write_text(content)

    assert given_name(tmp_path) is None


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights of its own on Windows")
def test_a_plan_that_is_a_link_gives_no_name(reports: Path, tmp_path: Path) -> None:
    """Nothing outside the run's folder is read."""
    (tmp_path / "plan.json").symlink_to(reports / NAMED / "plan.json")

    assert given_name(tmp_path) is None
