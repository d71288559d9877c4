from __future__ import annotations

import ast
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest
from limited_service import Bucket, Course, Sliding, drive

import bulktap.graph.pacing
from bulktap.graph.pacing import Pacer, PacingLimits, PacingTuning

CHANGED: dict[str, float] = {
    "batch_seconds": 1.0,
    "growth": 5.0,
    "search_steps": 9_000.0,
    "chance_steps": 60,
    "growth_steps": 90.0,
    "catching_up": 1.0,
    "saved_at_once": 1.0,
    "trip_share": 0.9,
    "much_throttled": 1,
    "rest_seconds": 0.1,
    "first_backoff": 5.0,
    "partial_backoff": 2.0,
    "longest_backoff": 2.0,
    "shortest_hold": 1.0,
    "most_doublings": 1,
    "trusted_waits": 0,
    "near_limit": 0.95,
    "throttled_at_limit": 3.0,
    "unused_growth": 8.0,
    "exhausted_growth": 1.0,
    "coarsest_pace": 50.0,
    "recent_seconds": 1.0,
    "known_depth": 0.1,
    "fewest_saved": 90.0,
    "depth_hints": 90.0,
    "hint_steps": 1,
    "shortest_trip": 90.0,
    "below_limit": 0.2,
    "first_period": 64,
    "first_batches": 30,
    "first_trips": 60.0,
    "probe_period": 2,
    "longest_steps": 9_000.0,
    "longest_period": 9_000.0,
    "dearest": 1.0,
    "cautious": 0.1,
    "climb": 8.0,
    "climb_seconds": 0.5,
    "longest_climb": 0.1,
    "remembered_steps": 30,
    "remembered_points": 5,
    "due": 0.1,
    "overdue": 0.5,
    "well_measured": 0.001,
    "optimism": 0.1,
    "widest": 0.01,
    "highest_first": 1.0,
    "charged": 0.0,
    "depth_share": 0.1,
    "fewest_taken": 1,
    "rate_step": 3.0,
    "highest_spent": 1.0,
    "stray_steps": 1,
    "early_in_a_row": 1,
    "early_fall": 0.2,
    "few_throttled": 0.001,
    "some_throttled": 30,
    "due_fall": 0.2,
    "deepest_fall": 0.9,
    "lowest_limit": 3.0,
    "shortest_span": 5.0,
    "disagreement": 3.0,
    "costly_hold": 90.0,
    "costly_seconds": 90.0,
    "costly_steps": 9_000.0,
    "costly_excess": 90.0,
    "beyond_highest": 0.2,
    "first_fall": 0.3,
    "hold_share": 0.5,
    "hold_raise": 0.5,
    "most_raises": 0,
    "close_steps": 9_000,
    "lowest_share": 0.99,
    "proof": 1.0,
    "largest_random_share": 0.02,
    "smallest_limit_share": 0.2,
    "noticeable_excess": 0.5,
    "recorded_share": 0.5,
    "recorded_batches": 30,
    "smallest_usual_share": 0.1,
    "largest_usual_share": 0.04,
    "share_memory": 5,
    "missed_steps": 1.0,
    "frequent_share": 0.0,
    "risen_times": 1.1,
    "risen_suspicion": 2.0,
    "least_stray_share": 0.009,
    "most_stray_share": 0.003,
    "stray_share_of_width": 0.0,
    "suspicious_times": 2.0,
    "first_suspicion": 1.0,
    "highest_suspicion": 0.5,
}
"""Another value for each constant, far enough from the usual one to show."""


