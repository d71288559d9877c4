"""Guards: the limits within which a run stays, whatever else was asked for; they add up, and never loosen one another.

They come from options, from variables and from the `[guards]` of a `bulktap.toml`, and the plan keeps them. Of two that
say something about the same thing the stricter one holds, so that neither a file that somebody planted beside a roster
nor a later command can take a guard away.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bulktap.model.late_patterns import LatePattern

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIMIT = LatePattern(r"\s*(\d{1,7}(?:\.\d{1,2})?)\s*(%?)\s*\Z", re.ASCII)
_GUID = LatePattern(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_WILD = frozenset("*?")
_NEVER_IN = LatePattern(r"""[\s;,"<>()\[\]{}|\\/:=]|@.*@""")
"""What no sign-in name holds: it comes from a line that was written in another way, such as CSV."""
LONGEST_PATTERN = 500
"""Characters; a sign-in name has 113 at most."""


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """How many rows may fail before a run stops: a number of rows, or a part of all that it was to issue."""

    text: str
    """As people write it: `10`, `5%`."""

    @classmethod
    def of(cls, text: str) -> FailureLimit:
        """Read it.

        Raises:
            ValueError: it is neither a number of rows nor a percentage.
        """
        match = _LIMIT.match(text)
        number = float(match[1]) if match else 0.0
        if match is None or not number or (number > 100 if match[2] else not number.is_integer()):
            raise ValueError(f"{text!r} is neither a number of rows, such as 10, nor a part of them, such as 5%.")
        return cls(f"{number:g}%" if match[2] else f"{number:.0f}")

    @property
    def is_part(self) -> bool:
        """True if it is a part of the rows."""
        return self.text.endswith("%")

    @property
    def amount(self) -> float:
        """The number of rows, or the percentage."""
        return float(self.text.removesuffix("%"))

    def rows(self, of: int) -> int:
        """Return at which number of failed rows a run of so many stops."""
        return max(1, math.ceil(of * self.amount / 100 - 1e-9)) if self.is_part else int(self.amount)


@dataclass(frozen=True, slots=True)
class Guards:
    """What a run keeps to."""

    allow: tuple[tuple[str, ...], ...] = ()
    """Lists of patterns: a user has to match one of each list, because each comes from somebody who wants it so."""
    deny: tuple[str, ...] = ()
    """Patterns of users who get no pass."""
    max_rows: int | None = None
    """More passes than these are not created: nothing is sent then."""
    stop_after_failures: tuple[FailureLimit, ...] = ()
    """The run stops as soon as one of these is reached."""
    type_from_rows: int | None = None
    """From so many passes on, the tenant's domain or name is typed in place of yes."""
    type_from_lifetime: int | None = None
    """Likewise from so many minutes of the longest pass."""
    type_from_replacements: int | None = None
    """Likewise from so many passes that are replaced."""
    typed_by_person: bool = False
    """Whether somebody has to type it: `yes` given in advance does not answer the question."""

    def __bool__(self) -> bool:
        """Return True if anything is guarded."""
        return self != _NONE

    def with_also(self, others: Guards) -> Guards:
        """Return guards that keep to what these and what the others want."""
        return Guards(
            allow=tuple(dict.fromkeys((*self.allow, *others.allow))),
            deny=tuple(dict.fromkeys((*self.deny, *others.deny))),
            max_rows=_least(self.max_rows, others.max_rows),
            stop_after_failures=tuple(dict.fromkeys((*self.stop_after_failures, *others.stop_after_failures))),
            type_from_rows=_least(self.type_from_rows, others.type_from_rows),
            type_from_lifetime=_least(self.type_from_lifetime, others.type_from_lifetime),
            type_from_replacements=_least(self.type_from_replacements, others.type_from_replacements),
            typed_by_person=self.typed_by_person or others.typed_by_person,
        )

    def looser_than(self, kept: Guards) -> list[str]:
        """Return the settings in which these want less than what is kept, so that one of the two has no effect."""
        looser = [
            name
            for name in ("max_rows", "type_from_rows", "type_from_lifetime", "type_from_replacements")
            if (mine := getattr(self, name)) is not None
            and (theirs := getattr(kept, name)) is not None
            and mine > theirs
        ]
        for is_part in (True, False):
            mine, theirs = (
                min((limit.amount for limit in one.stop_after_failures if limit.is_part is is_part), default=None)
                for one in (self, kept)
            )
            if mine is not None and theirs is not None and mine > theirs:
                looser.append("stop_after_failures")
        return looser


def guards_to_json(guards: Guards) -> dict[str, Any]:
    """Return guards as plan.json and the journal's archive keep them."""
    return {
        "allow": [list(patterns) for patterns in guards.allow],
        "deny": list(guards.deny),
        "max_rows": guards.max_rows,
        "stop_after_failures": [limit.text for limit in guards.stop_after_failures],
        "type_from_rows": guards.type_from_rows,
        "type_from_lifetime": guards.type_from_lifetime,
        "type_from_replacements": guards.type_from_replacements,
        "typed_by_person": guards.typed_by_person,
    }


def guards_from_json(members: Mapping[str, Any] | None) -> Guards:
    """Return the guards that `guards_to_json` was given; a plan of an earlier version has none.

    Raises:
        ValueError: a member cannot be meant.
    """
    if members is None:
        return Guards()
    known = {name: value for name, value in members.items() if name in Guards.__slots__}
    return Guards(
        **{
            **known,
            "allow": tuple(tuple(patterns) for patterns in members["allow"]),
            "deny": tuple(members["deny"]),
            "stop_after_failures": tuple(FailureLimit.of(text) for text in members["stop_after_failures"]),
        }
    )


def checked_pattern(text: str) -> str:
    """Return a pattern of users as it is kept: a sign-in name, an object id, or either with `*` and `?` in it.

    Raises:
        ValueError: it can match nobody, so that it would guard nothing.
    """
    pattern = text.strip()
    for around in ('""', "''", "{}"):
        if pattern[:1] + pattern[-1:] == around and len(pattern) > 2:
            pattern = pattern[1:-1].strip()
    local, at, domain = pattern.partition("@")
    means_somebody = (local and domain) if at else (_GUID.match(pattern) or not _WILD.isdisjoint(pattern))
    if not means_somebody or len(pattern) > LONGEST_PATTERN or not pattern.isprintable() or _NEVER_IN.search(pattern):
        shown = pattern[:40].encode("unicode_escape").decode("ascii")
        raise ValueError(f"{shown!r} is no sign-in name, object id or pattern such as *@students.contoso.com.")
    return pattern


def _least(one: int | None, other: int | None) -> int | None:
    return min((value for value in (one, other) if value is not None), default=None)


_NONE = Guards()
