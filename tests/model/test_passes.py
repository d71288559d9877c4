from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bulktap.model.passes import AccessPass, UserRef
from bulktap.model.utc_times import as_utc

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("usability", "start", "minutes", "live"),
    [
        ("EnabledByPolicy", NOW, 60, True),
        ("NotYetValid", NOW + timedelta(days=30), 60, True),
        ("DisabledByPolicy", NOW, 60, True),
        ("Expired", NOW, 60, False),
        ("OneTimeUsed", NOW, 60, False),
        (None, NOW - timedelta(minutes=60), 60, True),  # by a clock that is not that sure
        (None, NOW - timedelta(minutes=60, seconds=4), 60, True),
        (None, NOW - timedelta(minutes=60, seconds=6), 60, False),
        (None, NOW - timedelta(minutes=60), 61, True),
        (None, None, 60, True),
        (None, NOW, None, True),
    ],
)
def test_what_is_live(usability: str | None, start: datetime | None, minutes: int | None, live: bool) -> None:
    """Neither expired nor used, and not over; what is unknown counts as live, and so does what is not yet valid."""
    access_pass = AccessPass("p", NOW, start, minutes, None, None, usability)
    assert access_pass.is_live(NOW) is live


@pytest.mark.parametrize(
    ("text", "is_id"),
    [
        ("ABCDEF00-0000-4000-8000-000000000001", True),
        ("zoe@contoso.com", False),
        ("ABCDEF00-0000-4000-8000-000000000001\n", False),
        ("ABCDEF00-0000-4000-8000-00000000000", False),
    ],
)
def test_object_ids_are_told_from_names(text: str, is_id: bool) -> None:
    """Only a whole GUID is an object id."""
    assert UserRef(text).is_object_id is is_id


def test_users_are_compared_without_case() -> None:
    """Graph takes both kinds of name in any case."""
    assert UserRef("ZOE@Contoso.com").folded == UserRef("zoe@contoso.COM").folded


def test_moments_become_utc_and_need_a_zone() -> None:
    """A naive moment is a fault of the caller."""
    assert as_utc(datetime(2035, 9, 1, 10, tzinfo=timezone(timedelta(hours=2)))) == NOW
    with pytest.raises(ValueError, match="time zone"):
        as_utc(datetime(2035, 9, 1, 10))  # noqa: DTZ001
