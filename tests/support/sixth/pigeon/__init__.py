"""Pigeon post: every letter is a file in the loft."""
