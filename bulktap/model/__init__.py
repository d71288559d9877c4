"""The values that all rooms share, and their invariants; nothing here opens a file or a connection.

`passes` (what is asked for and what the service gives), `plan` (what will be done), `run_state` (what was done),
`row_errors` (what is wrong with a row), `errors` (what stops the program), `log_events` (what the log has a line for),
`secret` and `clock`.
"""
