"""Writing: drafts, completion, review and sending."""
