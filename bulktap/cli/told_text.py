"""Text as a terminal, or a program that reads standard output, may be given it; pure."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

from bulktap.cli.setting_options import with_options
from bulktap.model.secret import struck

if TYPE_CHECKING:
    from collections.abc import Mapping

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of control, format, lone surrogate, private, unassigned, line and paragraph separator."""
_SHORTEST_STRUCK = 8
"""Characters of a secret that is struck out of our own words too; shorter ones are where outside text comes in."""


def visible(text: str) -> str:
    """Return text with what could steer a terminal or begin a new line written out: no character of it is obeyed."""
    if text.isprintable():
        return text
    return "".join(f"<U+{ord(letter):04X}>" if unicodedata.category(letter) in _STEERING else letter for letter in text)


def shown(text: str) -> str:
    """Return one line as the terminal may have it: no secret in it, and nothing that steers."""
    return visible(told(text))


def told(text: str) -> str:
    """Return text as it leaves the program: settings by their options, and no secret in it."""
    return struck(with_options(text), shortest=_SHORTEST_STRUCK)


def as_json(members: Mapping[str, object], *, only_ascii: bool) -> str:
    """Return a JSON object on one line, in which what could steer a terminal is escaped."""
    text = json.dumps(_told_values(members), ensure_ascii=only_ascii)
    if text.isprintable():
        return text
    return "".join(json.dumps(letter)[1:-1] if unicodedata.category(letter) in _STEERING else letter for letter in text)


def _told_values(value: object) -> object:
    match value:
        case str():
            return told(value)
        case dict():
            return {name: _told_values(one) for name, one in value.items()}
        case list() | tuple():
            return [_told_values(one) for one in value]
        case _:
            return value


def duration(seconds: float) -> str:
    """Return a length of time as a person says it."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    if whole < 600:
        return f"{whole / 60:.1f}".removesuffix(".0") + " min"
    if whole < 90 * 60:
        return f"{round(whole / 60)} min"
    return f"{whole / 3600:.1f}".removesuffix(".0") + " h"
