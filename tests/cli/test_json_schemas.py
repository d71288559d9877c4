"""The schemas of JSON objects are published, complete, and themselves valid."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from in_process import command
from json_schemas import faults_of

from bulktap.cli.json_schemas import COMMANDS, NAMES, json_schema
from bulktap.cli.main import cli
from bulktap.cli.outcome import CommandOutcome
from bulktap.model.errors import QuestionOpen
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting


def references(schema: Any) -> set[str]:
    """Return all that a schema refers to."""
    return set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema)))


def referred(schema: Any, reference: str) -> Any:
    """Return what a reference within a schema leads to (RFC 6901)."""
    for step in reference.removeprefix("#/").split("/"):
        schema = schema[step]
    return schema


@pytest.mark.parametrize("name", NAMES)
def test_each_is_valid_and_needs_no_other(name: str) -> None:
    """Whoever saves what `bulktap schema` prints has all of it in one file."""
    schema = json.loads(command("schema", name).out)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema == json_schema(name)
    assert {one.partition("#/$defs/")[0] for one in references(schema)} <= {""}
    assert all(isinstance(referred(schema, one), dict) for one in references(schema))


def test_each_command_that_prints_json_has_one() -> None:
    """A new command cannot be forgotten."""
    printing = {name for name, one in cli.commands.items() if any("--json" in option.opts for option in one.params)}

    assert printing == set(COMMANDS)


def test_a_schema_that_there_is_not_is_a_usage_error() -> None:
    """What there is is named."""
    ended = command("schema", "nonsense")

    assert ended.code == 2
    assert all(name in ended.err for name in NAMES)


def test_all_is_described() -> None:
    """Every member of the commands' own objects says what it means."""
    for name in COMMANDS:
        for member, schema in json_schema(name)["properties"].items():
            found = referred(json_schema(name), schema["$ref"]) if "$ref" in schema else schema
            assert "description" in found, (name, member)


@pytest.mark.parametrize("planned", [{}, {"issue": 3, "refuse": 0, "merge": 0, "left_out": 0, "warnings": []}])
def test_open_questions_stand_in_plan_and_error(planned: dict[str, object]) -> None:
    """With what is known of the plan meanwhile; what is not known is absent."""
    questions = [
        Question(Setting.SHEET, "which-sheet", "Several sheets have people.", ("7A: 30 rows",), (Choice("7A", "7A"),)),
        Question(Setting.TIMEZONE, "which-zone", "Which zone?", (), (), "Europe/Berlin"),
    ]
    outcome = CommandOutcome(plan=planned)
    members = json.loads(json.dumps(outcome.members(0.1, QuestionOpen(questions))))

    assert faults_of("plan", members) == []
    assert [one["code"] for one in members["plan"]["questions"]] == ["which-sheet", "which-zone"]
    assert members["plan"]["questions"] == members["error"]["questions"]
    assert members["plan"].keys() == planned.keys() | {"questions"}
