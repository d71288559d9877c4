"""The room of the roster: any spreadsheet in, checked rows out.

Read it in this order: `reader` (a file becomes a `Roster`), `columns` (which heading means what), `validation`
(a `Roster` becomes a `CheckedRoster`). Behind the reader stand `containers` (what kind of file this is), `decoding`
and `delimited` (text), `workbook_structure` (what calamine does not tell) and `header` (where the table begins);
behind the columns `headings` and the dictionary `aliases`; behind validation one module for each kind of cell:
`user_values`, `start_values` (with `dates`) and `values`.
"""
