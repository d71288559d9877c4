"""What a run did: run.html for people, run.json for programs; no secret in either."""

SUMMARY_SCHEMA = 1
"""Version of run.json's shape; here, where a list of runs finds it without loading what reports are made with."""
