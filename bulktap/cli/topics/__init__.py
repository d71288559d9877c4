"""Topics of `bulktap help`: texts beside what is read out of the program's own tables, so that it cannot go stale.

`texts` holds a file for each topic, plain and eighty columns wide. A line `{name}` in it stands for what the function
of that name in `tables` returns. `stops` and `row_problems` gather the longer tables; `man_page` sets all of it as
roff.
"""
