"""One adapter per channel, found by the name of its declaration."""
