"""The rows of delimited text, by pandas; this is its one door."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.roster.formats import delimited

if TYPE_CHECKING:
    from bulktap.roster.columns.header_row import GridRow
    from bulktap.roster.formats.delimited import DelimitedText


Record = tuple[str | None, ...]
"""The fields of one record; None where one is empty."""


def read_rows(table: DelimitedText, name: str) -> list[GridRow]:
    """Return the records that hold something, with the lines in which they begin.

    Raises:
        RosterError: a quote is never closed, or swallows the rows that follow it.
    """
    escape = "\\" if delimited.has_apple_escapes(table) else None
    records = _records(table, name, escape)
    if '"' in table.text:
        _refuse_swallowed(table, records, name)
    numbers = delimited.number_records(table, records)
    return [
        (number, record)
        for number, record in zip(numbers, records, strict=True)
        if (record[0] is not None and not record[0].isspace()) or any(cell and not cell.isspace() for cell in record)
    ]


def _refuse_swallowed(table: DelimitedText, records: list[Record], name: str) -> None:
    width = delimited.usual_width(table)
    for number, record in zip(delimited.number_records(table, records), records, strict=True):
        if any(
            cell is not None and ("\n" in cell or "\r" in cell) and delimited.swallows_rows(table, cell, width)
            for cell in record
        ):
            message = f"{name}, row {number}: a quote swallows the rows that follow it."
            raise RosterError(message, hint='Look for a stray " in that row, and delete or double it.')


def _records(table: DelimitedText, name: str, escape: str | None) -> list[Record]:
    """Parse with pandas, which is quicker than the csv module and keeps one copy of repeated values."""
    import io

    import pandas as pd

    width = delimited.field_limit(table, name)
    # pandas ends a text at a NUL; the picture of one keeps the row's fault visible.
    text = table.text.replace("\0", "\u2400").encode("utf-8", "replace")
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = pd.read_csv(
                    io.BytesIO(text), sep=table.delimiter, header=None, names=range(width), index_col=False,
                    dtype=object, na_filter=False, skip_blank_lines=False, low_memory=False, escapechar=escape,
                )  # fmt: skip
            columns = [[cell or None for cell in frame[column].array] for column in frame.columns]
            return list(zip(*columns, strict=True))
        except pd.errors.EmptyDataError:
            return []
        except pd.errors.ParserWarning:
            width *= 2
        except pd.errors.ParserError as error:
            if (wider := re.search(r"saw (\d+)", str(error))) is None:
                line = delimited.unclosed_quote(table)
                hint = 'Look for a single " in that row, and delete or double it.'
                raise RosterError(f"{name}: the quote opened in row {line} is never closed.", hint=hint) from None
            width = int(wider.group(1))
