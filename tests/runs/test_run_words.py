"""RUN everywhere is an id, a folder, a name, a tail, or `latest`; and a shell completes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from whole_run import USERS, Program

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["User"], *([user] for user in USERS[:2])]


def test_a_run_is_planned_carried_out_and_read_by_its_name(program: Program) -> None:
    """Nobody types an id: the plan keeps the name, and every command takes it, or the tail, or `latest`."""
    roster = program.roster(ROWS)
    planned = program("plan", roster, "--simulate", "--name", "autumn-5a", "--json").folder

    done = program("apply", "autumn-5a", "--yes", "--json").folder
    tail = planned.name[-4:]

    assert done == planned
    for word in ("autumn-5a", "AUTUMN-5A", tail, "latest", planned):
        assert program("results", word, "--json").folder == planned
        assert program("verify", word, "--json").folder == planned
    assert program("resume", "autumn-5a", "--json").folder == planned
    assert planned.name in program("apply", "autumn-5a", "--yes", code=8).err


def test_a_file_of_a_run_means_it_wherever_a_run_is_meant(program: Program) -> None:
    """Somebody drags the workbook or the page into the terminal; where a roster is meant, it is none."""
    done = program("apply", program.roster(ROWS), "--simulate", "--yes", "--json").folder

    for command in (("results",), ("verify",), ("handout",), ("resume",), ("revoke", "--dry-run")):
        for file in ("results.xlsx", "plan.html", "journal.db"):
            said = program(command[0], done / file, *command[1:], "--json").json
            assert said["folder"] == str(done), (command, file)
    assert program("show", done / "handout" / "covers.pdf", "nobody", code=None).err.count("There is no run") == 0
    assert "not one in the folder of a run" in program("verify", program.roster(ROWS), code=2).err


@pytest.mark.parametrize("file", ["plan.json", "plan.html", "run.json", "run.html", "journal.db", "log.jsonl"])
@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_file_of_a_run_is_no_roster(program: Program, command: str, file: str) -> None:
    """Which command carries out its plan is said, in place of what is wrong with it as a spreadsheet."""
    folder = program("plan", program.roster(ROWS), "--simulate", "--json").folder
    (folder / file).touch()

    words = ("--simulate", "--json", *(("--yes",) if command == "apply" else ()))
    told = program(command, folder / file, *words, code=2).json["error"]

    assert "no roster" in told["message"]
    assert folder.name in told["message"]
    assert f"bulktap apply {folder.name}" in told["hint"]


def test_latest_for_apply_is_the_latest_plan_that_was_not_begun(program: Program) -> None:
    """For the others it is the latest run with passes, for `resume` the latest unfinished one."""
    roster = program.roster(ROWS)
    program("apply", "latest", "--yes", code=2)
    first = program("plan", roster, "--simulate", "--json").folder
    done = program("apply", roster, "--simulate", "--yes", "--limit", "1", "--json").folder

    assert program("results", "latest", "--json").folder == done
    assert program("apply", "latest", "--yes", "--json").folder == first
    assert program("resume", "latest", code=2).err.count("unfinished") == 1


def test_a_name_is_given_to_one_run_of_a_folder(program: Program) -> None:
    """The second is refused before its roster is read, and what was planned under it is named."""
    roster = program.roster(ROWS)
    planned = program("plan", roster, "--offline", "--name", "autumn-5a", "--json").folder

    refused = program("plan", "missing.csv", "--name", "Autumn-5A", "--json", code=2)

    assert planned.name in refused.json["error"]["message"]
    assert f"bulktap apply {planned.name}" in refused.json["error"]["hint"]
    assert sorted(path.name for path in planned.parent.iterdir() if path.name[0] != ".") == [planned.name]


@pytest.mark.parametrize("name", ["latest", "a/b", "..", "", "autumn.xlsx", "2035-08-20T0715Z-x-0001", "x" * 41])
def test_a_name_that_means_something_else_is_refused_as_it_is_typed(program: Program, name: str) -> None:
    """Exit 2, and nothing was read or written."""
    assert "--name" in program("plan", program.roster(ROWS), "--offline", "--name", name, code=2).err


def test_a_signed_plan_keeps_its_name(program: Program) -> None:
    """Another one is something else than was signed."""
    planned = program("plan", program.roster(ROWS), "--simulate", "--name", "autumn-5a", "--json").folder

    assert "--name" in program("apply", planned.name, "--yes", "--name", "other", code=2).err
    assert program("apply", planned.name, "--yes", "--name", "autumn-5a", "--json").folder == planned


@pytest.mark.parametrize("command", ["verify", "results", "resume", "apply"])
def test_a_word_that_means_no_run_names_the_nearest(program: Program, command: str) -> None:
    """And where several could be meant, all of them."""
    roster = program.roster(ROWS)
    runs = [program("plan", roster, "--offline", "--name", name, "--json").folder for name in ("alpha", "beta")]
    if command != "apply":
        assert "Did you mean alpha?" in program(command, "alpah", code=2).err
    both = "2035-09-01T0800Z-one-c0de", "2035-09-01T0800Z-two-c0de"
    for run, name in zip(runs, both, strict=True):
        run.rename(run.with_name(name))

    told = program(command, "c0de", *(("--yes",) if command == "apply" else ()), code=2).err

    assert all(name in told for name in both)


def completed(program: Program, words: str, shell: str = "zsh") -> list[str]:
    """Return what the shell would offer for the last word of a line."""
    asked = {
        "_BULKTAP_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    return program(**asked).out.splitlines()


@pytest.fixture
def named(program: Program) -> Path:
    """A run that is named, and planned only."""
    return program("plan", program.roster(ROWS), "--offline", "--name", "autumn-5a", "--json").folder


def test_a_shell_completes_the_names_and_ids_of_runs(program: Program, named: Path) -> None:
    """With `latest`; a tail once somebody has begun to type it; in the folder that `--reports` names."""
    assert completed(program, "bulktap verify ")[1::3] == ["latest", named.name, "autumn-5a"]
    assert completed(program, "bulktap results aut")[1::3] == ["autumn-5a"]
    assert completed(program, f"bulktap resume {named.name[-4:-1]}")[1::3] == [named.name[-4:]]
    # Longer than a tail, which may begin with the same digit.
    assert completed(program, f"bulktap verify {named.name[:8]}")[1::3] == [named.name]
    named.parent.rename(named.parent.with_name("other"))
    assert completed(program, "bulktap verify --reports other aut")[1::3] == ["autumn-5a"]
    assert completed(program, "bulktap verify aut")[:1] == ["dir"]
    assert completed(program, "bulktap verify --reports other aut", "bash") == ["plain,autumn-5a"]


def test_where_a_roster_may_stand_files_come_first(program: Program, named: Path) -> None:
    """A run is offered where no file begins like that."""
    assert completed(program, "bulktap apply ros")[:1] == ["file"]
    assert completed(program, "bulktap apply aut")[1::3] == ["autumn-5a"]
    (named.parents[1] / "autumn.csv").write_text("User\n")
    assert completed(program, "bulktap apply aut")[:1] == ["file"]
