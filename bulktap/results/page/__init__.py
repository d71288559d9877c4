"""The page that people sign off before a run and read after it: one HTML file that needs nothing else.

`content` holds the words in which a page is described, `problem_list` (with `equal_problems`) tells who gets no pass
and why, `told_figures` turns counts into sentences and `pictures` into shapes, `row_table` packs the rows for the
script, only `rendering` imports jinja2. Beside them stand the templates, the style sheet and the script.
"""
