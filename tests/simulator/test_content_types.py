import json
from collections.abc import Callable
from typing import Any

import pytest

ALEX = "00000000-0000-4000-8000-000000000001"
PASSES = f"/users/{ALEX}/authentication/temporaryAccessPassMethods"
NOT_JSON = (400, "BadRequest", "Entity only allows writes with a JSON Content-Type header.")
MISSING = (
    400,
    "BadRequest",
    "Write requests (excluding DELETE) must contain the Content-Type header declaration.",
)
OTHERS = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "application/octet-stream",
    "",
    "json",
]
JSON = [
    "application/json",
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "application/json;odata.metadata=full",
]


@pytest.fixture
def browser(open_browser: Callable[..., Any], make_tenant: Callable[..., Any]) -> Any:
    """Return a client that has signed in."""
    return open_browser(make_tenant())


def told(answer: Any) -> tuple[int, str, str]:
    """Return what a refusal says."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


@pytest.mark.parametrize("kind", JSON)
def test_json_is_taken_however_it_is_spelt(browser: Any, kind: str) -> None:
    """With parameters, in any case; alone and in a batch."""
    step = {"id": "1", "method": "POST", "url": PASSES, "headers": {"content-type": kind}, "body": {}}
    batch = browser.send("POST", "/v1.0/$batch", data=json.dumps({"requests": [step]}), headers={"Content-Type": kind})
    alone = browser.send("POST", f"/v1.0{PASSES}", data="{}", headers={"Content-Type": kind})

    assert [one["status"] for one in batch.json()["responses"]] == [201]
    assert alone.status_code == 201


@pytest.mark.parametrize("kind", OTHERS)
def test_json_under_another_name_is_refused(browser: Any, kind: str) -> None:
    """A call, a whole batch, and one step of a batch; nothing is done."""
    step = {"id": "1", "method": "POST", "url": PASSES, "headers": {"Content-Type": kind}, "body": {}}
    good = {"id": "2", "method": "GET", "url": "/organization"}
    batch = json.dumps({"requests": [good]})

    alone = browser.send("POST", f"/v1.0{PASSES}", data="{}", headers={"Content-Type": kind})
    whole = browser.send("POST", "/v1.0/$batch", data=batch, headers={"Content-Type": kind})
    items = {one["id"]: one for one in browser.batch(step, good).json()["responses"]}

    assert told(alone) == told(whole) == NOT_JSON
    error = items["1"]["body"]["error"]
    assert (items["1"]["status"], error["code"], error["message"]) == NOT_JSON
    assert items["2"]["status"] == 200
    assert browser.simulator.tenant.changes == 0


@pytest.mark.parametrize("path", [f"/v1.0{PASSES}", "/v1.0/$batch"])
def test_a_write_names_its_kind(browser: Any, path: str) -> None:
    """Without the header it is refused, with or without a body."""
    for body in (b"{}", b""):
        assert told(browser.send("POST", path, data=iter([body]), headers={"Content-Type": None})) == MISSING


def test_reading_and_deleting_need_no_kind(browser: Any) -> None:
    """There is nothing to read; a name that does not fit is not looked at."""
    made = browser.send("POST", f"/v1.0{PASSES}", json={}).json()

    assert browser.send("GET", "/v1.0/organization", headers={"Content-Type": "text/plain"}).status_code == 200
    assert browser.send("DELETE", f"/v1.0{PASSES}/{made['id']}").status_code == 204


def test_the_token_comes_before_the_kind(browser: Any) -> None:
    """Whoever is not let in is not told more."""
    browser.token = ""

    answer = browser.send("POST", f"/v1.0{PASSES}", data="{}", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 401
