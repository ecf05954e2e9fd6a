"""Paths in a paste: terminals paste files that are dropped on them as their paths.

What stands here reads the text alone; whether there are such files is looked up elsewhere.
"""

from __future__ import annotations

import shlex
import socket
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LONGEST = 8_000
"""Characters of a paste that may be nothing but paths."""
_MOST = 20
"""Files that are taken at once."""


def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what files a paste may name, the likeliest first; nothing for ordinary text.

    Each reading is all of the paste: text with a path somewhere in it stays text.
    """
    plain = text.strip()
    if not plain or len(plain) > _LONGEST:
        return ()
    lines = [line.strip() for line in plain.split("\n") if line.strip()]
    found = [[_plain_path(line) for line in lines], _words(" ".join(lines))]
    if len(lines) > 1:
        found.append([path for line in lines for path in _words(line)])
    whole = [tuple(one) for one in found if one and len(one) <= _MOST and all(one)]
    return tuple(dict.fromkeys(whole))


def _words(line: str) -> list[str]:
    """Return the paths of a line as a shell would read them: quoted or escaped."""
    try:
        return [_plain_path(word) for word in shlex.split(line)]
    except ValueError:
        return []


def _plain_path(word: str) -> str:
    """Return an absolute path as it is written, or of a file URL; empty for anything else."""
    if word.lower().startswith("file://"):
        return _of_url(word)
    if word.startswith(("/", "~/")) and "\0" not in word and len(word) > 1:
        return word
    return ""


def _of_url(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    here = ("", "localhost", socket.gethostname().lower())
    path = unquote(parts.path)
    return path if parts.netloc.lower() in here and path.startswith("/") else ""


def existing(found: tuple[tuple[str, ...], ...]) -> tuple[Path, ...]:
    """Return the files of the first reading that are all there, or nothing. Blocks."""
    for names in found:
        try:
            paths = tuple(Path(name).expanduser() for name in names)
            if all(path.is_file() for path in paths):
                return paths
        except (OSError, RuntimeError, ValueError):
            continue  # no such home folder, or no possible path
    return ()
