"""Types of option values: what cannot be meant is refused where it is typed, with a sentence."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click import Context, Parameter

_LONGEST_LINE = 500


class Rate(click.ParamType[float]):
    """A number of things a second, or of seconds: finite, and within what has an effect."""

    name = "number"

    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> float:
        """Return the number."""
        try:
            number = float(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a number.", param, ctx)
        if not math.isfinite(number) or not self._least <= number <= self._most:
            self.fail(f"{value} is not between {self._least:g} and {self._most:g}.", param, ctx)
        return number


class TextEncoding(click.ParamType[str]):
    """The name of a character encoding that text files are written in."""

    name = "text"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> str:
        """Return the name as it was given."""
        from bulktap.roster.files.text_encoding import text_codec

        text = str(value).strip()
        if text_codec(text) is None:
            self.fail(f"{value!r} is not a text encoding; common ones are utf-8, utf-16 and cp1252.", param, ctx)
        return text


class Line(click.ParamType[str]):
    """A line of text that is kept in files: not long, and nothing in it that no file can hold."""

    name = "text"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> str:
        """Return the line without blanks around it."""
        text = str(value).strip()
        if len(text) > _LONGEST_LINE:
            self.fail(f"{len(text):,} characters are more than {_LONGEST_LINE}.", param, ctx)
        if any(
            not (letter.isprintable() or letter.isspace()) or letter in "\r\n\v\f\x85\u2028\u2029" for letter in text
        ):
            self.fail("it holds a line break or a character that cannot be seen.", param, ctx)
        return text


class Place(click.Path):
    """A path that the system can look at; whether there is something is for the command to find out."""

    def convert(self, value: str | os.PathLike[str], param: Parameter | None, ctx: Context | None) -> Path:
        """Return the path."""
        if not os.fspath(value):
            self.fail("the name is empty.", param, ctx)
        try:
            os.lstat(value)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            pass
        except (OSError, ValueError) as error:  # too long a name, a loop of links, a null byte
            reason = (error.strerror if isinstance(error, OSError) else None) or "its name cannot be used"
            self.fail(f"it cannot be looked at: {reason}.", param, ctx)
        converted = super().convert(value, param, ctx)
        return converted if isinstance(converted, Path) else Path(os.fsdecode(converted))


RATE = Rate(0.01, 1_000)
ENCODING = TextEncoding()
LINE = Line()
