"""How much of the journal a results workbook was made from, read off the workbook itself."""

from __future__ import annotations

from io import BytesIO

from bulktap.results.summary_sheet import RECORDS_LABEL, SUMMARY


def workbook_head(data: bytes) -> int | None:
    """Return the number of journal records that a results workbook names; None where it names none.

    Args:
        data: the workbook, decrypted.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(BytesIO(data), read_only=True)
        rows = book[SUMMARY].iter_rows(values_only=True)
        counts = [cell for row in rows if RECORDS_LABEL in row for cell in row if isinstance(cell, int)]
    except Exception:  # noqa: BLE001 - whatever is wrong with an old workbook, it names no count
        return None
    return counts[0] if counts else None
