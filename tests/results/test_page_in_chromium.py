"""The pages as a browser shows them: without a request, by keyboard, for everybody.

Chromium is driven through chromedriver's own protocol (W3C WebDriver), which needs no library. axe-core judges
accessibility where BULKTAP_AXE names its axe.min.js, or npm has put it into node_modules.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.results.board_facts import BoardFacts
from bulktap.results.comparison import AsOf
from bulktap.results.plan_report.plan_page import plan_page
from bulktap.results.run_facts import RunFacts, ThrottledSteps
from bulktap.results.run_report.run_page import run_page
from bulktap.results.run_view import RunView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
AXE = Path(os.environ.get("BULKTAP_AXE", "node_modules/axe-core/axe.min.js"))

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromium-driver are not installed"),
]

TAB, ENTER, SHIFT, DOWN = "\ue004", "\ue007", "\ue008", "\ue015"
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


class Browser:
    """A Chromium without a screen, with a profile of its own."""

    def __init__(self, port: int, profile: Path) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        options = {"binary": CHROMIUM, "args": [*QUIET.split(), f"--user-data-dir={profile}"]}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        self._session = ""
        session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        self._session = f"/session/{session}"

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        self._connection.request(method, self._session + path, None if body is None else json.dumps(body))
        value = json.load(self._connection.getresponse())["value"]
        assert not (isinstance(value, dict) and "error" in value), value
        return value

    def open(self, path: Path) -> None:
        """Open a file and forget what was logged before."""
        self.log("performance"), self.log("browser")
        self._call("POST", "/url", {"url": path.as_uri()})

    def run(self, script: str, *arguments: Any) -> Any:
        """Return what a piece of script returns, a promise's value included."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def command(self, name: str, **parameters: Any) -> Any:
        """Return what a command of the DevTools protocol returns."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def log(self, kind: str) -> list[dict[str, Any]]:
        """Return what was logged since the last call."""
        entries: list[dict[str, Any]] = self._call("POST", "/se/log", {"type": kind})
        return entries

    def press(self, *keys: str) -> None:
        """Press keys one after another, as a person at the keyboard does."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def open_rows(self) -> None:
        """Open the rows, which are an appendix, by keyboard."""
        self.tab_to("#rows")
        self.press(ENTER)

    def print(self) -> int:
        """Print the page, and return on how many sheets."""
        printed = base64.b64decode(self.command("Page.printToPDF", preferCSSPageSize=True)["data"])
        assert re.search(rb"/MediaBox \[0 0 59[45](\.\d+)? 84[12]", printed)
        return len(re.findall(rb"/Type /Page\b", printed))

    def tab_to(self, what: str) -> None:
        """Press Tab until the focus is on the element that a CSS selector names."""
        for _ in range(60):
            if self.run("return document.activeElement.matches(arguments[0])", what):
                return
            self.press(TAB)
        pytest.fail(f"the keyboard does not reach {what}")

    def look(self, width: int, scheme: str) -> None:
        """Show pages this wide, light or dark."""
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500
        )
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def result(self) -> str:
        """Return what the page says about the rows that were found."""
        return str(self.run("return document.getElementById('result').textContent"))

    def column(self, label: str) -> list[str]:
        """Return what the rows in sight have under a heading."""
        script = (
            'return [...document.querySelectorAll(`#table td[data-label="${arguments[0]}"]`)].map((e) => e.textContent)'
        )
        values: list[str] = self.run(script, label)
        return values

    def close(self) -> None:
        """End the browser."""
        self._call("DELETE", "")
        self._connection.close()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests of this file."""
    driver = subprocess.Popen([DRIVER or "", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert driver.stdout is not None
    try:
        started = (re.search(r"successfully on port (\d+)", line) for line in driver.stdout)
        browser = Browser(next(int(found[1]) for found in started if found), tmp_path_factory.mktemp("profile"))
        yield browser
        browser.close()
    finally:
        driver.terminate()
        driver.wait()
        driver.stdout.close()


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The browser, as wide as a laptop, in light colours."""
    chromium.look(1366, "light")
    return chromium


def save(folder: Path, page: bytes) -> Path:
    """Return where the page was written."""
    path = folder / "page.html"
    path.write_bytes(page)
    return path


@pytest.fixture
def hostile(build: ModuleType, tmp_path: Path) -> Path:
    """A plan's page in which every name is hostile."""
    return save(tmp_path, plan_page(build.sign_off(build.hostile_plan(240))))


@pytest.fixture
def board_file(build: ModuleType, tmp_path: Path) -> Path:
    """A plan's page with all that a change board asks for."""
    rows = [build.school_row(number, 160, 3) for number in range(1, 200)]
    return save(tmp_path, plan_page(build.sign_off(build.make_plan(*rows), board=BoardFacts(None))))


@pytest.fixture
def run_file(every_kind: tuple[Plan, RunState], build: ModuleType, tmp_path: Path) -> Path:
    """A run's page with every kind of ending."""
    throttling = [ThrottledSteps(build.ISSUED_AT, 3)]
    facts = RunFacts(build.RUN, "otto", "0.1.0", build.ISSUED_AT, build.LATER, 3, 17, 40, AsOf(build.LATER), throttling)
    return save(tmp_path, run_page(RunView(*every_kind, facts=facts)))


