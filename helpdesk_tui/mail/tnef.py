"""What a ``winmail.dat`` holds (MS-OXTNEF): its files, and in which forms its text is there."""

from __future__ import annotations

from dataclasses import dataclass

SIGNATURE = b"\x78\x9f\x3e\x22"


@dataclass(frozen=True, slots=True)
class TnefFile:
    """A file inside."""

    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Tnef:
    """The contents of a TNEF stream."""

    files: tuple[TnefFile, ...]
    body_kinds: tuple[str, ...]
    """Which of ``txt``, ``html``, ``rtf`` it has."""
    text: str = ""
    """The body as readable text, from the best form there is."""


def read_tnef(data: bytes) -> Tnef | None:
    """Return what is inside, as far as it can be read; None if this is no TNEF stream."""
    if not data.startswith(SIGNATURE):
        return None
    return Tnef((), ())
