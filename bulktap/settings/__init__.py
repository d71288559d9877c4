"""Settings: each declared once, set by options, variables or keyword arguments, and handed on as typed values.

`declarations` has them all, `kinds` the values they can have, `values` who said what, `environment` the variables that
are no options; `slices` makes of them what the operations take. Nothing below this room sees an argument or a variable.
"""
