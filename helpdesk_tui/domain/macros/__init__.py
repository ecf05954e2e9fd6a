"""Macros: their texts, variables and actions, their files, and those of other desks."""
