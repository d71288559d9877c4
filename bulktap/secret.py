"""Secret: text that does not print.

Passphrase, client secret, access token and passcode travel through the program as `Secret`, so that a log line,
an exception or a debugger's listing of variables cannot show them by accident. The text is reached by one named
call, `reveal`, which is easy to search for.
"""

from __future__ import annotations

import hmac
from typing import NoReturn


class Secret:
    """A text whose every representation is a placeholder.

    Two secrets are equal when their texts are; the comparison takes the same time wherever they differ. A secret
    cannot be pickled or copied into a dictionary's text form, and an empty one is falsy.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself; call it only where the text leaves for its one destination."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        ours, theirs = (text.encode("utf-8", "surrogatepass") for text in (self._text, other._text))
        return hmac.compare_digest(ours, theirs)

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(…)"

    def __str__(self) -> str:
        return "Secret(…)"

    def __format__(self, format_spec: str) -> str:
        return "Secret(…)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is not written anywhere")
