"""The catalogue of row errors: the sentence and the remedy of everything that can be wrong with a row.

`about_cells` is what the roster finds, `about_passes` what planning, sending and Microsoft Graph find. A room decides
that something is wrong and with what; the words are here, in the order of the codes in `row_errors`.
"""
