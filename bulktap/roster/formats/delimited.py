"""Delimited text → rows: lines above the table, the delimiter, what the quotes do, and the fields by the csv module.

Row numbers are line numbers, as a text editor shows them. Where every cell is wanted as a text of Python's own, pandas
needs twice the time of the csv module, and half a second to be loaded.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import chain, compress, filterfalse, islice
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.errors import RosterError
from bulktap.model.late_patterns import LatePattern
from bulktap.roster.columns.headings import names_user
from bulktap.roster.files.size_limits import LINE_BREAK, MAX_COLUMNS, refuse_fields, refuse_large_text
from bulktap.roster.formats.repeated_values import RECORDS_AT_ONCE, RepeatedValues

if TYPE_CHECKING:
    import _csv
    from collections.abc import Iterator

    from bulktap.roster.formats.repeated_values import Record
    from bulktap.roster.model import GridRow

_DELIMITERS = (",", ";", "\t", "|")
"""What separates fields, the most common first."""
_RARE_DELIMITERS = ("^", "~", "¦", ":")
"""What separates them where an export lets people choose, as PowerSchool does; names and times hold such signs too."""

_REGULAR = 0.8
"""Share of rows with as many fields as most have, from which a rare sign separates them."""
_SEP = re.compile(r'"?sep=([\x20-\x7e\t])"?[,;\t| ]*\Z', re.IGNORECASE)
_VERSION = re.compile(r'"?version:v[\d.]+"?[,;\t| "]*\Z', re.IGNORECASE)
_TYPE = re.compile(r'"?#TYPE ')
_LINE = re.compile(r"(.*?)(\r\n|\r|\n|\Z)", re.DOTALL)
_EMPTY_LINES = frozenset({"\r\n", "\r", "\n"})
_LINES_COUNTED = 100_000
_SAMPLE_CHARACTERS = 1 << 17
_SAMPLE_ROWS = 200
_BLOCK = 1 << 20  # characters; io.StringIO takes four bytes for each
_LAST_LINE, _LAST_CELL = '"\0"', "\0"
"""Which no other line holds; where a quote is still open, the line's own quotes become part of the cell."""
_SURROGATES = LatePattern("[\ud800-\udfff]")


class DelimitedText(NamedTuple):
    """The part of a text file that is a table."""

    text: str
    """From the first line that may be a heading."""
    lines_above: int
    """How many lines were cut off."""
    delimiter: str
    """One character."""


def prepare(text: str) -> DelimitedText:
    """Return the table without `sep=`, `version:` and `#TYPE` lines, and the delimiter that makes sense of it."""
    told: str | None = None
    above, position = 0, 0
    while (line := _LINE.match(text, position)) is not None and line.end() > position:
        content = line.group(1).strip(" ")
        if (sep := _SEP.match(content)) is not None:
            told = sep.group(1)
        elif not (_VERSION.match(content) or _TYPE.match(content)):
            break
        above, position = above + 1, line.end()
    table = text[position:].removesuffix("\x1a")  # how DOS ended a text
    return DelimitedText(table, above, told or _choose_delimiter(table))


def _choose_delimiter(table: str) -> str:
    sample = table[:_SAMPLE_CHARACTERS]
    scores = {delimiter: _score(sample, delimiter) for delimiter in _DELIMITERS}
    if not any(heading for heading, _, _ in scores.values()):
        # Without a heading to tell, and the same number of fields in each row, they separate nothing.
        rare = {delimiter: _score(sample, delimiter) for delimiter in _RARE_DELIMITERS}
        scores |= {delimiter: score for delimiter, score in rare.items() if score[0] and score[1] >= _REGULAR}
    return max(scores, key=lambda delimiter: scores[delimiter])


def _score(sample: str, delimiter: str) -> tuple[bool, float, int]:
    """Say how well a delimiter explains the sample: a known heading, then regularity, then the number of fields."""
    try:
        rows = [row for row, _ in zip(_csv_reader(sample, delimiter), range(_SAMPLE_ROWS), strict=False) if any(row)]
    except csv.Error:
        return (False, -1.0, 0)
    if not rows:
        return (False, 0.0, 0)
    heading = any(len(row) > 1 and names_user(cell) for row in rows[:30] for cell in row)
    width, count = Counter(len(row) for row in rows).most_common(1)[0]
    return (heading, count / len(rows) if width > 1 else 0.0, width)


