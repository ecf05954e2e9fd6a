"""Characters that take another number of cells in each terminal, made to take the same in all.

A family joined of four emoji is two cells wide in one terminal and eight in the next, a flag two
or four, a sign with a variation selector one or two. What is drawn to the right of such a cluster
would stand in another column than planned; so the clusters are reduced to their first character.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, split_graphemes

_LETTERS = {0x1F1E6 + number: chr(ord("A") + number) for number in range(26)}
"""Regional indicators: a pair of them is a flag."""
_GLUE = "\u200d\ufe00-\ufe0f\u20dd-\u20e4\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff"
_SHIFTY = re.compile(f"[{_GLUE}]")


def steady(text: str) -> str:
    """Return ``text`` in as many cells, without clusters that terminals measure differently.

    Joined emoji become their first one, flags their two letters; selectors, skin tones and
    enclosing marks go. Linear in the length.
    """
    if text.isascii() or not _SHIFTY.search(text):
        return text
    text = text.translate(_LETTERS)
    spans, _ = split_graphemes(text)
    return "".join([_reduced(text[start:end], size) for start, end, size in spans])


def _reduced(cluster: str, size: int) -> str:
    if len(cluster) == 1 and size:
        return cluster
    found = _SHIFTY.search(cluster)
    if found is None:
        return cluster
    kept = cluster[: found.start()]
    return kept + " " * (size - cell_len(kept))