@pytest.mark.parametrize("page", ["hostile", "run_file"])
def test_it_loads_without_a_request_and_without_a_word(
    browser: Browser, page: str, request: pytest.FixtureRequest
) -> None:
    """The file itself is all that is read, and the console stays empty, whatever the roster holds."""
    path = request.getfixturevalue(page)
    browser.open(path)

    sent = [json.loads(entry["message"])["message"] for entry in browser.log("performance")]
    urls = {one["params"]["request"]["url"] for one in sent if one["method"] == "Network.requestWillBeSent"}
    assert urls == {path.as_uri()}
    assert browser.log("browser") == []
    assert browser.column("Row")


def test_hostile_names_stay_text(browser: Browser, build: ModuleType, hostile: Path) -> None:
    """Nothing of them runs or becomes an element, and the table shows them letter by letter."""
    browser.open(hostile)

    assert browser.run("return document.title") != "owned"
    assert browser.run("return document.querySelectorAll('img, main script, #table script').length") == 0
    assert browser.column("Name")[:8] == list(build.HOSTILE[1:9])


def test_the_policy_stops_what_would_slip_through(browser: Browser, hostile: Path) -> None:
    """A script or an attribute that somehow got into the page would not run, nor could HTML be made of a string."""
    browser.open(hostile)
    browser.run(
        "const made = document.createElement('script'); document.body.append(made);"
        "try { made.text = \"document.title = 'owned'\"; } catch {}"
        "try { made.setAttribute('onclick', \"document.title = 'owned'\"); made.click(); } catch {}"
    )

    assert browser.run("return document.title") != "owned"
    refused = "try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true }"
    assert browser.run(refused)


def test_rows_are_searched_by_keyboard(browser: Browser, hostile: Path) -> None:
    """Typing narrows the rows at once, accents and case aside, and the number found is announced."""
    browser.open(hostile)
    browser.open_rows()
    assert browser.result() == "240 rows; showing 1 to 100."
    browser.tab_to("#search")
    browser.press(*"zoe")

    assert set(browser.column("Name")) == {"😀 Zoë 👩‍👩‍👧"}
    assert browser.result() == "18 of 240 rows."
    assert browser.run("return document.getElementById('result').getAttribute('aria-live')") == "polite"
    browser.press(*" USER20@")
    assert browser.column("User") == ["user20@contoso.com"]
    browser.press(*"nobody")
    assert browser.result() == "No row matches."


def test_rows_are_filtered_by_keyboard(browser: Browser, hostile: Path) -> None:
    """A choice among what happens, of groups and of problems; Clear brings everything back."""
    browser.open(hostile)
    browser.open_rows()
    browser.tab_to("#search")
    browser.tab_to("#controls label:nth-of-type(3) select")
    browser.press("R")

    assert set(browser.column("What happens")) == {"Refuse"}
    assert browser.result() == "48 of 240 rows."
    assert browser.run("return document.querySelectorAll('#table .detail').length") == 48
    browser.tab_to("#controls > button")
    browser.press(ENTER)
    assert browser.result().startswith("240 rows")


def test_rows_are_sorted_by_keyboard(browser: Browser, hostile: Path) -> None:
    """Enter on a heading sorts, again turns round, and the heading says so to a screen reader."""
    browser.open(hostile)
    browser.open_rows()
    browser.tab_to("#table th:first-child button")
    browser.press(ENTER)
    assert browser.run("return document.activeElement.parentElement.getAttribute('aria-sort')") == "ascending"
    browser.press(ENTER)

    assert browser.run("return document.activeElement.parentElement.getAttribute('aria-sort')") == "descending"
    assert browser.column("Row")[:3] == ["241", "240", "239"]
    browser.tab_to("#table th:nth-child(6) button")
    browser.press(ENTER)
    starts = browser.column("Start")
    assert starts == sorted(starts)
    assert browser.run("return document.querySelectorAll('#table th[aria-sort]').length") == 1


def test_pages_are_turned_by_keyboard(browser: Browser, hostile: Path) -> None:
    """Next goes on where the page ended, and the focus goes to the top of the rows."""
    browser.open(hostile)
    browser.open_rows()
    browser.tab_to("#next")
    browser.press(ENTER)

    assert browser.result() == "240 rows; showing 101 to 200."
    assert browser.column("Row")[0] == "102"
    assert browser.run("return document.activeElement.id") == "rows"


def test_of_ten_thousand_rows_one_page_is_drawn_at_a_time(browser: Browser, build: ModuleType, tmp_path: Path) -> None:
    """However long the roster, the browser lays out a hundred rows, and a search goes over all of them."""
    browser.open(save(tmp_path, plan_page(build.sign_off(build.hostile_plan(10_000)))))
    drawn = "return document.querySelectorAll('#table tbody tr').length"

    assert 0 < browser.run(drawn) <= 300  # a hundred people, and a line below those with a problem
    assert browser.result().startswith("10,000 rows")
    browser.run(
        """const search = document.getElementById('search');
        search.value = 'no such person';
        search.dispatchEvent(new Event('input'));"""
    )
    assert browser.result().startswith("0 ") or browser.result().lower().startswith("no ")


