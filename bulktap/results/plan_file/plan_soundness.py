"""Whether a plan.json is a plan that bulktap can have made: its schema, and what its parts say of one another.

The digest alone tells only that file and digest belong together; whoever can write the one can write the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bulktap.model.errors import PlanRefused
from bulktap.model.guards import guards_from_json
from bulktap.model.passes import is_guid
from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.setting_names import Command
from bulktap.results.plan_file.json_schema import plan_schema
from bulktap.results.plan_file.plan_json import SCHEMA, checked_members

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODES = frozenset(code.value for code in RowErrorCode)
_CREATING = frozenset(action.value for action in Action if action.creates)


def plan_members(data: bytes) -> dict[str, Any]:
    """Return what a plan.json holds, after checking that it is whole, unedited, and a plan.

    Raises:
        PlanRefused: it is not; the message names the place.
    """
    members, digest = checked_members(data)
    # What an earlier version left out is all that its plans lack; whoever carries one out refuses it by its version.
    added = {} if members["schema"] == SCHEMA else {"rehearsal": False}
    place = plan_schema()(added | members | {"digest": digest, "schema": SCHEMA})
    if place is None:
        place = next(_contradictions(members), None)
    if place is not None:
        named = f" (see {place.removeprefix('.')})" if place else ""
        raise PlanRefused(
            f"plan.json is not a plan that this bulktap can have made{named}.",
            hint=f"Make a new plan with {Command.PLAN}, and have it signed off again.",
        )
    return members


def _contradictions(members: dict[str, Any]) -> Iterator[str]:
    """Yield the places that contradict others, in the way in which schemas name them."""
    roster, rows = members["roster"], members["rows"]
    if "\0" in roster["path"] or not _is_text(roster["path"]):
        yield ".roster.path"
    headings = roster["headings"]
    if len(set(headings)) != len(headings):
        yield ".roster.headings"
    for name, named in roster["fields"].items():
        if not set(named) <= set(headings):
            yield f".roster.fields.{name}"
    yield from _contradictions_of_settings(members["settings"])
    if not members["tenant"]["id"] and not members["settings"]["offline"]:
        yield ".tenant.id"
    actions = [row["action"] for row in rows]
    counts = {action.value: actions.count(action.value) for action in Action} | {"rows": len(rows)}
    if any(members["counts"][name] != count for name, count in counts.items()):
        yield ".counts"
    for index, row in enumerate(rows):
        for name in _contradictions_of_row(row, index, rows):
            yield f".rows[{index}].{name}"


def _contradictions_of_settings(settings: dict[str, Any]) -> Iterator[str]:
    if not _is_zone(settings["timezone"]):
        yield ".settings.timezone"
    if not _are_guards(settings.get("guards")):
        yield ".settings.guards"


def _contradictions_of_row(row: dict[str, Any], index: int, rows: list[dict[str, Any]]) -> Iterator[str]:
    if row["number"] != index + 1:
        yield "number"
    if row["object_id"] is not None and not is_guid(row["object_id"]):
        yield "object_id"
    if not row["user"] and row["action"] not in {Action.REFUSE.value, Action.SKIP.value}:
        yield "user"
    number, merged = row["merged_into_number"], row["action"] == Action.MERGE.value
    if merged != (number is not None) or merged != (row["merged_into"] is not None):
        yield "merged_into"
    elif merged:
        serving = rows[number - 1] if 0 < number <= len(rows) else None
        if serving is None or serving["action"] not in _CREATING or serving["row"] != row["merged_into"]:
            yield "merged_into"
    if any(problem["code"] not in _CODES for problem in row["problems"]):
        yield "problems"


def _are_guards(members: dict[str, Any] | None) -> bool:
    try:
        guards_from_json(members)
    except ValueError:
        return False
    return True


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
