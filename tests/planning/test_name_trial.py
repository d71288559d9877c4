"""A seeded trial: honest lists are left in peace, shifted ones are stopped, rows that were swapped are found.

`tests/bench/bench_names.py` plays more of it, with rosters of 4,000 people.
"""

from __future__ import annotations

from random import Random

import pytest
from scripted.name_trial import planned, school, shifts, swapped, warned

from bulktap.planning.name_checks import names_question

SIZE = 1_200


@pytest.mark.parametrize("seed", [101, 102, 103, 104])
def test_honest_shifted_and_swapped_rosters_are_told_apart(seed: int) -> None:
    """Of honest rows under 1 % are warned about, of swapped pairs at least 95 %, and every shifted roster asks."""
    people, random = school(seed, SIZE), Random(seed)  # noqa: S311 - no secret is made of it
    plan, checked = planned(people.names, range(SIZE), people.findings)

    assert len(warned(plan)) < SIZE / 100
    assert names_question(plan, checked) is None
    users, pairs = swapped(people, random, 20)
    found = warned(planned(people.names, users, people.findings)[0])
    assert sum(bool(found & set(pair)) for pair in pairs) >= 19
    for kind, names, accounts in shifts(people, random, 4):
        assert names_question(*planned(names, accounts, people.findings)) is not None, kind
