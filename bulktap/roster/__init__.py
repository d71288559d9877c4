"""The room of the roster: any spreadsheet in, checked rows out.

Read it in this order: `reader` (a file becomes a `Roster`), `columns` (which heading means what), `validation`
(a `Roster` becomes a `CheckedRoster`); `contents` and `checked` are the values that go in and out.

Behind the reader stand `containers` (what kind of file this is) with `archives` and `office_files` (what must be
unpacked or unlocked first); for text `decoding`, `delimited` and `delimited_rows` (the door of pandas); for workbooks
`workbook_parts` and `workbook_limits`, or `old_workbooks` with `compound_files` for .xls (a copy that is safe to
read), `workbook_cells` (the door of python-calamine), `sheets_of_workbook`, `excel_tables` and `sheet_grid`; what
calamine does not tell, `sheet_marks`, comes from `sheet_xml` (.xlsx), `binary_workbooks` (.xlsb), `open_documents`
(.ods) and `old_marks` (.xls), the last three while `size_limits` are kept. For both kinds `header` and `table`, and
`sheet_union` where several sheets are one roster. `saved_mapping` is the `bulktap.toml` beside it.

Behind the columns stand `user_column` with `column_votes`, `headings` and the dictionary `aliases`; behind validation
`row_checker` with one module for each kind of cell: `user_values` (with `user_faults` and `strange_letters`),
`pass_cells`, `start_values` (with `dates`) and `values`.
"""
