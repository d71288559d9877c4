"""A finished run of which passes are reissued, killed at a random instant and resumed until that is finished."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING, Final

from harness.invariants import find_changes
from harness.kills import KilledRun, Killing, judge
from harness.scene import SENDING, Scene, scene

from bulktap.journal import glance

if TYPE_CHECKING:
    from pathlib import Path

    from harness.handed_out import Workbook
    from harness.processes import Running
    from harness.truth import Truth

CLASSES: Final = ("7a", "9a")
_FINISHED: Final = {0, 3}
_BY_OTHERS: Final = 2
"""Users of these classes to whom somebody else issues before."""


def killed_reissue(root: Path, seed: int, rows: int, weather: str) -> KilledRun:
    """Let reissuing be killed and resumed to its end, and check what is left; what is random follows from the seed."""
    began = time.monotonic()
    told = KilledRun(seed)
    with scene(root, rows, "--weather", f"{weather},seed={seed}") as stage:
        try:
            ended = stage.begin().ends()
            assert ended.exit_code in _FINISHED, f"exit {ended.exit_code}: {ended.err[-600:]}"
            before = stage.workbook()
            chosen = [one.object_id for one in before.passes if one.group in CLASSES]
            _others_issue(stage, Random(seed), chosen)  # noqa: S311 - a repeatable draw, not a secret
            answered = stage.operator.creates_answered()
            _KillingReissue(stage, told, answered + len(chosen)).carry_out()
            judge(stage, told)
            others = _given_by_others(stage.tenant.truth(), before)
            told.violations += find_changes(before, stage.workbook(), chosen, others)
        except Exception as error:  # noqa: BLE001 - one run in trouble must not hide how the others went
            told.trouble = f"{type(error).__name__}: {error}"
        told.faults.update(stage.tenant.statistics()["faults"])
    told.seconds = time.monotonic() - began
    return told


def _others_issue(stage: Scene, random: Random, chosen: list[str]) -> None:
    names = {user.object_id: user.upn for user in stage.tenant.truth().users.values()}
    for object_id in random.sample(chosen, min(_BY_OTHERS, len(chosen))):
        stage.tenant.somebody_else_issues(names[object_id])


def _given_by_others(truth: Truth, before: Workbook) -> set[str]:
    """Return those of the workbook to whom somebody else has issued since."""
    found = set()
    for one in before.passes:
        history = truth.users[one.object_id].history
        ours = next((place for place, known in enumerate(history) if known.pass_id == one.pass_id), len(history))
        if any(later.creator != truth.client_id for later in history[ours + 1 :]):
            found.add(one.object_id)
    return found


class _KillingReissue(Killing):
    """Kills `reissue` in place of `apply`."""

    def begin(self) -> Running:
        """Start what is killed."""
        only = [word for name in CLASSES for word in ("--only", f"Class={name}")]
        return self._stage.operator.start("reissue", self._stage.folder.name, *only, "--yes", *SENDING)

    def has_begun(self) -> bool:
        """Whether what was wished for is recorded."""
        return glance(self._stage.folder / "journal.db").state.reopened
