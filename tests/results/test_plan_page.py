"""plan.html as it is without its script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.plan import Action
from bulktap.results.page.problem_list import MAX_LINES
from bulktap.results.plan_file.plan_json import shown_digest
from bulktap.results.plan_report.plan_page import plan_page

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState


class Reader(HTMLParser):
    """Reads a page: its elements with their attributes, and the text in front of its script."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._inside = ""
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See the interface."""
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - as the interface has it
        """See the interface."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """See the interface."""
        if self._inside in {"script", "style"}:
            self.raw.append((self._inside, data))
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        """What stands on the page, blanks made one."""
        return " ".join(" ".join(self.words).split())


def packed_rows(reader: Reader) -> dict[str, Any]:
    """Return the data of the page's table."""
    found: dict[str, Any] = json.loads(next(text for tag, text in reader.raw if tag == "script"))
    return found


def test_the_headline_says_what_will_happen(every_kind: tuple[Plan, RunState], build: ModuleType) -> None:
    """How many of each, of which roster, in which tenant, by when, how long, and which plan it is."""
    plan = every_kind[0]
    text = Reader(plan_page(build.sign_off(plan))).text

    assert "9 passes will be issued, 1 in place of one that works" in text
    for number, words in (
        (8, "will be issued"),
        (1, "will be skipped"),
        (1, "will be refused"),
        (2, "share another row"),
    ):
        assert f"{number} {words}" in text
    assert "Contoso School (11111111-2222-4333-8444-555555555555)" in text
    assert "Takes less than a second to 12 seconds" in text
    assert "The pass that ends first" not in text  # days are left
    assert "done by 2035-08-30 16:00 at the latest" in text
    assert "Usable Mon 2035-09-03 08:00 to 16:00 Berlin, 8 h" in text
    assert "May be carried out until 2035-08-31 16:00 (Europe/Berlin)" in text
    assert f"Fingerprint (digest) {shown_digest(plan)}" in text
    assert f"bulktap apply {plan.run}" in text
    assert "ab" * 32 in text
    assert "Display names may not be read." in text
    assert "SIMULATED" not in text


def test_every_problem_stands_there_without_the_script(every_kind: tuple[Plan, RunState], build: ModuleType) -> None:
    """Row, person, reason and remedy, errors before notes."""
    text = Reader(plan_page(build.sign_off(every_kind[0]))).text

    assert "7 eve@contoso.com Pass start : start-malformed is what is wrong. Mend the cell." in text
    assert text.index("start-malformed is what is wrong") < text.index("has-live-pass is what is wrong")


def test_the_pictures_are_drawn_and_told(build: ModuleType) -> None:
    """Each picture is a drawing with its numbers as words beside it; what would be one bar is said in words."""
    rows = [build.plan_row(number, f"u{number}", group="5a" if number % 3 else "10b") for number in range(1, 10)]
    reader = Reader(plan_page(build.sign_off(build.make_plan(*rows))))
    pictures = [attributes for tag, attributes in reader.elements if tag == "svg"]

    assert [str(picture["aria-label"]) for picture in pictures] == ["Passes by Class. 5a: 6; 10b: 3."]
    assert all(picture["role"] == "img" for picture in pictures)
    assert "Passes by start time 2035-09-03 08:00: all 9" in reader.text
    assert "Passes by lifetime 8 h: all 9" in reader.text


