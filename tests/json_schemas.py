"""Holds what the program really writes against the schemas that it publishes, with no room for what they leave out."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema

from bulktap.cli.json_schemas import COMMANDS, FAILURE, json_schema

if TYPE_CHECKING:
    from collections.abc import Sequence


def closed(schema: Any) -> Any:
    """Return a schema with no room for members that it does not describe."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(part) for name, part in schema.items()}
    return {"additionalProperties": False} | inner if isinstance(schema.get("properties"), dict) else inner


@cache
def _validator(name: str) -> Any:
    return jsonschema.Draft202012Validator(closed(json_schema(name)), format_checker=jsonschema.FormatChecker())


def faults_of(name: str, value: Any) -> list[str]:
    """Return where a value leaves the schema of that name, and why."""
    return [f"{error.json_path}: {error.message[:300]}" for error in _validator(name).iter_errors(value)]


def faults_of_output(words: Sequence[str], out: str) -> list[str]:
    """Return where the object that a command printed leaves its schema.

    Args:
        words: the command as it was typed, without the program's name.
        out: what it wrote to standard output.
    """
    name = words[0] if words and words[0] in COMMANDS else FAILURE
    return faults_of(name, json.loads(out))
