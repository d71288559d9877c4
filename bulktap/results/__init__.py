"""What the administrator gets back.

`passes_workbook` (with its `summary_sheet`) writes the passes, `error_report` the rows to be fixed; `plan_report` and
`run_report` are for people who sign off, drawn by the package `page`; `plan_file` is the plan for programs. `sheets` is
how every workbook of ours looks. All of it is read from the plan and the journal's state, and returned as bytes:
nothing here opens a file.
"""
