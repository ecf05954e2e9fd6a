"""Questions that open over the thread, one at a time."""
