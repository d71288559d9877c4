from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from bulktap.simulator.limit_profiles import Admitted, RequestKind, Throttle, Throttled, read_profile

WRITE, READ, LOOK_UP = RequestKind.METHOD_WRITE, RequestKind.METHOD_READ, RequestKind.DIRECTORY_READ


def burst(throttle: Throttle, count: int, now: float, kind: RequestKind = WRITE) -> int:
    """Send different requests at one instant and return how many were admitted."""
    verdicts = [throttle.judge(f"{now}-{number}", kind, now) for number in range(count)]
    return sum(isinstance(verdict, Admitted) for verdict in verdicts)


def refused(throttle: Throttle, key: str, now: float) -> Throttled:
    """Send a request that must be throttled."""
    verdict = throttle.judge(key, WRITE, now)
    assert isinstance(verdict, Throttled)
    return verdict


@pytest.mark.parametrize(
    ("profile", "kind", "expected"),
    [
        ("none", WRITE, 9000),
        ("directory", WRITE, 3000),
        ("directory", READ, 8000),
        ("directory-window", WRITE, 3000),
        ("reports", WRITE, 5),
        ("reports", READ, 5),
        ("reports", LOOK_UP, 8000),
        ("reports-window", READ, 5),
        ("moving", WRITE, 200),
        ("bucket:600/30", WRITE, 600),
        ("bucket:600/30", READ, 9000),
        ("window:7/1,reads", READ, 7),
        ("directory,x2", WRITE, 6000),
        ("reports,x0.4", WRITE, 2),
    ],
)
def test_each_profile_grants_its_burst(profile: str, kind: RequestKind, expected: int) -> None:
    """At one instant a profile admits what its limits hold, counted for the requests that they are about."""
    assert burst(read_profile(profile, "app/tenant"), 9000, 1000.0, kind) == expected


def test_reports_counts_reads_and_writes_together() -> None:
    """Everything that touches authentication methods drinks from one bucket."""
    throttle = read_profile("reports", "app/tenant")

    assert burst(throttle, 3, 0.0, READ) == 3
    assert burst(throttle, 3, 0.0, WRITE) == 2


def test_a_throttled_answer_has_the_documented_headers() -> None:
    """Scope, information and a decimal wait."""
    throttle = read_profile("directory", "app/tenant")
    burst(throttle, 3000, 0.0)

    assert refused(throttle, "x", 0.0).headers == {
        "Retry-After": "0.050",
        "x-ms-throttle-scope": "Tenant_Application/Write/app/tenant",
        "x-ms-throttle-information": "WriteLimitExceeded",
    }


def test_waiting_as_told_is_enough() -> None:
    """A request that comes back when it was told to is admitted."""
    throttle = read_profile("reports", "app/tenant")
    burst(throttle, 5, 0.0)
    told = refused(throttle, "x", 0.0)

    assert isinstance(throttle.judge("x", WRITE, told.seconds), Admitted)


def test_coming_back_early_is_punished() -> None:
    """An early retry is refused again, is counted, and makes the wait longer."""
    throttle = read_profile("reports", "app/tenant")
    burst(throttle, 5, 0.0)
    first = refused(throttle, "x", 0.0)

    again = refused(throttle, "x", 1.0)
    at_first_time = refused(throttle, "x", first.seconds)

    assert (first.early, again.early, at_first_time.early) == (False, True, True)
    assert (first.seconds, again.seconds) == (2.0, 3.0)


def test_requests_nobody_was_told_about_are_not_early() -> None:
    """The rest of a burst is refused but does not count against the caller."""
    throttle = read_profile("reports", "app/tenant")
    burst(throttle, 5, 0.0)
    refusals = [refused(throttle, f"x{number}", 0.0) for number in range(10)]

    assert not any(refusal.early for refusal in refusals)
    assert {refusal.seconds for refusal in refusals} == {2.0}


@pytest.mark.parametrize(
    ("form", "expected"),
    [("decimal", "2.000"), ("integer", "2"), ("none", None), ("1", "1"), ("300", "300")],
)
def test_the_wait_is_told_in_the_form_asked_for(form: str, expected: str | None) -> None:
    """Integer, decimal, nothing, or the same number on every answer."""
    throttle = read_profile(f"reports,retry-after={form}", "app/tenant")
    burst(throttle, 5, 0.0)

    assert refused(throttle, "x", 0.0).headers.get("Retry-After") == expected


def test_the_wait_can_be_a_date() -> None:
    """An HTTP date that is never too early."""
    now = datetime(2030, 9, 1, 7, 0, 0, 500_000, tzinfo=UTC).timestamp()
    throttle = read_profile("reports,retry-after=date", "app/tenant")
    burst(throttle, 5, now)

    text = refused(throttle, "x", now).headers["Retry-After"]

    assert text == "Sun, 01 Sep 2030 07:00:03 GMT"
    assert parsedate_to_datetime(text).timestamp() >= now + 2.0


def test_a_hold_closes_everything_once() -> None:
    """The first throttled answer names the hold, everything waits for its end, and there is no second."""
    throttle = read_profile("bucket:5/1,hold=300", "app/tenant")
    burst(throttle, 5, 0.0)

    assert refused(throttle, "x", 0.0).seconds == 300.0
    assert refused(throttle, "y", 100.0).seconds == 200.0
    assert isinstance(throttle.judge("z", WRITE, 300.0), Admitted)
    burst(throttle, 5, 300.0)
    assert refused(throttle, "w", 300.0).seconds < 1.0


def test_heavy_use_is_announced() -> None:
    """Above four fifths of a limit, normal answers say how much of it is used."""
    throttle = read_profile("bucket:10/1000", "app/tenant")
    verdicts = [throttle.judge(str(number), WRITE, 0.0) for number in range(10)]

    told = [verdict.headers.get("x-ms-throttle-limit-percentage") for verdict in verdicts]

    assert told == [None] * 8 + ["0.90", "1.00"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "heavy",
        "moving-window",
        "bucket:0/1",
        "bucket:5",
        "window:1/x",
        "directory,x0",
        "directory,speed=1",
        "reports,retry-after=soon",
        "reports,hold",
        "directory-door",
    ],
)
def test_what_is_not_a_profile_is_refused(text: str) -> None:
    """A misspelt profile is an error and not a tenant without limits."""
    with pytest.raises(ValueError, match="limits profile"):
        read_profile(text, "app/tenant")


@pytest.mark.parametrize(("charge", "wait"), [("0", 1.0), ("0.1", 1.1), ("0.5", 1.5), ("1", 2.0), ("", 1.0)])
def test_a_throttled_request_costs_what_the_profile_says(charge: str, wait: float) -> None:
    """In parts of an admitted one; nothing unless it is told."""
    throttle = read_profile(f"bucket:1/1{f',charge={charge}' if charge else ''}", "app/tenant")
    assert isinstance(throttle.judge("first", RequestKind.METHOD_WRITE, 0.0), Admitted)
    refused = throttle.judge("second", RequestKind.METHOD_WRITE, 0.0)
    assert isinstance(refused, Throttled)
    assert refused.seconds == pytest.approx(wait)


@pytest.mark.parametrize("charge", ["2", "-1", "much"])
def test_a_charge_is_a_part_of_a_request(charge: str) -> None:
    """More than a whole one, or less than nothing, is a mistake in the profile."""
    with pytest.raises(ValueError, match="charge"):
        read_profile(f"bucket:1/1,charge={charge}", "app/tenant")
