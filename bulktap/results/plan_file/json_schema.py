"""Checks JSON against the schema that is published in this package; of JSON Schema, what that schema uses.

The schema is turned into functions once, because a plan has hundreds of thousands of values. A word of JSON Schema
that is not known here is refused when the schema is read, rather than passed over.
"""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[[Any], str | None]
    """Returns None for a value that keeps to its schema, else where it does not: `.rows[3].user`."""

_NOTES: Final = frozenset({"$schema", "$id", "$defs", "title", "description"})
_TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_EARLIEST, _LATEST = 2000, 2200


@cache
def plan_schema() -> Check:
    """Return the check of plan.json."""
    schema = json.loads((files(__package__) / "plan.schema.json").read_text("utf-8"))
    return _compiled(schema, schema["$defs"], {})


def _compiled(schema: Mapping[str, Any], named: Mapping[str, Any], done: dict[str, Check]) -> Check:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        if name not in done:
            done[name] = _compiled(named[name], named, done)
        return done[name]
    checks: list[Check] = []
    rest = dict(schema)
    if "type" in rest:
        kinds = rest.pop("type")
        checks.append(_type_check([kinds] if isinstance(kinds, str) else kinds))
    checks += [make(rest.pop(word)) for word, make in _VALUE_CHECKS.items() if word in rest]
    if "items" in rest:
        checks.append(_items_check(_compiled(rest.pop("items"), named, done)))
    if "properties" in rest or "additionalProperties" in rest:
        members = {name: _compiled(one, named, done) for name, one in rest.pop("properties", {}).items()}
        others = rest.pop("additionalProperties", None)
        names = frozenset(rest.pop("propertyNames", {}).get("enum", ()))
        required = rest.pop("required", ())
        checks.append(_members_check(members, required, names, others and _compiled(others, named, done)))
    unknown = rest.keys() - _NOTES
    if unknown:
        raise ValueError(f"words of JSON Schema that are not known here: {sorted(unknown)}")
    return checks[0] if len(checks) == 1 else _all_of(checks)


def _all_of(checks: list[Check]) -> Check:
    def check(value: Any) -> str | None:
        for one in checks:
            if (place := one(value)) is not None:
                return place
        return None

    return check


def _type_check(kinds: list[str]) -> Check:
    tests = [_TYPES[kind] for kind in kinds]
    return lambda value: None if any(test(value) for test in tests) else ""


def _pattern_check(pattern: str) -> Check:
    # `$` of JSON Schema is the very end; Python's also matches before a last line feed.
    search = re.compile(re.sub(r"\$\Z", r"\\Z", pattern)).search
    return lambda value: None if not isinstance(value, str) or search(value) else ""


def _moment_check(name: str) -> Check:
    if name != "date-time":
        raise ValueError(f"a format that is not known here: {name}")

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return ""
        # Near the ends of the calendar a time zone, or a lifetime, leads beyond it.
        return None if moment.tzinfo is not None and _EARLIEST <= moment.year < _LATEST else ""

    return check


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_VALUE_CHECKS: Final[Mapping[str, Callable[[Any], Check]]] = {
    "const": lambda wanted: lambda value: None if value == wanted and type(value) is type(wanted) else "",
    "enum": lambda wanted: lambda value: None if value in wanted else "",
    "pattern": _pattern_check,
    "format": _moment_check,
    "minimum": lambda least: lambda value: "" if _is_number(value) and value < least else None,
    "maximum": lambda most: lambda value: "" if _is_number(value) and value > most else None,
}


def _items_check(item: Check) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, list):
            return None
        for index, one in enumerate(value):
            if (place := item(one)) is not None:
                return f"[{index}]{place}"
        return None

    return check


def _members_check(
    members: Mapping[str, Check], required: list[str], names: frozenset[str], others: Check | None
) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return None
        for name in required:
            if name not in value:
                return f".{name}"
        for name, one in value.items():
            inner = members.get(name, others)
            if names and name not in names:
                return ""
            if inner is not None and (place := inner(one)) is not None:
                return f".{name}{place}" if name in members else place
        return None

    return check
