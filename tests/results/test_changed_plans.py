# ruff: noqa: T201, S311 - a program too, whose accidents must be repeatable
"""Plans with one value changed and the digest made right; `python tests/results/test_changed_plans.py --plans 1500`.

Each is looked at with `plan RUN`, some are carried out against a pretend tenant. Whatever was changed, the plan is
refused with 8, or it is a plan that bulktap could have made. The same `--seed` makes the same plans.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pytest
from in_process import Ended, command, place

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSPHRASE = "correct horse battery staple"
ROSTER = """User;Name;Class;Lifetime;Start
ann@contoso.com;Ann Ash;5a;60;
bob@contoso.com;Bob Birch;5a;480;2099-09-01 08:00
ann@contoso.com;Ann Ash;5b;60;
cid@contoso.com;Cid Cedar;5b;nonsense;
no user;Dan Dogwood;5b;60;
eve@contoso.com;Eve Elm;5b;90;
"""
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 7, 43_201, 2**31, 2**63, 10**40, 0.5, -1e308, 1e308, float("nan"), "", " ", "x",
    "0", "\0", "a\0b", "\ud800", "\x1b[31m", "../../x", "/dev/zero", "é" * 40_000, "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z", "2035-09-01T08:00:00", "2035-02-30T08:00:00Z", "Europe", "America/New_York", "issue",
    "merge", "skip", "refuse", "replace", "fail", "error", "[", "[" * 5000, '{"a": 1}', "[1]", [], {}, [None], [[]],
    {"a": 1}, ["x"] * 50, "11111111-2222-4333-8444-555555555555",
)  # fmt: skip
SECRET = ("--passphrase-file", "secret.txt")
READING = ("sheet", "column", "encoding", "header_row", "domain", "date_order", "hidden_rows", "inactive")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where every value of a JSON document stands, containers too."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def changed(plan: dict[str, Any], random_: random.Random) -> tuple[dict[str, Any], str]:
    """Return the plan with one value changed, taken away, or added, and words on which."""
    made = copy.deepcopy(plan)
    found = list(places(plan))
    path = random_.choice(found)
    *parents, last = path
    where: Any = made
    for key in parents:
        where = where[key]
    match random_.randrange(10):
        case 0:
            del where[last]
            return made, f"{path} taken away"
        case 1:
            option = random_.choice(READING)
            made["settings"]["reading"][option] = str(random_.choice(STRANGE))
            return made, f"reading {option}"
        case 2:
            other: Any = plan
            for key in random_.choice(found):
                other = other[key]
            where[last] = copy.deepcopy(other)
        case _:
            where[last] = random_.choice(STRANGE)
    return made, f"{path} = {str(where[last])[:40]!r}"


def signed(plan: dict[str, Any]) -> bytes:
    """Return the plan as a file, with the digest that belongs to it."""
    rest = {name: value for name, value in plan.items() if name != "digest"}
    text = json.dumps(rest, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    return json.dumps(rest | {"digest": digest}, ensure_ascii=True).encode("ascii")


class Plans:
    """A run that was planned, and changed copies of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._random = random.Random(seed)
        (folder / "roster.csv").write_text(ROSTER, "utf-8")
        (folder / "secret.txt").write_text(PASSPHRASE, "utf-8")
        ended = command("plan", "roster.csv", "--simulate", "--json")
        assert ended.code == 3, ended.err
        self.folder = Path(json.loads(ended.out)["folder"])
        self._plan = json.loads((self.folder / "plan.json").read_bytes())
        self._files = {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def try_one(self, number: int) -> tuple[str, list[Ended]]:
        """Change the plan and see how commands end; every fourth that is still one is carried out."""
        plan, what = changed(self._plan, self._random)
        (self.folder / "plan.json").write_bytes(signed(plan))
        ended = [command("runs"), command("plan", self.folder)]
        if ended[-1].code != 8 and number % 4 == 0:
            ended.append(command("apply", self.folder, "--yes", "--settle-wait", "500ms", *SECRET))
            shutil.rmtree(self.folder)
            self.folder.mkdir(mode=0o700)
            for name, content in self._files.items():
                (self.folder / name).write_bytes(content)
        return what, ended


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_plan_with_one_changed_value_is_refused_or_is_a_plan(tmp_path: Path, seed: int) -> None:
    """Exit 8, or what the plan itself ends with; never an internal error, never a hang."""
    with place(tmp_path):
        plans = Plans(tmp_path, seed)
        tried = [plans.try_one(number) for number in range(1, 13)]

    assert [(what, one) for what, ended in tried for one in ended if not one.is_sound] == []
    assert any(one.code == 8 for _, ended in tried for one in ended)


def main() -> int:
    """Try as many plans as were asked for and count how they end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    codes: Counter[int] = Counter()
    bad = 0
    with tempfile.TemporaryDirectory() as name, place(Path(name)):
        plans = Plans(Path(name), options.seed)
        for number in range(options.plans):
            what, ended = plans.try_one(number)
            codes.update(one.code for one in ended[1:])
            for one in ended:
                if not one.is_sound:
                    bad += 1
                    print(f"{number}: {what}: exit {one.code} in {one.seconds:.1f} s: {one.err[-300:]}")
    print(f"{options.plans} plans: {dict(sorted(codes.items()))}; {bad} unsound")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
