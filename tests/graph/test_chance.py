from __future__ import annotations

from bulktap.graph.chance import Chance


def searching(chance: Chance, accepted: int, throttled: int) -> bool:
    """Take in a batch while no limit was met yet."""
    return chance.take_in(accepted, throttled, paced=False, early=True, plausible=False, straggles=False, told=False)


def early(chance: Chance, accepted: int, throttled: int) -> bool:
    """Take in a batch at a measured limit that should not have been met yet, and whose span says so too."""
    return chance.take_in(accepted, throttled, paced=True, early=True, plausible=False, straggles=False, told=False)


def due(chance: Chance, accepted: int, throttled: int) -> bool:
    """Take in a batch when the measured limit was to be met."""
    return chance.take_in(accepted, throttled, paced=True, early=False, plausible=True, straggles=False, told=False)


def test_a_few_of_many_are_no_limit() -> None:
    """However often: two of twenty, again and again."""
    chance = Chance()
    assert not any(searching(chance, 18, 2) for _ in range(100))


def test_half_of_a_batch_is_a_limit() -> None:
    """And so are three single steps in a row."""
    assert searching(Chance(), 10, 10)
    chance = Chance()
    assert [searching(chance, 0, 1) for _ in range(3)] == [False, False, True]


def test_accepted_steps_speak_against_a_limit() -> None:
    """What was accepted in between takes the evidence back."""
    chance = Chance()
    for _ in range(20):
        assert not searching(chance, 0, 1)
        assert not searching(chance, 4, 0)


def test_at_a_measured_limit_a_single_step_is_the_limits() -> None:
    """When it comes about when the limit was to be met; otherwise it is forgiven."""
    assert due(Chance(), 4, 1)
    assert not early(Chance(), 4, 1)


def test_too_many_early_ones_are_suspicious() -> None:
    """Four without much between them put chance on record."""
    chance = Chance()
    for _ in range(3):
        assert not early(chance, 4, 1)
        assert not chance.on_record
    early(chance, 4, 1)
    assert chance.on_record


def test_rare_early_ones_are_not() -> None:
    """One in a hundred steps is what a limit that wavers does."""
    chance = Chance()
    for _ in range(50):
        assert not early(chance, 4, 1)
        assert not early(chance, 100, 0)
    assert not chance.on_record


def test_chance_on_record_is_known_by_its_share() -> None:
    """What it takes anyway is forgiven, also when the limit was to be met; clearly more is the limit's."""
    chance = Chance()
    for _ in range(30):
        searching(chance, 18, 2)
    assert searching(chance, 0, 20)
    assert chance.on_record
    assert not any(due(chance, 9, 1) for _ in range(10))
    assert any(due(chance, 6, 4) for _ in range(4))


def test_the_record_is_closed_when_nothing_is_turned_away_early() -> None:
    """From one finding of the limit to the next."""
    chance = Chance()
    for _ in range(30):
        searching(chance, 18, 2)
    searching(chance, 0, 20)
    for _ in range(30):
        early(chance, 20, 0)
    assert due(chance, 0, 20)
    assert not chance.on_record


def test_suspicion_in_vain_makes_patient() -> None:
    """After the record was closed, four early ones are not enough any more."""
    chance = Chance()
    for _ in range(4):
        early(chance, 4, 1)
    for _ in range(30):
        early(chance, 20, 0)
    due(chance, 0, 20)
    for _ in range(4):
        early(chance, 4, 1)
    assert not chance.on_record
    for _ in range(10):
        early(chance, 4, 1)
    assert chance.on_record


def test_what_was_under_way_proves_the_limit_again_but_decides_nothing() -> None:
    """The batches behind the one that met it say nothing about the time before."""
    chance = Chance()
    for _ in range(30):
        searching(chance, 18, 2)
    searching(chance, 0, 20)
    for _ in range(5):
        assert chance.take_in(0, 20, paced=False, early=True, plausible=True, straggles=True, told=False)
    assert chance.on_record


def test_what_the_service_says_of_its_limit_settles_it() -> None:
    """One step in twenty is chance by itself, and the limit where the service calls that one used up."""
    assert not searching(Chance(), 19, 1)
    assert Chance().take_in(19, 1, paced=False, early=True, plausible=False, straggles=False, told=True)
