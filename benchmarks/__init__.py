"""Measurements of the program against floors and peers, as ratios of one run."""
