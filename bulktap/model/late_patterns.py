"""late_pattern: a regular expression that is compiled when it is first asked for something.

A roster's rules know some hundred expressions, of which a small roster needs a few; compiling them all took longer than
reading it.
"""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _LatePattern:
    __slots__ = ("_flags", "_text", *_METHODS)

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> object:
        """Compile it; from then on each method is the compiled one's own, found without coming here."""
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        found: object = getattr(compiled, name)
        return found


def late_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` would return; a fault in the expression shows when it is first used."""
    return cast("re.Pattern[str]", _LatePattern(text, flags))
