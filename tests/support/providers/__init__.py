"""Providers that carry messages, simulated over real HTTP on loopback: see ``running``."""
