"""A length of time as an option: `100s`, `2m`, `1.5h`, or bare seconds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click import Context, Parameter

_FORM = re.compile(r"\s*(\d{1,15}(?:\.\d{1,15})?)\s*(ms|s|m|h|d)?\s*\Z", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, None: 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


class Seconds(click.ParamType[float]):
    """Converts to seconds."""

    name = "time"

    def __init__(self, longest: str) -> None:
        """Take the longest that has a meaning, in the same form."""
        self._longest = longest

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> float:
        """Return the seconds; a number is taken as it is."""
        if isinstance(value, int | float):
            return float(value)
        seconds = _seconds(str(value))
        if not seconds:
            self.fail(f"{value!r} is not a length of time such as 100s or 2m.", param, ctx)
        if seconds > (_seconds(self._longest) or 0.0):
            self.fail(f"{value} is longer than {self._longest}.", param, ctx)
        return seconds


def _seconds(text: str) -> float | None:
    match = _FORM.match(text)
    return None if match is None else float(match[1]) * _SECONDS[match[2]]


SECONDS = Seconds("1h")
DAYS = Seconds("366d")
