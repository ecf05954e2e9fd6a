"""Text messages and picture messages."""
