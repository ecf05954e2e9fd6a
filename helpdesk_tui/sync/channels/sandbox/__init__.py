"""A channel to try out: nothing leaves, and nobody writes."""
