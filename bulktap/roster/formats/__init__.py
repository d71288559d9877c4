"""Formats: the bytes of one spreadsheet, or its text, up to rows of cells as the spreadsheet program shows them.

Text is read by `delimited`, with the csv module. A workbook is copied first, so that what is read is
what was measured: `workbook_copy` for .xlsx, .xlsb and .ods, `xls` for .xls. `workbook_cells`, the only module that
imports python-calamine, reads the values of the copy. What calamine does not tell (`sheet_marks`: hidden rows, error
cells, leading zeros) each format says in its own way: `xlsx` with `xlsx_references` and `excel_tables`, `xlsb`, `xls`,
`ods`. `workbooks` joins all that, `sheet_choice` finds the sheet that holds the people, and `sheet_grid` puts values
and marks together. `wrapped_values` takes off what programs put around the values of a whole column.
"""
