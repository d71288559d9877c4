"""Columns: which heading means what.

`aliases` is the dictionary of headings in eight languages and `headings` looks words up in it; `header_row` finds the
row of headings. `column_choice` decides about every column, `user_column` about the one that says who gets a pass,
where the values have the last word: `column_votes` counts how they look, `mail_providers` knows whose addresses sign in
nowhere, `user_questions` words what stays open. `sheet_union` joins sheets whose headings mean the same.
`saved_mapping` reads and writes the `bulktap.toml` beside the roster.
"""
