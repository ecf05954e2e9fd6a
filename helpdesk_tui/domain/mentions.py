"""Whom a note names: ``@anna`` anywhere in it but in what it quotes."""

from __future__ import annotations

import re

# not inside of an address, and not the host of one
_NAME = re.compile(r"(?<![\w.@/+-])@([a-z][a-z0-9_-]{0,31})(?![\w@]|\.\w)", re.IGNORECASE)
_MAX = 50
"""Colleagues that one note names at most."""


def mentioned_names(text: str) -> tuple[str, ...]:
    """Return the names after an ``@``, each once, in the order they stand in.

    Quoted lines name nobody: whoever is in them was told before.
    """
    found: dict[str, None] = {}
    for line in text.splitlines():
        if line.lstrip().startswith(">") or "@" not in line:
            continue
        for match in _NAME.finditer(line):
            found.setdefault(match[1].lower().rstrip("-_"), None)
    return tuple(found)[:_MAX]
