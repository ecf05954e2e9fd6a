"""Where things stand in a TOML text: the line of each key, and of a place inside its text."""

from __future__ import annotations

import re

_HEAD = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+(?:\s*\.\s*[A-Za-z0-9_\"'-]+)*)\s*=\s*(.*)")
_QUOTES = ('"""', "'" * 3)


class Lines:
    """The keys of a TOML text by the line they stand on."""

    def __init__(self, source: str) -> None:
        self._first: dict[str, int] = {}
        self._below: set[str] = set()
        """Keys whose text begins on the line after theirs."""
        self._many: set[str] = set()
        self._column: dict[str, int] = {}
        """Where in its line the text of a key begins."""
        table, inside = "", ""
        for number, line in enumerate(source.split("\n"), start=1):
            if inside:
                inside = "" if inside in line else inside
                continue
            head = _HEAD.fullmatch(line)
            if head is not None:
                table = _plain(head[1])
                self._first.setdefault(table, number)
                continue
            inside = self._key(line, table, number)

    def _key(self, line: str, table: str, number: int) -> str:
        """Note a key; return the quotes that its text goes on in, if it does."""
        found = _KEY.match(line)
        if found is None:
            return ""
        name = f"{table}.{_plain(found[1])}" if table else _plain(found[1])
        self._first.setdefault(name, number)
        value = found[2]
        self._column.setdefault(name, found.start(2) + 1)
        for quotes in _QUOTES:
            if value.startswith(quotes):
                self._many.add(name)
                self._column[name] = found.start(2) + len(quotes)
                if value.strip() == quotes:
                    self._below.add(name)
                if quotes not in value[len(quotes) :]:
                    return quotes
        return ""

    def of(self, key: str) -> int:
        """Return the line of a key, else that of the table it would be in, else the first."""
        while key:
            if key in self._first:
                return self._first[key]
            key = key.rpartition(".")[0]
        return 1

    def inside(self, key: str, text: str, position: int) -> tuple[int, int]:
        """Return line and column of a place in the text of a key."""
        line, before = self.of(key), text[:position]
        is_first = "\n" not in before and key not in self._below
        if key not in self._many or is_first:
            return line, self._column.get(key, 0) + position + 1
        line += before.count("\n") + (key in self._below)
        return line, position - (before.rfind("\n") + 1) + 1


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
