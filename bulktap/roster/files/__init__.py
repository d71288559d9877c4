"""Files: any bytes that are given as a roster, up to the bytes of one spreadsheet that is safe to parse.

`input_bytes` fetches them and never more than `size_limits` allow; `file_kinds` says what they are, by their content
alone; `archives` and `protection` (with `compound_files`, the container of old and of protected workbooks) open what is
packed or locked, in memory only; `text_encoding` turns the bytes of a text file into text.
"""
