"""The files beside that of the people, as tables of pandas: only the columns that a join needs, all of them texts."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.roster.bundles.lost_zeros import IdMatcher
from bulktap.roster.columns.headings import squeeze
from bulktap.roster.files.file_kinds import FileKind, recognise
from bulktap.roster.files.text_encoding import decode
from bulktap.roster.formats.delimited import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from bulktap.roster.bundles.inputs import InputFile
    from bulktap.roster.bundles.school_kinds import SchoolKind, Words
    from bulktap.roster.reading_words import DateOrder


_DELETED = frozenset({"tobedeleted", "inactive", "deleted"})


def table_of(data: bytes, file: InputFile, columns: dict[str, Words], *, marked: bool = False) -> pd.DataFrame:
    """Return a file as a table with these columns, each under the first of its headings that is there; others empty.

    Rows that were deleted in the school's own system (`status` is `tobedeleted`) are left away, or `marked` in a
    column `deleted`.

    Raises:
        RosterError: it is no text, or no table.
    """
    import pandas as pd

    if not data.strip():
        empty = pd.DataFrame({name: pd.Series(dtype=str) for name in columns})
        return empty.assign(deleted=pd.Series(dtype=bool)) if marked else empty
    if recognise(data, file.name) is not FileKind.TEXT:
        raise RosterError(f"{file.name} is no text file.", hint="Give the CSV files as they were exported.")
    text = prepare(decode(data, file.name, None).text)
    # Apple School Manager puts a backslash before a quote, where others double it.
    escape = "\\" if '\\"' in text.text[:100_000] else None
    wanted = {word for words in columns.values() for word in words} | {"status"}
    try:
        frame = pd.read_csv(
            io.StringIO(text.text), sep=text.delimiter, dtype=str, keep_default_na=False, na_filter=False,
            usecols=lambda heading: squeeze(heading) in wanted, escapechar=escape, on_bad_lines="skip",
        )  # fmt: skip
    except (ValueError, pd.errors.ParserError) as error:
        hint = "Export the files again, and give them as they are."
        raise RosterError(f"{file.name} cannot be read as a table: {error}.", hint=hint) from None
    found: dict[str, str] = {}
    for heading in frame.columns:
        found.setdefault(squeeze(heading), heading)
    deleted = pd.Series(data=False, index=frame.index)
    if (status := found.get("status")) is not None:
        told = {text: text.strip().casefold() in _DELETED for text in frame[status].unique()}
        deleted = frame[status].map(told).astype(bool)
        frame = frame if marked else frame[~deleted]
    picked = {}
    for name, words in columns.items():
        column = next((found[word] for word in words if word in found), None)
        picked[name] = frame[column].str.strip() if column is not None else pd.Series("", frame.index, dtype=str)
    return pd.DataFrame({**picked, "deleted": deleted} if marked else picked)


@dataclass(frozen=True, slots=True)
class SchoolFiles:
    """The files of an export, and what it is."""

    kind: SchoolKind
    there: Mapping[str, InputFile]
    contents: Mapping[str, bytes]
    today: date | None = None
    """The day on which what has ended is over; None judges nothing by its days."""
    order: DateOrder | None = None
    """Of dates of three numbers, as far as somebody said it."""
    ids: IdMatcher = field(default_factory=IdMatcher)
    """What writes the ids of one file as another one does."""

    def table(self, name: str, columns: dict[str, Words], *, marked: bool = False) -> pd.DataFrame:
        """Return a file as a table; an empty one where there is no such file."""
        if name not in self.contents:
            return table_of(b"", self.there[self.kind.people], columns, marked=marked)
        return table_of(self.contents[name], self.there[name], columns, marked=marked)
