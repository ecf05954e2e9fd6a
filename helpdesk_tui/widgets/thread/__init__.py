"""The open ticket as it is drawn: its head, messages, files and runs of events."""
