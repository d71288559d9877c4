"""Run folders that lost a file, were renamed or moved, and tenants that go by another name."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from harness.processes import wait_until
from harness.scene import APPLY, QUICK, SLOWLY, Scene, scene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = 12


@contextmanager
def killed_run(root: Path) -> Iterator[Scene]:
    """Open a scene whose run was killed after its first passes."""
    with scene(root, ROWS, "--latency", "0.05") as stage:
        running = stage.begin(*QUICK, *SLOWLY)
        wait_until(lambda: stage.operator.creates_answered() >= 2, 300, "two creates")
        running.send(signal.SIGKILL)
        running.ends()
        yield stage


def test_a_run_that_lost_its_plan_file_is_found_and_finished(tmp_path: Path) -> None:
    """The journal holds the plan: the run still stands in the way of a new one, and `resume` finds it by itself."""
    with killed_run(tmp_path) as stage:
        plan = (stage.folder / "plan.json").read_bytes()
        (stage.folder / "plan.json").unlink()
        name = stage.folder.name

        assert name in stage.operator.run("runs").out
        stopped = stage.operator.run(*APPLY, "--existing", "replace")
        assert stopped.exit_code == 6, stopped.err
        assert f"bulktap resume {name}" in stopped.err

        resumed = stage.resume(*QUICK)
        assert resumed.exit_code == 0, resumed.err
        assert stage.operator.run("results", name).exit_code == 0
        (stage.folder / "plan.json").write_bytes(plan)
        assert stage.violations() == []


def test_a_folder_that_was_renamed_says_under_which_name_it_goes_on(tmp_path: Path) -> None:
    """Whoever renames it back, here or in another folder, can finish the run."""
    with killed_run(tmp_path) as stage:
        folder, attempts = stage.folder, stage.tenant.truth().attempts
        renamed = folder.rename(folder.with_name("urgent"))
        for command in ("resume", "results"):
            refused = stage.operator.run(command, str(renamed))
            assert refused.exit_code == 8
            assert folder.name in refused.err
        assert stage.tenant.truth().attempts == attempts

        elsewhere = folder.parent.parent / "kept aside"
        elsewhere.mkdir()
        renamed.rename(elsewhere / folder.name)
        assert stage.resume(str(elsewhere / folder.name), *QUICK).exit_code == 0
        (elsewhere / folder.name).rename(folder)
        assert stage.violations() == []


def test_a_tenant_by_its_other_name_is_the_same_tenant(tmp_path: Path) -> None:
    """An unfinished run stops a new one for its users, whether the tenant is named by its id or by its domain."""
    with killed_run(tmp_path) as stage:
        before = stage.tenant.truth().attempts
        stopped = stage.operator.run(*APPLY, "--existing", "replace", AZURE_TENANT_ID="contoso.com")
        assert stopped.exit_code == 6, stopped.err
        assert f"bulktap resume {stage.folder.name}" in stopped.err
        assert stage.tenant.truth().attempts == before


def test_a_rehearsal_that_was_stopped_is_finished_or_begun_anew(tmp_path: Path) -> None:
    """It is as in a real tenant, until another one is begun in which nobody holds a pass yet."""
    with scene(tmp_path, ROWS) as stage:
        rehearsal = ("apply", "roster.csv", "--yes", "--simulate", "--no-progress")
        running = stage.operator.start(*rehearsal, "--max-rate", "2")
        wait_until(lambda: stage.operator.creates_answered() >= 2, 300, "two creates")
        running.send(signal.SIGKILL)
        running.ends()
        again = stage.operator.run(*rehearsal)
        assert again.exit_code == 6, again.err
        assert "Finish it first" in again.err
        assert "--simulate-fresh" in again.err
        fresh = stage.operator.run(*rehearsal, "--simulate-fresh")
        assert fresh.exit_code == 0, fresh.err


pytestmark = pytest.mark.long
