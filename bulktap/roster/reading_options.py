"""Reading options: what somebody can say about how a roster is read, each declared once.

An option has one name wherever it is written: on the command line, in `bulktap.toml` and in a saved plan. `to_table`
and `from_table` turn the options into plain values under these names and back; the file and the plan only differ in how
they write such a table down.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from bulktap.model.late_patterns import LatePattern
from bulktap.model.plan import Field
from bulktap.roster.reading_words import DateOrder, HiddenRows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulktap.model.secret import Secret


_LONGEST_NUMBER = 8


class WrongOptionError(ValueError):
    """An option has a value that it cannot have."""

    def __init__(self, name: str, what: str) -> None:
        """Take the option's name, and what its value has to be."""
        super().__init__(f"{name} is not {what}")
        self.name = name
        self.what = what


class _Kind(NamedTuple):
    """One kind of value: how it is described, and how it is made of a plain one."""

    what: str
    read: Callable[[Any], object]
    """Raises ValueError or TypeError where the plain value is none of this kind."""
    is_text: bool = True
    """True if the plain value is a text."""


def _text(plain: object) -> str:
    if not isinstance(plain, str):
        raise TypeError
    return plain


def _names(plain: object) -> tuple[str, ...]:
    names = [plain] if isinstance(plain, str) else plain
    if not isinstance(names, (list, tuple)):
        raise TypeError
    return tuple(map(_text, names))


def _row_number(plain: object) -> int:
    if isinstance(plain, bool) or not isinstance(plain, int) or not 1 <= plain < 10**7:
        raise ValueError
    return plain


def _flag(plain: object) -> bool:
    if not isinstance(plain, bool) and plain != "yes":
        raise ValueError
    return bool(plain)


def _is_include(plain: object) -> bool:
    return HiddenRows(_text(plain)) is HiddenRows.INCLUDE


def _headings(plain: Mapping[str, object]) -> dict[Field, str]:
    return {Field(name): _text(heading) for name, heading in plain.items()}


_TEXT = _Kind("a text in quotes", _text)
_NAMES = _Kind("a name, or a list of names", _names, is_text=False)
_ROW_NUMBER = _Kind("the number of a row", _row_number, is_text=False)
_FLAG = _Kind("true or false", _flag, is_text=False)
_INCLUDED = _Kind('"include" or "skip"', _is_include)
_HIDDEN_ROWS, _DATE_ORDER = (
    _Kind(" or ".join(f'"{word}"' for word in words), words) for words in (HiddenRows, DateOrder)
)
_HEADINGS = _Kind("a table of fields and their headings", _headings, is_text=False)


def _option(name: str, kind: _Kind) -> dict[str, Any]:
    """Return what a field of `ReadingOptions` says of itself: the option's name, and the kind of its values."""
    return {"name": name, "kind": kind}


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a roster is read, as far as somebody said it; what is empty is found out, or asked."""

    sheets: tuple[str, ...] = field(default=(), metadata=_option("sheet", _NAMES))
    """Names of sheets or Excel tables; empty finds the one that holds a roster, several are read as one."""
    header_row: int | None = field(default=None, metadata=_option("header-row", _ROW_NUMBER))
    """Number of the row of headings; None finds it."""
    hidden_rows: HiddenRows | None = field(default=None, metadata=_option("hidden-rows", _HIDDEN_ROWS))
    """What to do about hidden rows; None stops at them."""
    encoding: str | None = field(default=None, metadata=_option("encoding", _TEXT))
    """Encoding of a text file; None finds out."""
    domain: str | None = field(default=None, metadata=_option("domain", _TEXT))
    """Domain of user names that have none."""
    timezone: str | None = field(default=None, metadata=_option("timezone", _TEXT))
    """IANA name of the zone of the roster's times; None takes the machine's."""
    date_order: DateOrder | None = field(default=None, metadata=_option("date-order", _DATE_ORDER))
    """How dates of three numbers are read; None finds out from the column."""
    include_inactive: bool = field(default=False, metadata=_option("inactive", _INCLUDED))
    """True if people whom the roster calls inactive or blocked get a pass too."""
    columns: Mapping[Field, str] = field(default_factory=dict, metadata=_option("column", _HEADINGS))
    """Field → heading of the column that was named for it."""
    all_sheets: bool = field(default=False, metadata=_option("all-sheets", _FLAG))
    """True if every sheet that looks like a roster is read."""
    skip_unreadable: bool = field(default=False, metadata=_option("skip-unreadable", _FLAG))
    """True if of several files those that cannot be read are passed over."""
    class_by: str | None = field(default=None, metadata=_option("class-by", _TEXT))
    """Heading of the column by which people are grouped; of a school's export also `class`, `grade`, `school`."""

    join: str | None = field(default=None, metadata=_option("join", _TEXT))
    """Path of a file whose columns are put beside the rows."""
    on: str | None = field(default=None, metadata=_option("on", _TEXT))
    """Heading of the column that both files have; None takes the only one that they have in common."""

    @property
    def mapped(self) -> Mapping[Field, str]:
        """Field → heading, with the column by which people are grouped."""
        if self.class_by is None or Field.GROUP in self.columns:
            return self.columns
        return {**self.columns, Field.GROUP: self.class_by.strip()}

    def completed_by(self, others: ReadingOptions) -> ReadingOptions:
        """Return these options, with the others where these say nothing."""
        said = {each.name: value for each in fields(self) if (value := getattr(self, each.name))}
        return replace(others, **said | {"columns": {**others.columns, **self.columns}})


