"""The list of tickets as it is drawn: only what is in sight, however long it is."""