def _csv_reader(text: str, delimiter: str, escape: str | None = None, last: tuple[str, ...] = ()) -> _csv.Reader:
    csv.field_size_limit(max(len(text) + 1, csv.field_size_limit()))
    return csv.reader(chain(_lines(text), last), delimiter=delimiter, escapechar=escape)


def _lines(text: str) -> Iterator[str]:
    """Return the lines with their ends, which are those of Windows, Unix and old Macs only."""
    return chain.from_iterable(io.StringIO(block, newline="") for block in _blocks(text))


def _blocks(text: str) -> Iterator[str]:
    begin = 0
    while begin < len(text):
        line_break = LINE_BREAK.search(text, begin + _BLOCK)
        end = len(text) if line_break is None else line_break.end()
        yield text[begin:end]
        begin = end


def read_rows(table: DelimitedText, name: str) -> list[GridRow]:
    """Return the records that hold something, with the lines in which they begin.

    Raises:
        RosterError: a quote is never closed, or swallows the rows that follow it.
    """
    escape = "\\" if _has_apple_escapes(table) else None
    _refuse_wide_rows(table, name)
    records = _records(table, name, escape)
    if '"' in table.text:
        _refuse_swallowed(table, records, name)
    width = max((len(record) for _, record in records), default=0)
    nothing = (None,) * width
    return [
        row if len(record) == width else (row[0], record + nothing[len(record) :])
        for row in records
        if ((first := (record := row[1])[0]) is not None and not first.isspace())
        or any(cell and not cell.isspace() for cell in record)
    ]


def _refuse_swallowed(table: DelimitedText, records: list[tuple[int, Record]], name: str) -> None:
    if '"' not in table.text and "\\" not in table.text:
        return  # then no cell holds a line break
    width, _ = _widths(table)
    for number, record in records:
        if any(
            cell is not None and ("\n" in cell or "\r" in cell) and _swallows_rows(table, cell, width)
            for cell in record
        ):
            message = f"{name}, row {number}: a quote swallows the rows that follow it."
            raise RosterError(message, hint='Look for a stray " in that row, and delete or double it.')


def _records(table: DelimitedText, name: str, escape: str | None) -> list[tuple[int, Record]]:
    """Return the records that are no empty lines, with the line in which each begins; repeated values are one copy.

    Raises:
        RosterError: a quote is never closed.
    """
    if '"' not in table.text and escape is None:
        return _records_of_lines(table)
    # The csv module is content with a text that ends within quotes; there, one more line is part of the last cell. And
    # after an escaped line break it ends a record at the next one only.
    last = (_LAST_LINE,) if table.text.endswith("\\") else ("\n", _LAST_LINE)
    reader = _csv_reader(_writable(table.text), table.delimiter, escape, last)
    records: list[tuple[int, Record]] = []
    values = RepeatedValues()
    number = begin = table.lines_above + 1
    fields: list[str] = []
    numbers: list[int] = []
    several: list[list[str]] = []
    for fields in reader:
        if fields:
            if len(several) == RECORDS_AT_ONCE:
                records += zip(numbers, values.shared(several), strict=True)
                several, numbers = [], []
            numbers.append(number)
            several.append(fields)
        number = begin + reader.line_num
    if fields != [_LAST_CELL]:
        hint = 'Look for a single " in that row, and delete or double it.'
        raise RosterError(f"{name}: the quote opened in row {_unclosed_quote(table)} is never closed.", hint=hint)
    # The last is ours.
    records += zip(numbers[:-1], values.shared(several[:-1]), strict=True)
    return records


