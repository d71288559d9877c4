from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from bulktap.simulator.tenant import Tenant

Step = dict[str, Any]
ALEX = "00000000-0000-4000-8000-000000000001"
URL = f"/v1.0/users/{ALEX}/authentication/temporaryAccessPassMethods"


@pytest.mark.parametrize("off", [-3600, -300, -1, 0, 90, 300, 86400])
def test_everything_goes_by_the_services_clock(
    open_browser: Callable[..., Any], tenant: Tenant, clock: Any, off: int
) -> None:
    """The Date header, the creation time and the check of a start agree with one another, not with us."""
    browser = open_browser(tenant, weather=f"fair,clock-off={off}")
    services_now = clock() + timedelta(seconds=off)

    created = browser.send("POST", URL, json={})
    earlier, later = (
        browser.send("POST", URL, json={"startDateTime": f"{services_now + timedelta(seconds=one):%Y-%m-%dT%H:%M:%SZ}"})
        for one in (-5, 5)
    )

    assert parsedate_to_datetime(created.headers["Date"]) == services_now.replace(microsecond=0)
    assert created.json()["createdDateTime"].startswith(f"{services_now:%Y-%m-%dT%H:%M:%S}")
    assert earlier.json()["error"]["message"].startswith("Invalid StartDateTime")
    assert later.status_code == 201
    assert browser.simulator.truth()["now"] == services_now.isoformat()


@pytest.mark.parametrize("off", [-600, -7200, 45])
def test_a_single_date_can_be_wrong(open_browser: Callable[..., Any], tenant: Tenant, clock: Any, off: int) -> None:
    """In about half of the answers, by the same amount, and nothing but the header."""
    browser = open_browser(tenant, weather=f"fair,wrong-date=0.5,date-off={off}")

    answers = [browser.send("POST", URL, json={}) for _ in range(40)]

    errors = Counter(parsedate_to_datetime(one.headers["Date"]) - clock().replace(microsecond=0) for one in answers)
    assert set(errors) == {timedelta(), timedelta(seconds=off)}
    assert 8 <= errors[timedelta()] <= 32
    assert all(one.json()["createdDateTime"].startswith("2030-09-01T07:00:00.") for one in answers)
    assert browser.simulator.statistics()["faults"] == {"wrong_date": errors[timedelta(seconds=off)]}


def test_batches_can_have_a_wrong_date_too(
    open_browser: Callable[..., Any], tenant: Tenant, create: Callable[..., Step]
) -> None:
    """Ten minutes old unless said otherwise."""
    browser = open_browser(tenant, weather="fair,wrong-date=1")

    reply = browser.batch(create(ALEX))

    assert reply.headers["Date"] == "Sun, 01 Sep 2030 06:50:00 GMT"
    assert reply.json()["responses"][0]["status"] == 201
