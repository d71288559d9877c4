import pytest

from bulktap.simulator.throttling_windows import FixedWindow, Limit, SharedBucket, TokenBucket


def accepted(limit: Limit, seconds: int, per_second: int) -> list[int]:
    """Ask evenly and return how many were granted in each second."""
    granted = [0] * seconds
    for tick in range(seconds * per_second):
        now = tick / per_second
        if limit.wait(1, now) == 0:
            limit.take(1, now)
            granted[int(now)] += 1
    return granted


def test_a_bucket_grants_its_capacity_and_then_its_rate() -> None:
    """A full bucket empties at once and refills steadily."""
    bucket = TokenBucket(20, 10)

    granted = accepted(bucket, 12, 50)

    assert granted[0] == 21
    assert granted[1:] == [2] * 11


def test_a_bucket_says_when_to_come_back() -> None:
    """The wait is as long as the missing part takes to flow in."""
    bucket = TokenBucket(10, 5)
    bucket.take(10, 0.0)

    assert bucket.wait(1, 0.0) == pytest.approx(0.5)
    assert bucket.wait(1, 0.4) == pytest.approx(0.1)
    assert bucket.wait(1, 0.5) == 0.0


def test_a_bucket_remembers_what_is_owed_up_to_one_capacity() -> None:
    """Taking more than there is lengthens the wait, but not without end."""
    bucket = TokenBucket(10, 10)
    for _ in range(100):
        bucket.take(1, 0.0)

    assert bucket.wait(1, 0.0) == pytest.approx(11.0)
    assert bucket.usage(0.0) == pytest.approx(2.0)


def test_a_window_grants_nothing_until_the_next_one() -> None:
    """A window's amount can be had at once; then there is nothing until it is over."""
    window = FixedWindow(5, 10)

    granted = accepted(window, 21, 4)

    assert granted[0] + granted[1] == 5
    assert sum(granted[:10]) == 5
    assert sum(granted[10:20]) == 5


def test_a_window_says_when_it_ends() -> None:
    """The wait runs to the end of the window."""
    window = FixedWindow(1, 10)
    window.take(1, 100.0)

    assert window.wait(1, 103.0) == pytest.approx(7.0)
    assert window.wait(1, 110.0) == 0.0


def test_a_window_carries_what_is_owed_into_the_next() -> None:
    """Requests counted while throttled use up the window that follows."""
    window = FixedWindow(2, 10)
    for _ in range(4):
        window.take(1, 0.0)

    assert window.wait(1, 0.0) == pytest.approx(20.0)
    assert window.wait(1, 10.0) == pytest.approx(10.0)


def test_a_shared_bucket_halves_for_the_middle_third_of_what_was_accepted() -> None:
    """While the other program is there, half the rate is left; then all of it again."""
    bucket = SharedBucket(10, 1, shared_from=100, shared_until=200)

    granted = accepted(bucket, 45, 100)

    assert granted[2:8] == [10] * 6
    assert granted[12:26] == [5] * 14
    assert granted[32:] == [10] * 13


def test_a_shared_bucket_can_go_by_time() -> None:
    """The same between two times, counted from the first request."""
    bucket = SharedBucket(10, 1, shared_from=3, shared_until=6, by_time=True)

    granted = accepted(bucket, 9, 100)

    assert [granted[second] for second in (2, 4, 5, 7)] == [10, 5, 5, 10]
