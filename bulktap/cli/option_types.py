"""Types of options: each kind of value that a setting can have, as click takes it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import click

from bulktap.settings import kinds

if TYPE_CHECKING:
    from click import Context, Parameter
    from click.shell_completion import CompletionItem

T = TypeVar("T")
_PATTERN = re.compile(r"[*?]|\[.+\]")
_OF_PROGRAMS = (".", "~$")
"""What the names of hidden files begin with, and those by which Excel says that a workbook is open."""
_NAMES: dict[type[Any], str] = {
    kinds.Number: "number",
    kinds.PerSecond: "rate",
    kinds.Length: "time",
    kinds.Encoding: "text",
    kinds.Line: "text",
    kinds.LimitProfile: "limit",
    kinds.Failures: "failures",
    kinds.RunName: "name",
    kinds.Minutes: "time",
}
"""What help calls a value of a kind."""


class Parsed(click.ParamType[T], Generic[T]):
    """A value that its kind reads; what cannot be meant is refused where it is typed, with the kind's sentence."""

    def __init__(self, name: str, kind: kinds.Kind[T]) -> None:
        """Take what help calls such a value, and its kind."""
        self.name = name
        self._kind = kind

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> T:
        """Return the value."""
        try:
            return self._kind.take(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


class Words(click.ParamType[str]):
    """Text that may hold blanks; several values in an environment variable stand on a line each."""

    name = "text"

    def split_envvar_value(self, rv: str) -> list[str]:
        """Return the lines; a last one that is empty, as files and pipelines leave it behind, says nothing."""
        return [line for line in rv.splitlines() if line.strip()]


class Codes(Words):
    """One of a few words, each time the option is given."""

    name = "code"

    def __init__(self, kind: kinds.Codes) -> None:
        """Take the words."""
        self._kind = kind

    def convert(self, value: str, param: Parameter | None, ctx: Context | None) -> str:
        """Return the word."""
        try:
            return self._kind.take(value)[0]
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the words that begin so; capitals do not matter."""
        from click.shell_completion import CompletionItem

        del ctx, param  # the same words wherever the option stands
        begun = incomplete.casefold()
        return [CompletionItem(word) for word in self._kind.words if word.casefold().startswith(begun)]


class UserPatterns(Words):
    """Users, or patterns of them."""

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> str:
        """Return the pattern."""
        try:
            return kinds.UserPatterns().take(value)[0]
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


class Place(click.Path):
    """A path that the system can look at; whether there is something is for the command to find out."""

    def convert(self, value: str | os.PathLike[str], param: Parameter | None, ctx: Context | None) -> Path:
        """Return the path."""
        try:
            meant = kinds.Place().take(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)
        converted = super().convert(meant, param, ctx)
        return converted if isinstance(converted, Path) else Path(os.fsdecode(converted))


def files_meant(word: str) -> list[str]:
    """Return the files whose names fit a pattern such as `7*.xlsx`; the word itself if it is none, or nothing fits."""
    if not _PATTERN.search(word) or os.path.lexists(word):
        return [word]
    path = Path(word).expanduser() if Path(word).parts[0] == "~" else Path(word)
    found = Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    return sorted(str(one) for one in found if not one.name.startswith(_OF_PROGRAMS)) or [word]


def type_of(kind: kinds.Kind[Any]) -> click.ParamType[Any] | None:
    """Return how click takes values of a kind; None takes any text."""
    found: click.ParamType[Any] | None = None
    match kind:
        case kinds.Choice(words):
            found = click.Choice(words, case_sensitive=False)
        case kinds.Whole(None, None):
            found = click.INT
        case kinds.Whole(least, most):
            found = click.IntRange(least, most)
        case kinds.Place(file, folder, readable):
            found = Place(file_okay=file, dir_okay=folder, readable=readable, path_type=Path)
        case kinds.Words():
            found = Words()
        case kinds.Codes():
            found = Codes(kind)
        case kinds.UserPatterns():
            found = UserPatterns()
        case _ if type(kind) in _NAMES:
            found = Parsed(_NAMES[type(kind)], kind)
        case _:
            pass
    return found
