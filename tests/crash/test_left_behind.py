"""Everything that a run prints and leaves behind, searched for its passcodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness.handed_out import read_workbook
from harness.leaks import LeakSearch
from harness.scene import APPLY, QUICK, Scene, scene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Replies that cannot be read hold passcodes: they are what a careless log would quote.
UNREADABLE = "showers,truncated=0.2,broken-off=0.1,html-page=0.1,repeated-item=0.5,seed=2"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A talkative run through weather that spoils replies, finished, with its results written twice."""
    with scene(tmp_path_factory.mktemp("left"), 8, "--weather", UNREADABLE) as stage:
        for arguments in (("plan", "roster.csv", "--verbose"), (*APPLY, *QUICK, "--verbose")):
            assert stage.operator.run(*arguments).exit_code in {0, 3}
        assert stage.operator.run("results", stage.folder.name, "--verbose", "--json").exit_code == 0
        assert stage.operator.run("runs", "--verbose").exit_code == 0
        yield stage


def test_no_passcode_is_left_behind(finished: Scene) -> None:
    """Screen, run folder, home and temporary folder; the passcodes are those of the decrypted workbook."""
    assert len(finished.workbook().passes) == 7
    assert finished.leaks() == []


def test_the_search_saw_the_files_of_the_run(finished: Scene) -> None:
    """A sign-in name is where it may be, so a passcode would be found there as well."""
    found = LeakSearch(["person-0001@contoso.com"]).in_folder(finished.operator.root)

    places = " ".join(leak.where for leak in found)
    for name in ("plan.json", "journal.db > table record", "roster.csv"):
        assert name in places
    assert "results.xlsx" not in places


@pytest.mark.parametrize("place", ["screen/02-apply.out", "home/.cache/note", "tmp/left.tmp", "work/reports/old.log"])
def test_a_passcode_that_is_planted_is_found(finished: Scene, place: str) -> None:
    """In each of the folders that are searched, in a file that was there and in one that was not."""
    path = finished.operator.root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.exists() else None
    path.write_bytes((before or b"") + finished.workbook().passcodes[3].encode("utf-16-le"))
    try:
        leaks = finished.leaks()
    finally:
        path.unlink() if before is None else path.write_bytes(before)

    assert [(leak.encoding, leak.number) for leak in leaks] == [("utf-16-le", 3)]


def test_a_rehearsal_leaves_no_passcode_behind(tmp_path: Path) -> None:
    """Nor in the state of the pretend tenant that is kept with the run."""
    with scene(tmp_path, 2) as stage:
        operator = stage.operator
        ended = operator.run(*APPLY, "--simulate", "--generate-passphrase", BULKTAP_PASSPHRASE="")
        assert ended.exit_code == 0, ended.err
        shown = next(line for line in ended.err.splitlines() if line.startswith("Passphrase"))
        (folder,) = operator.run_folders()
        workbook = read_workbook(folder / "results.xlsx", shown.rpartition(" ")[2])

        assert len([*operator.root.rglob("tenant.jsonl")]) == 1
        assert len(workbook.passes) == 2
        assert LeakSearch(workbook.passcodes).in_folder(operator.root) == []


pytestmark = pytest.mark.long
