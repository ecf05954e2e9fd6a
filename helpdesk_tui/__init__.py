"""helpdesk-tui: one shared inbox of tickets, worked from a terminal."""

__version__ = "0.1.0"
