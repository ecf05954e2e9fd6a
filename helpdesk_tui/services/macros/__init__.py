"""Macros of the desk: kept, filled in, run and taken back."""
