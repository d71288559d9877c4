"""What the administrator gets back.

`plan_json` writes the plan for programs and knows its digest, `plan_archive` keeps all of it for the journal. `tally`
says how each row stands, `workbook` writes the passes, `error_report` the rows to be mended, `run_summary` the
counts; `plan_report`, `plan_workbook` and `run_report` are for people who sign off, drawn by the package `page`;
`plan_reading` makes a plan of plan.json again. All of it is read from the plan and the journal's state, and returned
as bytes: nothing here opens a file.
"""
