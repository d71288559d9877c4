"""The roster: any spreadsheet in, checked rows out.

`read` makes a `Roster` of a file, `check` makes a `CheckedRoster` of that; `model` has the values that pass between
the rooms, `reading_options` all that somebody can say about how a file is read.

    read        files -> formats -> rows.people_rows       bytes, cells, people
    check       columns -> rows                            which column means what, what each row asks for

`files` knows bytes, `formats` spreadsheets, `columns` headings, `rows` people. `formats` and `rows` are strangers to
each other, and so are `files` and `columns`; what all of them know of a cell is in `cell_values`.
"""
