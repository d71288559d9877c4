"""The published schemas of what programs read: each command's JSON object, and the JSON files of a run."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

COMMANDS: Final = (
    "plan",
    "apply",
    "resume",
    "results",
    "handout",
    "show",
    "reissue",
    "verify",
    "revoke",
    "forget",
    "runs",
    "doctor",
    "init",
    "logout",
    "template",
)
"""Commands that print a JSON object."""
FAILURE: Final = "failure"
"""Names the object that is printed where no command was understood."""
_COMMON: Final = "common.schema.json"
_OTHERS: Final = {
    "plan.json": ("bulktap.results.plan_file", "plan.schema.json"),
    "run.json": ("bulktap.results.run_report", "run.schema.json"),
    "log.jsonl": ("bulktap.storage", "log.schema.json"),
}
"""Files of a run, and which package has the schema; of log.jsonl it is that of each line."""
NAMES: Final = (*COMMANDS, FAILURE, *_OTHERS)
"""All that have a schema."""


def json_schema(name: str) -> dict[str, Any]:
    """Return the schema of that name (JSON Schema 2020-12), complete in itself.

    Raises:
        KeyError: there is none of that name.
    """
    if name in _OTHERS:
        return _read(*_OTHERS[name])
    if name not in NAMES:
        raise KeyError(name)
    schema, common = _read("bulktap.cli", f"schemas/{name}.schema.json"), _read("bulktap.cli", f"schemas/{_COMMON}")
    whole = json.dumps(schema | {"$defs": common["$defs"]}).replace(f'"{_COMMON}#/', '"#/')
    return _parsed(whole)


def _read(package: str, path: str) -> dict[str, Any]:
    return _parsed(files(package).joinpath(*path.split("/")).read_text("utf-8"))


def _parsed(text: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(text)
    return schema
