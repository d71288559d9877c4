"""Rows: which rows are people, and what each of them asks for; everything that is wrong with a row is said at once.

`people_rows` cuts the people out of the sheet (`furniture` is what else stands there, `cell_secrets` what must not be
read), `left_out` names the rows that ask for no pass (with `activity`). `start_column` and `end_column` say how
columns of dates are read as a whole (with `day_and_time`, `swapped_dates`). `row_checker` judges one row after another:
its user with `users` and `user_faults`, its pass with `pass_cells`, which reads `starts` (with `dates`) and
`lifetimes`. `doubtful_values` notes what looks damaged in columns that are only carried along.
"""
