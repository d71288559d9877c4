"""The published contract of Microsoft Graph, and what in a request or a reply breaks it.

`graph-tap-openapi.yaml` is cut from Microsoft's own OpenAPI files and schemas. It is read here as JSON Schema, which
knows neither OpenAPI's `nullable` nor its styles of parameters. A request is held to more than the document demands: a
query option or a member of a body that it does not name is a fault, because the service may ignore or refuse it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import yaml
from jsonschema import Draft202012Validator, FormatChecker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract.exchange import Exchange

DOCUMENT = Path(__file__).parent / "graph-tap-openapi.yaml"
_FOLLOWS = frozenset({"$skiptoken"})
"""Options of the links to next pages, which the service writes itself."""
_FORMATS = FormatChecker(["uuid"])


@_FORMATS.checks("date-time")
def _is_moment(text: object) -> bool:
    """Tell whether a text is RFC 3339's date and time, whose offset is not optional."""
    if not isinstance(text, str):
        return True
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@_FORMATS.checks("int32")
def _is_int32(number: object) -> bool:
    return not isinstance(number, int) or -(2**31) <= number < 2**31


def shape(path: str) -> str:
    """Return a path template whose parameters have no names."""
    return re.sub(r"\{[^}]*\}", "{}", path)


@dataclass(frozen=True)
class Contract:
    """The document, with every schema in JSON Schema's words."""

    document: Mapping[str, Any]

    @classmethod
    @functools.cache
    def read(cls) -> Contract:
        """Read the copy beside this module."""
        document = yaml.safe_load(DOCUMENT.read_text("utf-8"))
        return cls({**document, "components": _as_json_schema(document["components"])})

    @functools.cached_property
    def operations(self) -> dict[str, Any]:
        """What stands under `GET /users/{}` and so on, with the parameters of its path."""
        found = {}
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                found[f"{method.upper()} {shape(path)}"] = {**operation, "path": path}
        return found

    def request_faults(self, exchange: Exchange) -> list[str]:
        """Say what is wrong with a request of an operation in the contract."""
        operation = self.operations[exchange.operation]
        return [
            *([] if exchange.has_token else ["it carries no bearer token"]),
            *self._query_faults(operation, exchange.query),
            *self._body_faults(operation.get("requestBody"), exchange),
        ]

    def reply_faults(self, exchange: Exchange) -> list[str]:
        """Say what is wrong with the reply to a request of an operation in the contract."""
        responses = self.operations[exchange.operation]["responses"]
        response = responses.get(str(exchange.status))
        if response is None:
            return [f"{exchange.status} is no success of it"] if exchange.status < 400 else self.error_faults(exchange)
        content = response.get("content")
        if content is None:
            return [] if exchange.reply_body is None else ["it has a body"]
        return self._content_faults(content, exchange)

    def error_faults(self, exchange: Exchange) -> list[str]:
        """Say what is wrong with an error, which every operation tells in the same way."""
        return self._content_faults(self.document["components"]["responses"]["error"]["content"], exchange)

    def _content_faults(self, content: Mapping[str, Any], exchange: Exchange) -> list[str]:
        return [
            *_type_faults(exchange.reply_headers),
            *self._faults(content["application/json"]["schema"], exchange.reply_body),
        ]

    def _query_faults(self, operation: Mapping[str, Any], query: str) -> Iterator[str]:
        declared = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
        for name, text in parse_qsl(query, keep_blank_values=True):
            if name in declared:
                yield from (f"{name}: {fault}" for fault in self._faults(*_parameter(declared[name], text)))
            elif name not in _FOLLOWS:
                yield f"{name} is no query option of it"

    def _body_faults(self, wanted: Mapping[str, Any] | None, exchange: Exchange) -> Iterator[str]:
        if wanted is None:
            if exchange.request_body is not None:
                yield "it has a body"
            return
        yield from _type_faults(exchange.request_headers)
        schema = wanted["content"]["application/json"]["schema"]
        yield from self._faults(schema, exchange.request_body)
        if isinstance(exchange.request_body, dict):
            unknown = exchange.request_body.keys() - self._members(schema)
            yield from (f"{name} is no member of its body" for name in sorted(unknown))

    def _faults(self, schema: Mapping[str, Any], value: object) -> list[str]:
        whole = {**_as_json_schema(schema), "components": self.document["components"]}
        errors = Draft202012Validator(whole, format_checker=_FORMATS).iter_errors(value)
        return [f"{error.json_path}: {error.message}" for error in errors]

    def _members(self, schema: Mapping[str, Any]) -> set[str]:
        """Return the names of an object's members, the inherited ones too."""
        if "$ref" in schema:
            return self._members(self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        inherited = (self._members(one) for one in schema.get("allOf", ()))
        return set(schema.get("properties", ())).union(*inherited)


def _type_faults(headers: Mapping[str, str]) -> list[str]:
    kind = headers.get("content-type", "none").partition(";")[0]
    return [] if kind == "application/json" else [f"its content type is {kind}"]


def _parameter(declared: Mapping[str, Any], text: str) -> tuple[Mapping[str, Any], object]:
    """Return a parameter's schema and the value that its text stands for."""
    schema = declared["schema"]
    if schema["type"] == "array":
        return schema, text.split(",")
    if schema["type"] == "integer":
        return schema, int(text) if text.isascii() and text.isdecimal() else text
    if schema["type"] == "boolean":
        return schema, {"true": True, "false": False}.get(text, text)
    return schema, text


def _as_json_schema(node: Any) -> Any:
    """Return a part of the document with `nullable` said as JSON Schema says it."""
    if isinstance(node, list):
        return [_as_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    said = {name: _as_json_schema(one) for name, one in node.items() if name != "nullable"}
    if node.get("nullable") is True and isinstance(said.get("type"), str):
        said["type"] = [said["type"], "null"]
    return said
