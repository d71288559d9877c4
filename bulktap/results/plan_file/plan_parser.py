"""plan.json becomes a Plan again, together with the rows of the roster that it was made from.

The cells of the roster are not in plan.json; whoever carries out a saved plan reads the roster once more, and
has made sure that it is the same file. Everything that was decided comes from plan.json and from nowhere else.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bulktap.model.errors import PlanRefused
from bulktap.model.guards import guards_from_json
from bulktap.model.passes import PassPolicy, PassRequest, PolicyState, UserRef
from bulktap.model.plan import (
    Action,
    Field,
    Forecast,
    NameCheck,
    Plan,
    PlanRow,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    TenantInfo,
)
from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.model.setting_names import Command
from bulktap.model.utc_times import moment_of
from bulktap.results.plan_file.plan_json import PLAN_TERMS
from bulktap.results.plan_file.plan_soundness import plan_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import RosterRow


def plan_head(data: bytes) -> Plan:
    """Return the plan without its rows: enough to say whether it may be carried out, and how its roster was read.

    Raises:
        PlanRefused: it is no plan.json, of another version, was edited, or is no plan that bulktap can have made.
    """
    return _head(plan_members(data), ())


def plan_from_json(data: bytes, sources: Sequence[RosterRow]) -> Plan:
    """Return the plan as it was made.

    Args:
        data: plan.json.
        sources: the rows of the roster, read again in the same way.

    Raises:
        PlanRefused: plan.json was edited, or the roster does not have the rows that the plan speaks of.
    """
    members = plan_members(data)
    planned = members["rows"]
    places = [(source.file, source.sheet, source.number) for source in sources]
    if places != [(row["file"], row["sheet"], row["row"]) for row in planned]:
        raise PlanRefused(
            "The roster does not have the rows that the plan was made for.",
            hint=f"Make a new plan with {Command.PLAN}.",
        )
    merged: dict[int, list[int]] = {}
    for row in planned:
        if row["merged_into_number"] is not None:
            merged.setdefault(row["merged_into_number"], []).append(row["number"])
    rows = (_row(row, source, merged) for row, source in zip(planned, sources, strict=True))
    return _head(members, tuple(rows))


def _head(members: dict[str, Any], rows: tuple[PlanRow, ...]) -> Plan:
    tenant, roster, settings = members["tenant"], members["roster"], members["settings"]
    policy, forecast = members["policy"], members["forecast"]
    headings = tuple(roster["headings"])
    fields = {Field(name): tuple(headings.index(one) for one in named) for name, named in roster["fields"].items()}
    return Plan(
        run=members["run"],
        created_at=datetime.fromisoformat(members["created"]),
        expires_at=datetime.fromisoformat(members["expires"]),
        tenant=TenantInfo(
            tenant["id"], tenant["name"], tenant["cloud"], tenant["simulated"], members.get("rehearsal", False)
        ),
        roster=RosterInfo(
            roster["file"], roster["sheet"], roster["sha256"], roster["rows"], tuple(roster["notes"]), roster["path"]
        ),
        columns=RosterColumns(headings, fields),
        settings=PlanSettings(
            timezone=settings["timezone"],
            existing=settings["existing"],
            terms=PLAN_TERMS.read(settings),
            strict=settings["strict"],
            offline=settings["offline"],
            ticket=settings["ticket"],
            reason=settings["reason"],
            reading=settings["reading"],
            name=members.get("name"),
            names=settings.get("names"),
            guards=guards_from_json(settings.get("guards")),
            forget_after_minutes=settings.get("forget_after_minutes"),
            source=settings.get("source", {}),
        ),
        rows=rows,
        policy=None if policy is None else _policy(policy),
        forecast=None if forecast is None else _forecast(forecast),
        notes=tuple(members["notes"]),
    )


def _policy(policy: dict[str, Any]) -> PassPolicy:
    return PassPolicy(
        PolicyState(policy["state"]),
        policy["minimum_lifetime_minutes"],
        policy["maximum_lifetime_minutes"],
        policy["default_lifetime_minutes"],
        policy["default_length"],
        forces_one_time=policy["forces_one_time"],
    )


def _forecast(forecast: dict[str, Any]) -> Forecast:
    return Forecast(forecast["steps"], forecast["seconds_low"], forecast["seconds_high"], forecast["assumption"])


def _row(row: dict[str, Any], source: RosterRow, merged: dict[int, list[int]]) -> PlanRow:
    # A refused row's too: the plan that is read has the digest of the one that was written.
    request = PassRequest(UserRef(row["user"]), PLAN_TERMS.read(row))
    return PlanRow(
        number=row["number"],
        source=source,
        action=Action(row["action"]),
        request=request,
        object_id=row["object_id"],
        upn=row["upn"],
        display_name=row["display_name"],
        group=row["group"],
        existing_pass_id=row["existing_pass_id"],
        listed_at=moment_of(row["listed"]),
        merged_into=row["merged_into_number"],
        merged_rows=tuple(merged.get(row["number"], ())),
        problems=tuple(_problem(problem) for problem in row["problems"]),
        name_check=NameCheck(row["name_check"]) if "name_check" in row else None,
    )


def _problem(problem: dict[str, Any]) -> RowError:
    return RowError(
        RowErrorCode(problem["code"]),
        problem["message"],
        problem["hint"],
        problem["column"],
        Severity(problem["severity"]),
    )
