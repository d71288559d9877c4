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

The names are those of the options; every line may be left out. An option that is given on the command line wins. What
is not known here is refused, so that a slip of the pen is not silently without effect.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bulktap.model.errors import RosterError
from bulktap.model.plan import Field
from bulktap.roster.model import HiddenRows
from bulktap.roster.rows.dates import DateOrder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

FILE_NAME = "bulktap.toml"
"""The file's name; it lies in the folder of the roster."""

_Word = TypeVar("_Word", bound="StrEnum")
_HINT = "Its tables are [roster] and [columns]; the names in them are those of the options."


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """What a `bulktap.toml` says; None, or nothing, where it says nothing."""

    columns: Mapping[Field, str] = field(default_factory=dict)
    """Field → heading, as `--column` names them."""
    sheet: tuple[str, ...] = ()
    header_row: int | None = None
    hidden_rows: HiddenRows | None = None
    encoding: str | None = None
    domain: str | None = None
    timezone: str | None = None
    date_order: DateOrder | None = None
    include_inactive: bool = False
    """Whether people whom the roster calls inactive get a pass too."""

    @property
    def note(self) -> str:
        """The sentence for the notes of a roster that is read so."""
        names = [f"column {name}" for name in self.columns]
        names += [
            each.name.replace("_", "-")
            for each in fields(self)
            if each.name != "columns" and getattr(self, each.name) not in {None, (), False}
        ]
        return f"{FILE_NAME} beside the roster was used: {', '.join(names) or 'it says nothing'}."


def saved_mapping(roster: Path) -> SavedMapping | None:
    """Return what the `bulktap.toml` in a roster's folder says; None if there is none, or the roster is no file.

    Raises:
        RosterError: it cannot be read, or says something that bulktap does not know.
    """
    path = roster.parent / FILE_NAME
    if roster == Path("-") or not path.is_file():
        return None
    try:
        told = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise RosterError(f"{path} cannot be read: {error}.", hint="Mend it, or take it away.") from None
    table, columns = told.pop("roster", {}), told.pop("columns", {})
    if told or not isinstance(table, dict) or not isinstance(columns, dict):
        raise RosterError(f"{path}: [{next(iter(told), 'roster')}] is not known.", hint=_HINT)
    return _Reader(path, table).mapping(columns)


def as_toml(mapping: SavedMapping) -> str:
    """Return the text of a `bulktap.toml` that says this."""
    table: dict[str, object] = {
        "sheet": list(mapping.sheet) if len(mapping.sheet) > 1 else next(iter(mapping.sheet), None),
        "header-row": mapping.header_row,
        "hidden-rows": mapping.hidden_rows,
        "encoding": mapping.encoding,
        "domain": mapping.domain,
        "timezone": mapping.timezone,
        "date-order": mapping.date_order,
        "inactive": "include" if mapping.include_inactive else None,
    }
    lines = [f"{key} = {_toml(value)}" for key, value in table.items() if value is not None]
    parts = ["[roster]", *lines, ""] if lines else []
    if mapping.columns:
        parts += ["[columns]", *(f"{name} = {_toml(heading)}" for name, heading in mapping.columns.items()), ""]
    return "\n".join(parts)


def _toml(value: object) -> str:
    """Return a value in TOML's spelling, which for texts, numbers and lists is that of JSON (TOML 1.0)."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


class _Reader:
    """Takes the known entries out of the [roster] table."""

    def __init__(self, path: Path, table: dict[str, object]) -> None:
        self._path = path
        self._table = dict(table)

    def mapping(self, columns: dict[str, object]) -> SavedMapping:
        """Return what the tables say; whatever is left over is refused."""
        sheet = self._table.pop("sheet", ())
        names = [sheet] if isinstance(sheet, str) else sheet
        if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
            raise self._wrong("sheet", "a name, or a list of names")
        header_row = self._table.pop("header-row", None)
        if header_row is not None and (
            isinstance(header_row, bool) or not isinstance(header_row, int) or header_row < 1
        ):
            raise self._wrong("header-row", "the number of a row")
        inactive = self._text("inactive")
        if inactive not in {None, "include", "skip"}:
            raise self._wrong("inactive", '"include" or "skip"')
        saved = SavedMapping(
            columns=self._columns(columns),
            sheet=tuple(names),
            header_row=header_row,
            hidden_rows=self._word("hidden-rows", HiddenRows),
            encoding=self._text("encoding"),
            domain=self._text("domain"),
            timezone=self._text("timezone"),
            date_order=self._word("date-order", DateOrder),
            include_inactive=inactive == "include",
        )
        if self._table:
            raise RosterError(f"{self._path}: {next(iter(self._table))} is not known in [roster].", hint=_HINT)
        return saved

    def _columns(self, columns: dict[str, object]) -> dict[Field, str]:
        known = ", ".join(Field)
        for name, heading in columns.items():
            if name not in set(Field) or not isinstance(heading, str) or not heading.strip():
                message = f"{self._path}: {name} in [columns] is not the heading of a known field."
                raise RosterError(message, hint=f'Write for example user = "Login name". The fields are: {known}.')
        return {Field(name): str(heading) for name, heading in columns.items()}

    def _text(self, key: str) -> str | None:
        value = self._table.pop(key, None)
        if value is not None and not isinstance(value, str):
            raise self._wrong(key, "a text in quotes")
        return value

    def _word(self, key: str, words: type[_Word]) -> _Word | None:
        value = self._text(key)
        if value is not None and value not in set(words):
            raise self._wrong(key, " or ".join(f'"{word}"' for word in words))
        return None if value is None else words(value)

    def _wrong(self, key: str, what: str) -> RosterError:
        return RosterError(f"{self._path}: {key} is not {what}.", hint=f"Write {key} = … with {what}.")
