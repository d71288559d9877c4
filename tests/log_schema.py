"""Makes the published schema of `log.jsonl` out of the classes of its events; run as a program, it writes it anew."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from bulktap import storage
from bulktap.model import log_events
from bulktap.model.log_events import WIRE_NAME, Absent, LogEvent

PUBLISHED = Path(storage.__file__).parent / "log.schema.json"
_CLASSES = [one for one in vars(log_events).values() if isinstance(one, type)]
EVENTS = [one for one in _CLASSES if issubclass(one, LogEvent) and one is not LogEvent]
"""All kinds, in the order in which they are written down."""
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def schema() -> dict[str, Any]:
    """Return the schema of one line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:bulktap:log:1",
        "title": "A line of log.jsonl of bulktap",
        "description": (
            "What happened while bulktap worked on a run, an event a line. A later bulktap may add members and events. "
            "No line holds a passcode, another secret, or a person's name."
        ),
        "oneOf": [{"$ref": f"#/$defs/{event.kind}"} for event in EVENTS],
        "$defs": {event.kind: _event(event) for event in EVENTS},
    }


def text_of(made: dict[str, Any]) -> str:
    """Return a schema as it is written."""
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _event(event: type[LogEvent]) -> dict[str, Any]:
    told = _object(event)
    head = {
        "time": {"description": "By this computer's clock.", "type": "string", "format": "date-time"},
        "event": {"const": event.kind},
    }
    return told | {"properties": head | told["properties"], "required": [*head, *told["required"]]}


def _object(kind: type[Any]) -> dict[str, Any]:
    types, said = get_type_hints(kind, vars(log_events)), _said_of_members(kind)
    members, required = {}, []
    for one in fields(kind):
        name = one.metadata.get(WIRE_NAME, one.name)
        members[name] = {"description": said[one.name], **_type(types[one.name])}
        if one.default is MISSING and Absent not in get_args(types[one.name]):
            required.append(name)
    return {"description": inspect.getdoc(kind), "type": "object", "properties": members, "required": required}


def _type(hint: Any) -> dict[str, Any]:
    """Return the schema of a type; only those that hold plain values have one."""
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if isinstance(hint, UnionType):
        parts = [_type(part) for part in get_args(hint) if part is not Absent]
        return parts[0] if len(parts) == 1 else {"type": [part["type"] for part in parts]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _type(get_args(hint)[0])}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    raise TypeError(f"{hint} is nothing that a log line can hold")


def _said_of_members(kind: type[Any]) -> dict[str, str]:
    """Return the docstrings of a class's members."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)
    said = {}
    for member, after in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(member, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            said[ast.unparse(member.target)] = inspect.cleandoc(str(after.value.value)).replace("\n", " ")
    return said


def faults_of_lines(text: str) -> list[str]:
    """Return what in a log leaves the published schema, members that it does not describe among it."""
    return [f"{line}: {fault}" for line in text.splitlines() for fault in _faults(json.loads(line))]


def _faults(line: Any) -> list[str]:
    checks = _checks()
    if line.get("event") not in checks:
        return ["an event without a schema"]
    return [error.message for error in checks[line["event"]].iter_errors(line)]


@cache
def _checks() -> dict[str, Any]:
    """Return what checks a line of each kind of event."""
    jsonschema = pytest.importorskip("jsonschema")
    kinds = json.loads(PUBLISHED.read_text("utf-8"))["$defs"]
    form = jsonschema.FormatChecker()
    return {kind: jsonschema.Draft202012Validator(_closed(one), format_checker=form) for kind, one in kinds.items()}


def _closed(part: Any) -> Any:
    """Return a schema with no room for members that it does not describe."""
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    inner = {name: _closed(one) for name, one in part.items()}
    return {"additionalProperties": False} | inner if inner.get("type") == "object" else inner


if __name__ == "__main__":
    PUBLISHED.write_text(text_of(schema()), encoding="utf-8")
