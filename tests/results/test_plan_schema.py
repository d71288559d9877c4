"""plan.json keeps to the schema that is published in the package."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.results.plan_file.plan_json import SCHEMA, plan_to_json

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState

jsonschema = pytest.importorskip("jsonschema")


@pytest.fixture
def schema() -> dict[str, Any]:
    """The schema as it is published."""
    found: dict[str, Any] = json.loads(
        (files("bulktap.results.plan_file") / "plan.schema.json").read_text(encoding="utf-8")
    )
    return found


def closed(schema: Any) -> Any:
    """Return the schema with no room for members that it does not describe."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(part) for name, part in schema.items()}
    return {"additionalProperties": False} | inner if "properties" in inner else inner


def faults(schema: Any, data: Any) -> list[str]:
    """Return where the data leaves the schema."""
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [error.json_path for error in validator.iter_errors(data)]


def test_the_schema_is_one(schema: dict[str, Any]) -> None:
    """It is itself valid, and of the version that is written."""
    jsonschema.Draft202012Validator.check_schema(schema)

    assert schema["properties"]["schema"] == {"description": "Version of this shape.", "const": SCHEMA}


def test_every_kind_of_row_keeps_to_it(schema: dict[str, Any], every_kind: tuple[Plan, RunState]) -> None:
    """Nothing is missing, nothing is of another type, and nothing is there that it does not describe."""
    assert faults(closed(schema), json.loads(plan_to_json(every_kind[0]))) == []


def test_what_is_optional_may_be_absent(schema: dict[str, Any], build: ModuleType) -> None:
    """A plan made without a tenant, and one with a change to name, keep to it as well."""
    bare = build.make_plan(build.plan_row(1, "ann", request=None, group=None), policy=None, forecast=None, notes=())

    assert faults(closed(schema), json.loads(plan_to_json(bare))) == []
    assert faults(closed(schema), json.loads(plan_to_json(build.hostile_plan(30)))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.digest", "abc"),
        ("$.created", "2035-08-30T16:00:00+02:00"),
        ("$.counts", {}),
        ("$.rows[0].action", "delete"),
        ("$.rows[0].row", None),
        ("$.settings.existing", "kill"),
    ],
)
def test_what_is_wrong_is_found(schema: dict[str, Any], build: ModuleType, path: str, value: Any) -> None:
    """The schema describes closely enough to notice."""
    data = json.loads(plan_to_json(build.make_plan(build.plan_row(1, "ann"))))
    *parents, member = path.removeprefix("$.").replace("[0]", ".0").split(".")
    place = data
    for name in parents:
        place = place[0] if name == "0" else place[name]
    place[member] = value

    assert [fault for fault in faults(schema, data) if fault.startswith(path)]


def test_a_later_version_may_add_members(schema: dict[str, Any], build: ModuleType) -> None:
    """Who validates against the published schema is not broken by what is added."""
    data = json.loads(plan_to_json(build.make_plan(build.plan_row(1, "ann")))) | {"added": 1}

    assert faults(schema, data) == []
