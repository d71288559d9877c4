"""People who are left out while a roster is read: rows of the plan, of its counts and pages, and of `Not issued`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from whole_run import USERS, sheet

if TYPE_CHECKING:
    from whole_run import Program

ROWS = [
    ["Name", "User name", "Status"],
    ["Anna Arendt", USERS[0], "active"],
    ["Ben Bauer", USERS[1], "Leaver"],
    ["Name", "User name", "Status"],
    ["Cem Celik", USERS[2], "active"],
    ["Total: 3", "", ""],
]
REASONS = {
    3: "Left out while reading: inactive or blocked (Status).",
    4: "Left out while reading: the headings once more.",
    6: "Left out while reading: a remark below the table.",
}


def test_who_is_left_out_is_a_row_everywhere(connected: Program) -> None:
    """The plan has them as skipped, the counts sum, and the workbook says why they have no pass."""
    done = connected("apply", connected.roster(ROWS), "--yes", "--json")
    counts = done.json["counts"]
    plan = json.loads((done.folder / "plan.json").read_text("utf-8"))
    skipped = {row["row"]: row["problems"][0] for row in plan["rows"] if row["action"] == "skip"}

    assert (counts["rows"], counts["issued"], counts["skipped"]) == (5, 2, 3)
    assert counts["rows"] == sum(count for name, count in counts.items() if name != "rows")
    assert (plan["roster"]["rows"], plan["counts"]["skip"], len(plan["rows"])) == (5, 3, 5)
    assert {row: problem["message"] for row, problem in skipped.items()} == REASONS
    assert {problem["code"] for problem in skipped.values()} == {"left-out"}
    not_issued = {row["Sheet row"]: str(row) for row in sheet(done.folder, "Not issued")}
    assert all(reason in not_issued[row] for row, reason in REASONS.items())
    assert not any(row["Sheet row"] in REASONS for row in sheet(done.folder))


def test_the_page_and_the_screen_name_them(connected: Program) -> None:
    """Whoever signs sees how many are left out and why; the saved plan is carried out as it stands."""
    planned = connected("plan", connected.roster(ROWS))
    page = next((connected.cwd / "reports").glob("*/plan.html"))
    text = page.read_text("utf-8")

    assert "1 inactive or blocked (Status): row 3" in text
    assert "1 a remark below the table: row 6" in text
    assert "Left out" in planned.out + planned.err
    assert connected("apply", page.parent, "--yes", "--json").json["counts"]["issued"] == 2


def test_hand_outs_name_people_only(connected: Program) -> None:
    """A remark, or headings once more, is nobody of whom a teacher has to be told."""
    connected("apply", connected.roster(ROWS), "--yes", "--json", "--lifetime", "8h")
    done = connected("handout", "latest", "--json").json
    named = json.dumps(done)

    assert "Total: 3" not in named
    assert "User name" not in named
