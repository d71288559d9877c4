"""How an option of the weather is declared, read from text and described: kind, range and words in one place."""

from __future__ import annotations

import math
from dataclasses import field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class OptionKind(StrEnum):
    """What numbers an option takes; the value is how help writes them."""

    CHANCE = "0-1"
    SECONDS = "SECONDS"
    SHIFT = "+-SECONDS"
    COUNT = "N"
    SWITCH = "0|1"


def chance(words: str, default: float = 0.0) -> Any:
    """Declare a probability, or a share of the users."""
    return _option(OptionKind.CHANCE, default, words)


def seconds(words: str, default: float = 0.0) -> Any:
    """Declare a time span."""
    return _option(OptionKind.SECONDS, default, words)


def shift(words: str, default: float = 0.0) -> Any:
    """Declare a difference between two clocks; negative is slow."""
    return _option(OptionKind.SHIFT, default, words)


def count(words: str) -> Any:
    """Declare a whole number."""
    return _option(OptionKind.COUNT, 0, words)


def switch(words: str) -> Any:
    """Declare something that is on or off."""
    return _option(OptionKind.SWITCH, 0, words)


def option_kinds(weather: type) -> dict[str, OptionKind]:
    """Return every option by the name of its field."""
    return {one.name: one.metadata["kind"] for one in fields(weather) if one.metadata}


def option_lines(weather: type) -> Iterator[tuple[str, str, str]]:
    """Yield the field of every option, the option as it is written, `late-503=0-1`, and what it does."""
    for one in fields(weather):
        if one.metadata:
            kind: OptionKind = one.metadata["kind"]
            default = f" (otherwise {one.default:g})" if one.default else ""
            yield one.name, f"{one.name.replace('_', '-')}={kind}", one.metadata["words"] + default


def read_number(option: str, kind: OptionKind, text: str) -> float | int:
    """Read an option's value.

    Raises:
        ValueError: it is no number, or not one that the option takes.
    """
    whole = kind in {OptionKind.COUNT, OptionKind.SWITCH}
    try:
        number: float | int = int(text) if whole else float(text)
    except ValueError:
        number = math.nan
    highest = 1 if kind in {OptionKind.CHANCE, OptionKind.SWITCH} else _HIGHEST
    lowest = -_HIGHEST if kind is OptionKind.SHIFT else 0
    if not lowest <= number <= highest:  # never true of what is not a number
        raise ValueError(f"not a usable number for a weather: {option}={text} (it takes {kind})")
    return number


_HIGHEST = 1_000_000_000


def _option(kind: OptionKind, default: float, words: str) -> Any:
    return field(default=default, metadata={"kind": kind, "words": words})
