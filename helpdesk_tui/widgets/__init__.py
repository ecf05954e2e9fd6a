"""Textual widgets: they draw values and know no service."""
