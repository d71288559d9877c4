"""`never.txt`: the accounts that never get a pass, such as those for breaking the glass; pure.

    # Break-glass accounts of Contoso
    breakglass1@contoso.com
    breakglass2@contoso.com  6f9619ff-8b86-4d01-b42d-00c04fc964ff   # both names of one account
    *@admins.contoso.com

One account or pattern a line; further names of the same account may follow on the line. What begins with `#`, at the
beginning of a line or after a blank, is a comment; within a sign-in name (`#EXT#`) it is part of it. What cannot be
meant is an error and never passed over: a line with a typo would otherwise guard nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.guards import checked_pattern
from bulktap.model.late_patterns import LatePattern
from bulktap.model.passes import is_guid
from bulktap.model.plain_text import marked_encoding
from bulktap.planning.patterns import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE_NAME = "never.txt"
_COMMENT = LatePattern(r"(?:\A|\s)#.*\Z")


@dataclass(frozen=True, slots=True)
class NeverEntry:
    """One line: the names of one account, or a pattern of several."""

    names: tuple[str, ...]
    place: str
    """Where it stands, for messages: `never.txt, line 3`."""

    @property
    def by_id(self) -> bool:
        """Whether an object id shows that an account is, or is not, the one that is meant."""
        return any(is_guid(name) for name in self.names)

    @property
    def by_sign_in_name(self) -> bool:
        """Whether a sign-in name shows it."""
        return any(not is_guid(name) for name in self.names)


class NeverList:
    """The accounts of all lists that hold for a run."""

    def __init__(self, entries: Iterable[NeverEntry] = ()) -> None:
        """Take the lines."""
        self.entries = tuple(entries)
        self._all = Patterns(name for entry in self.entries for name in entry.names)

    def __bool__(self) -> bool:
        """Return True if anybody is listed."""
        return bool(self.entries)

    def place_of(self, names: Iterable[str]) -> str | None:
        """Return where one of these names of a user is listed; None if nowhere."""
        found = self._all.of(names)
        return None if found is None else next(entry.place for entry in self.entries if found in entry.names)

    def place_unclear(self, *, sign_in_name: bool, object_id: bool) -> str | None:
        """Return the first line that may mean a user of whom only the one or the other name is known."""
        for entry in self.entries:
            if not ((sign_in_name and entry.by_sign_in_name) or (object_id and entry.by_id)):
                return entry.place
        return None


def read_never_list(content: bytes, called: str) -> list[NeverEntry]:
    """Read a list.

    Args:
        content: the file's bytes.
        called: what messages call the file.

    Raises:
        ValueError: it is no such list; the sentence names the line.
    """
    try:
        text = content.decode(marked_encoding(content))
    except UnicodeDecodeError:
        raise ValueError("it is neither UTF-8 nor UTF-16 with a byte order mark") from None
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        names = _COMMENT.sub("", line).split()
        try:
            checked = tuple(map(checked_pattern, names))
        except ValueError as wrong:
            raise ValueError(f"line {number}: {wrong}") from None
        if checked:
            entries.append(NeverEntry(checked, f"{called}, line {number}"))
    return entries
