"""The open ticket: its messages, files and sources."""