def test_the_policy_allows_nothing_but_the_pages_own(build: ModuleType) -> None:
    """Script and style are known by their digests, nothing may be requested, no attribute carries code or style."""
    reader = Reader(plan_page(build.sign_off(build.hostile_plan(30))))
    policy = next(str(a["content"]) for tag, a in reader.elements if a.get("http-equiv") == "Content-Security-Policy")
    style, _, script = (text.encode() for _, text in reader.raw)
    digests = {f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'" for text in (style, script)}

    assert policy.startswith("default-src 'none'; ")
    assert set(re.findall(r"'sha256-[^']+'", policy)) == digests
    assert "unsafe" not in policy
    for tag, attributes in reader.elements:
        assert tag not in {"img", "iframe", "link", "object", "embed", "base", "form"}
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src"}]
        assert str(attributes.get("href", "#rows")) == "#rows"


def test_what_the_roster_says_stays_text(build: ModuleType) -> None:
    """Every hostile name comes back letter by letter, from the page and from the data of its table."""
    plan = build.hostile_plan(40)
    reader = Reader(plan_page(build.sign_off(plan)))

    assert [tag for tag, _ in reader.elements].count("script") == 2
    for name in build.HOSTILE[:8]:
        assert " ".join(name.split()) in reader.text
    people = [row[2] for row in packed_rows(reader)["rows"]]
    assert people[:8] == list(build.HOSTILE[1:9])
    assert people[8] == "evil\ufffdmoc.osotnoc"
    assert people[9] == "half \ufffd of it"


def test_a_rehearsal_is_said_loudly(build: ModuleType) -> None:
    """A simulated tenant is the first thing on the page."""
    assert (
        Reader(plan_page(build.sign_off(build.hostile_plan(3))))
        .text.split("SIMULATED TENANT")[0]
        .endswith("Skip to the rows ")
    )


def test_what_keeps_a_plan_from_being_carried_out_is_said(build: ModuleType) -> None:
    """Offline, and strict with a refused row; the page of such a plan names no command."""
    plan = build.make_plan(build.plan_row(1, "ann", Action.REFUSE))
    plan = replace(plan, settings=replace(plan.settings, offline=True, strict=True), policy=None)
    text = Reader(plan_page(build.sign_off(plan))).text

    assert "No pass will be issued" in text
    assert "cannot be carried out" in text
    assert "One invalid row stops everything" in text
    assert "bulktap apply" not in text
    assert "Not read" in text


def test_the_change_is_named(build: ModuleType) -> None:
    """Ticket and reason stand beside the headline."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    plan = replace(plan, settings=replace(plan.settings, ticket="CHG0012345", reason="First day of term"))
    text = Reader(plan_page(build.sign_off(plan))).text

    assert "Ticket CHG0012345" in text
    assert "Reason First day of term" in text


def test_several_sheets_are_told_apart(build: ModuleType) -> None:
    """Row 2 of two sheets is two rows, in the table and among the problems."""
    faults = [replace(build.fault(), message=f"Fault {number}.") for number in (1, 2)]
    rows = [
        build.plan_row(number, f"user{number}", Action.REFUSE, problems=(fault,))
        for number, fault in enumerate(faults, 1)
    ]
    other = replace(rows[1], source=replace(rows[1].source, sheet="Staff", number=2))
    reader = Reader(plan_page(build.sign_off(build.make_plan(rows[0], other))))

    assert "Pupils, 2 user1@contoso.com" in reader.text
    assert "Staff, 2 user2@contoso.com" in reader.text
    assert packed_rows(reader)["columns"][0]["words"] == ["Pupils", "Staff"]


def test_a_flood_of_problems_shows_a_share_of_each_kind(build: ModuleType) -> None:
    """The page stays readable, says how many more there are, and its table has them all."""
    rows = [
        build.plan_row(number, "a", Action.REFUSE, problems=(replace(build.fault(), message=f"Fault {number}."),))
        for number in range(1, 3 * MAX_LINES)
    ]
    other = build.fault(build.RowErrorCode.CELL_ERROR)
    rows.append(build.plan_row(3 * MAX_LINES, "b", Action.REFUSE, problems=(other,)))
    reader = Reader(plan_page(build.sign_off(build.make_plan(*rows))))

    assert f"{2 * MAX_LINES:,} more of this kind" in reader.text
    assert "cell-error is what is wrong" in reader.text
    assert sum(1 for row in packed_rows(reader)["rows"] if row[-1]) == 3 * MAX_LINES


@pytest.mark.parametrize("several", [False, True])
def test_equal_problems_share_a_line(build: ModuleType, *, several: bool) -> None:
    """4,000 rows with one fault are one line with their ranges; the table has each of them."""
    rows = [
        build.plan_row(number, f"user{number}", Action.REFUSE, problems=(build.fault(),)) for number in range(1, 4001)
    ]
    if several:
        rows[-1] = replace(rows[-1], source=replace(rows[-1].source, sheet="Staff", number=2))
    reader = Reader(plan_page(build.sign_off(build.make_plan(*rows))))

    last = 4000 if several else 4001
    assert (f"Pupils rows 2-{last}; Staff row 2" if several else f"rows 2-{last}") in reader.text
    assert "user1@contoso.com and 3,999 more" in reader.text
    assert "more of this kind" not in reader.text
    assert len(packed_rows(reader)["rows"]) == 4000


@pytest.mark.parametrize("count", [0, 1])
def test_a_plan_of_nothing_is_a_page(build: ModuleType, count: int) -> None:
    """A roster without rows, or with a single one and no forecast, breaks nothing."""
    rows = [build.plan_row(1, "ann", Action.SKIP, group=None)] * count
    text = Reader(plan_page(build.sign_off(build.make_plan(*rows, forecast=None)))).text

    assert "No pass will be issued" in text


def test_the_same_plan_gives_the_same_bytes(build: ModuleType) -> None:
    """Nothing of the page depends on when or where it was made."""
    assert plan_page(build.sign_off(build.hostile_plan(20))) == plan_page(build.sign_off(build.hostile_plan(20)))