OPTION_NAMES: tuple[str, ...] = tuple(each.metadata["name"] for each in fields(ReadingOptions))
"""The names of all options."""


@dataclass(frozen=True, slots=True)
class RosterPassword:
    """What opens a protected workbook; never saved."""

    given: Secret | None = None
    ask: Callable[[str], Secret | None] | None = None
    """Asks for the password of the file of this name, where none was given; None from it gives up."""


def to_table(options: ReadingOptions) -> dict[str, object]:
    """Return what the options say as plain values by name: texts, numbers, lists and tables."""
    said = ((each.metadata, getattr(options, each.name)) for each in fields(options))
    return {told["name"]: value if told["kind"] is _FLAG else _plain(value) for told, value in said if value}


def _plain(value: object) -> object:
    match value:
        case True:
            return HiddenRows.INCLUDE.value
        case tuple():
            return list(value)
        case StrEnum():
            return value.value
        case _:
            return value


def from_table(table: Mapping[str, object]) -> ReadingOptions:
    """Return the options of a table; names that are no option's are overlooked.

    Raises:
        WrongOptionError: an option has a value that it cannot have.
    """
    found: dict[str, Any] = {}  # by the name of a field, as its own kind reads it
    for each in fields(ReadingOptions):
        name, kind = each.metadata["name"], each.metadata["kind"]
        if table.get(name) is not None:
            try:
                found[each.name] = kind.read(table[name])
            except (ValueError, TypeError, AttributeError):
                raise WrongOptionError(name, kind.what) from None
    return ReadingOptions(**found)


def answered(answers: Mapping[str, str]) -> ReadingOptions:
    """Return the options that answers set, each by its name and as somebody would type it; several on a line each.

    Raises:
        WrongOptionError: an answer is none.
    """
    table: dict[str, object] = {}
    for name, answer in answers.items():
        match name:
            case "sheet":
                table[name] = answer.split("\n")
            case "header-row":
                table[name] = int(answer) if answer.isdecimal() and len(answer) < _LONGEST_NUMBER else answer
            case "column":
                pairs = [line.partition("=") for line in answer.split("\n")]
                table[name] = {field.strip(): heading for field, _, heading in pairs}
            case _:
                table[name] = answer
    options = from_table(table)
    for name, what, is_one in _MEANT:
        if (said := table.get(name)) is not None and not is_one(str(said)):
            raise WrongOptionError(name, what)
    return options


def to_texts(options: ReadingOptions) -> dict[str, str]:
    """Return the options as texts, as a saved plan keeps them; the time zone is the plan's own."""
    table = to_table(replace(options, timezone=None))
    return {
        name.replace("-", "_"): plain if isinstance(plain, str) else json.dumps(plain) for name, plain in table.items()
    }


def from_texts(texts: Mapping[str, str]) -> ReadingOptions:
    """Return the options that `to_texts` was given.

    Raises:
        ValueError: the texts are not what that wrote.
    """
    table: dict[str, object] = {}
    for each in fields(ReadingOptions):
        name, kind = each.metadata["name"], each.metadata["kind"]
        if (text := texts.get(name.replace("-", "_"))) is not None:
            table[name] = text if kind.is_text else _json_of(text)
    options = from_table(table)
    if options.encoding is not None and not _is_encoding(options.encoding):
        raise WrongOptionError("encoding", _ENCODING)
    return options


def _json_of(text: str) -> object:
    try:
        found: object = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return found


def _is_encoding(name: str) -> bool:
    try:
        "a".encode(name)
    except (LookupError, ValueError):
        return False
    return True


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _is_domain(text: str) -> bool:
    return _DOMAIN.match(text) is not None


_ENCODING = "the name of a text encoding"
_DOMAIN = LatePattern(r"@?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\Z")
_MEANT: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("domain", "a domain such as contoso.com", _is_domain),
    ("timezone", "the name of a time zone such as Europe/Berlin", _is_zone),
    ("encoding", _ENCODING, _is_encoding),
)
"""Texts that not every text can be: the option's name, and what its value has to be."""
