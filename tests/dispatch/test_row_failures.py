from __future__ import annotations

import pytest

from bulktap.dispatch.row_failures import FAILURES_IN_A_ROW, FAILURES_OF_ONE, RowFailures


def fail(failures: RowFailures, subject: str, times: int, now: float = 0.0) -> None:
    """Let the service fail so many times."""
    for _ in range(times):
        failures.failed(subject, "HTTP 500", now)


@pytest.mark.parametrize("tries", [1, 2, 6, FAILURES_OF_ONE])
def test_a_subject_has_its_outcome_after_its_tries(tries: int) -> None:
    """Not one earlier."""
    failures = RowFailures(tries)
    fail(failures, "ada", tries - 1)
    assert not failures.is_up("ada", 0.0)
    fail(failures, "ada", 1)
    assert failures.is_up("ada", 0.0)
    assert (failures.cause("ada"), failures.times("ada")) == ("HTTP 500", tries)


def test_in_an_outage_only_the_first_failures_count() -> None:
    """A hundred failures later nobody has used up their tries, and one success makes failures count again."""
    failures = RowFailures()
    for _ in range(100):
        for subject in ("ada", "bob", "cy"):
            fail(failures, subject, 1)
    assert not any(failures.is_up(subject, 0.0) for subject in ("ada", "bob", "cy"))
    failures.succeeded()
    fail(failures, "ada", FAILURES_OF_ONE)
    assert failures.is_up("ada", 0.0)


def test_failures_between_the_successes_of_others_count() -> None:
    """However many there are."""
    failures = RowFailures()
    for _ in range(FAILURES_OF_ONE):
        for subject in (f"odd{number}" for number in range(FAILURES_IN_A_ROW - 1)):
            fail(failures, subject, 1)
        failures.succeeded()
    assert all(failures.is_up(f"odd{number}", 0.0) for number in range(FAILURES_IN_A_ROW - 1))


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, False), (599.0, False), (600.0, True), (7_000.0, True)])
def test_ten_minutes_of_failures_while_others_succeed_are_enough(seconds: float, expected: bool) -> None:
    """Where each failure takes long, ten of them would take an hour."""
    failures = RowFailures()
    fail(failures, "ada", 1, now=0.0)
    failures.succeeded()
    fail(failures, "ada", 1, now=seconds)
    assert failures.is_up("ada", seconds) is expected


def test_ten_minutes_of_outage_are_not() -> None:
    """Nobody succeeded."""
    failures = RowFailures()
    fail(failures, "ada", 2, now=0.0)
    fail(failures, "bob", FAILURES_IN_A_ROW, now=300.0)
    fail(failures, "ada", 1, now=900.0)
    assert not failures.is_up("ada", 900.0)


def test_pauses_grow_for_each_by_itself() -> None:
    """To about a minute; whether a failure counts makes no difference to them."""
    failures = RowFailures()
    pauses = []
    for _ in range(9):
        fail(failures, "ada", 1)
        pauses.append(failures.pause("ada"))
    fail(failures, "bob", 1)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 64, 64]
    assert failures.pause("bob") == 1
