"""Pipeline: every command's way through the rooms, one file each.

`planning` makes a plan from a roster, `applying` and `resuming` carry one out through `issuing`, `handing_back` writes
what the administrator gets, `listing` shows which runs there are; `run_folder` knows the files of a run and `access`
the way into the tenant. What is asked and shown between the steps is the command line's affair.
"""
