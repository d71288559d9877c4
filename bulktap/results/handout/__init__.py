"""Passes on paper: slips to cut apart, class lists, letters and labels, and covers without codes."""
