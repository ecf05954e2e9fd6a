"""The inbox: its screen, list, keys and what keeps it alive."""
