"""Revocations that are killed at random instants: what was agreed to is deleted in the end, and nothing else.

As a program, `python tests/crash/test_revoke_kills.py 100`, it kills so many times and prints what held.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import pytest
from harness.revoking import KilledRevocation, killed_revocation

ROWS = 60
WEATHER = "storm,late-429=0,late-503=0"


@pytest.mark.long
def test_revocations_that_are_killed_delete_what_was_agreed_to_and_nothing_else(tmp_path: Path) -> None:
    """A later pass of somebody else is never deleted, and what is recorded is what happened."""
    runs = [killed_revocation(tmp_path / str(seed), seed, ROWS, WEATHER) for seed in (1, 2)]

    assert [run for run in runs if not run.sound] == []
    assert sum(run.kills for run in runs) >= 4
    assert all(run.revoked for run in runs)


def main(wanted: int) -> int:
    """Kill so many times, and print what held."""
    folder, runs = Path(tempfile.mkdtemp(prefix="revoke-kills-")), list[KilledRevocation]()
    while sum(run.kills for run in runs) < wanted:
        root = folder / str(len(runs) + 1)
        runs.append(killed_revocation(root, len(runs) + 1, ROWS, WEATHER))
        print(runs[-1], flush=True)  # noqa: T201 - what a command is for
        if runs[-1].sound:
            shutil.rmtree(root)
    counts = f"{sum(run.kills for run in runs)} kills in {len(runs)} revocations of {ROWS} rows, {WEATHER}"
    told = f"{sum(run.revoked for run in runs)} revoked, {sum(run.later for run in runs)} later passes of others"
    print(f"{counts}: {told}, {sum(len(run.violations) for run in runs)} violations")  # noqa: T201 - likewise
    return 0 if all(run.sound for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
