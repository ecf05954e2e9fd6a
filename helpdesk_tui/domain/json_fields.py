"""Reading fields of foreign JSON: nothing is believed to be there, or of the type it should be.

Each gives an empty value where there is none: one odd field must not cost the message, the order or
the customer that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from helpdesk_tui.domain.text import clean, clean_lines, shorten

_LONGEST = 500
_LONGEST_TEXT = 100_000
_LONGEST_ID = 512
_LONGEST_URL = 4_000


def object_at(said: object, *path: str) -> Mapping[str, Any]:
    """Return the object at a path, or an empty one."""
    for name in path:
        said = said.get(name) if isinstance(said, Mapping) else None
    return said if isinstance(said, Mapping) else {}


def objects_at(said: object, *path: str) -> Iterator[Mapping[str, Any]]:
    """Give the objects of the list at a path; all else in it is passed over."""
    *before, last = path
    found = object_at(said, *before).get(last)
    if isinstance(found, list):
        yield from (each for each in found if isinstance(each, Mapping))


def word_at(said: object, *path: str) -> str:
    """Return the one-line text or the number at a path, cleaned; empty where there is none."""
    return shorten(clean(_scalar(said, path)), _LONGEST)


def text_at(said: object, *path: str) -> str:
    """Return the text of several lines at a path, cleaned; empty where there is none."""
    return shorten(clean_lines(_scalar(said, path)), _LONGEST_TEXT)


def id_at(said: object, *path: str) -> str:
    """Return the id at a path as it stands; empty where there is none, or what cannot be one."""
    found = _scalar(said, path)
    return found if len(found) <= _LONGEST_ID and found.isprintable() and " " not in found else ""


def url_at(said: object, *path: str) -> str:
    """Return the address of the web at a path; empty where there is none."""
    found = _scalar(said, path)
    is_one = found.startswith(("https://", "http://")) and found.isascii() and found.isprintable()
    return found if is_one and " " not in found and len(found) <= _LONGEST_URL else ""


def is_true(said: Mapping[str, Any], name: str) -> bool:
    """Tell whether a field says yes."""
    return said.get(name) is True


def _scalar(said: object, path: tuple[str, ...]) -> str:
    *before, last = path
    found = object_at(said, *before).get(last)
    if isinstance(found, str):
        return found
    is_number = isinstance(found, (int, float)) and not isinstance(found, bool)
    return str(found) if is_number else ""
