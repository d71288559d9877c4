"""plan.json and its digest."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.errors import PlanRefused
from bulktap.model.plan import Action, Field, Plan, RosterColumns
from bulktap.model.row_errors import RowErrorCode
from bulktap.results.plan_file.plan_archive import plan_from_archive, plan_to_archive
from bulktap.results.plan_file.plan_json import (
    check_plan_json,
    plan_digest,
    plan_to_json,
    require_current,
    shown_digest,
)
from bulktap.results.plan_file.plan_parser import plan_from_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from bulktap.model.run_state import RunState

_TO_DIGITS_OF_32 = str.maketrans("JKMNPQRSTVWXYZ", "IJKLMNOPQRSTUV")


@pytest.fixture
def plan(every_kind: tuple[Plan, RunState]) -> Plan:
    """A plan with a row of every action."""
    return every_kind[0]


def test_plan_json_keeps_to_the_contract(plan: Plan) -> None:
    """Every member that the contract names is there, under its name."""
    said = json.loads(plan_to_json(plan))

    assert {"schema", "run", "created", "expires", "tenant", "roster", "settings", "counts", "forecast", "digest", "rows"} <= set(said)  # noqa: E501  # fmt: skip
    assert set(said["tenant"]) == {"id", "name", "cloud", "simulated"}
    assert {"file", "sheet", "sha256", "rows"} <= set(said["roster"])
    assert said["counts"] == {"rows": 13, "issue": 8, "replace": 1, "skip": 1, "refuse": 1, "merge": 2}
    assert {"file", "sheet", "row", "user", "object_id", "action", "merged_into", "existing_pass_id", "start",
            "lifetime_minutes", "one_time", "group", "problems"} <= set(said["rows"][0])  # fmt: skip
    assert said["rows"][5]["problems"][0] == {
        "code": "start-malformed",
        "column": "Pass start",
        "message": "start-malformed is what is wrong.",
        "hint": "Mend the cell.",
        "severity": "error",
    }


def test_a_row_says_what_will_be_done(plan: Plan) -> None:
    """Times are UTC with Z, and a merged row names the sheet's row, not the plan's."""
    rows = json.loads(plan_to_json(plan))["rows"]

    assert (rows[0]["row"], rows[0]["start"], rows[0]["one_time"]) == (2, "2035-09-03T06:00:00Z", None)
    assert (rows[3]["action"], rows[3]["merged_into"]) == ("merge", 4)
    assert (rows[1]["action"], rows[1]["existing_pass_id"]) == ("replace", "old-2")
    refused = plan.rows[5]
    assert (rows[5]["action"], rows[5]["user"], rows[5]["start"]) == ("refuse", refused.source.cells[0], None)


def test_plan_json_holds_no_cell_beyond_the_user(plan: Plan) -> None:
    """What the roster says about people otherwise stays in the journal."""
    assert b"left-handed" not in plan_to_json(plan)


def test_the_digest_is_the_files_and_the_archives(plan: Plan) -> None:
    """The plan, its file and the plan that came back from the archive have one digest."""
    digest = plan_digest(plan)

    assert check_plan_json(plan_to_json(plan)) == digest
    assert plan_digest(plan_from_archive(plan_to_archive(plan))) == digest
    assert len(digest) == 64


ODD_TEXTS = ['"problems": 0', ',\n   "problems": 0', "Zoë 姓名\u2028\ud800", '\\"}\n  }', "[]", ""]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_rows_are_laid_out_as_the_json_module_would(plan: Plan, text: str) -> None:
    """Whatever a row holds, with faults and without, the file is what `json.dumps` with an indent of one makes."""
    problems = tuple(replace(problem, message=text, hint=text) for problem in plan.rows[5].problems)
    several = replace(plan.rows[5], group=text, display_name=text, problems=problems * 2)
    odd = replace(plan, rows=(several, *(replace(row, group=text, upn=text) for row in plan.rows[1:])))

    written = plan_to_json(odd).decode("utf-8", "surrogatepass")

    assert written == json.dumps(json.loads(written), ensure_ascii=False, indent=1) + "\n"


def test_a_plan_that_was_changed_has_a_digest_of_its_own(plan: Plan) -> None:
    """A digest that is known is not taken for that of another plan, whether or not the first still exists."""
    digests = {plan_digest(replace(plan, run=f"run-{number}")) for number in range(50)}

    assert len({*digests, plan_digest(plan), plan_digest(plan)}) == 51


def test_another_layout_is_not_an_edit(plan: Plan) -> None:
    """A program may have reformatted the file, sorted it, or put a byte order mark in front."""
    said = json.loads(plan_to_json(plan))
    again = json.dumps(said, sort_keys=True, indent=8).encode()

    assert check_plan_json(b"\xef\xbb\xbf" + again) == plan_digest(plan)


def edit_row(**members: Any) -> Callable[[dict[str, Any]], None]:
    """Return an edit of the first row."""
    return lambda said: said["rows"][0].update(members)


@pytest.mark.parametrize(
    "edit",
    [
        edit_row(user="mallory@contoso.com"),
        edit_row(action="skip"),
        edit_row(lifetime_minutes=481),
        edit_row(extra=1),
        lambda said: said["rows"].pop(),
        lambda said: said["rows"].reverse(),
        lambda said: said.update(expires="2099-01-01T00:00:00Z"),
        lambda said: said["tenant"].update(simulated=True),
        lambda said: said.update(digest="0" * 64),
        lambda said: said.pop("forecast"),
    ],
)
def test_an_edited_plan_is_refused(plan: Plan, edit: Callable[[dict[str, Any]], None]) -> None:
    """Whatever value was changed, added, dropped or moved."""
    said = json.loads(plan_to_json(plan))
    edit(said)

    with pytest.raises(PlanRefused, match="edited"):
        check_plan_json(json.dumps(said).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"null", b'{"digest": 5}', b'{"digest": "a", "schema": 99}', b"\xff", b"[" * 9_999],
)
def test_what_is_no_plan_is_refused(data: bytes) -> None:
    """A file that is something else, damaged, or of another version."""
    with pytest.raises(PlanRefused):
        check_plan_json(data)


def test_the_digest_tells_plans_apart(build: ModuleType, plan: Plan) -> None:
    """A start one second later is another plan."""
    later = replace(plan.rows[0], request=replace(plan.rows[0].request, terms=replace(plan.rows[0].request.terms, starts_at=datetime(2035, 9, 3, 6, 0, 1, tzinfo=UTC))))  # noqa: E501  # fmt: skip

    assert plan_digest(replace(plan, rows=(later, *plan.rows[1:]))) != plan_digest(plan)
    assert plan_digest(build.make_plan(build.plan_row(1, "a", Action.SKIP))) != plan_digest(build.make_plan())


def test_any_script_is_written_as_it_is(build: ModuleType) -> None:
    """The file is UTF-8 and readable; half a character, as a damaged roster may hold, does not stop it."""
    plan = build.make_plan(build.plan_row(1, "ann", group="五年A組 ☂"), build.plan_row(2, "bob", group="\ud83d"))
    data = plan_to_json(plan)

    assert "五年A組 ☂".encode() in data
    assert check_plan_json(data) == plan_digest(plan)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"typed": "reports/x"}, True),
        ({}, True),
        ({"run": "another"}, False),
        ({"notes": ("A note.",)}, False),
        ({"rows": ()}, False),
        ({"expires_at": datetime(2036, 1, 1, tzinfo=UTC)}, False),
        ({"columns": RosterColumns(("Other",), {Field.USER: (0,)})}, False),
    ],
)
def test_a_digest_that_was_made_before_is_not_taken_for_that_of_a_changed_copy(
    plan: Plan, changes: dict[str, Any], *, same: bool
) -> None:
    """Of a copy the digest is the one that its own file holds, in whatever order they are asked for."""
    before = plan_digest(plan)
    copy = replace(plan, **changes)

    assert plan_digest(copy) == check_plan_json(plan_to_json(copy))
    assert (plan_digest(copy) == before) is same
    assert plan_digest(plan) == before


def test_a_plan_that_is_read_again_has_its_digest(build: ModuleType, plan: Plan) -> None:
    """Also where a refused row had been read as far as the pass that it asks for."""
    refused = build.plan_row(14, "lea", Action.REFUSE, problems=(build.fault(RowErrorCode.LIFETIME_OUTSIDE_POLICY),))
    plan = replace(plan, rows=(*plan.rows, refused))
    data = plan_to_json(plan)

    assert plan_digest(plan_from_json(data, [row.source for row in plan.rows])) == check_plan_json(data)


def test_the_digest_that_people_compare_holds_128_bits(build: ModuleType) -> None:
    """In groups of four of an alphabet without I, L, O and U; one bit more or less in the plan is another text."""
    plans = [build.make_plan(build.plan_row(number, "ann")) for number in range(1, 41)]
    shown = [shown_digest(plan) for plan in plans]

    assert len(set(shown)) == len(plans)
    for plan, text in zip(plans, shown, strict=True):
        assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2}", text)
        # Crockford's letters stand in the order of int's own digits.
        number = int(text.replace("-", "").translate(_TO_DIGITS_OF_32), 32)
        assert number >> 2 == int(plan_digest(plan)[:32], 16)


def test_a_plan_of_an_earlier_version_is_known_but_not_carried_out(plan: Plan) -> None:
    """Beside a journal it still proves that nobody edited it; a row of it may leave its terms open."""
    said = json.loads(plan_to_json(plan)) | {"schema": 1}
    del said["rehearsal"], said["digest"]
    said["digest"] = hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    data = json.dumps(said).encode()

    assert check_plan_json(data) == said["digest"]
    with pytest.raises(PlanRefused, match="earlier version"):
        require_current(data)
    require_current(plan_to_json(plan))
