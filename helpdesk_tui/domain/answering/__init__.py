"""Answering customers from what the shop itself has written: retrieval, never invention."""
