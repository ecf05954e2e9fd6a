"""What a site lets programs fetch, as its robots.txt says it (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

LONGEST = 500_000
"""Characters that are looked at."""
_MOST_RULES = 2_000
_LONGEST_RULE = 500
_LONGEST_PAUSE = 10.0
_KNOWN = ("user-agent", "allow", "disallow", "crawl-delay")


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one program."""

    rules: tuple[tuple[str, bool], ...] = ()
    """(pattern, whether it allows)."""
    pause: float = 0.0
    """Seconds that it wants between two requests, at most ten."""

    def allows(self, url: str) -> bool:
        """Tell whether an address may be fetched: the longest rule that fits it says."""
        parts = urlsplit(url)
        path = unquote(parts.path or "/") + (f"?{unquote(parts.query)}" if parts.query else "")
        fitting = [(len(pattern), says) for pattern, says in self.rules if _fits(pattern, path)]
        return max(fitting)[1] if fitting else True


def read_robots(text: str, agent: str) -> Robots:
    """Return the rules for a program: those with its name, else those for all."""
    rules: dict[str, list[tuple[str, bool]]] = {}
    pauses: dict[str, float] = {}
    names: list[str] = []
    is_naming = False
    for key, value in _lines(text):
        if key == "user-agent":
            names = [*(names if is_naming else ()), value.lower()]
            rules.setdefault(value.lower(), [])
            is_naming = True
            continue
        is_naming = False
        for name in names:
            if key == "crawl-delay":
                pauses[name] = _pause(value)
            elif value and len(rules[name]) < _MOST_RULES:
                rules[name].append((unquote(value[:_LONGEST_RULE]), key == "allow"))
    mine = agent.lower() if agent.lower() in rules else "*"
    return Robots(tuple(rules.get(mine, ())), pauses.get(mine, 0.0))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text[:LONGEST].splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key = key.strip().lower()
        if colon and key in _KNOWN:
            yield key, value.strip()


def _pause(value: str) -> float:
    is_number = value.replace(".", "", 1).isdecimal() and value.isascii()
    return min(float(value), _LONGEST_PAUSE) if is_number else 0.0


def _fits(pattern: str, path: str) -> bool:
    """Tell whether a path begins as a pattern says: ``*`` is anything, ``$`` the end."""
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, part in enumerate(others, 1):
        if is_whole and number == len(others):
            return path.endswith(part) and len(path) - len(part) >= at
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not is_whole or at == len(path)
