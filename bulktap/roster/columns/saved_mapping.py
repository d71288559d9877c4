"""`bulktap.toml` beside the roster: how such files are read, for next semester.

    [roster]
    sheet = ["7A", "7B"]          # one name, or several that are read as one
    header-row = 4
    hidden-rows = "skip"          # or "include"
    encoding = "cp1252"
    domain = "contoso.com"
    timezone = "Europe/Berlin"
    date-order = "dmy"            # or "mdy", "ymd"
    inactive = "include"          # or "skip", as without it

    [columns]
    user = "Login name"
    start = "Pick-up"

The names are those of the options; every line may be left out. An option that is given with the command wins. What is
not known here is refused, so that a typo is not silently without effect.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.model.plan import Field
from bulktap.roster.reading_options import OPTION_NAMES, WrongOptionError, from_table, to_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.roster.reading_options import ReadingOptions

FILE_NAME = "bulktap.toml"
"""The file's name; it lies in the folder of the roster."""

_COLUMN = "column"
"""The option that has a table of its own."""
_MOST_BYTES = 100_000
_HINT = "Its tables are [roster] and [columns]; the names in them are those of the options."


def saved_mapping(roster: Path) -> ReadingOptions | None:
    """Return what the `bulktap.toml` in a roster's folder says; None if there is none, or the roster is no file.

    Raises:
        RosterError: it cannot be read, or says something that bulktap does not know.
    """
    path = roster.parent / FILE_NAME
    if roster == Path("-") or not path.is_file():
        return None
    hint = "Correct it, or take it away."
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise RosterError(f"{path} has more than {_MOST_BYTES:,} bytes, which no such file needs.", hint=hint)
        told = tomllib.loads(content.decode("utf-8-sig"))
    # A ValueError is also what Python says of a number of more than 4,300 digits, and `tomllib` lets it through.
    except (OSError, ValueError, RecursionError) as error:
        raise RosterError(f"{path} cannot be read: {error}.", hint=hint) from None
    table, columns = told.pop("roster", {}), told.pop("columns", {})
    if told or not isinstance(table, dict) or not isinstance(columns, dict):
        raise RosterError(f"{path}: [{next(iter(told), 'roster')}] is not known.", hint=_HINT)
    for name, heading in columns.items():
        if name not in set(Field) or not isinstance(heading, str) or not heading.strip():
            message = f"{path}: {name} in [columns] is not the heading of a known field."
            hint = f'Write for example user = "Login name". The fields are: {", ".join(Field)}.'
            raise RosterError(message, hint=hint)
    try:
        options = from_table(table | {_COLUMN: columns})
    except WrongOptionError as wrong:
        raise RosterError(f"{path}: {wrong}.", hint=f"Write {wrong.name} = … with {wrong.what}.") from None
    if unknown := [name for name in table if name not in OPTION_NAMES or name == _COLUMN]:
        raise RosterError(f"{path}: {unknown[0]} is not known in [roster].", hint=_HINT)
    return options


def as_note(options: ReadingOptions) -> str:
    """Return the sentence for the notes of a roster that is read with the options of a `bulktap.toml`."""
    names = [f"column {name}" for name in options.columns]
    names += [name for name in to_table(options) if name != _COLUMN]
    return f"{FILE_NAME} beside the roster was used: {', '.join(names) or 'it says nothing'}."


def as_toml(options: ReadingOptions) -> str:
    """Return the text of a `bulktap.toml` that says this."""
    table = to_table(options)
    columns = table.pop(_COLUMN, None)
    if len(options.sheets) == 1:
        table["sheet"] = options.sheets[0]
    lines = _lines("roster", table) if table else []
    if isinstance(columns, dict):
        lines += _lines("columns", columns)
    return "\n".join(lines)


def _lines(title: str, table: Mapping[str, object]) -> list[str]:
    return [f"[{title}]", *(f"{name} = {_toml(value)}" for name, value in table.items()), ""]


def _toml(value: object) -> str:
    """Return a value in TOML's spelling, which for texts, numbers and lists is that of JSON (TOML 1.0)."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
