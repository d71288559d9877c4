"""A length of time as an option: `100s`, `2m`, `1.5h`, or bare seconds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click import Context, Parameter

_FORM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?\s*\Z")
_SECONDS = {"ms": 0.001, "s": 1.0, None: 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


class Seconds(click.ParamType[float]):
    """Converts to seconds."""

    name = "time"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> float:
        """Return the seconds; a number is taken as it is."""
        if isinstance(value, int | float):
            return float(value)
        match = _FORM.match(str(value))
        if match is None or float(match[1]) == 0:
            self.fail(f"{value!r} is not a length of time such as 100s or 2m.", param, ctx)
        return float(match[1]) * _SECONDS[match[2]]


SECONDS = Seconds()
