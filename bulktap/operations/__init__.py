"""Pipeline: every command's way through the rooms, one file each.

`reading` checks a roster, `planning` makes a plan of it, `saved_plan` loads one that was signed off, `applying` carries
one out or finishes it through `issuing`, `handing_back` writes what the administrator gets, `listing` shows which runs
there are, `unfinished` guards against those that are not; `run_folder` knows the files of a run and `access` the way
into the tenant. What is asked and shown between the steps is the command line's affair.
"""
