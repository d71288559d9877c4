from __future__ import annotations

import pytest

from bulktap.graph.pacing.random_throttling import RandomThrottling


def searching(throttling: RandomThrottling, accepted: int, throttled: int) -> bool:
    """Take in a batch while no limit was met yet."""
    return throttling.take_in(
        accepted, throttled, paced=False, early=True, plausible=False, straggles=False, exhausted=False
    )


def early(throttling: RandomThrottling, accepted: int, throttled: int, *, width: float = 0.0) -> bool:
    """Take in a batch at a measured limit that should not have been met yet, and whose span says so too."""
    return throttling.take_in(
        accepted, throttled, paced=True, early=True, width=width, plausible=False, straggles=False, exhausted=False
    )


def due(throttling: RandomThrottling, accepted: int, throttled: int) -> bool:
    """Take in a batch when the measured limit was to be met."""
    return throttling.take_in(
        accepted, throttled, paced=True, early=False, plausible=True, straggles=False, exhausted=False
    )


def test_a_few_of_many_are_no_limit() -> None:
    """However often: two of twenty, again and again."""
    throttling = RandomThrottling()
    assert not any(searching(throttling, 18, 2) for _ in range(100))


def test_half_of_a_batch_is_a_limit() -> None:
    """And so are three single steps in a row."""
    assert searching(RandomThrottling(), 10, 10)
    throttling = RandomThrottling()
    assert [searching(throttling, 0, 1) for _ in range(3)] == [False, False, True]


def test_accepted_steps_speak_against_a_limit() -> None:
    """What was accepted in between takes the evidence back."""
    throttling = RandomThrottling()
    for _ in range(20):
        assert not searching(throttling, 0, 1)
        assert not searching(throttling, 4, 0)


def test_at_a_measured_limit_a_single_step_is_the_limits() -> None:
    """When it comes about when the limit was to be met; otherwise it is forgiven."""
    assert due(RandomThrottling(), 4, 1)
    assert not early(RandomThrottling(), 4, 1)


def test_too_many_early_ones_are_suspicious() -> None:
    """Four without much between them put random throttling on record."""
    throttling = RandomThrottling()
    for _ in range(3):
        assert not early(throttling, 4, 1)
        assert not throttling.on_record
    early(throttling, 4, 1)
    assert throttling.on_record


@pytest.mark.parametrize(("steps", "width", "found"), [(300, 0.0, False), (60, 0.0, True), (60, 0.05, False)])
def test_how_rare_they_may_be_depends_on_how_well_the_limit_is_known(steps: int, width: float, found: bool) -> None:
    """A limit that is known to a twentieth is met a little early now and then; an exact one is not."""
    throttling = RandomThrottling()
    for _ in range(50):
        assert not early(throttling, 4, 1, width=width)
        assert not early(throttling, steps, 0, width=width)
    assert throttling.on_record is found


@pytest.mark.parametrize(("accepted", "frequent"), [(30, False), (60, False), (4, True), (15, True)])
def test_it_is_called_frequent_by_its_share(accepted: int, frequent: bool) -> None:
    """What was measured while one step in twenty is throttled by chance is worth nothing."""
    throttling = RandomThrottling()
    while not throttling.on_record:
        early(throttling, accepted, 1)
    assert throttling.is_frequent is frequent
    assert throttling.findings == 1


@pytest.mark.parametrize("accepted", [1, 2, 4, 6, 8])
def test_more_of_it_than_known_is_found_too(accepted: int) -> None:
    """It would prove a limit again and again."""
    throttling = RandomThrottling()
    while not throttling.on_record:
        early(throttling, 60, 1)
    for _ in range(60):
        early(throttling, accepted, 1)
    assert throttling.findings >= 2
    assert throttling.is_frequent


def test_what_the_service_says_of_its_limit_is_never_called_chance() -> None:
    """Also where chance is on record: a limit that fell is met too early, again and again."""
    throttling = RandomThrottling()
    while not throttling.on_record:
        early(throttling, 60, 1)
    for _ in range(60):
        assert throttling.take_in(9, 1, paced=True, early=True, plausible=False, straggles=False, exhausted=True)
    assert throttling.findings == 1


def test_random_throttling_on_record_is_known_by_its_share() -> None:
    """What it takes anyway is forgiven, also when the limit was to be met; clearly more is the limit's."""
    throttling = RandomThrottling()
    for _ in range(30):
        searching(throttling, 18, 2)
    assert searching(throttling, 0, 20)
    assert throttling.on_record
    assert not any(due(throttling, 9, 1) for _ in range(10))
    assert any(due(throttling, 6, 4) for _ in range(4))


def test_the_record_is_closed_when_nothing_is_throttled_early() -> None:
    """From one finding of the limit to the next."""
    throttling = RandomThrottling()
    for _ in range(30):
        searching(throttling, 18, 2)
    searching(throttling, 0, 20)
    for _ in range(30):
        early(throttling, 20, 0)
    assert due(throttling, 0, 20)
    assert not throttling.on_record


def test_suspicion_in_vain_makes_patient() -> None:
    """After the record was closed, four early ones are not enough any more."""
    throttling = RandomThrottling()
    for _ in range(4):
        early(throttling, 4, 1)
    assert throttling.on_record
    for _ in range(30):
        early(throttling, 20, 0)
    due(throttling, 0, 20)
    for _ in range(4):
        early(throttling, 4, 1)
    assert not throttling.on_record
    for _ in range(10):
        early(throttling, 4, 1)
    assert throttling.on_record


def test_what_was_under_way_proves_the_limit_again_but_decides_nothing() -> None:
    """The batches behind the one that met it say nothing about the time before."""
    throttling = RandomThrottling()
    for _ in range(30):
        searching(throttling, 18, 2)
    searching(throttling, 0, 20)
    for _ in range(5):
        assert throttling.take_in(0, 20, paced=False, early=True, plausible=True, straggles=True, exhausted=False)
    assert throttling.on_record


def test_what_the_service_says_of_its_limit_settles_it() -> None:
    """One step in twenty is random by itself, and the limit where the service calls that one used up."""
    assert not searching(RandomThrottling(), 19, 1)
    assert RandomThrottling().take_in(19, 1, paced=False, early=True, plausible=False, straggles=False, exhausted=True)
