"""A revocation that is killed at random instants and gone on with, while somebody else issues passes in between."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from harness.scene import QUICK, Scene, scene

if TYPE_CHECKING:
    from pathlib import Path

    from harness.processes import Ended, Running
    from harness.truth import TruePass, Truth

_FINISHED: Final = {0, 3}
_LONGEST: Final = 600.0
_POLL: Final = 0.005
_MOST_ROUNDS: Final = 40
_REVOKE: Final = ("revoke", "--yes", "--reply-timeout", "2s", "--no-progress")
_RESUME: Final = ("resume", "--reply-timeout", "2s", "--no-progress")


@dataclass(slots=True)
class KilledRevocation:
    """What became of one."""

    seed: int
    kills: int = 0
    """Kills that struck a living process."""
    missed: int = 0
    """Kills that came after it had ended by itself."""
    revoked: int = 0
    later: int = 0
    """Passes that somebody else issued meanwhile."""
    exit_codes: list[int] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    trouble: str = ""

    @property
    def sound(self) -> bool:
        """Whether everything held."""
        return not (self.violations or self.trouble)


def killed_revocation(root: Path, seed: int, rows: int, weather: str) -> KilledRevocation:
    """Let a revocation be killed and gone on with to its end, and check what is left; all follows from the seed."""
    told = KilledRevocation(seed)
    with scene(root, rows, "--weather", f"{weather},seed={seed}") as stage:
        try:
            _carry_out(stage, told)
            _judge(stage, told)
        except Exception as error:  # noqa: BLE001 - one in trouble must not hide how the others went
            told.trouble = f"{type(error).__name__}: {error}"
    return told


def _carry_out(stage: Scene, told: KilledRevocation) -> None:
    random = Random(told.seed)  # noqa: S311 - a repeatable draw, not a secret
    ended = stage.begin(*QUICK).ends(_LONGEST)
    assert ended.exit_code in _FINISHED, ended.err[-600:]
    users = [user.upn for user in stage.tenant.truth().users.values() if user.current_pass_id]
    done: Ended | None = None
    for number in range(_MOST_ROUNDS):
        command = _RESUME if number % 3 == 2 and _recorded(stage) else _REVOKE
        running = stage.operator.start(command[0], stage.folder.name, *command[1:], "--max-rate", "40")
        if number < _MOST_ROUNDS - 10 and _struck(stage, running, random):
            told.kills += 1
            for user in random.sample(users, 2):
                told.later += stage.tenant.somebody_else_issues(user)
            continue
        done = running.ends(_LONGEST)
        told.missed += number < _MOST_ROUNDS - 10
        told.exit_codes.append(done.exit_code)
        assert done.exit_code in _FINISHED, done.err[-600:]
        if done.exit_code == 0 and not _left(stage):
            return
    raise AssertionError(f"not finished after {_MOST_ROUNDS} rounds: {done.err[-600:] if done else ''}")


def _struck(stage: Scene, running: Running, random: Random) -> bool:
    """Kill the process some time after it has recorded so many lines more; tell whether it was still alive."""
    wanted, delay = len(_recorded(stage)) + random.choice((0, 1, 2, 5, 12, 25)), random.uniform(0.0, 0.15)
    deadline = time.monotonic() + _LONGEST
    while running.alive and len(_recorded(stage)) <= wanted and time.monotonic() < deadline:
        time.sleep(_POLL)
    time.sleep(delay)
    if not running.alive:
        return False
    running.kill()
    return True


def _recorded(stage: Scene) -> list[dict[str, Any]]:
    path = stage.folder / "revoked.jsonl"
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith(b"}\n")]


def _left(stage: Scene) -> set[str]:
    """Return the passes of the last revocation that have no outcome."""
    left: set[str] = set()
    for line in _recorded(stage):
        if line["event"] == "began":
            left = set(line["passes"])
        elif line["event"] == "settled":
            left.discard(line["pass"])
    return left


def _judge(stage: Scene, told: KilledRevocation) -> None:
    truth = stage.tenant.settled_truth()
    lines = _recorded(stage)
    ours = {pass_id for line in lines if line["event"] == "began" for pass_id in line["passes"]}
    said = {line["pass"] for line in lines if line["event"] == "settled" and line["how"] == "revoked"}
    over = {line["pass"] for line in lines if line["event"] == "settled"}
    told.revoked = len(said)
    for upn, one in _passes(truth):
        deleted = one.ended_by.startswith("deleted by")
        if deleted and one.pass_id not in ours:
            told.violations.append(f"{upn}: pass {one.pass_id} of {one.creator} was deleted, and is not the run's")
        if one.pass_id in over and one.died is None:
            told.violations.append(f"{upn}: pass {one.pass_id} is said to be over, and is live")
        if one.pass_id in said and not deleted:
            told.violations.append(f"{upn}: pass {one.pass_id} is said to be revoked, and {one.ended_by or 'is live'}")
        # Deleted by a process that was killed, and issued anew by somebody else: which came first, nobody can tell.
        if deleted and one.pass_id in ours and one.pass_id not in over:
            told.violations.append(f"{upn}: pass {one.pass_id} was deleted, and nothing of that is recorded")


def _passes(truth: Truth) -> list[tuple[str, TruePass]]:
    return [(user.upn, one) for user in truth.users.values() for one in user.history]
