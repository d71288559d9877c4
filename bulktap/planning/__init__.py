"""Planning: who gets a pass, whose pass is replaced, who is left alone and who is refused; all of it pure.

`decisions` makes the Plan, `same_user` joins several rows of one person, `selection` is `limit` and `only`,
`forecast` says how long it will take.
"""
