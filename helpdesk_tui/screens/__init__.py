"""Textual screens: they compose, bind keys and talk to services."""
