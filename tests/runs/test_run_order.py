"""Which run is the latest, when several began within one minute."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bulktap.storage.run_folder import all_runs

if TYPE_CHECKING:
    from pathlib import Path

NOON = 1_800_000_000


def test_runs_of_one_minute_are_in_the_order_in_which_they_were_planned(tmp_path: Path) -> None:
    """Neither the roster's name nor the four random digits say which came first; the minute does, and then the plan."""
    begun = ("2027-01-15T0800Z-staff-ffff", "2027-01-15T0800Z-classes-0000", "2027-01-15T0800Z-staff-1111")
    for second, name in enumerate((*begun, "2027-01-15T0759Z-touched-later-2222")):
        (tmp_path / name).mkdir()
        plan = tmp_path / name / "plan.json"
        plan.write_text("{}")
        os.utime(plan, (NOON + second, NOON + second))

    assert [run.path.name for run in all_runs(tmp_path)] == ["2027-01-15T0759Z-touched-later-2222", *begun]


def test_a_run_whose_plan_is_gone_keeps_its_place_by_its_journal(tmp_path: Path) -> None:
    """The journal alone makes a run; its first record is as old as the plan's last one."""
    for second, (name, file) in enumerate(
        (("bb-0001", "plan.json"), ("aa-0002", "journal.db"), ("aa-0001", "plan.json"))
    ):
        folder = tmp_path / f"2027-01-15T0800Z-{name}"
        folder.mkdir()
        (folder / file).write_text("{}")
        os.utime(folder / file, (NOON + second, NOON + second))

    assert [run.path.name[-7:] for run in all_runs(tmp_path)] == ["bb-0001", "aa-0002", "aa-0001"]