def _records_of_lines(table: DelimitedText) -> list[tuple[int, Record]]:
    """Return the same of a text without quotes, in which each line is a record."""
    reader = _csv_reader(_writable(table.text), table.delimiter)
    records: list[tuple[int, Record]] = []
    values = RepeatedValues()
    number = table.lines_above + 1
    while several := list(islice(reader, RECORDS_AT_ONCE)):
        filled = list(filter(None, several))
        numbers = compress(range(number, number + len(several)), several)
        records += zip(numbers, values.shared(filled), strict=True)
        number += len(several)
    return records


def _writable(text: str) -> str:
    """Return the text without what no file takes: NUL, whose picture keeps the fault visible, and half characters."""
    text = text.replace("\0", "\u2400").removeprefix("\ufeff")
    return text if text.isascii() else _SURROGATES.sub("?", text)


def _has_apple_escapes(table: DelimitedText) -> bool:
    r"""Return true if quotes inside quoted fields are written `\"`, as Apple School Manager does, and not `""`.

    Both readings are tried where it matters: the escaped one is taken if it makes the rows more regular, or just as
    regular where a quote would otherwise end a field in the middle of it.
    """
    if '\\"' not in table.text:
        return False
    escaped, plain = _irregularity(table, "\\"), _irregularity(table, None)
    return escaped < plain or (escaped == plain and _ends_within(table))


def _ends_within(table: DelimitedText) -> bool:
    r"""Return true if text follows the first `\"` in a quoted field, where only a delimiter or another quote could."""
    mark = re.escape(table.delimiter)
    return re.search(rf'(?:^|[{mark}\r\n])"[^"\r\n]*\\"[^"{mark}\r\n]', table.text) is not None


def _irregularity(table: DelimitedText, escape: str | None) -> int:
    widths = Counter(len(row) for row in _csv_reader(table.text, table.delimiter, escape) if row)
    return sum(widths.values()) - max(widths.values(), default=0) + sum(abs(width) > 1000 for width in widths)


def _refuse_wide_rows(table: DelimitedText, name: str) -> None:
    """Refuse a text with a record that is much wider than the others.

    Raises:
        RosterError: one record is so much wider than the others that a quote must be wrong, or the whole is too large.
    """
    usual, widest = _widths(table)
    limit = min(max(64, 8 * usual), MAX_COLUMNS)
    refuse_large_text(table.text, table.delimiter, min(widest, limit), name)
    if widest <= limit:
        return
    reader = _csv_reader(table.text, table.delimiter)
    line = 1
    for record in reader:
        if len(record) > limit:
            if usual > limit:
                refuse_fields(name, line + table.lines_above, len(record))
            message = f"{name}, row {line + table.lines_above} has {len(record):,} fields where others have {usual}."
            raise RosterError(message, hint="Look for a missing line break or a stray quote there.")
        line = reader.line_num + 1


def _filled_lines(text: str) -> Iterator[str]:
    return filterfalse(_EMPTY_LINES.__contains__, _lines(text))


def _widths(table: DelimitedText) -> tuple[int, int]:
    """Return how many fields most lines seem to have, and how many the widest one."""
    marks = (line.count(table.delimiter) for line in _filled_lines(table.text))
    counts = Counter(islice(marks, _LINES_COUNTED))
    usual = counts.most_common(1)[0][0] if counts else 0
    return 1 + usual, 1 + max(max(counts, default=0), max(marks, default=0))


def _unclosed_quote(table: DelimitedText) -> int:
    """Return the line in which the last record begins: there a quote is opened and never closed."""
    reader = _csv_reader(table.text, table.delimiter)
    start = last = 1
    for _ in reader:
        start, last = reader.line_num + 1, start
    return last + table.lines_above


def fields_in(table: DelimitedText, number: int) -> int:
    """Return how many fields the record has that begins in this line."""
    position = 0
    for _ in range(number - table.lines_above - 1):
        line = _LINE.match(table.text, position)
        position = line.end() if line is not None else position
    return len(next(_csv_reader(table.text[position:], table.delimiter), []))


def _swallows_rows(table: DelimitedText, cell: str, width: int) -> bool:
    """Return true if a cell holds whole records, because a quote was closed by the opening one of a later row."""
    inner = LINE_BREAK.split(cell)[1:-1]
    return width > 1 and any(line.count(table.delimiter) == width - 1 for line in inner)
