"""What a run did: run.html for people, run.json for programs; no secret in either."""
