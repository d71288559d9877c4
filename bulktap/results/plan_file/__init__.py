"""The plan as programs keep it: plan.json with its digest and its schema, and the archive within the journal."""
