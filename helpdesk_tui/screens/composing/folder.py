"""A folder as a file picker shows it: read aside, filtered as it is typed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from heapq import nlargest
from itertools import takewhile
from pathlib import Path

from helpdesk_tui.domain.text import clean, fold

_MOST = 2_000
"""Entries of a folder that are shown; the newest ones of more."""
_MOST_SEEN = 20_000
"""Entries that are looked at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder."""

    name: str
    path: Path
    is_folder: bool
    size: int = 0
    changed: float = 0.0
    is_recent: bool = False
    """A folder from which files were taken before."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds: its files, the newest first, then its folders."""

    folder: Path
    entries: tuple[Entry, ...]
    problem: str = ""
    """Why it cannot be read, as the system says."""


def listing(folder: Path) -> Listing:
    """Read a folder. Blocks."""
    found: list[Entry] = []
    try:
        with os.scandir(folder) as entries:
            for place, entry in enumerate(entries):
                if place >= _MOST_SEEN:
                    break
                one = _entry(entry)
                if one is not None:
                    found.append(one)
    except (OSError, ValueError) as error:
        return Listing(folder, (), getattr(error, "strerror", "") or str(error))
    files = nlargest(_MOST, (one for one in found if not one.is_folder), key=lambda e: e.changed)
    folders = sorted((one for one in found if one.is_folder), key=lambda one: fold(one.name))
    return Listing(folder, (*files, *folders[:_MOST]))


def _entry(entry: os.DirEntry[str]) -> Entry | None:
    """Return what an entry is; nothing of names that no terminal can show, and of devices."""
    if clean(entry.name) != entry.name:
        return None
    try:
        is_folder = entry.is_dir()
        if not is_folder and not entry.is_file():
            return None
        found = entry.stat()
    except OSError:
        return None
    return Entry(entry.name, Path(entry.path), is_folder, found.st_size, found.st_mtime)


def fitting(entries: tuple[Entry, ...], typed: str, *, hidden: bool) -> list[Entry]:
    """Return the entries whose names have all words typed; those that begin so come first."""
    words = fold(typed).split()
    shows_hidden = hidden or typed.startswith(".")
    found = [
        one
        for one in entries
        if (shows_hidden or one.is_recent or not one.name.startswith("."))
        and all(word in fold(one.name) for word in words)
    ]
    if not words:
        return found
    return sorted(found, key=lambda one: not fold(one.name).startswith(words[0]))


def completed(entries: list[Entry], typed: str) -> str:
    """Return what is typed with all that the names beginning with it have in common."""
    names = [one.name for one in entries if not one.is_recent and one.name.startswith(typed)]
    if not names:
        return ""
    # what the first and the last in order have in common, all have
    first, last = min(names), max(names)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(letter for letter, _ in same)


def shown_path(path: Path) -> str:
    """Return a path as people write it: with ``~`` for their own folder."""
    try:
        return f"~/{path.relative_to(Path.home())}" if path != Path.home() else "~"
    except (ValueError, RuntimeError):
        return str(path)


def written(typed: str) -> tuple[Path, str] | None:
    """Return folder and beginning of a name where a path is typed; None for a filter."""
    plain = typed.strip().strip("'\"").replace("\\ ", " ").removeprefix("file://")
    if not plain.startswith(("/", "~")):
        return None
    try:
        path = Path(plain).expanduser()
    except RuntimeError:
        return None
    return (path, "") if plain.endswith("/") or plain == "~" else (path.parent, path.name)
