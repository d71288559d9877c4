"""Secret: text that does not print.

Passphrase, client secret, access token and passcode travel through the program as `Secret`, so that a log line,
an exception or a debugger's listing of variables cannot show them by accident. The text is reached by one named
call, `reveal`, which is easy to search for.

What others write (a sign-in error, a refusal of Microsoft Graph) may quote our own request. `struck` takes the text of
every secret that is alive out of it, also where it stands percent-encoded or escaped as in JSON.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET_VARIABLES = (
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "BULKTAP_PASSPHRASE",
    "BULKTAP_NEW_PASSPHRASE",
    "BULKTAP_WORKBOOK_PASSPHRASE",
)
"""Variables of the environment that no command which is started inherits."""
PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
"""Variables that may hold a password, and that commands need to reach their own services."""

STRUCK = "[secret]"
"""What stands in place of a secret."""
SHORTEST = 4
"""Characters; shorter secrets are not looked for, since they stand in ordinary words."""
_PREFIX = 8
"""Characters at the end of a text that was cut off in the middle of a secret."""
_ESCAPED = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[\"'\\/]"
    r"|&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});",
    re.ASCII,
)
_FORM_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+|\+", re.ASCII)
_DEEPEST = 3
"""How often a text may have been escaped: in JSON, for a page, by a gateway."""


class _Living:
    """The texts of all secrets that are alive, by their length: a text is searched for any number of them at once."""

    def __init__(self) -> None:
        # Reentrant, because a collection of garbage in here may end the life of another secret.
        self._lock = threading.RLock()
        self._counts: dict[int, dict[str, int]] = {}

    def born(self, text: str) -> None:
        """Count one secret with this text."""
        with self._lock:
            counts = self._counts.setdefault(len(text), {})
            counts[text] = counts.get(text, 0) + 1

    def died(self, text: str) -> None:
        """Count one less."""
        with self._lock:
            counts = self._counts.get(len(text), {})
            left = counts.get(text, 0) - 1
            if left > 0:
                counts[text] = left
            else:
                counts.pop(text, None)

    def spans(self, text: str, shortest: int) -> Iterator[tuple[int, int]]:
        """Yield where in a text secrets stand, and where it ends in the beginning of one."""
        with self._lock:
            kinds = [(length, counts) for length, counts in self._counts.items() if length >= shortest and counts]
            for length, counts in kinds:
                for begin in range(len(text) - length + 1):
                    if text[begin : begin + length] in counts:
                        yield begin, begin + length
                if length < 2 * _PREFIX or len(counts) > 100:
                    continue  # a passcode is short, and there are thousands
                tail = text.rstrip(".… ")
                for secret in counts:
                    place = tail.rfind(secret[:_PREFIX])
                    if place >= 0 and secret.startswith(tail[place:]):
                        yield place, len(tail)


_LIVING = _Living()


class Secret:
    """A text whose every representation is a placeholder.

    Two secrets are equal when their texts are; the comparison takes the same time wherever they differ. A secret
    cannot be pickled or copied into a dictionary's text form, and an empty one is falsy.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        _LIVING.born(text)

    def __del__(self, living: _Living = _LIVING) -> None:
        living.died(self._text)

    def reveal(self) -> str:
        """Return the text itself; call it only where the text leaves for its one destination."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac  # loads OpenSSL, which help and small plans do without

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


def struck(text: str, *, shortest: int = SHORTEST) -> str:
    """Return a text without the secrets in it; call it on what comes from outside, before it is cut or quoted.

    Args:
        text: what is to be shown or logged.
        shortest: shorter secrets stay; our own words hold those of four letters by accident.
    """
    found = list(_LIVING.spans(text, shortest))
    for escapes in (_ESCAPED, _FORM_ESCAPED):
        plain, places = text, list(range(len(text) + 1)) if escapes.search(text) else []
        for _ in range(_DEEPEST):
            if not escapes.search(plain):
                break
            plain, inner = _unescaped(plain, escapes)
            places = [places[place] for place in inner]
            found += [(places[begin], places[end]) for begin, end in _LIVING.spans(plain, shortest)]
    for begin, end in reversed(_joined(found)):
        text = text[:begin] + STRUCK + text[end:]
    return text


def _unescaped(text: str, escapes: re.Pattern[str]) -> tuple[str, list[int]]:
    """Return the text with its escapes resolved, and for each character, and the end, where it stood before."""
    parts: list[str] = []
    places: list[int] = []
    position = 0
    for match in escapes.finditer(text):
        places += range(position, match.start())
        meant = _meant(match[0])
        parts += [text[position : match.start()], meant]
        places += [match.start()] * len(meant)
        if meant and match[0].startswith("%"):
            places[-len(meant) :] = _percent_places(match.start(), match.end(), meant)
        position = match.end()
    places += range(position, len(text) + 1)
    return "".join([*parts, text[position:]]), places


def _percent_places(begin: int, end: int, meant: str) -> list[int]:
    places = []
    for letter in meant:
        places.append(min(begin, end))
        begin += 3 * len(letter.encode("utf-8", "surrogatepass"))
    return places


def _meant(escape: str) -> str:
    if escape.startswith("%"):
        return unquote(escape)
    if escape.startswith("&"):
        from html import unescape

        return unescape(escape)
    if escape.startswith(("\\u", "\\x")):
        return chr(int.from_bytes(bytes.fromhex(escape[2:])))
    return " " if escape == "+" else escape[1]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return joined


def without_credentials(address: str) -> str:
    """Return an address as it may be shown: without user name, password, and what follows its path."""
    kind, mark, rest = address.strip().partition("://")
    if not mark:
        kind, rest = "", kind
    # Up to the last of these signs: people put passwords with `@`, `#`, `/` and `?` into addresses as they are.
    shown = kind + mark + re.split(r"[?#]", rest.rpartition("@")[2])[0]
    try:
        urlsplit(shown)
    except ValueError:
        return "an address that cannot be read"
    return shown
