"""Planning: who gets a pass, whose pass is replaced, who is left alone and who is refused; all of it pure.

`decisions` makes the Plan. It asks `same_user` (several rows of one person), `name_checks` with `person_names` (whether
roster and directory name one person), `guards` with `never_list`, `covered_rows` with `selection` (`limit`, `only`,
`except`), `policy`, and `usability` with `working_hours` (when passes work). `forecast` says how long it will take,
`common_causes` what keeps every row from a pass, `plan_review` what a yes agrees to, and `still_as_signed` whether a
saved plan still holds.
"""
