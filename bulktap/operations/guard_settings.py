"""Guards as somebody writes them: by the names of their settings, in options and in the `[guards]` of a `bulktap.toml`.

    [guards]
    allow = "*@students.contoso.com"      # or a list
    deny = ["*@admins.contoso.com", "principal@contoso.com"]
    max-rows = 500
    stop-after-failures = "5%"            # or a number of rows
    confirm = "type"
    type-from-rows = 200
    type-from-lifetime = "8h"
    type-from-replacements = 20

Such a file lies where others may write, so that it can only make things stricter: see `Guards.with_also`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bulktap.model.guards import FailureLimit, Guards, checked_pattern
from bulktap.roster.rows.lifetimes import parse_lifetime

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
GUARD_NAMES = (
    "allow", "deny", "max-rows", "stop-after-failures", "confirm", "type-from-rows", "type-from-lifetime",
    "type-from-replacements",
)  # fmt: skip
_MOST = 10_000_000
_CONFIRMATIONS = frozenset({"yes", "type"})


def guards_of(table: Mapping[str, object]) -> Guards:
    """Return the guards of a table by the names of the settings; None stands for one of which nothing is said.

    Raises:
        ValueError: one is not known, or has a value that it cannot have; the sentence names it.
    """
    said = {name: value for name, value in table.items() if value is not None}
    if unknown := [name for name in said if name not in GUARD_NAMES]:
        raise ValueError(f"{unknown[0]} is no guard; there are {', '.join(GUARD_NAMES)}.")
    allow, deny = _patterns(said, "allow"), _patterns(said, "deny")
    failures = said.get("stop-after-failures")
    typed = _confirmation(said) == "type"
    rows, lifetime = _number(said, "type-from-rows"), _lifetime(said, "type-from-lifetime")
    replacements = _number(said, "type-from-replacements")
    if typed and rows is lifetime is replacements is None:
        rows = 1  # said here and now, so that no size that somebody else names takes it back
    return Guards(
        allow=(allow,) if allow else (),
        deny=deny,
        max_rows=_number(said, "max-rows"),
        stop_after_failures=() if failures is None else (_read("stop-after-failures", FailureLimit.of, failures),),
        type_from_rows=rows,
        type_from_lifetime=lifetime,
        type_from_replacements=replacements,
        typed_by_person=typed,
    )


def _patterns(said: Mapping[str, object], name: str) -> tuple[str, ...]:
    if name not in said:
        return ()
    value = said[name]
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not words:
        raise ValueError(f"{name} is neither a pattern nor a list of patterns.")
    return tuple(_read(name, checked_pattern, word) for word in words)


def _number(said: Mapping[str, object], name: str) -> int | None:
    value = said.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError(f"{name} is not a number of rows.")
    return value


def _lifetime(said: Mapping[str, object], name: str) -> int | None:
    value = said.get(name)
    return None if value is None else _read(name, parse_lifetime, value)


def _confirmation(said: Mapping[str, object]) -> str:
    value = said.get("confirm", "yes")
    if not isinstance(value, str) or value not in _CONFIRMATIONS:
        raise ValueError('confirm is neither "type" nor "yes".')
    return value


def _read(name: str, read: Callable[[str], T], value: object) -> T:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{name} has a value that it cannot have.")
    try:
        return read(str(value))
    except ValueError as wrong:
        raise ValueError(f"{name}: {wrong}") from None
