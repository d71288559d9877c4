"""A few runs that are killed at random instants; `many_kills.py` beside this does many."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from harness.handed_out import read_sheets
from harness.kills import killed_run
from harness.operators import PASSPHRASE
from harness.processes import wait_until
from harness.reissues import killed_reissue
from harness.scene import QUICK, Scene, scene

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 24
SEEDS = (1, 3, 5)
WEATHER = "storm,step-429=0.01"
DIFFERENT = {"Temporary Access Pass", "Pass ID", "Note", "Starts", "Expires", "Start (UTC)", "Issued (UTC)"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")


def test_runs_that_are_killed_lose_and_kill_nothing(tmp_path: Path) -> None:
    """Every rule holds after each of them, and at least one kill struck while creates were on their way."""
    with ThreadPoolExecutor(len(SEEDS)) as pool:
        runs = list(pool.map(lambda seed: killed_run(tmp_path / str(seed), seed, ROWS, WEATHER), SEEDS))

    assert [run for run in runs if not run.sound] == []
    assert sum(sum(run.kills.values()) for run in runs) >= len(SEEDS) // 2
    assert all(run.issued for run in runs)


def test_reissuing_that_is_killed_loses_and_kills_nothing(tmp_path: Path) -> None:
    """Nor does it touch anybody who was not chosen."""
    with ThreadPoolExecutor(len(SEEDS)) as pool:
        runs = list(pool.map(lambda seed: killed_reissue(tmp_path / str(seed), seed, ROWS, WEATHER), SEEDS))

    assert [run for run in runs if not run.sound] == []
    assert sum(sum(run.kills.values()) for run in runs) >= 1


def sameness(stage: Scene) -> dict[str, list[dict[str, str]]]:
    """Return the tables of the workbook without what is different in every run.

    Explanations name moments ("a pass that works until ..."); the passes that the tenants hold from the start are as
    old as their simulator, and a minute may go by between two of those.
    """
    sheets = read_sheets(stage.folder / "results.xlsx", PASSPHRASE)
    return {
        name: [
            {heading: MOMENT.sub("(moment)", str(value)) for heading, value in row.items() if heading not in DIFFERENT}
            for row in rows
        ]
        for name, rows in sheets.items()
    }


def test_a_resumed_run_ends_in_the_same_workbook_as_an_unbroken_one(tmp_path: Path) -> None:
    """But for passcodes, pass ids, times and notes; the tenants are alike, and nothing is lost in fair weather."""
    with scene(tmp_path / "unbroken", ROWS) as stage:
        assert stage.begin().ends().exit_code == 0
        unbroken = sameness(stage)
    with scene(tmp_path / "killed", ROWS) as stage:
        running = stage.begin(*QUICK)
        wait_until(lambda: stage.operator.creates_answered() >= ROWS // 4, 300, "a quarter of the creates")
        running.kill()
        assert stage.resume(*QUICK).exit_code == 0
        resumed = sameness(stage)

    assert resumed == unbroken
    assert len(resumed["Passes"]) == ROWS - 2


pytestmark = pytest.mark.long
