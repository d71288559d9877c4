"""What a workbook of ours holds that somebody may have edited; the only module that imports openpyxl."""

from __future__ import annotations

from io import BytesIO


def rows_read_back(workbook: bytes, sheet: str) -> list[tuple[object, ...]]:
    """Return the values of a sheet's rows, the headings' among them; none where they cannot be read.

    Args:
        workbook: decrypted.
        sheet: its name.
    """
    import openpyxl

    try:
        return list(openpyxl.load_workbook(BytesIO(workbook), read_only=True)[sheet].iter_rows(values_only=True))
    # Saved again by another program, the file may be what openpyxl cannot read. An unreadable old file is answered for
    # by the callers, who keep it; to fail would keep them from writing the new. The error's text may quote a cell.
    except Exception:  # noqa: BLE001 - openpyxl documents no class of errors for this: zipfile's, expat's, and those of its descriptors and conversions (TypeError, KeyError, ...) come through
        return []
