from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulktap.graph.wire_times import parse_http_date, parse_moment, parse_retry_after

SERVICE_NOW = datetime(2035, 8, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        ("0.249", 0.249),
        (" 2.128 ", 2.128),
        (".5", 0.5),
        ("-3", 0.0),
        ("999999", 3600.0),
        ("Wed, 01 Aug 2035 08:00:30 GMT", 30.0),
        ("Wed, 01 Aug 2035 07:00:00 GMT", 0.0),
        ("Thu, 02 Aug 2035 08:00:00 GMT", 3600.0),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("٣", None),
        ("1, 2", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_every_form_it_was_seen_in(value: str | None, seconds: float | None) -> None:
    """Whole and decimal seconds, HTTP dates, and nothing for nonsense."""
    assert parse_retry_after(value, SERVICE_NOW) == seconds


def test_a_date_without_the_services_clock_says_nothing() -> None:
    """This computer's clock may be minutes off."""
    assert parse_retry_after("Wed, 01 Aug 2035 08:00:30 GMT", None) is None


@pytest.mark.parametrize("value", ["Wed, 01 Aug 2035 08:00:00 GMT", "Wed, 01 Aug 2035 08:00:00 -0000"])
def test_http_dates_are_utc(value: str) -> None:
    """Also where the zone is left open."""
    assert parse_http_date(value) == SERVICE_NOW


@pytest.mark.parametrize(
    "value", [None, "", "x", "Wed, 99 Aug 2035 08:00:00 GMT", "1", "Sat, 01 Jan 1900 00:00:00 GMT"]
)
def test_what_is_no_http_date_is_none(value: str | None) -> None:
    """Whatever stands in the header, nothing is raised."""
    assert parse_http_date(value) is None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2022-06-06T16:43:04.6438213Z", datetime(2022, 6, 6, 16, 43, 4, 643821, tzinfo=UTC)),
        ("2022-06-05T00:00:00Z", datetime(2022, 6, 5, tzinfo=UTC)),
        ("2022-06-05T02:00:00+02:00", datetime(2022, 6, 5, tzinfo=UTC)),
        ("2021-04-01T17:02:01", datetime(2021, 4, 1, 17, 2, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59Z", None),
        ("yesterday", None),
        (None, None),
        (1234, None),
    ],
)
def test_date_times_are_read_with_up_to_seven_digits(value: object, moment: datetime | None) -> None:
    """And a time without a zone is UTC, as Graph's are."""
    assert parse_moment(value) == moment
