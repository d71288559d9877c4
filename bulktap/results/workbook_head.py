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
    # Somebody may have saved it again from another program: openpyxl then raises what its readers of XML, zip and cells
    # raise. Not to know the count only means that this workbook is kept beside the new one; to fail here would keep the
    # new one from being written, and an error could quote a cell.
    except Exception:  # noqa: BLE001 - openpyxl documents no class for a workbook that it cannot read
        return None
    return counts[0] if counts else None
