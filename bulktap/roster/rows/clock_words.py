"""How times of day are written: what stands before them, between hours and minutes, and behind them."""

TIME_PREPOSITIONS = "um|at|à|a las?|alle|ore|alle ore|om|às|as|ab|from|von|de|vanaf|klokke|kl\\.?|@"
HOURS = r"h(?:eures?|oras?|rs?|s)?(?![^\W\d_])|uhr|uur|ore|o['’]clock|時|点"
OFFSET = r"\(?(Z|(?:UTC|GMT)(?:\s?[+−-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}(?::?\d{2})?)?\)?"
"""Of UTC, in one group: `Z`, `UTC`, `+02:00`, `UTC+2`, `(GMT+01:00)`."""
