"""The parts of a person's name, as far as they can be told."""

from __future__ import annotations

from helpdesk_tui.domain.text import clean


def split_name(name: str) -> tuple[str, str]:
    """Return first and last name; both empty where it is no name but an address or a number.

    A comma turns them round: ``Doe, Lena`` is Lena. Of one word nobody knows more than that.
    """
    words = " ".join(clean(name).strip(" \"'").split())
    if not any(char.isalpha() for char in words) or "@" in words:
        return "", ""
    last, comma, first = words.partition(",")
    if comma and first.strip():
        return first.split()[0], last.strip()
    parts = words.replace(",", " ").split()
    return parts[0], " ".join(parts[1:])
