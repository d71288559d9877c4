from __future__ import annotations

import itertools

import pytest

from bulktap.dispatch.permission_sample import spread


@pytest.mark.parametrize(("count", "most"), [(0, 20), (1, 20), (19, 20), (20, 20), (21, 20), (60, 20), (4_000, 40)])
def test_a_sample_is_spread_over_the_whole_roster(count: int, most: int) -> None:
    """No subject twice, in order, and no gap much larger than another."""
    subjects = [f"user{number:05d}" for number in range(count)]
    chosen = spread(subjects, most)
    assert len(set(chosen)) == len(chosen) == min(count, most)
    assert chosen == sorted(chosen)
    places = [*(subjects.index(subject) for subject in chosen), count]
    gaps = {later - sooner for sooner, later in itertools.pairwise(places)}
    assert not gaps or max(gaps) - min(gaps) <= 1
