"""Which cases of the case list have a test, by the ids of the tests' own tables."""

from __future__ import annotations

import ast
import re
from pathlib import Path

CASES = {"A": 36, "B": 21, "C": 30, "D": 40, "E": 25, "F": 21, "G": 18, "H": 18}
"""How many cases each group has."""
ELSEWHERE = {
    **dict.fromkeys(
        ("D20", "D22", "D36", "D39", "D40"), "what the tenant says: tests/runs/test_who_the_tenant_knows.py"
    ),
    "H17": "measured by tests/bench/bench_roster.py",
    "H18": "how many passes are too many is a question of the plan",
}
"""Cases that are not the roster's to judge, and why."""
_TABLES = {"ATTACKS", "CASES"}


def ids_in_tables() -> set[str]:
    """Return the case ids in the `id=` of every parametrised case, and in the keys of tables that are dictionaries."""
    found: set[str] = set()
    for path in Path(__file__).parent.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            texts: list[ast.expr | None] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "param":
                texts = [keyword.value for keyword in node.keywords if keyword.arg == "id"]
            elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in _TABLES:
                assert isinstance(node.value, ast.Dict)
                texts = list(node.value.keys)
            for text in texts:
                found.update(re.findall(r"\b[A-H]\d\d\b", ast.unparse(text) if text is not None else ""))
    return found


def test_every_case_has_a_test_or_a_reason() -> None:
    """Each case of groups A to H is in a table, or is named here with the reason why not."""
    wanted = {f"{group}{number:02}" for group, count in CASES.items() for number in range(1, count + 1)}
    covered = ids_in_tables()
    assert wanted - covered - set(ELSEWHERE) == set()
    assert covered.isdisjoint(ELSEWHERE)