def test_above_ten_thousand_the_page_says_what_it_shows(browser: Browser, build: ModuleType, tmp_path: Path) -> None:
    """Those with a problem, and a sample."""
    browser.open(save(tmp_path, plan_page(build.sign_off(build.hostile_plan(12_000)))))

    assert browser.result() == "3,400 rows; showing 1 to 100."
    assert "There are 12,000 rows" in browser.run("return document.getElementById('rows-section').textContent")


def test_rows_are_printed_only_if_somebody_asks(browser: Browser, hostile: Path) -> None:
    """They are an appendix: a tick beside them puts all that were found on paper, and the screen stays as it was."""
    browser.open(hostile)
    assert browser.print() == 2
    browser.open_rows()
    browser.tab_to("#print-rows")
    browser.press(" ")
    assert browser.print() > 4
    browser.run("dispatchEvent(new Event('beforeprint'))")

    assert len(browser.column("Row")) == 240
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert len(browser.column("Row")) == 100


def test_a_page_can_be_made_with_its_rows_on_paper(browser: Browser, build: ModuleType, tmp_path: Path) -> None:
    """They are collapsed on the screen all the same."""
    browser.open(save(tmp_path, plan_page(build.sign_off(build.hostile_plan(240), print_rows=True))))

    assert browser.print() > 4
    assert browser.run("return document.getElementById('rows-part').open") is False


@pytest.mark.parametrize(("classes", "kinds"), [(0, 0), (4, 3), (160, 3), (160, 12), (700, 12)], ids=str)
def test_four_thousand_people_are_two_sheets(
    browser: Browser, build: ModuleType, tmp_path: Path, classes: int, kinds: int
) -> None:
    """Whoever signs gets one sheet with everything to know and one with the rest, however many classes and faults."""
    rows = [build.school_row(number, classes, kinds) for number in range(1, 4_001)]
    plan = build.make_plan(*rows)
    plan = replace(plan, settings=replace(plan.settings, ticket="CHG0012345", reason="New laptops for all pupils " * 6))
    plan = replace(plan, notes=("A note about the tenant.",) * 9, roster=replace(plan.roster, notes=("Skipped.",) * 40))
    path = save(tmp_path, plan_page(build.sign_off(plan)))
    browser.open(path)

    assert browser.print() == 2
    browser.open(save(tmp_path, plan_page(build.sign_off(plan, board=BoardFacts(None)))))
    assert browser.print() == 3


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1366, "light")])
def test_no_name_breaks_the_page(browser: Browser, build: ModuleType, tmp_path: Path, width: int, scheme: str) -> None:
    """Classes and people in any script, and of sixty letters, need no scrolling sideways."""
    rows = [build.school_row(number, 700, 12) for number in range(1, 401)]
    browser.look(width, scheme)
    browser.open(save(tmp_path, plan_page(build.sign_off(build.make_plan(*rows), board=BoardFacts(None)))))
    browser.open_rows()

    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.column("Name")


@pytest.mark.parametrize("width", [360, 1024, 1200])
@pytest.mark.parametrize("page", ["hostile", "run_file", "board_file"])
def test_it_fits_every_screen(browser: Browser, page: str, width: int, request: pytest.FixtureRequest) -> None:
    """From a phone to a laptop nothing has to be scrolled sideways."""
    browser.look(width, "light")
    browser.open(request.getfixturevalue(page))

    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_an_expired_plan_says_so(browser: Browser, build: ModuleType, tmp_path: Path) -> None:
    """Whoever opens the page of an old plan is told before they agree to it."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    hidden = "return document.getElementById('expired').hidden"
    browser.open(save(tmp_path, plan_page(build.sign_off(plan))))
    assert browser.run(hidden) is True
    browser.open(save(tmp_path, plan_page(build.sign_off(replace(plan, expires_at=datetime(2020, 1, 1, tzinfo=UTC))))))

    assert browser.run(hidden) is False


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there: npm install axe-core, or set BULKTAP_AXE")
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1366, "light")])
@pytest.mark.parametrize("page", ["hostile", "run_file", "board_file"])
def test_axe_finds_nothing(
    browser: Browser, page: str, width: int, scheme: str, request: pytest.FixtureRequest
) -> None:
    """No fault of any weight by the rules for WCAG 2.2 AA and good practice."""
    browser.look(width, scheme)
    browser.open(request.getfixturevalue(page))
    browser.run("for (const part of document.querySelectorAll('details')) part.open = true")
    browser.run(AXE.read_text(encoding="utf-8"))
    found = browser.run(
        "const told = ({impact, id, nodes}) => [impact, id, ...nodes.slice(0, 3).map((node) => node.html)];"
        "return axe.run().then(({violations}) => violations.map(told));"
    )

    assert found == []
