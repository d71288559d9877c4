"""The planning report, for people who sign off a plan: a page and a workbook."""