def courses(tuning: PacingTuning) -> list[Course]:
    """Meet limits of several kinds: with and without the header, random throttling, no waits named, a change."""
    limits = PacingLimits()
    return [
        drive(Bucket(60, 10.0), 400, pacing=limits, tuning=tuning, manner="none"),
        drive(Bucket(60, lambda accepted: 4.0 if 300 <= accepted < 600 else 20.0), 900, tuning=tuning, hints=True),
        drive(Bucket(20, lambda accepted: 2.0 if accepted < 200 else 40.0), 900, tuning=tuning, manner="whole"),
        drive(Bucket(1, 0.7), 80, tuning=tuning, hints=True),
        drive(Sliding(60, 30.0), 400, tuning=tuning, chance=0.05),
        drive(Bucket(100, 30.0), 1_500, tuning=tuning, chance=0.1),
        drive(Bucket(20, 20.0), 600, tuning=tuning, manner="whole"),
        drive(Bucket(4, 0.7), 80, tuning=tuning),
        drive(Bucket(1, 40.0), 1_500, tuning=tuning, manner="whole"),
        drive(Bucket(20, lambda accepted: 2.0 if accepted < 300 else 20.0), 2_500, tuning=tuning),
        drive(Bucket(100, 20.0), 1_500, tuning=tuning, chance=lambda accepted: 0.03 if accepted > 500 else 0.0),
        drive(Bucket(30, 20.0), 1_200, tuning=tuning, manner="300"),
        drive(Bucket(400, 100.0), 3_000, tuning=tuning, chance=0.01),
        drive(Bucket(50, 20.0), 1_500, tuning=tuning, chance=lambda accepted: 0.1 if 300 <= accepted < 900 else 0.0),
        drive(Bucket(100, 100.0), 6_000, tuning=tuning, manner="fives"),
        drive(Bucket(20, lambda accepted: 20.0 if accepted < 900 else 80.0), 4_000, tuning=tuning, manner="fives"),
        drive(Bucket(1, 20.0), 2_000, tuning=tuning, manner="fives"),
        drive(
            Bucket(40, 40.0), 9_000, tuning=tuning, manner="fives", chance=lambda accepted: 0.004 * (accepted > 3_000)
        ),
        drive(Bucket(50, 20.0), 3_200, tuning=tuning, chance=lambda accepted: 0.05 if accepted // 800 % 2 else 0.0),
        drive(
            Bucket(50, 20.0),
            5_000,
            tuning=tuning,
            seed=2,
            chance=lambda accepted: 0.05 if 300 < accepted < 800 or accepted > 3_500 else 0.0,
        ),
        drive(
            Bucket(50, lambda accepted: 20.0 if accepted < 600 else 1e9),
            2_500,
            tuning=tuning,
            seed=3,
            chance=lambda accepted: 0.03 if accepted < 600 else 0.15,
        ),
    ]


def answers_by_hand(tuning: PacingTuning) -> list[float]:
    """Answer as no simulated limit does: waits of nothing, waits that lead nowhere, pauses, and lost batches."""
    pacer, now, seen = Pacer(PacingLimits(), 0.0, lambda: 0.9, tuning), 0.0, []
    for steps in (1, 2, 4, 8, 16):
        pacer.sent(steps, now)
        now += 2.0
        throttled = 1 if steps == 16 else 0
        pacer.answered(accepted=steps - throttled, throttled=throttled, retry_after=None, now=now)
        seen += [pacer.rate(now), pacer.hold_until]
    for number in range(60):
        steps = max(1, pacer.allowance(now))
        pacer.sent(steps, now)
        if number % 30 == 29:
            pacer.answered(accepted=steps, throttled=0, retry_after=None, now=now)
        elif number % 30 > 20:
            pacer.unanswered(now)
        else:
            pacer.answered(accepted=0, throttled=steps, retry_after=(0.0, 1.0, None)[number // 20], now=now)
        seen += [pacer.hold_until - now, pacer.rate(now)]
        now = max(now, pacer.hold_until) + (30.0 if number % 7 == 0 else 0.0)
    return seen


@cache
def what_happens(tuning: PacingTuning) -> int:
    """A number that differs if anything does."""
    return hash(repr(courses(tuning)) + repr(answers_by_hand(tuning)))


@pytest.mark.long
@pytest.mark.parametrize("name", [field.name for field in fields(PacingTuning)])
def test_every_constant_is_obeyed(name: str) -> None:
    """One that changes nothing would be dead, or stand a second time in the code."""
    tuning = replace(PacingTuning(), **{name: CHANGED[name]})
    assert what_happens(tuning) != what_happens(PacingTuning())


@pytest.mark.parametrize(
    "module", sorted(path.name for path in Path(bulktap.graph.pacing.__path__[0]).glob("*.py") if path.stem != "tuning")
)
def test_no_other_module_has_constants_of_its_own(module: str) -> None:
    """A number at the top of a module could not be varied by an experiment."""
    tree = ast.parse((Path(bulktap.graph.pacing.__path__[0]) / module).read_text("utf-8"))
    values = [node.value for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    assert not [value for value in values if isinstance(value, ast.Constant | ast.Tuple)]
