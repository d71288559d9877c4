"""What can be wrong with a row, as the catalogue of row errors says it, with what is filled in written in capitals."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bulktap.cli.setting_options import with_options
from bulktap.model.passes import AccessPass
from bulktap.model.row_error_catalogue import about_cells, about_earlier_runs, about_guards, about_passes, about_users
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.roster.rows.user_faults import faults_of_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOMENT = datetime(2035, 9, 1, tzinfo=UTC)
_OBJECT_ID = "00000000-0000-0000-0000-000000000000"
_MIXED = "\u0430nna@contoso.com"
"""Begins with a Cyrillic letter."""
_REVERSES = "\u202e"
"""One character; RIGHT-TO-LEFT OVERRIDE."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One sentence about a row, and how to put it right."""

    code: RowErrorCode
    message: str
    hint: str


def row_problems() -> list[RowProblem]:
    """Return every sentence of the catalogue, in the order of the codes."""
    found = dict.fromkeys(
        RowProblem(made.code, _own_words(with_options(made.message)), _own_words(with_options(made.hint)))
        for module in (about_cells, about_earlier_runs, about_guards, about_passes, about_users)
        for entry in _entries(module)
        for made in _made(entry)
    )
    # The words of this one are put together where the letters are looked at.
    mixed = faults_of_name(_MIXED, _MIXED, None)
    if mixed is not None:
        found[RowProblem(mixed.code, mixed.message, mixed.hint)] = None
    # And this one says something else of an object id.
    unknown = about_users.user_not_found(_OBJECT_ID)
    found[RowProblem(unknown.code, unknown.message.replace(_OBJECT_ID, "ID"), unknown.hint)] = None
    order = list(RowErrorCode)
    told = [one for one in found if one.message or one.hint]
    return sorted(told, key=lambda one: order.index(one.code))


def _own_words(text: str) -> str:
    """Return a sentence, without a remedy that is filled in; empty where all of it is."""
    rest = text.removeprefix("HINT; or ")
    if rest != text:
        rest = rest[0].upper() + rest[1:]
    return rest if any(letter.islower() for letter in rest) else ""


class _Count(int):
    """A number that sentences show as a name."""

    shown = ""

    def __format__(self, spec: str) -> str:
        """Return the name."""
        return self.shown or super().__format__(spec)

    def __str__(self) -> str:
        """Return the name."""
        return self.shown


def _entries(module: object) -> Iterator[Callable[..., RowError]]:
    for name, entry in vars(module).items():
        own = inspect.isfunction(entry) and entry.__module__ == getattr(module, "__name__", None)
        # An entry that is given an error adds to it; what it says depends on that.
        if not own or name.startswith("_"):
            continue
        kinds = dict(entry.__annotations__)
        if kinds.pop("return") == "RowError" and "RowError" not in kinds.values():
            yield entry


def _made(entry: Callable[..., RowError]) -> Iterator[RowError]:
    """Yield what an entry says; two sentences where a condition decides between them."""
    parameters = inspect.signature(entry).parameters.values()
    for condition in (True, False):
        arguments = {one.name: _sample(one.name, str(one.annotation), condition=condition) for one in parameters}
        places = [arguments[one.name] for one in parameters if one.kind is not one.KEYWORD_ONLY]
        named = {one.name: arguments[one.name] for one in parameters if one.kind is one.KEYWORD_ONLY}
        yield entry(*places, **named)


def _sample(name: str, kind: str, *, condition: bool) -> Any:
    word = name.replace("_", " ").upper()
    count = _Count(60)
    count.shown = word
    samples: dict[str, Any] = {
        "bool": condition,
        "int": count,
        "tuple[str, str]": ("ONE", "OTHER"),
        "datetime": _MOMENT,
        "ZoneInfo": ZoneInfo("UTC"),
        "AccessPass": AccessPass("ID", _MOMENT, _MOMENT, 60),
    }
    if kind.endswith(" | None") and not condition:
        return None
    return _REVERSES if name == "char" else samples.get(kind.removesuffix(" | None"), word)
