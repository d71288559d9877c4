"""The whole plan as bytes for the sealed journal, and back: cells with their types, columns, policy and all.

JSON, because it is read again by later versions and never runs anything; compressed, because rosters repeat
themselves.
"""

from __future__ import annotations

import json
import zlib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from bulktap.model.guards import guards_from_json, guards_to_json
from bulktap.model.pass_terms import PassTerms, TermsCodec
from bulktap.model.passes import PassPolicy, PassRequest, PolicyState, UserRef
from bulktap.model.plan import (
    Action,
    CellValue,
    Field,
    Forecast,
    NameCheck,
    Plan,
    PlanRow,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    RosterRow,
    TenantInfo,
)
from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.model.utc_times import moment_of, utc_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_VERSION = 2
_NOT_KEPT = frozenset({"dropped"})
"""What is known of a roster only while its file is at hand."""
_READABLE = frozenset({1, 2})
"""Version 1 did not say whether the tenant is the run's own pretend one."""
_QUICKLY = 1
"""How hard the archive is compressed: a third of the time of the usual 6, and a quarter larger."""
_TERMS = TermsCodec("start", "lifetime_minutes", "usable_once")
_MOMENTS: Mapping[str, Callable[[str], datetime | date | time]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def plan_to_archive(plan: Plan) -> bytes:
    """Return the plan as bytes from which `plan_from_archive` makes an equal one."""
    members = {
        "archive": _VERSION,
        "run": plan.run,
        "created_at": plan.created_at.isoformat(),
        "expires_at": plan.expires_at.isoformat(),
        "tenant": _fields(plan.tenant),
        "roster": {name: value for name, value in _fields(plan.roster).items() if name not in _NOT_KEPT},
        "columns": {
            "headings": plan.columns.headings,
            "fields": {meaning.value: indexes for meaning, indexes in plan.columns.fields.items()},
        },
        "settings": _settings(plan.settings),
        "policy": None if plan.policy is None else _fields(plan.policy),
        "forecast": None if plan.forecast is None else _fields(plan.forecast),
        "notes": plan.notes,
        "rows": [_row(row) for row in plan.rows],
    }
    text = json.dumps(members, ensure_ascii=True, separators=(",", ":"), check_circular=False)
    return zlib.compress(text.encode("ascii"), _QUICKLY)


def plan_from_archive(data: bytes) -> Plan:
    """Return the plan that `plan_to_archive` was given.

    The bytes come out of the journal authenticated, so that nothing but a newer version can make them unreadable.

    Raises:
        ValueError: the archive was written by a newer version.
    """
    members = json.loads(zlib.decompress(data))
    if members["archive"] not in _READABLE:
        raise ValueError("the plan was archived by another version of bulktap")
    columns, settings, roster = members["columns"], members["settings"], members["roster"]
    policy, forecast = members["policy"], members["forecast"]
    return Plan(
        run=members["run"],
        created_at=datetime.fromisoformat(members["created_at"]),
        expires_at=datetime.fromisoformat(members["expires_at"]),
        tenant=TenantInfo(**members["tenant"]),
        roster=RosterInfo(**roster | {"notes": tuple(roster["notes"])}),
        columns=RosterColumns(
            tuple(columns["headings"]), {Field(name): tuple(indexes) for name, indexes in columns["fields"].items()}
        ),
        settings=_settings_from(settings),
        rows=tuple(_row_from(row) for row in members["rows"]),
        policy=None if policy is None else PassPolicy(**policy | {"state": PolicyState(policy["state"])}),
        forecast=None if forecast is None else Forecast(**forecast),
        notes=tuple(members["notes"]),
    )


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _settings(settings: PlanSettings) -> dict[str, Any]:
    others = {name: value for name, value in _fields(settings).items() if name not in {"terms", "guards"}}
    return others | _TERMS.write(settings.terms) | {"guards": guards_to_json(settings.guards)}


def _settings_from(members: dict[str, Any]) -> PlanSettings:
    terms = _TERMS.read(members)
    others = {name: value for name, value in members.items() if name in PlanSettings.__slots__}
    return PlanSettings(**others | {"terms": terms, "guards": guards_from_json(members.get("guards"))})


def _row(row: PlanRow) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name in PlanRow.__slots__:
        value = getattr(row, name)
        # What a row does not have is left out: most rows have little, and the defaults fill it in again.
        if value is not None and value != ():
            write = _WRITTEN.get(name)
            members[name] = value if write is None else write(value)
    return members


def _source(source: RosterRow) -> list[Any]:
    return [source.file, source.sheet, source.number, [_cell(cell) for cell in source.cells]]


def _request(request: PassRequest) -> list[Any]:
    return [request.user.text, *_TERMS.write(request.terms).values()]


def _problems(problems: Iterable[RowError]) -> list[Any]:
    return [_fields(problem) for problem in problems]


_WRITTEN: Mapping[str, Callable[[Any], Any]] = {
    "source": _source,
    "request": _request,
    "listed_at": utc_text,
    "problems": _problems,
}
"""How members of a row are written that JSON does not take as they are."""


def _row_from(members: dict[str, Any]) -> PlanRow:
    file, sheet, number, cells = members["source"]
    request = members.get("request")
    return PlanRow(**members | {
        "source": RosterRow(file, sheet, number, tuple(_cell_from(cell) for cell in cells)),
        "action": Action(members["action"]),
        "request": None if request is None else PassRequest(
            UserRef(request[0]), PassTerms(moment_of(request[1]), request[2], request[3])
        ),
        "listed_at": moment_of(members.get("listed_at")),
        "merged_rows": tuple(members.get("merged_rows", ())),
        "problems": tuple(_problem_from(problem) for problem in members.get("problems", ())),
        "name_check": NameCheck(members["name_check"]) if "name_check" in members else None,
    })  # fmt: skip


def _problem_from(members: dict[str, Any]) -> RowError:
    return RowError(**members | {"code": RowErrorCode(members["code"]), "severity": Severity(members["severity"])})


def _cell(cell: CellValue) -> Any:
    if type(cell) is str:
        return cell
    match cell:
        case datetime():  # before date, which it is too
            return ["datetime", cell.isoformat()]
        case date():
            return ["date", cell.isoformat()]
        case time():
            return ["time", cell.isoformat()]
        case _:
            return cell


def _cell_from(cell: Any) -> CellValue:
    value: CellValue = _MOMENTS[cell[0]](cell[1]) if isinstance(cell, list) else cell
    return value
