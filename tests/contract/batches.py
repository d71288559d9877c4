"""The rules of `$batch`, which is in none of Microsoft's OpenAPI files; microsoft-graph-docs-contrib, json-batching.md.

What is told of items (numbers, order, `null` bodies) was seen in answers of the service.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from contract.exchange import Exchange

_HEADERS = {"type": "object", "additionalProperties": {"type": "string"}}
_STEP = {
    "type": "object",
    "required": ["id", "method", "url"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "method": {"enum": ["GET", "POST", "PATCH", "PUT", "DELETE"]},
        "url": {"type": "string", "pattern": r"^(?!https?:)(?!/?\$batch)"},
        "headers": _HEADERS,
        "body": {"type": "object"},
        "dependsOn": {"type": "array", "items": {"type": "string"}},
    },
    "if": {"properties": {"method": {"enum": ["POST", "PATCH", "PUT"]}}},
    "then": {"required": ["headers", "body"]},
    "dependentSchemas": {
        "body": {
            "properties": {"headers": {"anyOf": [{"required": [name]} for name in ("Content-Type", "content-type")]}}
        }
    },
}
_REQUEST = {
    "type": "object",
    "required": ["requests"],
    "additionalProperties": False,
    "properties": {"requests": {"type": "array", "minItems": 1, "maxItems": 20, "items": _STEP}},
}
_REPLY = {
    "type": "object",
    "required": ["responses"],
    "properties": {
        "responses": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "status"],
                "properties": {
                    "id": {"type": "string"},
                    "status": {"type": "integer", "minimum": 200, "maximum": 599},
                    "headers": _HEADERS,
                    "body": {"type": ["object", "null", "string"]},
                },
                # What is no JSON comes as Base64.
                "if": {"properties": {"body": {"type": "string"}}, "required": ["body"]},
                "then": {
                    "required": ["headers"],
                    "properties": {"headers": {"properties": {"Content-Type": {"pattern": r"^(?!application/json)"}}}},
                },
            },
        }
    },
}


def request_faults(exchange: Exchange) -> list[str]:
    """Say what is wrong with a batch."""
    faults = _faults(_REQUEST, exchange.request_body)
    if faults or not isinstance(exchange.request_body, dict):
        return faults
    ids = Counter(str(step["id"]).lower() for step in exchange.request_body["requests"])
    return [f"id {one} stands in it {count} times" for one, count in ids.items() if count > 1]


def reply_faults(exchange: Exchange) -> list[str]:
    """Say what is wrong with the answer to a batch that was carried out."""
    faults = _faults(_REPLY, exchange.reply_body)
    if faults or not isinstance(exchange.reply_body, dict) or not isinstance(exchange.request_body, dict):
        return faults
    asked, told = (
        sorted(one["id"] for one in items)
        for items in (exchange.request_body["requests"], exchange.reply_body["responses"])
    )
    return [] if asked == told else [f"{told} answer {asked}"]


def _faults(schema: dict[str, Any], value: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(value)]
