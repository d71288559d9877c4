"""LatePattern: a regular expression that is compiled when it is first asked for something.

A roster's rules know some hundred expressions, of which a small roster needs a few; compiling them all took longer than
reading it.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Finds(Protocol):
    """A method that looks for a match."""

    def __call__(self, text: str, begin: int = 0, /) -> re.Match[str] | None:
        """Return the match, or None."""


class LatePattern:
    """A regular expression with the methods of a compiled one; a fault in it shows when it is first used."""

    def __init__(self, text: str, flags: int = 0) -> None:
        """Take what `re.compile` takes."""
        self._text, self._flags = text, flags

    @cached_property
    def match(self) -> Finds:
        """As of `re.Pattern`."""
        return self._compiled.match

    @cached_property
    def fullmatch(self) -> Finds:
        """As of `re.Pattern`."""
        return self._compiled.fullmatch

    @cached_property
    def search(self) -> Finds:
        """As of `re.Pattern`."""
        return self._compiled.search

    @cached_property
    def findall(self) -> Callable[[str], list[str]]:
        """As of `re.Pattern`, for an expression with at most one group."""
        return self._compiled.findall

    @cached_property
    def split(self) -> Callable[[str], list[str]]:
        """As of `re.Pattern`, for an expression without a group."""
        return self._compiled.split

    @cached_property
    def sub(self) -> Callable[[str | Callable[[re.Match[str]], str], str], str]:
        """As of `re.Pattern`."""
        return self._compiled.sub

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._text, self._flags)
