"""The values that all rooms share, and their invariants; nothing here opens a file or a connection.

passes, pass_terms         what is asked for and what the service gives; `outcomes` what becomes of a row
plan, plan_review          what will be done, and what a yes to it agrees to
run_state, row_phases      what was done: the journal's events, and what they add up to
row_errors                 what is wrong with a row; `row_error_catalogue` has the sentences
errors, exit_codes         what stops the program
questions                  what an operation has to ask before it can go on
setting_names              what sentences call a setting or a command, spelled by whoever shows them
log_events                 what the log has a line for
secret                     text that does not print
person_name, row_ranges, plain_text, report_headings, utc_times, clock    how these are written and told
late_patterns              regular expressions that are compiled when they are first needed
"""
